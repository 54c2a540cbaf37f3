"""What readers are mailed, and when: enqueued with a decision, judged again when it is due, sent once.

A decision is told a little later than it is made, so that one taken back at
once is never told. Everything is asked anew when the mail is due: whether the
decision stands, whether the address still wants it, and whether readers may
see the article, whose headline no mail tells otherwise.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.models import Article
from comments import letters, mails
from comments.models import Comment, ConfirmedAddress, ModerationEntry, State, Subscription
from comments.pages import address_of
from outbox import effects
from pagecache.writing import writing

DELAY = timedelta(minutes=2)
"""From a decision to its mail: time to undo it."""

DIGEST_EVERY = timedelta(hours=1)
"""From one mail about new comments to the next for the same reader; what comes between goes into one."""

TOLD = (State.APPROVED, State.REJECTED)


def after_decisions(entries: Sequence[ModerationEntry]) -> None:
    """The follower of decisions: a mail to the writers who wanted one, and news to those who follow the article."""
    due = timezone.now() + DELAY
    decisions = [entry for entry in entries if entry.kind == ModerationEntry.Kind.DECIDE]
    told = [entry.pk for entry in decisions if entry.after in TOLD and entry.by_id and entry.comment.notify]
    effects.enqueue_all(
        "comments.decided", [effects.Wanted({"entry": pk}, f"comments.decided:{pk}", due) for pk in told]
    )
    _announce([(entry.comment, entry.pk) for entry in decisions if entry.after == State.APPROVED])


def after_arrival(comment: Comment) -> None:
    """A comment that stands under its article without anybody's decision: trusted, or a colleague's answer."""
    if comment.state == State.APPROVED:
        _announce([(comment, 0)])


def _announce(appeared: Iterable[tuple[Comment, int]]) -> None:
    rows = [(comment, entry) for comment, entry in appeared if comment.appeared_at is None]
    articles = {comment.article_id for comment, _entry in rows}
    followed = set(Subscription.objects.filter(article__in=articles).values_list("article", flat=True).distinct())
    due = timezone.now() + DELAY
    wanted = [
        effects.Wanted({"comment": comment.pk}, f"comments.appeared:{comment.pk}:{entry}", due)
        for comment, entry in rows
        if comment.article_id in followed
    ]
    effects.enqueue_all("comments.appeared", wanted)


@effects.handler("comments.ask_address", outside=True)
def ask_address(payload: dict[str, Any], key: str) -> None:
    """The one mail that an address gets unasked: does its owner want more?"""
    row = Subscription.objects.filter(pk=payload["subscription"], confirmed_at=None).first()
    article = _public(row.article_id) if row else None
    asked_with = int(payload.get("comment", 0))
    if row and article and not Comment.objects.filter(pk=asked_with, state=State.SPAM).exists():
        mails.send(row.email, letters.asking(row, article, asked_with), key=key)


@effects.handler("comments.decided", outside=True)
def decided(payload: dict[str, Any], key: str) -> None:
    """One mail about one decision, if it stands and is news to the writer."""
    entry = ModerationEntry.objects.select_related("comment").filter(pk=payload["entry"]).first()
    if entry is None or not _is_news(entry):
        return
    comment = entry.comment
    row, article = _by_which(comment), _public(comment.article_id)
    if row and article:
        mails.send(comment.email, letters.decided(comment, entry, article, row, address_of(comment)), key=key)
        with writing():
            Comment.objects.filter(pk=comment.pk).update(told=entry.pk)


@effects.handler("comments.appeared")
def appeared(payload: dict[str, Any], key: str) -> None:
    """Once for each comment: a reply's mail for whom it answers, and news for all who follow the article."""
    comment = Comment.objects.approved().filter(pk=payload["comment"], appeared_at__isnull=True).first()
    if comment is None:
        return
    rows = list(_followers(comment))
    with writing():
        Comment.objects.filter(pk=comment.pk).update(appeared_at=timezone.now())
    answered = [row for row in rows if row.scope == Subscription.Scope.MINE]
    replied = {row.email for row in answered}
    replies = [({"subscription": row.pk, "comment": comment.pk}, f"{comment.pk}:{row.pk}") for row in answered]
    effects.enqueue_all(
        "comments.replied", [effects.Wanted(payload, f"comments.replied:{key}") for payload, key in replies]
    )
    digests = [_digest_of(row) for row in rows if row.scope != Subscription.Scope.MINE and row.email not in replied]
    effects.enqueue_all("comments.digest", filter(None, digests))


@effects.handler("comments.replied", outside=True)
def replied(payload: dict[str, Any], key: str) -> None:
    """One mail about one reply."""
    row = Subscription.objects.filter(pk=payload["subscription"], confirmed_at__isnull=False).first()
    comment = Comment.objects.approved().filter(pk=payload["comment"]).first()
    article = _public(comment.article_id) if comment else None
    if row and comment and article:
        mails.send(row.email, letters.answered(comment, article, row, address_of(comment)), key=key)


@effects.handler("comments.digest", outside=True)
def digest(payload: dict[str, Any], key: str) -> None:
    """One mail about all that appeared since the last; the next one, if more came meanwhile, after an hour."""
    row = Subscription.objects.filter(pk=payload["subscription"], confirmed_at__isnull=False).first()
    if row is None:
        return
    fresh = Comment.objects.filter(article=row.article_id, appeared_at__gt=row.mailed_until).order_by("appeared_at")
    rows = list(fresh.only("pk", "appeared_at", "email", "state", "parent_id", "answers_id"))
    if not rows:
        return
    article = _public(row.article_id)
    told = _news_to(row, rows)
    if told and article:
        _mail_digest(row, article, told, key)
    _go_on(row, rows[-1])


def _mail_digest(row: Subscription, article: Article, told: list[Comment], key: str) -> None:
    shown = Comment.objects.filter(pk__in=[comment.pk for comment in told[: letters.SHOWN_AT_ONCE]])
    places = [(comment, address_of(comment)) for comment in shown.order_by("pk")]
    mails.send(row.email, letters.appeared(places, article, row, len(told)), key=key)


def _go_on(row: Subscription, last: Comment) -> None:
    """Note how far the reader knows, and ask for the next digest if there is more; the row's lock loses none."""
    with transaction.atomic():
        held = Subscription.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
        if held is None or last.appeared_at is None:
            return
        held.mailed_until = last.appeared_at
        held.save(update_fields=["mailed_until"])
        if Comment.objects.filter(article=row.article_id, appeared_at__gt=last.appeared_at).exists():
            wanted = _digest_of(held, after=timezone.now() + DIGEST_EVERY)
            effects.enqueue_all("comments.digest", [wanted] if wanted else [])


def _digest_of(row: Subscription, after: Any = None) -> effects.Wanted | None:
    """One effect for each time up to which the reader knows; due at once, or an hour after the last mail."""
    if row.mailed_until is None:
        return None
    is_first = row.mailed_until == row.confirmed_at
    due = after or (timezone.now() if is_first else max(timezone.now(), row.mailed_until + DIGEST_EVERY))
    key = f"comments.digest:{row.pk}:{row.mailed_until.timestamp():.6f}"
    return effects.Wanted({"subscription": row.pk}, key, due)


def _followers(comment: Comment) -> Any:
    """Whom a new comment concerns, locked in one order until its appearance is written."""
    here = Subscription.objects.select_for_update(no_key=True, of=("self",)).filter(
        article=comment.article_id, confirmed_at__isnull=False
    )
    answered = comment.answers_id or comment.parent_id
    return [
        row
        for row in here.exclude(email=comment.email).order_by("pk")
        if row.scope == Subscription.Scope.THREAD or row.comment_id == answered
    ]


def _news_to(row: Subscription, comments: list[Comment]) -> list[Comment]:
    """Of ``comments`` those that stand, that the reader did not write, and that no mail about a reply tells."""
    mine = Subscription.objects.filter(email=row.email, article=row.article_id, confirmed_at__isnull=False)
    followed = set(mine.filter(comment__isnull=False).values_list("comment", flat=True))
    return [
        comment
        for comment in comments
        if comment.state == State.APPROVED
        and comment.email != row.email
        and (comment.answers_id or comment.parent_id) not in followed
    ]


def _is_news(entry: ModerationEntry) -> bool:
    """Whether a decision stands, and says something else than what the writer was last told."""
    comment = entry.comment
    of_comment = ModerationEntry.objects.filter(comment=comment)
    newest = of_comment.filter(kind=ModerationEntry.Kind.DECIDE).order_by("-at", "-id").first()
    if newest != entry or comment.state != entry.after or not comment.email or not comment.notify:
        return False
    if not entry.undoes_id:
        return True
    last = of_comment.filter(pk=comment.told).first() if comment.told else None
    return last is not None and last.after != entry.after


def _by_which(comment: Comment) -> Subscription | None:
    """The confirmed subscription that was asked for with this comment.

    Another of the same address does not count: anybody may have typed it.
    """
    if not ConfirmedAddress.objects.filter(email=comment.email).exists():
        return None
    asked = Subscription.objects.filter(asked_from=comment, email=comment.email, confirmed_at__isnull=False)
    return asked.order_by("scope").first()


def _public(article_id: int) -> Article | None:
    return Article.objects.public().select_related("section").filter(pk=article_id).first()
