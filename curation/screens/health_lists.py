"""What is amiss with the lists: each question one bounded query, whatever the size of the archive."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.models.article import NOT_LIVE
from articles.permissions import Actor
from curation.models import CuratedList, Exclusion, Exposure, Pick
from curation.models.lists import REFILLED

SOON = timedelta(hours=48)
"""A pick that ends within two days can still be extended by whoever works before or after a weekend."""

CROWDED = 5
"""How many times the average of lists an article stands in before it counts as over-exposed.

On average an article stands in as many lists as a list has places.
"""

MOST_COUNTED = 1_000
"""Counted no further; more are fixed page by page anyway."""

ON_OVERVIEW, ON_OWN_PAGE = 8, 50
"""Rows of a question beside the others, and on a page of its own."""

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Question:
    """One section of the page; ``fixes`` are the buttons for many rows, by name."""

    name: str
    title: Any
    about: Any
    empty: Any
    rows: Callable[[Actor], Rows]
    fixes: tuple[tuple[str, Any], ...] = ()
    row_fixes: tuple[tuple[str, Any], ...] = ()
    is_counted: bool = False
    """Whether it is answered from the worker's last count."""


def lapsing(actor: Actor) -> Rows:
    """Picks readers see that end soon, the next first."""
    now = timezone.now()
    return _picks(actor).filter(until__gt=now, until__lte=now + SOON).order_by("until", "pk")


def dead(actor: Actor) -> Rows:
    """Picks that show nothing and will not by themselves: taken down, expired, drafts again, or past their end."""
    now = timezone.now()
    down = (Q(target__status=status) for status in NOT_LIVE)
    hidden = (*down, Q(target__expire_at__lte=now), Q(until__lte=now))
    first, *others = (Pick.objects.order_by().filter(reason).values("pk") for reason in hidden)
    return _picks(actor).filter(pk__in=first.union(*others)).order_by("-picked_at", "-pk")


def waiting(actor: Actor) -> Rows:
    """Picks of articles that appear by themselves."""
    now = timezone.now()
    rows = _picks(actor).filter(Q(until=None) | Q(until__gt=now), target__in=Article.objects.coming().values("pk"))
    return rows.exclude(target__expire_at__lte=now).order_by("target__publish_at", "pk")


def orphans(actor: Actor) -> Rows:
    """Public articles that stand in nobody's list, by the engine's last count, and are picked nowhere."""
    picked = Exists(Pick.objects.filter(target=OuterRef("article")))
    return _counted().filter(~picked, lists=0).order_by("-article")


def overexposed(actor: Actor) -> Rows:
    """Articles that stand in far more lists than others do, and may stand in lists at all."""
    nowhere = Exists(Exclusion.objects.filter(target=OuterRef("article"), article=None))
    rows = _counted().filter(~nowhere, lists__gte=CROWDED * settings.RELATED_SLOTS)
    return rows.order_by("-lists", "-article")


def thin(actor: Actor) -> Rows:
    """Lists that cannot reach the minimum with their picks and all the engine knows."""
    off = Exists(CuratedList.objects.filter(article=OuterRef("article"), off=True))
    few = _counted().filter(~off, own__lt=settings.RELATED_MINIMUM)
    rows: Rows = few.annotate(picked=_picks_in_list())
    return rows.filter(own__lt=settings.RELATED_MINIMUM - F("picked")).order_by("own", "-article")


def refilled(actor: Actor) -> Rows:
    """Lists an editor once looked at, whose fills have changed since."""
    rows: Rows = CuratedList.objects.filter(REFILLED, article__isnull=False)
    return rows.order_by("-fills_changed_at", "-pk")


def is_counted() -> bool:
    """Whether the worker has counted the lists, or there are none."""
    return Exposure.objects.exists() or not Article.objects.public().exists()


def _picks(actor: Actor) -> Rows:
    """Picks in lists ``actor`` may curate; these screens are for those who edit every article."""
    rows = Pick.objects.select_related("article__latest", "section", "target__latest")
    if actor is None or actor.has_perm("curation.curate_front"):
        return rows
    return rows.filter(article__isnull=False)


def _counted() -> Rows:
    public = Article.objects.public().filter(pk=OuterRef("article"))
    return Exposure.objects.filter(Exists(public))


def _picks_in_list() -> Coalesce:
    counted = Pick.objects.filter(article=OuterRef("article")).order_by().values("article")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)


QUESTIONS = (
    Question(
        "lapsing",
        _("Picks about to lapse"),
        _("They end within 48 hours; then the next suggestion takes the place."),
        _("No pick ends within 48 hours."),
        lapsing,
        (("extend", _("7 days longer")), ("keep", _("Make permanent"))),
        (("extend", _("7 days longer")), ("keep", _("Make permanent"))),
    ),
    Question(
        "dead",
        _("Picks that show nothing"),
        _("Their article was taken down or has expired, or their time has passed. Readers see a suggestion instead."),
        _("Every pick points to an article readers can see."),
        dead,
        (("unpick", _("Remove")),),
        (("unpick", _("Remove")),),
    ),
    Question(
        "waiting",
        _("Picks that wait"),
        _("Their article is scheduled or under embargo. It appears in the list by itself; there is nothing to do."),
        _("No pick waits for its article."),
        waiting,
    ),
    Question(
        "refilled",
        _("Suggestions changed since you looked"),
        _("Lists somebody has curated, in which other suggestions stand now."),
        _("No curated list has changed by itself."),
        refilled,
        (("seen", _("Mark as seen")),),
        (("seen", _("Seen")),),
    ),
    Question(
        "thin",
        _("Lists below the minimum"),
        _("Picks and suggestions together do not reach the minimum. Add picks or tags, or have them computed again."),
        _("Every list reaches the minimum."),
        thin,
        (("recompute", _("Compute again")),),
        (("recompute", _("Compute again")),),
        is_counted=True,
    ),
    Question(
        "orphans",
        _("Orphans"),
        _("Published, but in nobody’s list and picked nowhere. Readers find them by search only."),
        _("Every public article stands in somebody’s list."),
        orphans,
        (("recompute", _("Compute again")),),
        is_counted=True,
    ),
    Question(
        "overexposed",
        _("Over-exposed"),
        _("They stand in many times more lists than the average article."),
        _("No article stands in far more lists than others."),
        overexposed,
        (("exclude", _("Exclude from all lists")),),
        (("exclude", _("Exclude from all lists")),),
        is_counted=True,
    ),
)
"""In the order of urgency."""
