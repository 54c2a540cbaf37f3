"""Who hears of what by mail: asked for, confirmed by a mailed link, stopped with one click.

An address gets no mail but the one that asks for its word until its owner has
given that word.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from comments import rationing, tokens
from comments.models import Comment, ConfirmedAddress, State, Subscription
from outbox import effects
from outbox.periodic import every
from pagecache.writing import writing

ASKED_A_DAY = 3
"""Mails that ask one address for its word, in a day; so that nobody is flooded by strangers."""

ASKING_AN_HOUR = 10
"""Such mails set off from one network in an hour, whatever the addresses."""

UNCONFIRMED_FOR = timedelta(days=7)
"""After that a link that nobody opened is dead, and the address forgotten."""


def scope_of(raw: str) -> Subscription.Scope | None:
    """The scope that a form asked for; ``None`` for no mail and for anything unknown."""
    return Subscription.Scope(raw) if raw in Subscription.Scope.values else None


def ask(comment: Comment, scope: Subscription.Scope | None, *, source: str = "", proved: bool = False) -> None:
    """Note, in the transaction of the caller, that a comment's writer wants mail; their address is asked first.

    ``source`` is the hashed address block of whoever asks. ``proved`` tells
    that their browser showed the address to be theirs: nobody is asked then.
    Spam gets no mail.
    """
    if scope is None or not comment.email or comment.state in {State.SPAM, State.WITHDRAWN}:
        return
    with writing():
        row = _wanted(comment, scope)
        Comment.objects.filter(pk=comment.pk, notify=False).update(notify=True)
        if proved:
            _confirm(row, comment.pk)
        elif row.confirmed_at is None and _may_mail(comment.email, source):
            stamp = timezone.now()
            Subscription.objects.filter(pk=row.pk).update(asked_at=stamp)
            key = f"comments.ask_address:{row.pk}:{comment.pk}:{stamp.timestamp():.6f}"
            effects.enqueue("comments.ask_address", {"subscription": row.pk, "comment": comment.pk}, key=key)


def follow(comment: Comment, scope: Subscription.Scope | None, *, token: str, source: str = "") -> None:
    """What the writer chose on the receipt: other mail than before, or none. Raises ``TokenRefusedError``."""
    with writing():
        tokens.use(token)
        row = of_comment(comment)
        if row and row.scope != scope:
            _drop([row])
        if scope is None:
            Comment.objects.filter(pk=comment.pk, notify=True).update(notify=False)
        ask(comment, scope, source=source)


def of_comment(comment: Comment) -> Subscription | None:
    """What was asked for with this comment; nothing of what else the address follows, which may be another's."""
    return Subscription.objects.filter(asked_from=comment, email=comment.email).order_by("scope").first()


def wish(comment: Comment, row: Subscription | None) -> str:
    """The scope a comment's writer chose last, as far as its receipt may tell; empty for no mail.

    ``row`` is what ``of_comment`` found.
    """
    if row:
        return row.scope
    return Subscription.Scope.THREAD if comment.notify else ""


def of_address(email: str) -> QuerySet[Subscription]:
    """All that an address follows, confirmed, newest first."""
    rows = Subscription.objects.filter(email=email, confirmed_at__isnull=False)
    return rows.select_related("article").order_by("-confirmed_at", "-pk")


def confirm(row: Subscription, *, token: str, asked_with: int | None = None) -> bool:
    """The owner of the address gave their word; returns whether it was the first time. Raises ``TokenRefusedError``.

    ``asked_with`` is the comment whose mail they answer: a stranger may have
    typed the same address with another one, whose receipt must tell nothing.
    """
    with writing():
        tokens.use(token)
        return _confirm(row, asked_with)


def stop(row: Subscription) -> None:
    """No more mail by this subscription. Stopping twice is no error."""
    with writing():
        _drop([row])


def stop_all(email: str, *, token: str) -> int:
    """No more mail to this address; returns how many subscriptions ended. Raises ``TokenRefusedError``."""
    with writing():
        tokens.use(token)
        rows = list(Subscription.objects.filter(email=email))
        _drop(rows)
        Comment.objects.filter(email=email, notify=True).update(notify=False)
    return len(rows)


@every(timedelta(hours=6))
def forget_unconfirmed() -> None:
    """Forget what was asked for and never confirmed."""
    Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=timezone.now() - UNCONFIRMED_FOR).delete()


def _wanted(comment: Comment, scope: Subscription.Scope) -> Subscription:
    mine = scope == Subscription.Scope.MINE
    row, _created = Subscription.objects.get_or_create(
        email=comment.email,
        article_id=comment.article_id,
        comment=comment if mine else None,
        scope=scope,
        defaults={"asked_from": comment},
    )
    return row


def _may_mail(email: str, source: str) -> bool:
    from_here = not source or rationing.take("ask-from", source, limit=ASKING_AN_HOUR, window=timedelta(hours=1))
    return from_here and rationing.take("ask", email, limit=ASKED_A_DAY, window=timedelta(days=1))


def _confirm(row: Subscription, asked_with: int | None) -> bool:
    now, kept = timezone.now(), Subscription.objects.filter(pk=row.pk)
    is_first = bool(kept.filter(confirmed_at__isnull=True).update(confirmed_at=now, mailed_until=now))
    ConfirmedAddress.objects.get_or_create(email=row.email)
    own = Comment.objects.filter(pk=asked_with or 0, email=row.email, article=row.article_id)
    if is_first and asked_with != row.asked_from_id and own.exists():
        kept.update(asked_from=asked_with)
    return is_first


def _drop(rows: list[Subscription]) -> None:
    """Delete ``rows``, and take back the wish for mail of the comments they were about."""
    asked_from = [row.asked_from_id for row in rows if row.asked_from_id]
    Comment.objects.filter(pk__in=asked_from, notify=True).update(notify=False)
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()
