"""NITF 3.x: one story a document, its markup near enough to HTML to be mapped tag by tag."""

import html
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from syndication.wires.items import LONG, Item, Reading, Refused, Signal, line, paragraphs, plain_text
from syndication.wires.moments import moment
from syndication.wires.xml_tree import Node

_TAGS = {
    "p": "p", "hl1": "h2", "hl2": "h2", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4",
    "ul": "ul", "ol": "ol", "li": "li",
    "bq": "blockquote", "blockquote": "blockquote", "q": "q", "em": "em", "i": "em", "strong": "strong", "b": "strong",
    "table": "table", "tr": "tr", "td": "td", "th": "th", "thead": "thead", "tbody": "tbody", "caption": "caption",
    "a": "a", "br": "br", "pre": "pre", "sub": "sub", "sup": "sup", "dl": "dl", "dt": "dt", "dd": "dd", "hr": "hr",
}  # fmt: skip
_LEFT_OUT = {"media", "nitf-table-metadata", "script", "style", "object"}

STATUS = {
    "usable": Signal.USABLE, "embargoed": Signal.USABLE, "withheld": Signal.WITHHELD, "canceled": Signal.KILL,
    "cancelled": Signal.KILL, "killed": Signal.KILL,
}  # fmt: skip


def read_nitf(root: Node) -> Reading:
    """The story. Raises ``Refused`` for a document that breaks off, as half a story is none."""
    if not root.complete:
        raise Refused(_("It breaks off in the middle of the story."))
    item = story_of(root)
    return Reading("NITF", item.headline, [item])


def story_of(root: Node) -> Item:
    """What a ``nitf`` element holds."""
    body, data = root.find("body"), root.find("head/docdata")
    head = body.find("body.head") if body else None
    content = body.find("body.content") if body else None
    markup = body_html(content) if content else ""
    title = _words(root.find("head/title"))
    return Item(
        guid=_guid(data),
        version=_attribute(data, "du-key", "version") or _attribute(root.find("head"), "revision-history", "norm"),
        signal=_signal(root, data),
        headline=_headline(head) or title,
        standfirst=line(_standfirst(body, head), LONG),
        html=markup,
        byline=_byline(head),
        provider=_attribute(data, "doc.rights", "provider") or _words(head.find("distributor") if head else None),
        credit=_words(body.find("body.end/tagline") if body else None),
        rights=_rights(data, head),
        note=_note(data, head),
        language=line(root.attributes.get("baselang") or root.attributes.get("xml:lang", ""), 35),
        urgency=_attribute(data, "urgency", "ed-urg"),
        subjects=_subjects(root, data),
        pictures=sum(node.local == "media" for node in root.walk()),
        sent_at=moment(_attribute(data, "date.issue", "norm"))
        or moment(_attribute(root.find("head"), "pubdata", "date.publication")),
        embargo_until=_embargo(data),
        expire_at=moment(_attribute(data, "date.expire", "norm")),
    )


def body_html(content: Node) -> str:
    """The story as HTML; text that stands outside any paragraph becomes paragraphs."""
    if not any(content.elements()):
        return paragraphs(content.text())
    return "".join(_mapped(child) for child in content.children).strip()


def _mapped(node: Node | str) -> str:
    if isinstance(node, str):
        return html.escape(node, quote=False)
    if node.local in _LEFT_OUT:
        return ""
    inside = "".join(_mapped(child) for child in node.children)
    tag = _TAGS.get(node.local)
    if tag is None:
        return inside
    if tag in {"br", "hr"}:
        return f"<{tag}>"
    href = node.attributes.get("href", "") if tag == "a" else ""
    spans = "".join(
        f' {name}="{html.escape(node.attributes[name])}"' for name in ("colspan", "rowspan") if name in node.attributes
    )
    link = f' href="{html.escape(href)}"' if href else ""
    return f"<{tag}{link}{spans}>{inside}</{tag}>"


def _words(node: Node | None) -> str:
    return line(node.text()) if node is not None else ""


def _attribute(parent: Node | None, name: str, attribute: str) -> str:
    node = parent.find(name) if parent else None
    return line(node.attributes.get(attribute, "")) if node is not None else ""


def _guid(data: Node | None) -> str:
    return _attribute(data, "doc-id", "id-string") or _attribute(data, "du-key", "key")


def _headline(head: Node | None) -> str:
    line_of = head.find("hedline") if head else None
    if line_of is None:
        return ""
    return _words(line_of.find("hl1")) or _words(line_of)


def _standfirst(body: Node | None, head: Node | None) -> str:
    abstract = head.find("abstract") if head else None
    if abstract is not None:
        return plain_text(body_html(abstract))
    second = head.find("hedline/hl2") if head else None
    return _words(second)


def _byline(head: Node | None) -> str:
    by = head.find("byline") if head else None
    if by is None:
        return ""
    person = by.find("person")
    return _words(person) or _words(by)


def _rights(data: Node | None, head: Node | None) -> str:
    holder, year = _attribute(data, "doc.copyright", "holder"), _attribute(data, "doc.copyright", "year")
    told = _words(head.find("rights") if head else None)
    return told or (f"© {holder} {year}".strip() if holder else "")


def _note(data: Node | None, head: Node | None) -> str:
    notes = [_attribute(data, "ed-msg", "info"), _words(head.find("note") if head else None)]
    return line(" ".join(note for note in notes if note), LONG)


def _signal(root: Node, data: Node | None) -> str:
    status = (data.attributes.get("management-status", "") if data else "").strip().lower()
    told = STATUS.get(status, Signal.USABLE)
    change = (
        root.attributes.get("change.type", "") or _attribute(root.find("head"), "tobject", "tobject.type")
    ).lower()
    if told == Signal.USABLE and "correct" in change:
        return Signal.CORRECTION.value
    return told.value


def _embargo(data: Node | None):  # type: ignore[no-untyped-def]
    """``date.release`` in the future is an embargo; once it is past it says nothing."""
    until = moment(_attribute(data, "date.release", "norm"))
    return until if until and until > timezone.now() else None


def _subjects(root: Node, data: Node | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(line, _subject_names(root, data)) if name))


def _subject_names(root: Node, data: Node | None) -> Iterable[str]:
    about = root.find("head/tobject")
    for node in about.elements() if about else ():
        for name in ("tobject.subject.type", "tobject.subject.matter", "tobject.subject.detail"):
            yield node.attributes.get(name, "")
    keys = data.find("key-list") if data else None
    for node in keys.elements() if keys else ():
        yield node.attributes.get("key", "")
