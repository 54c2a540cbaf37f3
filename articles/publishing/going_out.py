"""Out to readers: publish, appear at the minute, and render bodies anew."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body, search
from articles.models import Article, Revision, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_publish, require
from articles.publishing.approval import require_approved
from articles.publishing.row import (
    RENDER_AGAIN,
    RENDERED_FIELDS,
    announce,
    apply,
    apply_body,
    list_keys,
    locked,
    note_appearance,
    refresh,
    settle_pictures,
    shown_pictures,
    withdraw_pictures,
    write_body_images,
    write_relations,
)
from articles.publishing.steps import note_step
from articles.publishing.wording import materially_differ, words_of
from articles.readiness import NotReadyError, check, holding_back
from articles.readiness.waivers import lapse
from articles.registries import Finding
from articles.state import WorkingState
from images import publicity
from images.models import Image
from outbox import audit, effects
from outbox.periodic import every
from pagecache.writing import bump, writing

APPEAR = "articles.appear"
BATCH = 100
"""Articles in one background effect, so that no transaction holds others up for long."""


def publish(article: Article, *, actor: Actor) -> Article:
    """Make the newest revision what readers see, now or at its own *publish at*.

    Returns the article as written, *published* or *scheduled*. Raises
    ``PermissionDenied``, ``ValidationError`` where a colleague must approve it
    first, or ``NotReadyError`` with what is missing; then nothing was written.
    """
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("publish this article"))
        require_approved(row, actor)
        state, now, status = WorkingState.of(row), timezone.now(), row.status
        state = state.with_(publish_at=publication_time(row, state, now))
        _refuse_to_hide(row, state, now)
        lapse(row, refuse_unready(row, state, actor))
        put_out(row, row.latest, state, now)
        number = row.live.number if row.live else None
        note_step(row, str(row.status), actor, before=status, revision=number)
    refresh(article, row)
    return article


def _refuse_to_hide(row: Article, state: WorkingState, now: datetime) -> None:
    """What readers see now must not vanish because its form holds a time ahead."""
    ahead = max(filter(None, (state.publish_at, state.embargo_until)), default=now)
    if ahead > now and row.is_public():
        raise ValidationError(
            _(
                "Readers see this story now, and would lose it until the time in its form. Empty that; to change the "
                "story later, choose “Publish these changes at…”, and to hide it, take it down."
            )
        )


def refuse_unready(row: Article, state: WorkingState, actor: Actor) -> list[Finding]:
    """The checklist's findings; raises ``NotReadyError`` with every one that forbids ``actor`` to publish ``state``."""
    findings = check(row, state)
    if missing := holding_back(findings, actor):
        raise NotReadyError(missing)
    return findings


def put_out(row: Article, revision: Revision | None, state: WorkingState, moment: datetime) -> None:
    """Write the locked ``row`` from a revision's ``state``, with all that hangs on it; inside ``writing()``.

    ``moment`` is when readers first see these words, unless the state's
    ``publish_at``, which must be set, or its embargo lies after it.
    """
    before = shown_pictures(row) if row.status in LIVE_STATUSES else set()
    bump(list_keys(row))
    words = words_of(row)
    note_appearance(row)
    apply(row, state, state.publish_at or moment)
    if materially_differ(words, words_of(row)) and row.first_published_at and row.first_published_at < moment:
        row.revised_at = moment
    row.live = revision
    row.status = Status.PUBLISHED
    if not row.is_public():
        row.status = Status.SCHEDULED
    if row.is_public() and row.first_published_at is None:
        row.first_published_at = row.publish_at
    row.save()
    write_relations(row, state)
    bump(list_keys(row))
    search.index(row)
    settle_pictures(row, before)
    _arrange_changes(row)
    announce(row)


def render_again(article_ids: Iterable[int]) -> int:
    """Render the stored bodies of these articles anew (a picture or the sanitiser changed); returns how many."""
    done = 0
    for pk in article_ids:
        with writing():
            row = Article.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if row is None:
                continue
            apply_body(row, row.body)
            row.save(update_fields=RENDERED_FIELDS)
            write_body_images(row)
            if row.status in LIVE_STATUSES:
                search.index(row)
            done += 1
    return done


def have_rendered_again(article_ids: Iterable[int], *, why: str) -> None:
    """Ask for the bodies to be rendered anew in the background, a batch an effect."""
    waiting = sorted(article_ids)
    for start in range(0, len(waiting), BATCH):
        key = f"render:{why}:{timezone.now().isoformat()}:{start}"
        effects.enqueue(RENDER_AGAIN, {"articles": waiting[start : start + BATCH]}, key=key)


@effects.handler(RENDER_AGAIN)
def _render_again(payload: dict[str, Any], _key: str) -> None:
    render_again(payload["articles"])


@every(timedelta(minutes=1))
def render_older() -> None:
    """After an upgrade that renders otherwise: the stored bodies follow, a batch at a time."""
    now = body.PIPELINE_VERSION
    older = Article.objects.filter(Q(body_pipeline__lt=now) | Q(body_pipeline__gt=now)).order_by()
    render_again(list(older.values_list("pk", flat=True)[:BATCH]))


def appear(payload: dict[str, Any], _key: str) -> None:
    """The effect at a scheduled article's minute: status, pictures and keys follow what readers see already."""
    with writing():
        row = (
            Article.objects.select_for_update(no_key=True)
            .filter(pk=payload["article"], status=Status.SCHEDULED)
            .first()
        )
        if row is None:
            return
        if not row.is_public():
            arrange_appearance(row)
            return
        row.status = Status.PUBLISHED
        row.first_published_at = row.first_published_at or row.publish_at
        row.save(update_fields=["status", "first_published_at"])
        bump(list_keys(row))
        publicity.show(shown_pictures(row))
        announce(row)
        audit.record(None, "appeared", row)


effects.handler(APPEAR)(appear)


def publication_time(article: Article, state: WorkingState, now: datetime) -> datetime:
    """The state's own time; else the time readers know already; else now."""
    if state.publish_at:
        return state.publish_at
    if article.publish_at and article.publish_at <= now and article.once_public():
        return article.publish_at
    return now


def _arrange_changes(article: Article) -> None:
    """Effects at the moments when the clock alone changes what readers see."""
    if article.status == Status.SCHEDULED:
        arrange_appearance(article)
    shown = shown_pictures(article)
    if article.expire_at:
        withdraw_pictures(article, shown, due=article.expire_at)
    for pk, ends in Image.objects.filter(pk__in=shown, usable_until__isnull=False).values_list("pk", "usable_until"):
        withdraw_pictures(article, {pk}, due=ends)


def arrange_appearance(article: Article) -> None:
    """Have the worker follow at the minute when readers begin to see it."""
    due = max(moment for moment in (article.publish_at, article.embargo_until) if moment)
    number = article.live.number if article.live else 0
    key = f"appear:{article.pk}:{number}:{due.isoformat()}"
    effects.enqueue(APPEAR, {"article": article.pk}, key=key, due=due)
