"""ninjs 1.0 to 3.1: one reader for the three shapes that the same news has had."""

from collections.abc import Iterable
from typing import Any

from syndication.wires.formats.ninjs_rules import faults
from syndication.wires.items import LONG, Item, Reading, Signal, line, paragraphs, plain_line
from syndication.wires.links import web_address
from syndication.wires.moments import moment

_STATUS = {"withheld": Signal.WITHHELD, "canceled": Signal.KILL, "cancelled": Signal.KILL}
_BODIES = ("body_xhtml", "body_html", "body_nitf", "body_text", "bodytext", "body")
_PLAIN = {"body_text", "bodytext", "text/plain", "plain", "text"}
_TELLING = {"headline", "headlines", "body_html", "body_xhtml", "body_text", "bodies", "pubstatus", "versioncreated"}


def looks_like_ninjs(value: dict[str, Any]) -> bool:
    """An object with an identity of its own, or one that says something only a news item says."""
    return (
        isinstance(value.get("uri") or value.get("guid"), str) and not isinstance(value.get("items"), list)
    ) or bool(_TELLING & value.keys())


def read_ninjs(stories: Iterable[dict[str, Any]]) -> Reading:
    """Every item, with what in it breaks the standard's rules."""
    found = Reading("ninjs")
    for story in stories:
        item = _item(story)
        for words in faults(story):
            item = item.with_problem(words)
        found.items.append(item)
    found.title = found.items[0].headline if len(found.items) == 1 else ""
    return found


def _item(story: dict[str, Any]) -> Item:
    return Item(
        guid=line(story.get("uri") or story.get("guid") or story.get("id"), 500),
        version=line(story.get("version"), 40),
        signal=_signal(story),
        kind=line(story.get("type"), 20) or "text",
        headline=_by_role(story, "headlines", "headline") or plain_line(story.get("title")),
        standfirst=plain_line(_described(story), LONG),
        html=_body(story),
        link=_link(story),
        byline=plain_line(story.get("byline") or story.get("by")),
        provider=_provider(story),
        credit=plain_line(story.get("creditline")),
        rights=plain_line(story.get("copyrightnotice") or story.get("copyrightNotice") or _holder(story)),
        terms=plain_line(story.get("usageterms") or story.get("usageTerms"), LONG),
        note=plain_line(story.get("ednote") or story.get("edNote"), LONG),
        language=line(story.get("language"), 35),
        urgency=line(story.get("urgency"), 10),
        subjects=tuple(dict.fromkeys(_subjects(story))),
        pictures=_pictures(story),
        sent_at=_moment(story, "versioncreated", "versionCreated", "firstcreated", "firstCreated"),
        embargo_until=_moment(story, "embargoed"),
        expire_at=_moment(story, "expires"),
    )


def _signal(story: dict[str, Any]) -> str:
    told = _STATUS.get(line(story.get("pubstatus") or story.get("pubStatus")).lower())
    if told is not None:
        return told.value
    words = f" {line(story.get('signal'))} {line(story.get('ednote'), LONG)} ".lower()
    if " correct" in words:
        return Signal.CORRECTION.value
    return Signal.USABLE.value


def _listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the values of an object, as versions differ."""
    values = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [one for one in values if isinstance(one, dict)]


def _by_role(story: dict[str, Any], listed: str, single: str) -> str:
    values = _listed(story.get(listed))
    main = [one for one in values if line(one.get("role")) in {"main", "headline", ""}] or values
    return plain_line(main[0].get("value")) if main else plain_line(story.get(single))


def _described(story: dict[str, Any]) -> Any:
    values = _listed(story.get("descriptions"))
    if values:
        return values[0].get("value")
    return next((story[name] for name in story if name.startswith("description_")), None)


def _body(story: dict[str, Any]) -> str:
    """The richest body: markup before plain text."""
    told = [(_kind_of(one), one.get("value")) for one in _listed(story.get("bodies"))]
    told += [(name, story[name]) for name in _BODIES if name in story]
    bodies = [(kind, value) for kind, value in told if isinstance(value, str) and value.strip()]
    rich = [value for kind, value in bodies if kind not in _PLAIN and "<" in value]
    if rich:
        return rich[0]
    return paragraphs(bodies[0][1]) if bodies else ""


def _kind_of(body: dict[str, Any]) -> str:
    return str(body.get("contenttype") or body.get("contentType") or body.get("role") or "")


def _link(story: dict[str, Any]) -> str:
    for one in (story.get("link"), story.get("canonicalurl"), story.get("url"), story.get("uri")):
        if isinstance(one, str) and (address := web_address(one)):
            return address
    return ""


def _provider(story: dict[str, Any]) -> str:
    for one in _listed(story.get("infosources") or story.get("infoSources") or story.get("infosource")):
        if name := plain_line(one.get("name")):
            return name
    return plain_line(story.get("source") or story.get("provider") or _holder(story))


def _holder(story: dict[str, Any]) -> Any:
    return story.get("copyrightholder") or story.get("copyrightHolder")


def _subjects(story: dict[str, Any]) -> Iterable[str]:
    for name in ("subjects", "subject", "genres", "genre", "places", "place"):
        for one in _listed(story.get(name)):
            if told := plain_line(one.get("name"), 80):
                yield told
            code = one.get("literal") or one.get("code") or one.get("qcode")
            if name.startswith("subject") and isinstance(code, str):
                yield line(code, 80)


def _pictures(story: dict[str, Any]) -> int:
    return sum(line(one.get("type")) in {"picture", "graphic"} for one in _listed(story.get("associations"))[:999])


def _moment(story: dict[str, Any], *names: str) -> Any:
    for name in names:
        if isinstance(story.get(name), str) and (when := moment(story[name])):
            return when
    return None
