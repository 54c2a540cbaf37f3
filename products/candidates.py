"""Which products may stand beside a story now, from where, and until when that holds: one query."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BigAutoField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone

from articles.models import Article, Waiver
from pagecache.prepared import Prepared
from products.models import ArticleBoxes, Layout, Match, Offer, Placement

LOOKED_AT = 30
"""Placements of one place that are looked at: enough to pass over products that are sold out, and a bound on the
work however many are placed there."""

CHOSEN, IN_SECTION, WITH_TAG, MATCHED = 1, 2, 3, 4
"""Where a candidate comes from, in the order in which they fill the boxes."""

FACTS, CHANGES = 0, 5
"""Rows that are no candidates: whether the article has boxes, and when a campaign begins or ends."""

MOST_TAGS = 50
"""Tags of one story that are looked at; SQLite takes no union of more than 500 parts."""

SENSITIVE = "products-sensitive"
"""The line of the checklist that somebody must answer for before a sensitive story has boxes."""

NO_MOMENT = Cast(Value(None), DateTimeField())
NO_ROW = Cast(Value(None), BigAutoField())
"""Cast, as PostgreSQL takes a bare NULL in a ``UNION`` for a text."""

_COLUMNS = ("origin", "spot", "row", "thing", "offered", "look", "moment")


class Candidate(NamedTuple):
    """A product that may stand here: its source, its row there, and how it is to look."""

    source: int
    row: int
    product: int
    offered: bool
    layout: str


@dataclass(frozen=True)
class Found:
    """The candidates in the order in which they fill the boxes, each product once."""

    candidates: tuple[Candidate, ...] = ()
    off: bool = False
    """Whether an editor switched the boxes off here."""

    waived: bool = False
    """Whether somebody answers for boxes beside this story should it be sensitive."""

    until: datetime | None = None
    """The next instant at which a campaign begins or ends here."""

    def stand(self, *, sensitive: bool) -> bool:
        """Whether there are boxes at all."""
        return not self.off and (self.waived or not sensitive)


def candidates(article: Article, tag_ids: list[int], exclude: set[int]) -> Found:
    """Everything that may stand beside the article with these tags, but for what is in ``exclude``."""
    tags = {f"tag{place}": pk for place, pk in enumerate(tag_ids[:MOST_TAGS])}
    asked = {"article": article.pk, "section": article.section_id, "excluded": sorted(exclude) or [0], **tags}
    rows = sorted(_prepared(len(tags)).rows(**asked, now=timezone.now()), key=lambda row: row[:3])
    found: dict[int, Candidate] = {}
    for source, _place, row, product, offered, look, _moment in rows:
        if source not in {FACTS, CHANGES}:
            found.setdefault(product, Candidate(source, row, product, bool(offered), look))
    facts = [(bool(place), bool(offered)) for source, place, _row, _thing, offered, *_rest in rows if source == FACTS]
    off, waived = facts[0] if facts else (False, False)
    moments = [moment for source, *_rest, moment in rows if source == CHANGES]
    return Found(tuple(found.values()), off, waived, min(moments, default=None))


@cache
def _prepared(tags: int) -> Prepared[tuple[Any, ...]]:
    """The query for an article with so many tags: each is read in the order of its index, two together could not be."""
    slots: dict[str, Any] = dict.fromkeys((f"tag{place}" for place in range(tags)), _ID)
    return Prepared(_rows, article=_ID, section=_ID, excluded=[_ID], now=DateTimeField(), **slots)


def _rows(article: Any, section: Any, excluded: Any, now: Any, **tags: Any) -> QuerySet[Any, Any]:
    """The facts of the article, a bounded list of candidates from each place, and when each place changes next."""
    places = [(CHOSEN, Q(article=article)), (IN_SECTION, Q(section=section))]
    places += [(WITH_TAG, Q(tag=tag)) for tag in tags.values()]
    placed = Placement.objects.filter(running(now)).exclude(product__in=excluded).order_by("position", "id")
    matched = Match.objects.filter(article=article).exclude(product__in=excluded).order_by()
    return _facts(article).union(
        *(
            _source(number, _first(placed.filter(q), LOOKED_AT), F("position"), now, look=F("layout"))
            for number, q in places
        ),
        _source(MATCHED, matched, F("rank"), now),
        *(_next(q, field, now) for _number, q in places for field in ("starts", "ends")),
        all=True,
    )


def _facts(article: Any) -> QuerySet[Any, Any]:
    """One row, or none for an article that is not stored: are its boxes off, does somebody answer for them."""
    off = ArticleBoxes.objects.filter(article=OuterRef("pk"), off=True).order_by()
    waivers = Waiver.objects.filter(article=OuterRef("pk"), code=SENSITIVE, withdrawn_at__isnull=True).order_by()
    named: QuerySet[Any, Any] = Article._base_manager.filter(pk=article).annotate(
        origin=Value(FACTS),
        spot=_one(off),
        row=F("pk"),
        thing=F("pk"),
        offered=_one(waivers),
        look=Value(Layout.ROW.value),
        moment=NO_MOMENT,
    )
    return named.order_by().values_list(*_COLUMNS)


def running(now: Any) -> Q:
    """Placements whose time has come and is not over."""
    return (Q(starts__isnull=True) | Q(starts__lte=now)) & (Q(ends__isnull=True) | Q(ends__gt=now))


def _next(there: Q, field: str, now: Any) -> QuerySet[Any, Any]:
    """The placement of a place that begins, or ends, next."""
    ahead = Placement.objects.filter(there, **{f"{field}__gt": now}).order_by(field)
    named: QuerySet[Any, Any] = Placement.objects.filter(pk=_one(ahead)).annotate(
        origin=Value(CHANGES),
        spot=F("position"),
        row=F("pk"),
        thing=F("product"),
        offered=NO_ROW,
        look=Value(Layout.ROW.value),
        moment=F(field),
    )
    return named.order_by().values_list(*_COLUMNS)


def _first(placements: QuerySet[Placement], most: int) -> QuerySet[Placement]:
    """The limit stands inside, since SQLite takes none between ``UNION``s."""
    return Placement.objects.filter(pk__in=placements.values("pk")[:most]).order_by()


def _source(number: int, rows: QuerySet[Any], place: F, now: Any, look: Any = None) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = rows.annotate(
        origin=Value(number),
        spot=place,
        row=F("pk"),
        thing=F("product"),
        offered=_one(Offer.objects.live(now).filter(product=OuterRef("product")).order_by()),
        look=look or Value(Layout.ROW.value),
        moment=NO_MOMENT,
    )
    return named.values_list(*_COLUMNS)


def _one(rows: QuerySet[Any]) -> Subquery:
    """The id of the first of them, or nothing: PostgreSQL plans ``EXISTS`` twice, and this once."""
    return Subquery(rows.values("pk")[:1])


_ID: BigAutoField[int, int] = BigAutoField()
