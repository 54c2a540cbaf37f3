"""Working copies: what somebody typed into the form and has not saved. Only its owner ever reads one.

A copy belongs to the window it was typed in. Nobody else's window, another one
of the same person included, writes over it: it is saved, restored or discarded
by its owner, or goes after ``KEPT_DAYS``. Readers and colleagues see nothing of
it, so keeping one writes no audit row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body
from articles.models import Article, WorkingCopy
from articles.permissions import Actor, may_edit, may_write, require
from pagecache.writing import writing
from people.models import User

KEPT_DAYS = 30
MOST_CHARACTERS = body.MAX_LENGTH + 200_000
"""A story at its longest, and every other field of the form."""
MOST_FIELDS = 900
"""Django takes 1,000 in one request."""
MOST_NEW = 20
"""Unsaved new stories of one person."""

_NAME = re.compile(r"[a-z][A-Za-z0-9_-]{0,80}")
_NOT_TYPED = {"csrfmiddlewaretoken", "base_revision", "window", "typed", "leaving", "restoring"}


class CopyRefused(ValueError):  # noqa: N818 -- named for what happened
    """The fields cannot be kept as they are; the message is for their writer."""


class Outcome(StrEnum):
    """What became of a copy that was sent."""

    KEPT = "kept"
    NEWER = "newer"
    """Not kept: somebody saved since ``base``. Keeping pauses until the writer has seen both versions."""
    ELSEWHERE = "elsewhere"
    """Not kept: unsaved words of another window stand in the one place, and wait for a decision."""


@dataclass(frozen=True)
class Answer:
    """The outcome, and the copy that stands now."""

    outcome: Outcome
    copy: WorkingCopy | None = None


def keep(
    article: Article | None,
    fields: Iterable[tuple[str, str]],
    *,
    actor: Actor,
    window: UUID,
    base: int | None = None,
    restoring: bool = False,
) -> Answer:
    """Keep what ``actor`` typed in ``window``; no revision, nothing anybody else sees.

    ``article`` is ``None`` for a story that was never saved. ``base`` is the
    number of the revision it began from; ``restoring`` keeps it however old
    that is. Raises ``PermissionDenied``, ``CopyRefused``, and
    ``Article.DoesNotExist`` where the article is deleted this very moment.
    """
    require(may_edit(actor, article) if article else may_write(actor), _("edit this article"))
    owner = _person(actor)
    kept = tidy(fields)
    if not restoring and article is not None and base != _newest(article):
        return Answer(Outcome.NEWER)
    try:
        return _kept(article, kept, owner, window, base)
    except IntegrityError as error:
        if article is not None and not Article.objects.filter(pk=article.pk).exists():
            raise Article.DoesNotExist from error
        return Answer(Outcome.ELSEWHERE)  # another window of theirs was faster by a moment


def _kept(article: Article | None, kept: dict[str, str], owner: User, window: UUID, base: int | None) -> Answer:
    with writing():
        own = of(owner).select_for_update()
        row = own.filter(article=article).first() if article else own.filter(article=None, window=window).first()
        if row is not None and row.window != window:
            return Answer(Outcome.ELSEWHERE, row)
        row = row or _new(article, owner, window)
        row.fields, row.base, row.kept_at = kept, base, timezone.now()
        row.save()
    return Answer(Outcome.KEPT, row)


def of(actor: Actor) -> QuerySet[WorkingCopy]:
    """The copies ``actor`` may read: their own."""
    return WorkingCopy.objects.filter(user=actor) if isinstance(actor, User) else WorkingCopy.objects.none()


def discard(copy: WorkingCopy, *, actor: Actor) -> None:
    """Throw unsaved words away. Raises ``PermissionDenied`` for those of others."""
    require(isinstance(actor, User) and copy.user_id == actor.pk, _("throw away what others typed"))
    copy.delete()


def saved(article: Article, actor: Actor, window: UUID | None) -> None:
    """What was typed in ``window`` stands in a revision now."""
    if window is not None:
        of(actor).filter(window=window).delete()


def forget_old(now: datetime) -> None:
    """Copies that nobody came back to."""
    WorkingCopy.objects.filter(kept_at__lt=now - timedelta(days=KEPT_DAYS)).delete()


def tidy(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The form's own fields by name. Raises ``CopyRefused`` for more than a form holds."""
    typed = [(name, value) for name, value in fields if name not in _NOT_TYPED and _NAME.fullmatch(name)]
    if len(typed) > MOST_FIELDS or sum(len(value) for _name, value in typed) > MOST_CHARACTERS:
        raise CopyRefused(_("This is too long to be kept unsaved. Save it, or split it into parts."))
    if any("\0" in value for _name, value in typed):
        raise CopyRefused(_("A character in it cannot be stored. Remove what was pasted last."))
    return dict(typed)


def formset_rows(fields: Mapping[str, str], prefix: str, names: Iterable[str]) -> list[dict[str, str]]:
    """The rows of a formset in a copy, each with ``names``, without those marked as removed."""
    count = fields.get(f"{prefix}-TOTAL_FORMS", "")
    most = min(int(count), MOST_FIELDS) if count.isascii() and count.isdecimal() and len(count) < 6 else 0  # noqa: PLR2004
    rows = [row for row in range(most) if not fields.get(f"{prefix}-{row}-DELETE")]
    return [{name: fields.get(f"{prefix}-{row}-{name}", "") for name in names} for row in rows]


def _new(article: Article | None, actor: User, window: UUID) -> WorkingCopy:
    if article is None and of(actor).filter(article=None).count() >= MOST_NEW:
        raise CopyRefused(_("You have many unsaved new stories. Save or discard some, so that this one can be kept."))
    return WorkingCopy(article=article, user=actor, window=window)


def _person(actor: Actor) -> User:
    require(isinstance(actor, User), _("keep unsaved words"))
    return cast("User", actor)


def _newest(article: Article) -> int | None:
    return Article.objects.values_list("latest__number", flat=True).get(pk=article.pk)
