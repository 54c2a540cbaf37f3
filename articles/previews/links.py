"""Links for people outside: made, found again by their secret, revoked."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import knows_newest
from articles.models import Article, PreviewLink, Revision, Status
from articles.permissions import Actor, may_edit, require
from outbox import audit
from pagecache.writing import writing
from people.models import User

MOST_DAYS = 30
MOST_LINKS = 40
"""Links of one article that are good at a time; whoever needs more revokes some."""

NAME_LENGTH = 120
SECRET_BYTES = 32
"""256 bits: nobody finds an address by trying."""

LONGEST_TOKEN = 100
OPENED_AGAIN = timedelta(minutes=5)
"""That often at most is it noted that a link was opened."""

CLOSED = (Status.ARCHIVED, Status.KILLED)
"""Of these nothing is shown outside, whoever holds a link."""


def may_share(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may let people outside read the article: whoever edits it, and knows its newest words."""
    return may_edit(actor, article) and knows_newest(actor, article)


def make(
    article: Article,
    *,
    actor: Actor,
    reader: str,
    days: int,
    revision: Revision | None = None,
    may_answer: bool = True,
) -> tuple[PreviewLink, str]:
    """A link for ``reader``, good for ``days`` (1 to ``MOST_DAYS``): to ``revision``, or always to the newest.

    Returns it with its secret, which is kept nowhere and cannot be shown again.
    Raises ``PermissionDenied`` and ``ValidationError``.
    """
    reader = " ".join(reader.split())
    with writing():
        row = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
        require(may_share(actor, row), _("share this article"))
        _check(row, reader, days, revision)
        token = secrets.token_urlsafe(SECRET_BYTES)
        link = PreviewLink.objects.create(
            article=row,
            revision=revision,
            reader=reader,
            secret_hash=_hash(token),
            may_answer=may_answer,
            made_by=actor if isinstance(actor, User) else None,
            expires_at=timezone.now() + timedelta(days=days),
        )
        number = revision.number if revision else None
        told = {"reader": reader, "until": link.expires_at.isoformat(), "revision": number, "link": link.pk}
        audit.record(actor, "made preview link", row, **told)
    return link, token


def revoke(link: PreviewLink, *, actor: Actor) -> None:
    """End it at once; one that has ended is no mistake. Raises ``PermissionDenied``."""
    require(may_share(actor, link.article) or _made(actor, link), _("revoke this link"))
    with writing():
        if PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
            audit.record(actor, "revoked preview link", link.article, reader=link.reader, link=link.pk)


def revoke_all(article: Article, *, actor: Actor) -> int:
    """End every link of the article that could open something, in the caller's transaction; returns how many did."""
    ended = PreviewLink.objects.filter(article=article, revoked_at=None, expires_at__gt=timezone.now())
    names = list(ended.values_list("pk", "reader"))
    ended.update(revoked_at=timezone.now())
    for pk, reader in names:
        audit.record(actor, "revoked preview link", article, reader=reader, link=pk)
    return len(names)


def find(token: str) -> PreviewLink | None:
    """The link with this secret, if it is good now; one query, whatever is wrong with it.

    The secret is looked for by its hash, so that how long that takes tells nothing of it.
    """
    known = PreviewLink.objects.filter(secret_hash=_hash(token)).filter(good())
    return known.select_related("article", "article__latest", "revision", "made_by").first()


def shown_by(link: PreviewLink) -> Revision | None:
    """The revision it shows now."""
    return link.revision or link.article.latest


def good_links(article: Article) -> list[PreviewLink]:
    """The article's links that open something now, the newest first."""
    return list(PreviewLink.objects.filter(good(), article=article).select_related("revision", "made_by"))


def note_opened(link: PreviewLink) -> None:
    """Remember that it was opened, every few minutes at most."""
    now = timezone.now()
    if link.opened_at is None or link.opened_at < now - OPENED_AGAIN:
        PreviewLink.objects.filter(pk=link.pk).update(opened_at=now)


def good() -> Q:
    """Those that open something now: not over, of an article that may be shown, made by somebody who works here."""
    by_us = Q(made_by__isnull=True) | Q(made_by__is_active=True)
    shows = Q(revision__isnull=False) | Q(article__latest__isnull=False)
    return Q(revoked_at=None, expires_at__gt=timezone.now()) & ~Q(article__status__in=CLOSED) & by_us & shows


def _made(actor: Actor, link: PreviewLink) -> bool:
    return actor is not None and actor.pk is not None and link.made_by_id == actor.pk


def _check(article: Article, reader: str, days: int, revision: Revision | None) -> None:
    if not reader or len(reader) > NAME_LENGTH or "\0" in reader:
        raise ValidationError({"reader": _("Say for whom it is, in up to %d characters.") % NAME_LENGTH})
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": _("A link is good for 1 to %d days.") % MOST_DAYS})
    if revision is not None and revision.article_id != article.pk:
        raise ValidationError(_("That revision belongs to another article."))
    if article.latest_id is None or article.status in CLOSED:
        raise ValidationError(_("There is nothing to show of this article."))
    if PreviewLink.objects.filter(good(), article=article).count() >= MOST_LINKS:
        raise ValidationError(_("This article has %d links already. Revoke some first.") % MOST_LINKS)


def _hash(token: str) -> str:
    return hashlib.sha256(token[:LONGEST_TOKEN].encode("utf-8", "replace")).hexdigest()
