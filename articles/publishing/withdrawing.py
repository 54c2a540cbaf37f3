"""Away from readers: taken down, or killed."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import search
from articles.models import Article, Handover, PreviewLink, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_kill, may_publish, require
from articles.publishing import steps, telling
from articles.publishing.row import (
    announce,
    expect,
    list_keys,
    locked,
    note_appearance,
    refresh,
    shown_pictures,
    withdraw_pictures,
)
from images import publicity
from pagecache.writing import bump, writing

KILLABLE = tuple(status for status in Status if status != Status.KILLED)


def take_down(article: Article, *, actor: Actor, reason: str = "") -> None:
    """Archive: nothing public shows it any more, its address answers 410, its revisions stay."""
    reason = steps.written(reason)
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("take this article down"))
        expect(row, LIVE_STATUSES)
        _withdraw(row, Status.ARCHIVED, steps.TAKEN_DOWN, actor, reason)
    refresh(article, row)


def kill(article: Article, *, actor: Actor, reason: str) -> None:
    """Gone everywhere at once, for a reason that stays inside; whatever state it was in.

    Nothing public shows it or leads to it: no redirect, no preview, no change
    that waited for its hour; its pictures go without waiting for a worker,
    who comes after them all the same. Nobody edits or deletes it until somebody who may
    kill reopens it. Where a person killed it, those whose work it is hear of it by mail;
    a wire tells by itself whom its kill concerns. Raises ``PermissionDenied``, or
    ``ValidationError``: without a reason, or killed before.
    """
    reason = steps.written(reason, needed=_("Say why; the reason stays inside."))
    with writing():
        row = locked(article)
        require(may_kill(actor, row), _("kill this article"))
        expect(row, KILLABLE)
        PreviewLink.objects.filter(article=row, revoked_at=None).update(revoked_at=timezone.now())
        row.moved_to = row.moved_to_section = None
        step = _withdraw(row, Status.KILLED, steps.KILLED, actor, reason)
        if actor is not None:
            telling.killed(row, step)
        hide_pictures = partial(publicity.withdraw_unused, shown_pictures(row))
        transaction.on_commit(hide_pictures, robust=True)
    refresh(article, row)


def _withdraw(row: Article, status: Status, verb: str, actor: Actor, reason: str) -> Handover:
    before = row.status
    note_appearance(row)
    bump(list_keys(row))
    row.status = status
    row.save(update_fields=["status", "first_published_at", "moved_to", "moved_to_section"])
    search.remove(row.pk)
    withdraw_pictures(row, shown_pictures(row))
    announce(row)
    return steps.note_step(row, verb, actor, before=before, note=reason)
