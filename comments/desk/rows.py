"""What stands in a row of the queue, beside the comment: why it is here, its writer's past, what readers said of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.permissions import Actor
from comments.about import About, Known, about, known_articles
from comments.desk.asked import Asked, Seen
from comments.desk.listing import MOST_ASKED, Group, cursor_of, groups_of
from comments.models import Comment, ModerationEntry, Report, State
from comments.moderation import last_decisions
from comments.pipeline import findings


@dataclass
class History:
    """What a writer has sent us so far, this comment included."""

    counts: dict[str, int] = field(default_factory=dict)
    first_seen: datetime | None = None

    def add(self, state: str, number: int, first: datetime) -> None:
        """Count ``number`` comments in ``state``, the oldest written at ``first``."""
        self.counts[state] = number
        self.first_seen = min(self.first_seen or first, first)

    @property
    def words(self) -> str:
        """How many were approved, refused and spam, and how many more wait: what there is none of is not named."""
        named = {
            State.APPROVED: _("%d approved"),
            State.REJECTED: _("%d refused"),
            State.SPAM: _("%d spam"),
            State.PENDING: _("%d waiting"),
            State.WITHDRAWN: _("%d taken back"),
        }
        return ", ".join(words % self.counts[state] for state, words in named.items() if self.counts.get(state))

    @property
    def is_new(self) -> bool:
        """Whether this is all we ever had from them."""
        return sum(self.counts.values()) <= 1


@dataclass
class Row:
    """One row: a comment, or the first of those that are alike."""

    comment: Comment
    about: About
    history: History
    decision: ModerationEntry | None
    found: list[findings.Finding]
    cursor: str
    writer_url: str
    group: Group | None = None
    others: list[tuple[Comment, About]] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        """All that is decided with this row."""
        return self.group.ids if self.group else [self.comment.pk]

    @property
    def seen(self) -> str:
        """The row as a form sends it: the state it showed, and which comments with which words."""
        members = self.group.members if self.group else [Seen(self.comment.pk, self.comment.edited_at)]
        return f"{self.comment.state}:{','.join(map(str, members))}"

    @property
    def age(self) -> str:
        """How long ago it was written."""
        return timesince(self.comment.created_at, depth=1)

    @property
    def wait(self) -> str:
        """How long it has waited, where that is not simply its age: it came back, or was held later."""
        comment = self.comment
        late = comment.waiting_since - comment.created_at > timedelta(minutes=1)
        return timesince(comment.waiting_since, depth=1) if late and comment.state == State.PENDING else ""

    @property
    def reports(self) -> list[Report]:
        """The newest open reports; ``comment.open_reports`` says how many there are."""
        return getattr(self.comment, "shown_reports", [])

    @property
    def appeal(self) -> Any:
        """Its writer's open appeal."""
        return getattr(self.comment, "appeal", None) if self.comment.appealed_at else None

    @property
    def more(self) -> int:
        """Members of the group that are not listed with the row."""
        return len(self.group.ids) - 1 - len(self.others) if self.group else 0

    @property
    def number(self) -> str:
        """How many are decided with this row, for its buttons."""
        return number_format(len(self.ids), force_grouping=True)

    @property
    def group_words(self) -> str:
        """What makes the group one."""
        return group_words(self.comment.likeness, self.group) if self.group else ""


def group_words(likeness: str, group: Group) -> str:
    """“14 nearly the same comments from 3 writers”."""
    number, writers = len(group.ids), len(group.writers)
    count = number_format(number, force_grouping=True)
    facts: dict[str, Any] = {"number": count, "writers": writers}
    from_writers = ngettext("from %(writers)d writer", "from %(writers)d writers", writers) % facts
    if number > MOST_ASKED and writers > 1:
        from_writers = _("from %(writers)d writers or more") % facts
    words = {
        "text": _("%(number)s nearly the same comments %(from)s"),
        "domain": _("%(number)s comments with the same link %(from)s"),
        "writer": _("%(number)s comments by one writer"),
        "burst": _("%(number)s comments in one burst %(from)s"),
    }.get(likeness, _("%(number)s comments that are alike %(from)s"))
    told = words % {**facts, "from": from_writers}
    return _("%(told)s, the first of many more") % {"told": told} if group.is_capped else told


def histories(comments: Iterable[Comment]) -> dict[str, History]:
    """By e-mail address, in one query."""
    known: dict[str, History] = {comment.email: History() for comment in comments}
    rows = Comment.objects.filter(email__in=known).values_list("email", "state")
    for email, state, number, first in rows.annotate(number=Count("*"), first=Min("created_at")):
        known[email].add(state, number, first)
    return known


def rows_of(
    comments: Sequence[Comment], asked: Asked, *, actor: Actor, by_email: bool, also: Iterable[int] = ()
) -> tuple[list[Row], Known]:
    """The rows of comments from ``listing.screen``, and their articles by name: eight queries, however many they are.

    ``also`` are further articles that are wanted by name.
    """
    past, decisions = histories(comments), last_decisions(comments)
    groups = groups_of(comments, asked, by_email=by_email)
    others = [other for group in groups.values() for other in group.others]
    known = known_articles([*comments, *others], actor, also=also)
    listed = {head: [(other, about(other, known)) for other in group.others] for head, group in groups.items()}
    rows = [
        Row(
            comment=comment,
            about=about(comment, known),
            history=past[comment.email],
            decision=decisions.get(comment.pk),
            found=findings.read(comment.findings),
            cursor=str(cursor_of(comment, asked)),
            writer_url=writer_url(comment),
            group=groups.get(comment.pk),
            others=listed.get(comment.pk, []),
        )
        for comment in comments
    ]
    return rows, known


def writer_url(comment: Comment) -> str:
    """The page about the comment's writer; none about a colleague."""
    return "" if comment.staff_id else reverse("admin:comments_writer", args=[comment.pk])
