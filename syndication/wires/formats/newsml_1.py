"""NewsML 1.2, which some agencies still send: the longest text of each news item."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from syndication.wires.formats.nitf import body_html, story_of
from syndication.wires.items import LONG, Item, Reading, Signal, line
from syndication.wires.moments import moment
from syndication.wires.xml_tree import Node

_STATUS = {"withheld": Signal.WITHHELD, "canceled": Signal.KILL, "cancelled": Signal.KILL}
_INSTRUCTIONS = {
    "update": Signal.UPDATE,
    "correction": Signal.CORRECTION,
    "correct": Signal.CORRECTION,
    "kill": Signal.KILL,
}


def read_newsml_1(root: Node) -> Reading:
    """Every news item whose end was read."""
    found = Reading("NewsML 1")
    for node in root.elements():
        if node.local != "NewsItem":
            continue
        if node.complete:
            found.items.append(_item(node))
        else:
            found.refused.append((_guid(node), _("It breaks off in the middle.")))
    return found


def _item(node: Node) -> Item:
    manage = node.find("NewsManagement")
    lines = [one for one in node.walk() if one.local == "NewsLines"]
    story = max(
        (_told(one) for one in node.walk() if one.local == "DataContent"), key=lambda one: len(one.html), default=Item()
    )
    return Item(
        guid=_guid(node),
        version=line(_text(node.find("Identification/NewsIdentifier/RevisionId")), 40),
        signal=_signal(manage),
        kind="text" if story.html else _kind(node),
        headline=_first(lines, "HeadLine") or story.headline,
        standfirst=_first(lines, "SubHeadLine") or story.standfirst,
        html=story.html,
        byline=_first(lines, "ByLine") or story.byline,
        provider=_provider(node),
        credit=_first(lines, "CreditLine"),
        rights=_first(lines, "CopyrightLine") or story.rights,
        note=story.note,
        language=line(_formal(node, "Language"), 35),
        urgency=_formal(manage, "Urgency"),
        subjects=tuple(dict.fromkeys(_subjects(node, lines))),
        pictures=sum(one.local == "MediaType" and one.attributes.get("FormalName") == "Photo" for one in node.walk()),
        sent_at=moment(_text(manage.find("ThisRevisionCreated") if manage else None)),
        embargo_until=_embargo(manage),
    )


def _text(node: Node | None) -> str:
    return line(node.text(), LONG) if node is not None else ""


def _guid(node: Node) -> str:
    named = node.find("Identification/NewsIdentifier")
    if named is None:
        return ""
    parts = [_text(named.find(name)) for name in ("ProviderId", "DateId", "NewsItemId")]
    return line(":".join(part for part in parts if part), 500)


def _formal(parent: Node | None, name: str) -> str:
    for one in parent.walk() if parent else ():
        if one.local == name:
            return line(one.attributes.get("FormalName", ""))
    return ""


def _signal(manage: Node | None) -> str:
    told = _STATUS.get(_formal(manage, "Status").lower())
    if told is None:
        told = _INSTRUCTIONS.get(_formal(manage, "Instruction").lower(), Signal.USABLE)
    return told.value


def _embargo(manage: Node | None):  # type: ignore[no-untyped-def]
    if _formal(manage, "Status").lower() != "embargoed" or manage is None:
        return None
    return moment(_text(manage.find("StatusWillChange/DateAndTime")))


def _kind(node: Node) -> str:
    return {"photo": "picture"}.get(_formal(node, "MediaType").lower(), _formal(node, "MediaType").lower() or "text")


def _first(lines: Iterable[Node], name: str) -> str:
    return next((text for one in lines if (text := _text(one.find(name)))), "")


def _provider(node: Node) -> str:
    for one in node.walk():
        if one.local in {"Provider", "Source"} and (party := one.find("Party")) is not None:
            return line(party.attributes.get("FormalName", ""))
    return _text(node.find("Identification/NewsIdentifier/ProviderId"))


def _subjects(node: Node, lines: Iterable[Node]) -> Iterable[str]:
    for one in lines:
        yield from (_text(key) for key in one.elements() if key.local == "KeywordLine" and _text(key))
    for one in node.walk():
        if one.local in {"Subject", "SubjectMatter", "SubjectDetail"} and one.attributes.get("FormalName"):
            yield line(one.attributes["FormalName"], 80)


def _told(content: Node) -> Item:
    for one in content.walk():
        if one.local == "nitf":
            return story_of(one)
        if one.local in {"body.content", "body"}:
            return Item(html=body_html(one) if one.local == "body.content" else one.inner_html())
    return Item(html=body_html(content))
