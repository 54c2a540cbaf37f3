"""Comments that move in with an archive: as they stood there, hundreds at once, and nobody gets a mail.

They were moderated elsewhere, so neither the pipeline nor the score looks at
them; each carries a decision of the system that says where it comes from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from articles.models import Article
from articles.permissions import Actor
from comments import urgency
from comments.models import ArticleComments, Comment, ModerationEntry, State
from comments.plain_text import has_substance, is_storable, neutral
from outbox.new_rows import store
from pagecache.writing import bump, writing

NOWHERE = "no-address.invalid"
"""The host of the address of somebody who left none: a name that can never be anybody's."""

NAME_LENGTH, TEXT_LENGTH, WEBSITE_LENGTH = 80, 8000, 200


@dataclass(slots=True)
class Arrival:
    """One comment that moves in, by its number in the other system, and what became of it."""

    source: str
    article: Article
    name: str
    email: str
    website: str
    text: str
    state: State
    at: datetime
    answers: str = ""
    """The number of the comment it answers; one that is not there makes it a comment of its own."""

    comment: Comment | None = None
    problems: list[str] = field(default_factory=list)


def bring_in(arrivals: Sequence[Arrival], known: dict[str, Comment], *, actor: Actor) -> None:
    """Write the comments; each arrival then has its ``comment``, or ``problems`` that say why it was left out.

    ``known`` holds, by number, those that moved in before and may be answered;
    the new ones are added to it. Raises ``PermissionDenied`` for a person: this is for the system.
    """
    if actor is not None:
        raise PermissionDenied(_("Only the system moves an archive in."))
    with writing():
        waiting = [one for one in arrivals if _is_fit(one)]
        while waiting:
            ready = _ready(waiting, known)
            _write(ready, known)
            done = {id(one) for one in ready}
            waiting = [one for one in waiting if id(one) not in done]


def close(articles: Iterable[Article], *, actor: Actor) -> None:
    """Take no more comments under these new articles, as it was there. Raises ``PermissionDenied`` for a person."""
    if actor is not None:
        raise PermissionDenied(_("Only the system moves an archive in."))
    ArticleComments.objects.bulk_create(ArticleComments(article=article, closed=True) for article in articles)


def _is_fit(one: Arrival) -> bool:
    one.text = neutral(one.text).strip()
    if not has_substance(one.text) or not is_storable(one.text):
        one.problems.append(_("There are no words in it."))
    if len(one.text) > TEXT_LENGTH:
        one.problems.append(_("It is longer than %(most)d characters.") % {"most": TEXT_LENGTH})
    one.name = " ".join(neutral(one.name).split())[:NAME_LENGTH] or _("Anonymous")
    one.email = one.email.strip().lower() if _is_email(one.email) else f"comment-{one.source}@{NOWHERE}"
    one.website = one.website if _is_website(one.website) else ""
    return not one.problems


def _ready(waiting: Sequence[Arrival], known: dict[str, Comment]) -> list[Arrival]:
    """Those whose answered comment is there or never comes; where all wait for each other, the first of them."""
    coming = {one.source for one in waiting}
    ready = [one for one in waiting if one.answers in known or one.answers not in coming or one.answers == one.source]
    if not ready:
        waiting[0].answers = ""
        ready = [waiting[0]]
    return ready


def _write(ready: Sequence[Arrival], known: dict[str, Comment]) -> None:
    rows = [_row(one, known.get(one.answers)) for one in ready]
    store(rows)
    bump(key for row in rows for key in row.page_keys())
    for one, row in zip(ready, rows, strict=True):
        one.comment = row
        known[one.source] = row
    _note(rows)


def _row(one: Arrival, answers: Comment | None) -> Comment:
    if answers is not None and answers.article_id != one.article.pk:
        answers = None
    parent = answers
    while parent is not None and parent.depth >= settings.COMMENT_MAX_DEPTH:
        parent = parent.parent
    row = Comment(
        article=one.article,
        parent=parent,
        answers=answers,
        depth=parent.depth + 1 if parent else 0,
        name=one.name,
        email=one.email,
        website=one.website,
        text=one.text,
        state=one.state,
        created_at=one.at,
        waiting_since=one.at,
        appeared_at=one.at if one.state == State.APPROVED else None,
    )
    row.rank_at = urgency.rank(row)
    return row


def _note(rows: Iterable[Comment]) -> None:
    reason = _("Moved in from another system as it stood there.")
    store(
        [
            ModerationEntry(comment=row, at=row.created_at, before=State.PENDING, after=row.state, reason=reason)
            for row in rows
            if row.state != State.PENDING
        ]
    )


def _is_email(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return len(text) <= 254  # noqa: PLR2004 - the column's width


def _is_website(text: str) -> bool:
    if len(text) > WEBSITE_LENGTH:
        return False
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return True
