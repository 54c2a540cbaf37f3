"""NewsML-G2: news items and packages, alone or in a news message.

A small reader of our own: why not the IPTC's package, see the decision record
``wires.md``.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from syndication.wires.formats.nitf import story_of
from syndication.wires.items import LONG, Item, Reading, Refused, Signal, line, paragraphs
from syndication.wires.links import web_address
from syndication.wires.moments import moment
from syndication.wires.xml_tree import Node

ITEMS = {"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"}

_STATUS = {"withheld": Signal.WITHHELD, "canceled": Signal.KILL, "cancelled": Signal.KILL}
_SIGNALS = {
    "update": Signal.UPDATE, "u": Signal.UPDATE, "writethru": Signal.UPDATE, "correction": Signal.CORRECTION,
    "c": Signal.CORRECTION, "correctedversion": Signal.CORRECTION, "kill": Signal.KILL, "withhold": Signal.WITHHELD,
}  # fmt: skip
"""By the last part of ``sig:`` and ``edStat:`` codes, in small letters."""

_SIGNAL_LISTS = ("sig", "edStat", "edstatus")


def read_newsml_g2(root: Node) -> Reading:
    """Every item of the document whose end was read."""
    found = Reading("NewsML-G2")
    nodes = [root] if root.local in ITEMS else list(_inside(root))
    for node in nodes:
        if node.complete:
            found.items.append(_item(node))
        else:
            found.refused.append((line(node.attributes.get("guid", "")), _("It breaks off in the middle.")))
    if not nodes:
        raise Refused(_("It is NewsML-G2 without any item."))
    found.title = found.items[0].headline if len(found.items) == 1 else ""
    return found


def _inside(root: Node) -> Iterable[Node]:
    return (
        node
        for set_of in root.elements()
        if set_of.local == "itemSet"
        for node in set_of.elements()
        if node.local in ITEMS
    )


def _item(node: Node) -> Item:
    meta, about, rights = node.find("itemMeta"), node.find("contentMeta"), node.find("rightsInfo")
    inner = _story(node.find("contentSet"))
    return Item(
        guid=line(node.attributes.get("guid", ""), 500),
        version=line(node.attributes.get("version", ""), 40),
        signal=_signal(meta),
        kind=_kind(node, meta),
        headline=_words(about, "headline") or inner.headline or _words(meta, "title"),
        standfirst=line(_described(about), LONG) or inner.standfirst,
        html=inner.html,
        link=_link(meta),
        byline=_words(about, "by") or _people(about) or inner.byline,
        provider=_named(meta.find("provider") if meta else None),
        credit=_words(about, "creditline"),
        rights=_words(rights, "copyrightNotice") or _named(rights.find("copyrightHolder") if rights else None),
        terms=line(_words(rights, "usageTerms"), LONG),
        note=line(" ".join(_all_words(meta, "edNote")), LONG),
        language=_language(node, about),
        urgency=_words(about, "urgency") or _words(meta, "urgency"),
        subjects=tuple(dict.fromkeys(_subjects(about))),
        pictures=_pictures(node),
        sent_at=moment(_words(meta, "versionCreated")),
        embargo_until=moment(_words(meta, "embargoed")),
        expire_at=moment(_words(about, "contentExpired") or _words(meta, "expires")),
        problems=inner.problems,
    )


def _words(parent: Node | None, name: str) -> str:
    node = parent.find(name) if parent else None
    return line(node.text(), LONG) if node is not None else ""


def _all_words(parent: Node | None, name: str) -> list[str]:
    return [line(node.text(), LONG) for node in parent.elements() if node.local == name] if parent else []


def _named(node: Node | None) -> str:
    """What a concept is called: its name, else what is written of it, else its code."""
    if node is None:
        return ""
    named = _words(node, "name")
    return named or line(node.attributes.get("literal") or _code(node) or node.attributes.get("uri", ""))


def _code(node: Node) -> str:
    return node.attributes.get("qcode", "").rpartition(":")[2]


def _signal(meta: Node | None) -> str:
    status = meta.find("pubStatus") if meta else None
    told = _STATUS.get(_code(status).lower() if status is not None else "")
    if told is not None:
        return told.value
    for node in meta.elements() if meta else ():
        qcode = node.attributes.get("qcode", "")
        if node.local == "signal" and qcode.partition(":")[0] in _SIGNAL_LISTS and _code(node).lower() in _SIGNALS:
            return _SIGNALS[_code(node).lower()].value
    return Signal.USABLE.value


def _kind(node: Node, meta: Node | None) -> str:
    if node.local != "newsItem":
        return {"packageItem": "composite"}.get(node.local, node.local.removesuffix("Item"))
    of_class = meta.find("itemClass") if meta else None
    return line(_code(of_class), 20) or "text" if of_class is not None else "text"


def _described(about: Node | None) -> str:
    for node in about.elements() if about else ():
        if node.local == "description" and "caption" not in node.attributes.get("role", "").lower():
            return node.text()
    return ""


def _people(about: Node | None) -> str:
    made = (node for node in about.elements() if node.local == "creator") if about else ()
    return line(", ".join(dict.fromkeys(_words(node, "name") for node in made if _words(node, "name"))))


def _language(node: Node, about: Node | None) -> str:
    said = about.find("language") if about else None
    return line((said.attributes.get("tag", "") if said is not None else "") or node.attributes.get("xml:lang", ""), 35)


def _subjects(about: Node | None) -> Iterable[str]:
    for node in about.elements() if about else ():
        if node.local in {"subject", "genre", "keyword", "located"}:
            name = _named(node) or line(node.text())
            if name:
                yield line(name, 80)
            if node.local == "subject" and node.attributes.get("qcode"):
                yield line(node.attributes["qcode"], 80)


def _link(meta: Node | None) -> str:
    for node in meta.elements() if meta else ():
        if node.local == "link" and "href" in node.attributes:
            return web_address(node.attributes["href"])
    return ""


def _pictures(node: Node) -> int:
    wanted = ("image/", "picture")
    return sum(
        one.local == "remoteContent" and one.attributes.get("contenttype", "").startswith(wanted) for one in node.walk()
    )


def _story(content: Node | None) -> Item:
    """The longest text among the renditions: each says the same in another dress."""
    told = [_rendition(node) for node in content.elements()] if content else []
    return max(told, key=lambda one: len(one.html), default=Item())


def _rendition(node: Node) -> Item:
    if node.local == "inlineData":
        text = node.text()
        return Item(html=text if "html" in node.attributes.get("contenttype", "") else paragraphs(text))
    if node.local != "inlineXML":
        return Item()
    return _inline(node)


def _inline(node: Node) -> Item:
    for one in node.walk():
        if one.local == "nitf":
            return story_of(one)
        if one.local == "body" and one.name.startswith("xhtml"):
            return Item(html=one.inner_html())
        if one.local == "sports-content":
            return Item(problems=(_("Its content is SportsML: figures, which no story is made of."),))
    body = next((one for one in node.walk() if one.local in {"body", "div", "html"}), None)
    return Item(html=body.inner_html() if body is not None else node.inner_html())
