"""A later change to a live article: one revision that replaces what readers see at a set time.

Readers' own page shows it from its minute on, whether or not a worker runs
(``articles.schedule.overlay``); the effect then writes it into the article's
row, exactly once, as publishing would.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body
from articles.models import Article, Revision, ScheduledChange
from articles.models.article import LIVE_STATUSES, Status
from articles.permissions import Actor, may_publish, require
from articles.publishing.approval import require_approved
from articles.publishing.going_out import put_out, refuse_unready
from articles.publishing.row import expect, locked
from articles.readiness import NotReadyError
from articles.schedule import moments
from articles.schedule.overlay import state_from, waiting
from articles.state import WorkingState
from articles.tag_names import tags_named
from outbox import audit, effects
from pagecache.writing import bump, writing
from people.models import User

EFFECT = "articles.later_change"
PROBLEM_LENGTH = 500


def waiting_for(article: Article) -> ScheduledChange | None:
    """The change that waits for ``article``, one that failed at its minute included."""
    return waiting().filter(article=article.pk).select_related("revision", "made_by").first()


def schedule_change(
    article: Article, revision: Revision, due: datetime, *, actor: Actor, replaces: int | None = None
) -> ScheduledChange:
    """Have ``revision`` replace what readers see at ``due``.

    Text, pictures, bylines, tags, address and expiry follow the revision; the
    article keeps its publication time and embargo. What is saved or published
    meanwhile alters neither the revision nor the plan. ``replaces`` is the id
    of the change that waited so far, as the actor saw it.

    Raises ``PermissionDenied``, ``NotReadyError`` with what is missing, or
    ``ValidationError`` in words; then nothing was written.
    """
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("publish this article"))
        require_approved(row, actor, revision)
        expect(row, (Status.PUBLISHED, Status.SCHEDULED))
        _refuse_other(row, revision)
        state = state_from(row, revision.state)
        _refuse_moment(row, state, due)
        refuse_unready(row, state, actor)
        _make_room(row, replaces, actor)
        tags_named(state.tags)
        change = ScheduledChange.objects.create(
            article=row,
            revision=revision,
            due_at=due,
            prepared={"pictures": sorted(_pictures(state))},
            made_by=actor if isinstance(actor, User) else None,
        )
        _arrange(change)
        audit.record(actor, "planned a change", row, revision=revision.number, due=due.isoformat())
    return change


def cancel_change(change: ScheduledChange, *, actor: Actor) -> None:
    """The article stays as readers see it. Raises ``ValidationError`` when the change no longer waits."""
    with writing():
        row = locked(change.article)
        require(may_publish(actor, row), _("publish articles"))
        _cancel(_held(change), row, actor)
    change.refresh_from_db()


def move_change(
    change: ScheduledChange, due: datetime, *, actor: Actor, seen: datetime | None = None
) -> ScheduledChange:
    """The same revision at another time; ``seen`` is the time the actor saw. Raises as ``schedule_change``."""
    with writing():
        require(may_publish(actor, locked(change.article)), _("publish articles"))
        held = _held(change)
        if seen is not None and held.due_at != seen:
            words = _("Somebody moved it meanwhile: the change is due on %(when)s now.")
            raise ValidationError(words % {"when": moments.in_words(held.due_at)})
        return schedule_change(held.article, held.revision, due, actor=actor, replaces=held.pk)


@effects.handler(EFFECT)
def apply(payload: dict[str, Any], _key: str) -> None:
    """The effect at the change's minute: publish its revision, or keep in words why that cannot be."""
    known = ScheduledChange.objects.filter(pk=payload["change"]).select_related("article").first()
    if known is None:
        return
    with writing():
        row = locked(known.article)
        change = waiting().filter(pk=known.pk, problem="").select_related("revision").first()
        if change is None or change.due_at > timezone.now():
            return
        state = state_from(row, change.revision.state)
        try:
            expect(row, (Status.PUBLISHED, Status.SCHEDULED))
            refuse_unready(row, state, None)
        except (NotReadyError, ValidationError) as error:
            _keep_problem(change, row, " ".join(getattr(error, "messages", [str(error)])))
        else:
            _put_out(change, row, state)


def article_changed(article: Article) -> None:
    """What is no longer live has nothing to change: its plan ends with it."""
    if article.status in LIVE_STATUSES:
        return
    for change in waiting().filter(article=article.pk):
        _cancel(change, article, None)


def _put_out(change: ScheduledChange, row: Article, state: WorkingState) -> None:
    put_out(row, change.revision, state, change.due_at)
    change.applied_at = timezone.now()
    change.save(update_fields=["applied_at"])
    audit.record(None, "later change", row, revision=change.revision.number, due=change.due_at.isoformat())


def _keep_problem(change: ScheduledChange, row: Article, words: str) -> None:
    change.problem = words[:PROBLEM_LENGTH]
    change.save(update_fields=["problem"])
    bump({f"article:{row.pk}"})
    audit.record(None, "later change failed", row, revision=change.revision.number, problem=change.problem)


def _cancel(change: ScheduledChange, row: Article, actor: Actor) -> None:
    change.cancelled_at = timezone.now()
    change.save(update_fields=["cancelled_at"])
    bump({f"article:{row.pk}"})
    audit.record(actor, "cancelled a change", row, change=change.pk, due=change.due_at.isoformat())


def _held(change: ScheduledChange) -> ScheduledChange:
    """The change as it stands, the article's row being locked; it must wait, and its minute must lie ahead."""
    held = waiting().filter(pk=change.pk).select_related("article", "revision").first()
    if held is None:
        raise ValidationError(_("This change no longer waits: it was made, cancelled or replaced meanwhile."))
    if not held.problem and held.due_at <= timezone.now():
        raise ValidationError(_("Its minute has passed: readers see the change already."))
    return held


def _make_room(row: Article, replaces: int | None, actor: Actor) -> None:
    """One change waits at most: the one the actor saw, or one that failed, goes."""
    present = waiting_for(row)
    if present is None:
        return
    if not present.problem and present.pk != replaces:
        words = _("A change waits already: revision %(number)d, on %(when)s. Cancel it first, or replace it.")
        raise ValidationError(words % {"number": present.revision.number, "when": moments.in_words(present.due_at)})
    if not present.problem and present.due_at <= timezone.now():
        raise ValidationError(_("Its minute has passed: readers see the change already."))
    _cancel(present, row, actor)


def _arrange(change: ScheduledChange) -> None:
    key = f"change:{change.pk}"
    effects.enqueue(EFFECT, {"change": change.pk}, key=key, due=change.due_at)
    bump({f"article:{change.article_id}"})


def _refuse_other(row: Article, revision: Revision) -> None:
    if revision.article_id != row.pk:
        raise ValidationError(_("This revision belongs to another article."))


def _refuse_moment(row: Article, state: WorkingState, due: datetime) -> None:
    appears = max(filter(None, (row.publish_at, row.embargo_until)), default=due)
    if due <= timezone.now():
        raise ValidationError(_("That time has passed. To change it now, publish the changes."))
    if due <= appears and not row.is_public():
        words = _("Readers see the article itself only from %(when)s on; a later change comes after that.")
        raise ValidationError(words % {"when": moments.in_words(appears)})
    if row.expire_at and row.expire_at <= due:
        words = _("The article expires on %(when)s, before this change.")
        raise ValidationError(words % {"when": moments.in_words(row.expire_at)})
    if state.expire_at and state.expire_at <= due:
        words = _("This revision says that the article expires on %(when)s, before it would be seen.")
        raise ValidationError(words % {"when": moments.in_words(state.expire_at)})


def _pictures(state: WorkingState) -> set[int]:
    from_body = body.render(state.body).image_ids
    return {pk for pk in (state.lead_picture, state.social_picture, *from_body) if pk}
