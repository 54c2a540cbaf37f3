"""What a rule would have done: the newest comments, judged as the pipeline judges, and nothing saved.

Comments are read newest first, at most ``MOST_COMMENTS`` of them and at most
``MOST_CHARACTERS`` of text, so that a rehearsal takes its second or two
whatever readers wrote; it says how far it looked.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Exists, Min, OuterRef, QuerySet, Value, When
from django.utils import timezone

from comments.models import Comment, ModerationEntry, Rule, State
from comments.pipeline.rules import RATE_SPAN, Hit, Sought, Subject, judge

MOST_COMMENTS = 10_000
MOST_CHARACTERS = 4_000_000

READ_AT_ONCE = 500

BY_PERSON = {State.APPROVED: "approved", State.REJECTED: "refused", State.SPAM: "spam"}


class Hits(NamedTuple):
    """A comment that a rule hits, and what became of it: approved, refused or spam by a person, waiting, or other."""

    pk: int
    verdict: str
    week: date
    hit: Hit


@dataclass
class Week:
    """Monday to Sunday, in the site's zone: comments hit, and those of them that a person had approved."""

    begins: date
    hits: int = 0
    approved: int = 0


@dataclass
class Rehearsal:
    """What came out of one."""

    looked_at: int = 0
    since: datetime | None = None
    cut_short: bool = False
    """More comments would have been looked at, had they been shorter."""

    hits: list[Hits] = field(default_factory=list)
    newly: set[int] = field(default_factory=set)
    """Comments hit by the rule as it would be, and not by the one it replaces."""

    no_longer: list[Hits] = field(default_factory=list)
    """Comments hit by the rule it replaces, and by none that would stay in force."""

    @property
    def verdicts(self) -> Counter[str]:
        """How many of the comments hit had which fate."""
        return Counter(hits.verdict for hits in self.hits)

    @property
    def let_through(self) -> Counter[str]:
        """The same of those that nothing would hit any more."""
        return Counter(hits.verdict for hits in self.no_longer)

    @property
    def approved(self) -> list[Hits]:
        """The comments hit that a person had approved: what the rule would have got wrong."""
        return [hits for hits in self.hits if hits.verdict == "approved"]

    @property
    def weeks(self) -> list[Week]:
        """Every week looked at, the oldest first."""
        if self.since is None:
            return []
        found: dict[date, Week] = {}
        begins = _monday(self.since)
        while begins <= _monday(timezone.now()):
            found[begins] = Week(begins)
            begins += timedelta(days=7)
        for hits in self.hits:
            week = found.setdefault(hits.week, Week(hits.week))
            week.hits += 1
            week.approved += hits.verdict == "approved"
        return sorted(found.values(), key=lambda week: week.begins)


def rehearse(wanted: Sought | None, *, instead_of: Sought | None = None, staying: Sequence[Sought] = ()) -> Rehearsal:
    """What ``wanted`` would have done, and what would be missed of ``instead_of``, the rule it replaces.

    ``wanted`` is ``None`` where a rule is to go; ``staying`` are the other
    rules in force. Four queries at most, however many comments there are.
    """
    asked = [rule for rule in (wanted, instead_of) if rule is not None]
    found = Rehearsal()
    past = _Past(asked)
    for row in _newest(found):
        by_new = judge([wanted], past.subject(row)) if wanted else []
        by_old = judge([instead_of], past.subject(row)) if instead_of else []
        if by_new:
            found.hits.append(_hits(row, by_new[0]))
            found.newly |= {row["pk"]} if instead_of and not by_old else set()
        elif by_old and not judge(_words_of(staying), past.subject(row)):
            found.no_longer.append(_hits(row, by_old[0]))
    return found


def comments_of(page: Sequence[Hits]) -> list[tuple[Comment, Hit]]:
    """The comments of a page of hits with their articles, in one query; one that is gone is left out."""
    rows = Comment.objects.select_related("article__section").in_bulk([hits.pk for hits in page])
    return [(rows[hits.pk], hits.hit) for hits in page if hits.pk in rows]


def _words_of(rules: Sequence[Sought]) -> list[Sought]:
    """Rules whose judgement needs no past."""
    return [rule for rule in rules if rule.kind in (Rule.Kind.WORD, Rule.Kind.LINKS)]


def _hits(row: dict[str, Any], hit: Hit) -> Hits:
    return Hits(row["pk"], row["verdict"], _monday(row["created_at"]), hit)


def _monday(moment: datetime) -> date:
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def _rows() -> QuerySet[Comment]:
    """Readers' comments, newest first."""
    return Comment.objects.filter(staff__isnull=True).order_by("-id")


def _newest(found: Rehearsal) -> Iterator[dict[str, Any]]:
    """Each comment to look at with its ``verdict``; what was looked at is noted in ``found``."""
    decided = ModerationEntry.objects.filter(
        comment=OuterRef("pk"), by__isnull=False, kind=ModerationEntry.Kind.DECIDE, after=OuterRef("state")
    )
    by_person = [When(Exists(decided), state=state, then=Value(word)) for state, word in BY_PERSON.items()]
    waiting = When(state=State.PENDING, then=Value("waiting"))
    verdict = Case(waiting, *by_person, default=Value("other"), output_field=CharField())
    rows: Any = _rows().values("pk", "name", "email", "website", "text", "created_at", verdict=verdict)
    characters = 0
    for row in rows[:MOST_COMMENTS].iterator(READ_AT_ONCE):
        characters += len(row["text"])
        if characters > MOST_CHARACTERS:
            found.cut_short = True
            return
        found.looked_at += 1
        found.since = row["created_at"]
        yield row


class _Past:
    """What the writers had sent when each comment came in, for the rules that ask."""

    def __init__(self, rules: Sequence[Sought]) -> None:
        kinds = {rule.kind for rule in rules}
        self._sent = _sent() if Rule.Kind.RATE in kinds else {}
        self._approved = _first_approvals() if Rule.Kind.FIRST in kinds else {}

    def subject(self, row: dict[str, Any]) -> Subject:
        """The comment as the pipeline saw it then."""
        email, at = row["email"], row["created_at"]
        return Subject(
            text=row["text"],
            name=row["name"],
            website=row["website"],
            sent_within_hour=lambda: self._sent_before(email, at),
            was_approved=lambda: email in self._approved and self._approved[email] < at,
        )

    def _sent_before(self, email: str, at: datetime) -> int:
        moments = self._sent.get(email, [])
        return bisect_right(moments, at) - bisect_right(moments, at - RATE_SPAN)


def _sent() -> dict[str, list[datetime]]:
    """When each writer sent comments, in order; enough of them to look an hour back from the oldest looked at."""
    found: dict[str, list[datetime]] = {}
    rows = _rows().values_list("email", "created_at")[: 2 * MOST_COMMENTS]
    for email, at in rows:
        found.setdefault(email, []).append(at)
    return {email: sorted(moments) for email, moments in found.items()}


def _first_approvals() -> dict[str, datetime]:
    """When a comment of each writer was first approved; when it was written, where nobody noted the approval."""
    approved = Comment.objects.filter(state=State.APPROVED, email__in=_rows().values("email")[:MOST_COMMENTS])
    noted = ModerationEntry.objects.filter(comment=OuterRef("pk"), after=State.APPROVED)
    bare = approved.exclude(Exists(noted)).order_by().values_list("email").annotate(first=Min("created_at"))
    entries = ModerationEntry.objects.filter(after=State.APPROVED, comment__in=approved).order_by()
    found = dict(bare)
    for email, first in entries.values_list("comment__email").annotate(first=Min("at")):
        found[email] = min(first, found.get(email, first))
    return found
