"""What the moderators' queue shows: its filters, and each writer's history in one query a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Section
from comments.models import Comment, State
from comments.moderation import last_decisions
from comments.pipeline import findings

MOST_ARTICLES = 15
"""Articles offered in the filter, those with the longest queues first."""


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
    def approved(self) -> int:
        """How many readers can see."""
        return self.counts.get(State.APPROVED, 0)

    @property
    def refused(self) -> int:
        """How many were refused."""
        return self.counts.get(State.REJECTED, 0)

    @property
    def spam(self) -> int:
        """How many were spam."""
        return self.counts.get(State.SPAM, 0)

    @property
    def is_new(self) -> bool:
        """Whether this is all we ever had from them."""
        return sum(self.counts.values()) <= 1


def histories(comments: Iterable[Comment]) -> dict[str, History]:
    """By e-mail address, in one query."""
    known: dict[str, History] = {comment.email: History() for comment in comments}
    rows = Comment.objects.filter(email__in=known).values_list("email", "state")
    for email, state, number, first in rows.annotate(number=Count("id"), first=Min("created_at")):
        known[email].add(state, number, first)
    return known


def add_background(comments: list[Comment]) -> None:
    """Give each comment ``age``, ``history``, ``decision`` and ``found``: two queries, however many there are."""
    past = histories(comments)
    decisions = last_decisions(comments)
    for comment in comments:
        comment.age = timesince(comment.created_at, depth=1)  # type: ignore[attr-defined]
        comment.history = past[comment.email]  # type: ignore[attr-defined]
        comment.decision = decisions.get(comment.pk)  # type: ignore[attr-defined]
        comment.found = [finding.in_words() for finding in findings.read(comment.findings)]  # type: ignore[attr-defined]


class Queue(ChangeList):
    """The list with each row's background."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page, then what stands beside its rows."""
        super().get_results(request)
        rows = list(self.result_list)
        add_background(rows)
        self.result_list = rows


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"
    everything = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each state with a word of its own."""
        return [
            (State.APPROVED, _("Approved")),
            (State.REJECTED, _("Refused")),
            (State.SPAM, _("Spam")),
            (self.everything, _("All")),
        ]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The waiting ones come first and are the default."""
        for value, label in [(None, _("Waiting")), *self.lookup_choices]:
            query = changelist.get_query_string({self.parameter_name: value} if value else {}, [self.parameter_name])
            if value:
                query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Comments in the chosen state; an unknown word shows what waits."""
        chosen = self.value()
        if chosen == self.everything:
            return queryset
        return queryset.filter(state=chosen if chosen in State.values else State.PENDING)


class _RowFilter(admin.SimpleListFilter):
    """A filter by the id of a row; anything that is no id finds nothing."""

    path = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Comments of the chosen row."""
        chosen = self.value()
        if chosen is None:
            return queryset
        is_id = chosen.isascii() and chosen.isdecimal() and len(chosen) <= 18  # noqa: PLR2004 - a big integer
        return queryset.filter(**{self.path: int(chosen)}) if is_id else queryset.none()


class SectionFilter(_RowFilter):
    """Comments on articles of one section."""

    title = gettext_lazy("section")
    parameter_name = "section"
    path = "article__section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every section."""
        return [(str(pk), name) for pk, name in Section.objects.values_list("pk", "name")]


class ArticleFilter(_RowFilter):
    """Comments on one article."""

    title = gettext_lazy("article")
    parameter_name = "article"
    path = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The articles with the longest queues, and the chosen one."""
        waiting = Comment.objects.pending().order_by().values("article").annotate(number=Count("id"))
        ids = [row["article"] for row in waiting.order_by("-number", "-article")[:MOST_ARTICLES]]
        chosen = self.value() or ""
        if chosen.isascii() and chosen.isdecimal() and len(chosen) <= 18:  # noqa: PLR2004 - a big integer
            ids.append(int(chosen))
        headlines = dict(Article.objects.filter(pk__in=ids).values_list("pk", "headline"))
        return [(str(pk), headlines[pk]) for pk in dict.fromkeys(ids) if pk in headlines]
