"""What is late: its time has passed, and readers do not have it; each with the reason in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import of_concern
from articles.models import Article, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor
from articles.publishing.going_out import APPEAR
from articles.schedule import later, moments, moving
from articles.schedule.entries import calendar_rows
from articles.schedule.overlay import waiting
from outbox.models import Effect

SHOWN = 20
"""Of each kind; what is late longest comes first."""

PATIENCE = timedelta(minutes=5)
"""How long a worker may take before somebody should look."""


_SINCE = Coalesce("publish_at", "embargo_until")
"""The moment of publication as no index has it: SQLite sorts the few embargoes, and reads not all that is published."""


@dataclass(frozen=True)
class Late:
    """One article, since when it is late, and why."""

    article: int
    headline: str
    since: datetime
    reason: str
    url: str


def late(actor: Actor) -> list[Late]:
    """Everything late that ``actor`` may know of, longest first: five queries at most, ``SHOWN`` rows of each."""
    own = calendar_rows(actor).filter(of_concern(actor))
    found = [*_held(own), *_unreleased(own), *_changes(actor), *_unfollowed(own)]
    return sorted(found, key=lambda one: one.since)


def _held(own: QuerySet[Article]) -> Iterable[Late]:
    now = timezone.now()
    rows = own.filter(status__in=LIVE_STATUSES, publish_at__lte=now, embargo_until__gt=now)
    for row in rows.order_by(_SINCE)[:SHOWN]:
        words = _("Its time has passed, but its embargo holds it back until %(when)s.")
        yield _late(row, row.publish_at, words % {"when": moments.in_words(_known(row.embargo_until))})


def _unreleased(own: QuerySet[Article]) -> Iterable[Late]:
    reasons = {
        Status.DRAFT: _("Still a draft: nobody has submitted or published it."),
        Status.IN_REVIEW: _("Still in review: nobody has released it."),
        Status.APPROVED: _("Approved, but nobody has published it."),
    }
    rows = own.filter(status__in=moving.PLANNED, latest__planned_at__lte=timezone.now())
    for row in rows.order_by("latest__planned_at")[:SHOWN]:
        planned = row.latest.planned_at if row.latest else None
        yield _late(row, planned, reasons[Status(row.status)])


def _changes(actor: Actor) -> Iterable[Late]:
    passed = Q(due_at__lte=timezone.now() - PATIENCE) | ~Q(problem="")
    mine = Article.objects.filter(of_concern(actor), pk=OuterRef("article"))
    rows = (
        waiting()
        .filter(passed)
        .filter(Exists(mine))
        .select_related("revision")
        .defer("revision__state", "revision__parts")
    )
    for change in rows.order_by("due_at")[:SHOWN]:
        reason = change.problem or _("Its page shows the change, but no worker has written it: lists and search wait.")
        words = _("A later change failed: %(reason)s") % {"reason": reason} if change.problem else reason
        url = reverse("admin:articles_article_later", args=[change.article_id])
        yield Late(change.article_id, change.revision.headline, change.due_at, words, url)


def _unfollowed(own: QuerySet[Article]) -> Iterable[Late]:
    """Readers see it, but the worker that brings its pictures and the lists round never came, or gave up."""
    long_ago = timezone.now() - PATIENCE
    rows = own.filter(
        Q(embargo_until__isnull=True) | Q(embargo_until__lte=long_ago),
        status=Status.SCHEDULED,
        publish_at__lte=long_ago,
    )
    late_ones = list(rows.order_by(F("publish_at"))[:SHOWN])
    given_up = _given_up() if late_ones else {}
    for row in late_ones:
        error = given_up.get(row.pk)
        words = _("Readers see it since its minute, but no worker has followed: is one running?")
        if error is not None:
            words = _("Readers see it since its minute, but following it failed for good: %(error)s") % {"error": error}
        yield _late(row, row.publish_at, words)


def _given_up() -> dict[Any, str]:
    effects = Effect.objects.lost().filter(kind__in=(APPEAR, later.EFFECT))
    rows = effects.order_by("-pk").values_list("payload", "last_error")[:SHOWN]
    return {payload.get("article"): error for payload, error in rows}


def _late(row: Article, since: datetime | None, reason: str) -> Late:
    url = reverse("admin:articles_article_change", args=[row.pk])
    return Late(row.pk, str(row), _known(since), reason, url)


def _known(moment: datetime | None) -> datetime:
    return moment or timezone.now()
