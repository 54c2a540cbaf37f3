"""*Articles You May Like*: which articles stand in a list, in which order, and why.

The rule: nothing where the list is switched off; running campaigns at their
places; the editor's picks in the editor's order; then the engine's suggestions,
best first. Never what a reader may not see, the article itself, what is
excluded, two that are kept apart, or what stands elsewhere on the page.

Two queries, whatever the size of the archive: ``curation.candidates`` finds who
could stand here, and the second fetches the cards through ``Article.objects.public()``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import BigAutoField, DateTimeField, F, FilteredRelation, Q
from django.utils import timezone

from articles.models import Article
from articles.models.article import ArticleQuerySet
from articles.page_parts import public_cards
from curation.candidates import Candidate, Candidates, Reach, candidates_of
from curation.models.campaign import campaign_key
from images.models import Image
from pagecache.prepared import Prepared
from pagecache.reading import depends_on

_OWN_PICTURE = ("id", "alt", "renditions", "usable_until", "width", "height")
"""What a card needs of a pick's own picture."""

PICK, PIN, FILL = "pick", "pin", "fill"


class Entry(NamedTuple):
    """One place of a list: the article's id, where it comes from, and the id of its pick or campaign."""

    target: int
    origin: str
    row: int = 0


@dataclass(frozen=True)
class RelatedItem:
    """One article of a list as its card is shown; a pick may have words and a picture of its own."""

    article: Article
    origin: str
    headline: str = ""

    @property
    def picked(self) -> bool:
        """Whether an editor chose it for this very list."""
        return self.origin == PICK


def related_list(article: Article, exclude_ids: Iterable[int] = (), slots: int | None = None) -> list[RelatedItem]:
    """What stands beside ``article`` for readers now, in order, at most ``slots`` of them.

    ``exclude_ids`` are articles shown elsewhere on the page; they, the article
    itself and whatever is not public never appear, picked or not. Fewer than
    wanted make a shorter list. ``article`` should come from ``for_page()``;
    otherwise its tags cost a query of their own. Notes in the page being
    rendered what the list depends on and until when it holds.
    """
    tags = [tag.pk for tag in article.tag_list]
    depends_on(f"related:{article.pk}", campaign_key(), *(campaign_key(tag_id=pk) for pk in tags))
    if article.section_id:
        depends_on(campaign_key(section_id=article.section_id))
    found = candidates_of([article.pk], Reach(article.section_id, tags))
    now = timezone.now()
    depends_on(*(f"article:{pk}" for pk in found.chosen(article.pk)), until=found.next_change(now))
    entries = choose(article.pk, found, now, slots, elsewhere=set(exclude_ids), linked=article.linked_ids)
    items = _items(article.pk, entries)
    for item in items:
        _depends_on_card(item.article)
    return items


def entries_of(linked: Mapping[int, Collection[int]]) -> dict[int, list[Entry]]:
    """What stands beside each of these articles now, campaigns left out; lists of hidden articles too. One query.

    ``linked`` names by article's id what its own text links to.
    """
    found = candidates_of(list(linked))
    now = timezone.now()
    return {pk: choose(pk, found, now, linked=ids) for pk, ids in linked.items()}


def choose(
    page: int,
    found: Candidates,
    now: datetime,
    slots: int | None = None,
    *,
    elsewhere: Collection[int] = (),
    linked: Collection[int] = (),
) -> list[Entry]:
    """The rule itself: the entries of the list beside the article ``page``."""
    wanted = settings.RELATED_SLOTS if slots is None else slots
    if page in found.off or not wanted:
        return []
    chosen = _Chosen(found, page, now, {*elsewhere, page})
    pins = chosen.take(found.pins, PIN, wanted, hidden=linked)
    rows = chosen.take(found.picks.get(page, ()), PICK, wanted - len(pins))
    rows += chosen.take(found.fills.get(page, ()), FILL, wanted - len(pins) - len(rows), hidden=linked)
    for pin in sorted(pins, key=lambda entry: found.slots[entry.row]):
        rows.insert(found.slots[pin.row] - 1, pin)
    return rows


class _Chosen:
    """What is in the list so far, and whether one more may join it."""

    def __init__(self, found: Candidates, page: int, now: datetime, taken: set[int]) -> None:
        self.found, self.page, self.now, self.taken = found, page, now, taken
        self.apart: set[int] = set()
        for pk in taken:
            self.apart |= found.groups.get(pk, set())

    def take(self, offered: Sequence[Candidate], origin: str, most: int, hidden: Collection[int] = ()) -> list[Entry]:
        """The first ``most`` of ``offered`` that may stand here."""
        entries: list[Entry] = []
        for candidate in offered:
            if len(entries) >= most:
                break
            if candidate.target not in hidden and self._may_join(candidate):
                self.taken.add(candidate.target)
                self.apart |= self.found.groups.get(candidate.target, set())
                entries.append(Entry(candidate.target, origin, candidate.row))
        return entries

    def _may_join(self, candidate: Candidate) -> bool:
        target = candidate.target
        if target in self.taken or target in self.found.banned or (self.page, target) in self.found.excluded:
            return False
        groups = self.found.groups.get(target)
        return not (groups and groups & self.apart) and candidate.is_shown(self.now)


def _items(page: int, entries: Sequence[Entry]) -> list[RelatedItem]:
    """The entries with their cards; whatever stopped being public this very moment is left out."""
    if not entries:
        return []
    ids = [entry.target for entry in entries]
    picked = any(entry.origin == PICK for entry in entries)
    found = _picked_cards(page, ids) if picked else public_cards(ids)
    return [_item(found[entry.target], entry.origin) for entry in entries if entry.target in found]


def _picked_cards(page: int, ids: list[int]) -> dict[int, Article]:
    return {card.pk: card for card in _PICKED_CARDS.rows(page=page, ids=ids, now=timezone.now())}


def _with_own_words(cards: ArticleQuerySet, page: Any) -> ArticleQuerySet:
    """The cards, each with headline and picture of its pick in this list, in the same query."""
    picture = {f"own_picture_{name}": F(f"own__picture__{name}") for name in _OWN_PICTURE}
    own = FilteredRelation("picked_by", condition=Q(picked_by__article=page))
    return cards.annotate(own=own).annotate(own_headline=F("own__headline"), **picture)


_ID: BigAutoField[int, int] = BigAutoField()
_PICKED_CARDS = Prepared(
    lambda page, ids, now: _with_own_words(Article.objects.public(now).cards().filter(pk__in=ids), page),
    page=_ID,
    ids=[_ID],
    now=DateTimeField(),
)


def _item(article: Article, origin: str) -> RelatedItem:
    card: Any = article
    if origin != PICK:
        return RelatedItem(article, origin)
    if card.own_picture_id is not None:
        depends_on(f"image:{card.own_picture_id}", until=card.own_picture_usable_until)
        picture = Image(**{name: getattr(card, f"own_picture_{name}") for name in _OWN_PICTURE})
        if picture.is_usable():
            article.lead_picture = picture
    return RelatedItem(article, origin, card.own_headline or "")


def _depends_on_card(article: Article) -> None:
    keys = {f"article:{article.pk}", f"section:{article.section_id}"}
    if article.lead_picture is not None:
        depends_on(f"image:{article.lead_picture.pk}", until=article.lead_picture.usable_until)
    depends_on(*keys, until=article.expire_at)
    depends_on(until=article.mark_changes_at)
