"""Filters of the article list, each an editor's question."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.desks import belongs_to, places_of
from articles.known import knows_all, of_concern
from articles.models import Article, EditorialNote, Revision, Section, Source, Status

Rows = QuerySet[Article]

LOOKED_THROUGH = 5_000
"""Articles among which a filter looks, the newest: what no index knows of them is read one by one, from JSON."""


def newest(request: HttpRequest, rows: Rows, order: str = "-pk", **wanted: Any) -> Rows:
    """Those of ``rows`` that are ``wanted``, among the newest of these; the request is told where there are more.

    Words that are looked for as well find no more articles than that anyway.
    """
    if _has_words(request):
        return rows.filter(**wanted)
    return rows.filter(_among_first(request, Article.objects.filter(**wanted), order))


def newest_words(request: HttpRequest, rows: Rows, **saved: Any) -> Rows:
    """The same by the newest revision, among the newest that were ``saved`` so."""
    wanted = {f"latest__{name}": value for name, value in saved.items()}
    if _has_words(request):
        return rows.filter(**wanted)
    ids = _first_of(request, Revision.objects.filter(**saved).order_by("-pk"))
    found = Q(pk__in=Article.objects.filter(latest__in=ids).values("pk"))
    return rows.filter(found | _own(request, Article.objects.filter(**wanted), "-pk"))


def newest_lacking(request: HttpRequest, rows: Rows, **state: Any) -> Rows:
    """By values of the newest revision's state, which no index has: among the newest articles of all."""
    rows = rows.filter(**{f"latest__state__{name}": value for name, value in state.items()})
    return rows if _has_words(request) else rows.filter(_among_first(request, Article.objects.all(), "-pk"))


def _has_words(request: HttpRequest) -> bool:
    return bool(request.GET.get("q", "").strip())


def _among_first(request: HttpRequest, found: Rows, order: str) -> Q:
    return Q(pk__in=_first_of(request, found.order_by(order))) | _own(request, found, order)


def _own(request: HttpRequest, found: Rows, order: str) -> Q:
    """Whoever does not know everything finds their own whatever others have made since."""
    if knows_all(request.user):
        return Q()
    return Q(pk__in=_first_of(request, found.filter(of_concern(request.user)).order_by(order)))


def _first_of(request: HttpRequest, found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    ids = found.values("pk")
    if ids[LOOKED_THROUGH : LOOKED_THROUGH + 1].exists():
        request.filter_is_limited = True  # type: ignore[attr-defined]
    return ids[:LOOKED_THROUGH]


def of_desks(request: HttpRequest, rows: Rows) -> Rows:
    """Those on the desks of whoever asks."""
    sections = places_of(request.user).all
    rows = rows.filter(belongs_to(sections))
    if _has_words(request):
        return rows
    ids = _first_of(request, Revision.objects.filter(section__in=sections).order_by("-pk"))
    unsaved = Article.objects.filter(latest=None, section__in=sections).values("pk")
    return rows.filter(pk__in=Article.objects.filter(latest__in=ids).values("pk").union(unsaved))


class Question(admin.SimpleListFilter):
    """A filter whose answers are named querysets."""

    answers: dict[str, tuple[Any, Callable[[HttpRequest, Rows], Rows]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The answers as links."""
        return [(name, label) for name, (label, _narrow) in self.answers.items()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Rows that fit the chosen answer; an unknown one changes nothing."""
        chosen = self.answers.get(self.value() or "")
        return chosen[1](request, queryset) if chosen else queryset


class Whose(Question):
    """Mine?"""

    title = _("whose")
    parameter_name = "whose"
    answers = {
        "mine": (
            _("I started it"),
            lambda request, rows: newest(request, rows, created_by=request.user.pk),
        ),
        "edited": (
            _("I saved it last"),
            lambda request, rows: newest_words(request, rows, made_by=request.user.pk),
        ),
    }


class OnDesks(Question):
    """On my desks?"""

    title = _("desk")
    parameter_name = "desk"
    answers = {"mine": (_("my desks"), of_desks)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Only for those who have a place."""
        return super().lookups(request, model_admin) if places_of(request.user) else []


class Missing(Question):
    """What still lacks something?"""

    title = _("what is missing")
    parameter_name = "missing"
    answers = {
        "picture": (_("no lead picture"), lambda request, rows: newest_lacking(request, rows, lead_picture=None)),
        "tags": (_("no tags"), lambda request, rows: newest_lacking(request, rows, tags=[])),
        "byline": (
            _("no byline or source"),
            lambda request, rows: newest_lacking(request, rows, bylines=[], source=None),
        ),
        "settling": (
            _("settling of notes"),
            lambda _r, rows: rows.filter(
                pk__in=EditorialNote.objects.filter(answers=None, resolved_at=None).values("article")
            ),
        ),
        "changes": (
            _("changes readers do not see"),
            lambda _r, rows: rows.filter(pk__in=Article.objects.with_changes().values("pk")),
        ),
    }


class When(Question):
    """When does it go out?"""

    title = _("when")
    parameter_name = "when"
    answers = {
        "today": (_("out in the last 24 hours"), lambda _r, rows: _between(rows, -1, 0)),
        "week": (_("out in the last 7 days"), lambda _r, rows: _between(rows, -7, 0)),
        "coming": (_("still to come"), lambda _r, rows: _between(rows, 0, 3650)),
        "embargo": (_("under embargo"), lambda request, rows: _timed(request, rows, "embargo_until", "gt")),
        "expired": (_("expired"), lambda request, rows: _timed(request, rows, "expire_at", "lte")),
    }


class InSection(admin.SimpleListFilter):
    """Which section does the newest revision name?"""

    title = _("section")
    parameter_name = "in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every section."""
        return [(section.slug, section.name) for section in Section.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """By the section's address."""
        if not self.value():
            return queryset
        known = {slug for slug, _name in self.lookup_choices}
        if self.value() not in known:
            return queryset.none()
        return newest_words(request, queryset, section__slug=self.value())


class FromSource(admin.SimpleListFilter):
    """Ours, or an agency's?"""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Our own, then every source."""
        return [("own", _("our own")), *((source.slug, source.name) for source in Source.objects.all())]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """By the source of the newest revision."""
        if self.value() == "own":
            return newest_lacking(request, queryset, source=None)
        source = Source.objects.filter(slug=self.value()).first() if self.value() else None
        return newest_lacking(request, queryset, source=source.pk) if source else queryset


def _timed(request: HttpRequest, rows: Rows, moment: str, compare: str) -> Rows:
    return newest(request, rows, f"-{moment}", **{f"{moment}__{compare}": timezone.now()})


def _between(rows: Rows, start: int, end: int) -> Rows:
    now = timezone.now()
    return rows.filter(
        Q(publish_at__gt=now + timedelta(days=start), publish_at__lte=now + timedelta(days=end)),
        status__in=(Status.PUBLISHED, Status.SCHEDULED),
    )


ARTICLE_FILTERS = ("status", OnDesks, InSection, Whose, When, Missing, FromSource)
