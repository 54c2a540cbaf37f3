"""Front slots: the picks of the front page and of section pages, and who may stand beside whom there.

The pages themselves say what fills the rest; they register in ``slot_fills``,
so that the desk can show a whole page's order without knowing the pages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import BigAutoField, DateTimeField, Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.models import Article, Section
from articles.models.article import CARD_FIELDS
from curation.models import CuratedList, KeptApartMember, Pick
from curation.models.lists import list_key
from curation.places import FRONT, FrontPage, key_of, picks_in, picks_of, rows_of
from curation.related import FILL, PICK, Entry
from images.models import Image
from pagecache.prepared import Prepared
from pagecache.reading import depends_on
from pagecache.writing import bump

SlotPlace: TypeAlias = Section | FrontPage

Groups: TypeAlias = Mapping[int, set[int]]
"""By article: the groups of articles kept apart that it is in."""

_PICTURE = ("id", "alt", "renditions", "usable_until", "width", "height")
_FIELDS = (
    *("until", "headline", "position"),
    *(f"target__{name}" for name in (*CARD_FIELDS, "embargo_until")),
    *(f"picture__{name}" for name in _PICTURE),
)


@dataclass(frozen=True)
class SlotPick:
    """A pick that readers see now. ``article`` is its card with the pick's own words and picture; never save it."""

    row: int
    article: Article

    @property
    def target(self) -> int:
        """The article's id."""
        return self.article.pk


SlotFill: TypeAlias = Callable[[Section | None, list[SlotPick]], list[int]]

slot_fills: dict[str, SlotFill] = {}
"""``"front"`` and ``"section"``: the articles in the places of that page now, the picks given and fills, in reading
order."""


def slot_picks(place: SlotPlace) -> list[SlotPick]:
    """The picks of the page that readers see now, in the editor's order; none where they are switched off.

    One query. Notes in the page being rendered what the picks depend on, and
    when the clock changes them; what waits leaves no trace but that time.
    """
    depends_on(key_of(place))
    now = timezone.now()
    found: list[SlotPick] = []
    for row in _rows(place):
        depends_on(until=min((moment for moment in _moments(row) if moment > now), default=None))
        if row.is_shown and not row.is_off and (row.until is None or row.until > now):
            found.append(SlotPick(row.pk, _card(row)))
    return found


def slot_order(place: SlotPlace) -> list[Entry]:
    """What stands in the places of the page now, in reading order: picks and fills told apart."""
    section, picks = place if isinstance(place, Section) else None, slot_picks(place)
    shown = slot_fills["section" if section else "front"](section, picks)
    picked = {pick.target: pick.row for pick in picks}
    return [Entry(pk, PICK if pk in picked else FILL, picked.get(pk, 0)) for pk in shown]


def groups_of(article_ids: Iterable[int]) -> Groups:
    """Which of the articles are kept apart from others, and in which groups: one query."""
    found: dict[int, set[int]] = defaultdict(set)
    for article_id, group_id in _MEMBERS.rows(articles=sorted(set(article_ids))):
        found[article_id].add(group_id)
    return found


class Standing:
    """What stands on a page so far: nothing stands twice, and of articles kept apart only the first."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._apart: set[int] = set()
        self.ids: set[int] = set()

    def first(self, offered: Iterable[int], most: int) -> list[int]:
        """The first ``most`` of ``offered`` that could join one after the other; none of them joins yet."""
        found: list[int] = []
        ids, apart = set(self.ids), set(self._apart)
        for pk in offered:
            if len(found) >= most:
                break
            groups = self._groups.get(pk, set())
            if pk not in ids and not groups & apart:
                ids.add(pk)
                apart |= groups
                found.append(pk)
        return found

    def join(self, article_ids: Iterable[int]) -> None:
        """These stand on the page."""
        for pk in article_ids:
            self.ids.add(pk)
            self._apart |= self._groups.get(pk, set())

    def take(self, offered: Iterable[int], most: int) -> list[int]:
        """The first ``most`` that may join; they do."""
        taken = self.first(offered, most)
        self.join(taken)
        return taken


def refresh_lists(article: Article) -> None:
    """Refresh every list in which ``article`` is picked: it may have appeared, or gone."""
    picked = Pick.objects.filter(target=article).values_list("article_id", "section_id")
    bump({list_key(*place) for place in picked})


def _rows(place: SlotPlace) -> Iterable[Any]:
    now = timezone.now()
    return _IN_SECTION.rows(section=place.pk, now=now) if isinstance(place, Section) else _ON_FRONT.rows(now=now)


def _picked(picks: QuerySet[Pick], lists: QuerySet[CuratedList], now: Any) -> QuerySet[Pick]:
    off = lists.filter(off=True)
    shown = Article.objects.public(now).filter(pk=OuterRef("target"))
    rows = picks.select_related("target__section", "target__lead_picture", "picture").only(*_FIELDS)
    return rows.annotate(is_off=Exists(off), is_shown=Exists(shown))


_ID: BigAutoField[int, int] = BigAutoField()
_MEMBERS: Prepared[tuple[int, int]] = Prepared(
    lambda articles: KeptApartMember.objects.filter(article__in=articles).values_list("article_id", "group_id"),
    articles=[_ID],
)
_ON_FRONT = Prepared(lambda now: _picked(picks_of(FRONT), rows_of(FRONT), now), now=DateTimeField())
_IN_SECTION = Prepared(
    lambda section, now: _picked(picks_in(section), CuratedList.objects.filter(section=section), now),
    section=_ID,
    now=DateTimeField(),
)


def _moments(row: Pick) -> Iterator[datetime]:
    """When the clock may change whether the pick is shown."""
    target = row.target
    for moment in (row.until, target.publish_at, target.embargo_until, target.expire_at):
        if moment is not None:
            yield moment


def _card(row: Pick) -> Article:
    card = row.target
    card.headline = row.headline or card.headline
    if row.picture is not None:
        depends_on(f"image:{row.picture_id}", until=row.picture.usable_until)
        card.lead_picture = _usable(row.picture) or card.lead_picture
    return card


def _usable(picture: Image) -> Image | None:
    return picture if picture.is_usable() else None
