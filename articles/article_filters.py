"""Filters of the article list, each an editor's question."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.desks import belongs_to, places_of
from articles.models import Article, EditorialNote, Section, Source, Status

Rows = QuerySet[Article]


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
        "mine": (_("I started it"), lambda request, rows: rows.filter(created_by=request.user.pk)),
        "edited": (_("I saved it last"), lambda request, rows: rows.filter(latest__made_by=request.user.pk)),
    }


class OnDesks(Question):
    """On my desks?"""

    title = _("desk")
    parameter_name = "desk"
    answers = {"mine": (_("my desks"), lambda request, rows: rows.filter(belongs_to(places_of(request.user).all)))}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Only for those who have a place."""
        return super().lookups(request, model_admin) if places_of(request.user) else []


class Missing(Question):
    """What still lacks something?"""

    title = _("what is missing")
    parameter_name = "missing"
    answers = {
        "picture": (_("no lead picture"), lambda _r, rows: rows.filter(latest__state__lead_picture=None)),
        "tags": (_("no tags"), lambda _r, rows: rows.filter(latest__state__tags=[])),
        "byline": (
            _("no byline or source"),
            lambda _r, rows: rows.filter(latest__state__bylines=[], latest__state__source=None),
        ),
        "settling": (
            _("settling of notes"),
            lambda _r, rows: rows.filter(
                Exists(EditorialNote.objects.filter(article=OuterRef("pk"), answers=None, resolved_at=None))
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
        "embargo": (_("under embargo"), lambda _r, rows: rows.filter(embargo_until__gt=timezone.now())),
        "expired": (_("expired"), lambda _r, rows: rows.filter(expire_at__lte=timezone.now())),
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
        return queryset.filter(latest__section__slug=self.value()) if self.value() in known else queryset.none()


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
            return queryset.filter(latest__state__source=None)
        source = Source.objects.filter(slug=self.value()).first() if self.value() else None
        return queryset.filter(latest__state__source=source.pk) if source else queryset


def _between(rows: Rows, start: int, end: int) -> Rows:
    now = timezone.now()
    return rows.filter(
        Q(publish_at__gt=now + timedelta(days=start), publish_at__lte=now + timedelta(days=end)),
        status__in=(Status.PUBLISHED, Status.SCHEDULED),
    )


ARTICLE_FILTERS = ("status", OnDesks, InSection, Whose, When, Missing, FromSource)
