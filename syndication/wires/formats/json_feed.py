"""JSON Feed 1 and 1.1."""

from typing import Any

from django.utils.translation import gettext as _

from syndication.wires.items import LONG, Item, Reading, line, paragraphs, plain_line
from syndication.wires.links import absolute
from syndication.wires.moments import moment


def is_json_feed(value: Any) -> bool:
    """Whether it says so, or at least looks like nothing else."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return isinstance(value, dict) and "jsonfeed.org" in str(value.get("version", ""))
    return "jsonfeed.org" in str(value.get("version", "")) or "home_page_url" in value or "feed_url" in value


def read_json_feed(value: dict[str, Any], base: str) -> Reading:
    """Every item; one that is no object is named as refused."""
    found = Reading("JSON Feed", plain_line(value.get("title")))
    base = _address(value.get("home_page_url"), base) or base
    items = value.get("items")
    if not isinstance(items, list):
        found.add_problem(_("It has no list of items."))
        items = []
    for number, one in enumerate(items, 1):
        if isinstance(one, dict):
            found.items.append(_item(one, value, base))
        else:
            found.refused.append((_("item %(number)d") % {"number": number}, _("It is no object.")))
    return found


def _item(one: dict[str, Any], feed: dict[str, Any], base: str) -> Item:
    markup, text = one.get("content_html"), one.get("content_text")
    summary = plain_line(one.get("summary"), LONG)
    told = markup if isinstance(markup, str) and markup.strip() else paragraphs(text) if isinstance(text, str) else ""
    item = Item(
        guid=line(one.get("id"), 500),
        version=_iso(one.get("date_modified")),
        headline=plain_line(one.get("title")),
        standfirst=summary if told else "",
        html=told or paragraphs(summary),
        link=_address(one.get("url"), base) or _address(one.get("external_url"), base),
        byline=_authors(one) or _authors(feed),
        language=line(one.get("language") or feed.get("language"), 35),
        subjects=_strings(one.get("tags")),
        pictures=told.lower().count("<img") or int(bool(one.get("image"))),
        sent_at=moment(_string(one.get("date_modified"))) or moment(_string(one.get("date_published"))),
        expire_at=None,
    )
    for name in ("date_published", "date_modified"):
        if one.get(name) and moment(_string(one[name])) is None:
            item = item.with_problem(_("Its “%(name)s” is no moment that can be read.") % {"name": name})
    return item


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _address(value: Any, base: str) -> str:
    return absolute(value, base) if isinstance(value, str) else ""


def _iso(value: Any) -> str:
    when = moment(_string(value))
    return when.isoformat() if when else ""


def _authors(one: dict[str, Any]) -> str:
    listed = one.get("authors")
    people = listed if isinstance(listed, list) else [one.get("author")]
    names = (plain_line(person.get("name")) for person in people if isinstance(person, dict))
    return line(", ".join(dict.fromkeys(name for name in names if name)))


def _strings(value: Any) -> tuple[str, ...]:
    names = (plain_line(name, 80) for name in value) if isinstance(value, list) else ()
    return tuple(dict.fromkeys(name for name in names if name))
