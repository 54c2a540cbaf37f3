"""Who has an article's form open now. Each window says so every ``BEAT`` and is gone soon after its last word.

That somebody looked is no deed: it writes no audit row, changes nothing that
readers see, and is forgotten within the hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import known_to
from articles.models import Article, EditSession
from articles.permissions import Actor
from people.models import User

BEAT = timedelta(seconds=15)
GONE_AFTER = timedelta(seconds=40)
"""Two beats may be lost on the way."""
WRITING_FOR = timedelta(minutes=3)
"""Whoever typed within it writes; before that, they read."""
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_WINDOWS = 20
"""Of one person in one article; whoever has more open is there anyway."""
MOST_NAMED = 5


@dataclass(frozen=True)
class Colleague:
    """Somebody else in the article."""

    name: str
    since: datetime
    writes: bool

    def __str__(self) -> str:
        words = {"who": self.name, "when": format_date(timezone.localtime(self.since), "H:i")}
        if self.writes:
            return _("%(who)s is writing here (since %(when)s)") % words
        return _("%(who)s is reading (since %(when)s)") % words


def be_here(article: Article, *, actor: Actor, window: UUID, typed: bool = False) -> None:
    """Say that ``actor`` has the form open in ``window``.

    Raises ``PermissionDenied`` if they may not know of the article, and
    ``Article.DoesNotExist`` where it is deleted this very moment.
    """
    person = _who_may_look(article, actor)
    now = timezone.now()
    seen = {"seen_at": now} | ({"typed_at": now} if typed else {})
    try:
        _note(EditSession(article=article, user=person, window=window, opened_at=now, **seen), seen)
    except IntegrityError as error:
        raise Article.DoesNotExist from error


def _note(session: EditSession, seen: dict[str, datetime]) -> None:
    """Store that the window was ``seen``, as a new one if it is not known and its person has not too many."""
    with transaction.atomic():
        own = EditSession.objects.filter(article=session.article_id, user=session.user_id)
        if not own.filter(window=session.window).update(**seen) and own.count() < MOST_WINDOWS:
            EditSession.objects.bulk_create([session], ignore_conflicts=True)


def leave(article: Article, *, actor: Actor, window: UUID) -> None:
    """The window was closed. Raises ``PermissionDenied`` like ``be_here``."""
    EditSession.objects.filter(article=article, user=_who_may_look(article, actor), window=window).delete()


def present() -> QuerySet[EditSession]:
    """Windows that are open now, the longest first, with their people."""
    recent = EditSession.objects.filter(seen_at__gt=timezone.now() - GONE_AFTER)
    return recent.select_related("user").order_by("opened_at", "id")


def colleagues(sessions: Iterable[EditSession], actor: Actor) -> list[Colleague]:
    """The people behind open windows, without ``actor``; whoever writes comes first."""
    now = timezone.now()
    found: dict[int, Colleague] = {}
    for session in sessions:
        writes = session.typed_at is not None and session.typed_at > now - WRITING_FOR
        before = found.get(session.user_id)
        since = before.since if before else session.opened_at
        found[session.user_id] = Colleague(str(session.user), since, writes or bool(before and before.writes))
    found.pop(getattr(actor, "pk", None) or 0, None)
    return sorted(found.values(), key=lambda colleague: not colleague.writes)


def in_words(people: list[Colleague]) -> str:
    """One sentence about who is here; empty when nobody else is."""
    named = [str(person) for person in people[:MOST_NAMED]]
    if more := len(people) - MOST_NAMED if len(people) > MOST_NAMED else 0:
        named.append(_("%(count)d more") % {"count": more})
    return ", ".join(named)


def shortly(people: list[Colleague]) -> str:
    """The first of them in two words, for a list; empty when nobody is there."""
    if not people:
        return ""
    if len(people) == 1:
        words = _("%(who)s is writing") if people[0].writes else _("%(who)s is reading")
        return words % {"who": people[0].name}
    return _("%(who)s and %(count)d more") % {"who": people[0].name, "count": len(people) - 1}


def forget_old(now: datetime) -> None:
    """Windows that nobody closed in words."""
    EditSession.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def _who_may_look(article: Article, actor: Actor) -> User:
    may = isinstance(actor, User) and actor.has_perm("articles.view_article")
    if not isinstance(actor, User) or not may or not known_to(actor).filter(pk=article.pk).exists():
        raise PermissionDenied(_("You may not %(action)s.") % {"action": _("look at this article")})
    return actor
