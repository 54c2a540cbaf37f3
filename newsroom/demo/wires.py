"""The demo's wires: what two agencies sent since yesterday, with a new version, a kill, a copy and a broken file."""

from datetime import timedelta
from typing import Any

from articles import publishing, revisions
from articles.state import WorkingState
from newsroom.demo.files import wire_world
from newsroom.demo.made import Demo
from people.roles import EDITOR
from syndication.models import Feed, WireItem, WireRule
from syndication.wires import taking
from syndication.wires.items import Item, Reading, paragraphs
from syndication.wires.receiving import key_of, take_in

NEVER = -3650
"""Days ago: nobody looks for these feeds, so none of them fails."""


def make(demo: Demo) -> None:
    """Feeds, rules, and each item in its order, with what the desk did before the next came."""
    world = wire_world()
    feeds = {row["name"]: _feed(demo, row) for row in world["feed"]}
    for position, row in enumerate(world["rule"]):
        section = demo.sections.get(row.pop("section", ""))
        WireRule.objects.create(position=position, section=section, **row)
    for row in world["item"]:
        _arrive(demo, feeds[row["feed"]], row)
    for row in world["refused"]:
        feed = feeds[row["feed"]]
        take_in(feed, Reading(feed.format, refused=[(row["name"], row["reason"])]))


def _feed(demo: Demo, row: dict[str, Any]) -> Feed:
    source, section = demo.sources[row.pop("source")], demo.sections.get(row.pop("section", ""))
    looked = demo.at(0.01)
    return Feed.objects.create(
        source=source, section=section, is_on=True, asked_at=looked, read_at=looked, next_at=demo.at(NEVER), **row
    )


def _arrive(demo: Demo, feed: Feed, row: dict[str, Any]) -> None:
    item = _item(demo, row)
    take_in(feed, Reading(feed.format, items=[item]))
    rows = WireItem.objects.filter(feed=feed, key=key_of(item.guid))
    rows.update(changed_at=item.sent_at)
    rows.exclude(offer="").update(offered_at=item.sent_at)
    if item.version == "1":
        rows.update(arrived_at=item.sent_at)
    if row.get("taken"):
        _work_on(demo, rows.get(), row)


def _work_on(demo: Demo, item: WireItem, row: dict[str, Any]) -> None:
    editor = demo.staff[EDITOR]
    story = taking.take(item, actor=editor)
    state = WorkingState.of(story)
    revisions.save(story, state.with_(body=state.body + row.get("edited", ""), tags=("province", "work")), actor=editor)
    if row.get("published"):
        publishing.publish(story, actor=None)


def _item(demo: Demo, row: dict[str, Any]) -> Item:
    sent = demo.at(row["hours_ago"] / 24)
    told = {name: row[name] for name in ("headline", "standfirst", "byline", "urgency", "note") if name in row}
    return Item(
        guid=row["guid"],
        version=row.get("version", "1"),
        signal=row.get("signal", "usable"),
        kind=row.get("kind", "text"),
        html=paragraphs(row["text"]),
        provider=row["feed"],
        subjects=tuple(row.get("subjects", ())),
        pictures=row.get("pictures", 0),
        sent_at=sent,
        embargo_until=sent + timedelta(hours=row["embargo_hours"]) if "embargo_hours" in row else None,
        **told,
    )
