"""Moving what has not gone out yet to another time."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import revisions, search
from articles.models import Article, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_edit, may_publish, require
from articles.publishing.going_out import arrange_appearance
from articles.publishing.row import announce, list_keys, locked, refresh
from articles.schedule import moments
from articles.state import WorkingState
from outbox import audit
from pagecache.writing import bump, writing

PLANNED = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
"""What has a plan at most: no reader sees it at that time unless somebody publishes it."""

MOVED = "moved"
"""The code of the refusal that somebody else was faster."""


def planned_moment(article: Article) -> datetime | None:
    """When it goes out as things stand: the plan of what is not released, the minute of what is."""
    if article.status in LIVE_STATUSES:
        return max(filter(None, (article.publish_at, article.embargo_until)), default=None)
    if article.status in PLANNED and article.latest is not None:
        return article.latest.planned_at
    return None


def may_move(actor: Actor, article: Article) -> bool:
    """Whether ``move`` would let ``actor``; says nothing of a moment."""
    if article.status in PLANNED:
        return may_edit(actor, article)
    return article.status == Status.SCHEDULED and not article.is_public() and may_publish(actor, article)


def move(article: Article, when: datetime, *, actor: Actor, seen: datetime | None = None) -> Article:
    """Give the article another time: a draft's plan is a new revision, a scheduled article appears then.

    The words that go out stay those that were released. ``seen`` is the time
    the actor saw. Raises ``PermissionDenied``, or ``ValidationError`` in words,
    with the code ``MOVED`` when somebody else moved it; then nothing was written.
    """
    with writing():
        row = locked(article)
        before = planned_moment(row)
        _refuse_stale(row, before, seen)
        _refuse_moment(row, when)
        if row.status in PLANNED:
            require(may_edit(actor, row), _("plan this article"))
            _save_plan(row, when, actor)
        else:
            require(may_publish(actor, row), _("schedule articles"))
            _reschedule(row, when, actor)
        audit.record(actor, "moved", row, since=before.isoformat() if before else None, to=when.isoformat())
    refresh(article, row)
    return article


def _save_plan(row: Article, when: datetime, actor: Actor) -> None:
    revisions.save(row, WorkingState.of(row).with_(publish_at=when), actor=actor)


def _reschedule(row: Article, when: datetime, actor: Actor) -> None:
    """The form's newest words get the new time too, and stay unpublished where they were."""
    released = row.live_id == row.latest_id
    bump(list_keys(row))
    _save_plan(row, when, actor)
    row.publish_at = when
    if released:
        row.live = row.latest
    row.save(update_fields=["publish_at", "live"])
    search.index(row)
    arrange_appearance(row)
    announce(row)


def _refuse_stale(row: Article, before: datetime | None, seen: datetime | None) -> None:
    if seen is None or seen == before:
        return
    if before is None:
        raise ValidationError(_("Somebody took its time away meanwhile. Reload to see where it stands."), code=MOVED)
    words = _("Somebody moved it meanwhile: it is planned for %(when)s now.")
    raise ValidationError(words % {"when": moments.in_words(before)}, code=MOVED)


def _refuse_moment(row: Article, when: datetime) -> None:
    if row.is_public():
        raise ValidationError(_("Readers see it already; its time cannot move any more."))
    if row.status not in (*PLANNED, Status.SCHEDULED):
        words = _("“%(article)s” is %(status)s; only drafts and scheduled articles can be moved.")
        raise ValidationError(words % {"article": row, "status": row.get_status_display()})
    if when <= timezone.now():
        raise ValidationError(_("That time has passed. Choose one that lies ahead."))
    state = WorkingState.of(row)
    live = row.status == Status.SCHEDULED
    embargo = row.embargo_until if live else state.embargo_until
    ends = min(filter(None, (row.expire_at if live else None, state.expire_at)), default=None)
    if embargo and embargo > when:
        words = _("It is under embargo until %(when)s and cannot go out before.")
        raise ValidationError(words % {"when": moments.in_words(embargo)})
    if ends and ends <= when:
        raise ValidationError(_("It expires on %(when)s, before that.") % {"when": moments.in_words(ends)})
