"""Whether an article takes comments now, and who is asked first: set per article, told to readers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article
from articles.permissions import Actor
from comments.models import ArticleComments
from outbox import audit
from pagecache.writing import writing

HOLD_HOURS = (1, 2, 4, 8, 24)
"""For how long everything may be held: through an evening, at most until the same time tomorrow."""


def settings_of(article: Article) -> ArticleComments:
    """What is special about the article's comments; a row that is not stored where nothing is.

    No query where the article was fetched with ``comment_settings``.
    """
    try:
        found: ArticleComments = article.comment_settings
    except ObjectDoesNotExist:
        return ArticleComments(article=article)
    return found


def closes_at(article: Article) -> datetime | None:
    """When the article stops taking comments by its age; ``None``: never."""
    if not settings.COMMENTS_CLOSE_AFTER_DAYS or article.publish_at is None:
        return None
    return article.publish_at + timedelta(days=settings.COMMENTS_CLOSE_AFTER_DAYS)


@dataclass(frozen=True)
class Openness:
    """How the comments of an article are taken at one moment."""

    is_open: bool
    closed: bool
    """Somebody closed them; they may be closed by age, too."""

    closes_at: datetime | None
    held_until: datetime | None
    """Until when every comment is held for a moderator; ``None`` while nothing is held."""

    waits: bool
    """Every comment here waits for a moderator, whoever wrote it."""


def openness_of(article: Article) -> Openness:
    """How the article's comments are taken now; one query, or none where ``comment_settings`` were fetched with it."""
    special, now, end = settings_of(article), timezone.now(), closes_at(article)
    until = special.hold_until if special.hold_until is not None and special.hold_until > now else None
    return Openness(
        is_open=article.is_public() and not special.closed and (end is None or now < end),
        closed=special.closed,
        closes_at=end,
        held_until=until,
        waits=special.premoderated or article.sensitive or until is not None,
    )


def is_open(article: Article) -> bool:
    """Whether a reader may comment now."""
    return openness_of(article).is_open


def may_set(actor: Actor, article: Article) -> bool:
    """Moderators, and those who may publish the article."""
    if actor is None or actor.has_perm("comments.moderate_comment"):
        return True
    return permissions.may_publish(actor, article)


def set_openness(article: Article, *, closed: bool, premoderated: bool, actor: Actor) -> ArticleComments:
    """Close or open the comments of an article, and say whether every one waits. Raises ``PermissionDenied``."""
    return _change(article, actor, closed=closed, premoderated=premoderated)


def hold(article: Article, hours: int, *, actor: Actor) -> ArticleComments:
    """Hold every comment here for a moderator for so many hours; it ends by itself.

    Raises ``PermissionDenied``, or ``ValidationError`` for another number of hours than those offered.
    """
    if hours not in HOLD_HOURS:
        raise ValidationError(_("Choose one of the offered times."))
    return _change(article, actor, hold_until=timezone.now() + timedelta(hours=hours))


def release(article: Article, *, actor: Actor) -> ArticleComments:
    """End the hold now. Raises ``PermissionDenied``."""
    return _change(article, actor, hold_until=None)


def _change(article: Article, actor: Actor, **values: bool | datetime | None) -> ArticleComments:
    if not may_set(actor, article):
        raise PermissionDenied(_("You may not set how comments on this article are taken."))
    with writing():
        Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
        row = ArticleComments.objects.filter(article=article).first() or ArticleComments(article=article)
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            before = {name: _plain(getattr(row, name)) for name in changed}
            for name, value in changed.items():
                setattr(row, name, value)
            row.save()
            after = {name: _plain(value) for name, value in changed.items()}
            audit.record(actor, "set how comments are taken", article, before=before, after=after)
    return row


def _plain(value: bool | datetime | None) -> bool | str | None:
    return value.isoformat() if isinstance(value, datetime) else value
