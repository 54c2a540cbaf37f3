"""One item of the wire desk, as its page shows it."""

from dataclasses import dataclass
from typing import Any

from articles import body
from articles.body import BodyRefused
from articles.history.words import Run, Work, difference
from articles.known import known_to, knows_newest
from articles.models import Article, Section
from articles.permissions import Actor
from articles.state import WorkingState
from syndication.models import WireItem
from syndication.models.wire import Offer
from syndication.wires import mapping
from syndication.wires.drafting import story_of
from syndication.wires.items import Item, plain_text

WORDS = {Offer.UPDATE, Offer.CORRECTION}
"""What is offered as words to take over."""


@dataclass(frozen=True)
class Fate:
    """What the rules make of it, in names."""

    section: str
    tags: tuple[str, ...]


def shown(row: WireItem, actor: Actor) -> dict[str, Any]:
    """What the item's page needs; the article only for whoever may know of it."""
    item = Item.from_json(row.story)
    article = known_to(actor).filter(pk=row.article_id).first() if row.article_id else None
    return {
        "row": row,
        "sent": item,
        "story": _rendered(item),
        "fate": _fate(row, item),
        "article": article,
        "changes": _changes(item, article, actor) if row.offer in WORDS else [],
        "copies": list(row.copies.all()),
    }


def _rendered(item: Item) -> str:
    """The story as its draft would look; what cannot be taken is shown as plain text."""
    try:
        return body.render(story_of(item)).html
    except BodyRefused:
        return ""


def _fate(row: WireItem, item: Item) -> Fate:
    how = mapping.mapped(item, row.feed, mapping.rules_in_force())
    section = Section.objects.filter(pk=how.section).first() if how.section else None
    return Fate(str(section or ""), how.tags)


def _changes(item: Item, article: Article | None, actor: Actor) -> list[list[Run]]:
    """Word by word from the article's newest words to the agency's: headline, standfirst, text."""
    if article is None or not knows_newest(actor, article):
        return []
    state, work = WorkingState.of(article), Work()
    try:
        new = plain_text(story_of(item))
    except BodyRefused:
        return []
    pairs = (
        (state.headline, item.headline),
        (state.standfirst, item.standfirst),
        (plain_text(state.body), new),
    )
    return [difference(ours, theirs, work) for ours, theirs in pairs if ours or theirs]
