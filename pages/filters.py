"""The archive's filters: what may stand in its address, and what each value means."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from articles.listing import Owner, belonging, shown_authors, shown_sources, shown_tags
from articles.models import (
    Article,
    ArticleQuerySet,
    Kind,
    Section,
    Source,
    Tag,
    TagSynonym,
    tag_key,
)
from articles.search import MAX_LENGTH, Listed, QueryTooLongError, newest
from pagecache.keyed import Keyed
from pagecache.reading import depends_on
from people.models import Author

M = TypeVar("M", bound=Keyed)

MAX_NAME = 120
"""Characters of a tag, an author or a source."""

MAX_SAME_NAME = 20
"""Authors or sources that one name may mean."""

MAX_OFFERED = 100
"""Names a text field suggests; every name may be typed."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""Beyond them, days cannot be counted in every time zone."""


FIRST = ("q", "section", "since", "until")
"""The filters that stand in the first row, in this order."""


@dataclass(frozen=True)
class Chip:
    """One filter in use, and the query string without it."""

    label: str
    value: str
    without: str


class _NameField(forms.CharField, Generic[M]):
    """A name typed by a reader; its value is the rows of that name that something public carries.

    What only hidden stories carry is answered as what does not exist.
    """

    nothing: Any = ""
    all_of_them: str = ""
    """The key that rises when any of them comes, goes or changes its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_NAME, **kwargs)

    def called(self, name: str) -> list[M]:
        """The public rows with this name."""
        raise NotImplementedError  # pragma: no cover

    def clean(self, value: Any) -> Any:
        """The rows, ``None`` for nothing typed."""
        name = super().clean(value)
        if not name:
            return None
        depends_on(self.all_of_them)
        rows = self.called(name)
        if not rows:
            raise ValidationError(self.nothing, params={"name": name})
        depends_on(*(key for row in rows for key in row.page_keys()))
        return rows


class _TagField(_NameField[Tag]):
    nothing = _("No story carries the tag “%(name)s”.")
    all_of_them = "tags"

    def called(self, name: str) -> list[Tag]:
        """By any of its names or by its address; each is unique, so three tags at most."""
        key = tag_key(name)
        other_name = TagSynonym.objects.filter(key=key).values("tag")
        return list(shown_tags().filter(Q(key=key) | Q(slug=name) | Q(pk__in=other_name)))


class _AuthorField(_NameField[Author]):
    nothing = _("No story is by an author called “%(name)s”.")
    all_of_them = "authors"

    def called(self, name: str) -> list[Author]:
        """By address or a part of the name."""
        return list(shown_authors().filter(Q(slug=name) | Q(name__icontains=name))[:MAX_SAME_NAME])


class _SourceField(_NameField[Source]):
    nothing = _("No story comes from a source called “%(name)s”.")
    all_of_them = "sources"

    def called(self, name: str) -> list[Source]:
        """By address or a part of the name."""
        return list(shown_sources().filter(Q(slug=name) | Q(name__icontains=name))[:MAX_SAME_NAME])


class _TagFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = _TagField


class _AuthorFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = _AuthorField


class _SourceFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = _SourceField


class _ArchiveForm(forms.Form):
    """What one field cannot judge alone."""

    def clean_q(self) -> str:
        """Words, a blank for none."""
        words: str = self.cleaned_data["q"]
        if len(words) > MAX_LENGTH:
            raise ValidationError(str(QueryTooLongError()))
        return words

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first one."))
        return values


def _day_filter(label: Any, method: str) -> Any:
    limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return django_filters.DateFilter(
        label=label, method=method, validators=limits, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ArchiveFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Section, tag, author, source, kind, days and words; every value lives in the address."""

    q = django_filters.CharFilter(label=_("Words"), method="with_words")
    section = django_filters.ChoiceFilter(label=_("Section"), field_name="section__slug", empty_label=_("All sections"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices, empty_label=_("All kinds"))
    tag = _TagFilter(label=_("Tag"), method="together")
    author = _AuthorFilter(label=_("Author"), method="together")
    source = _SourceFilter(label=_("Source"), method="together")
    since = _day_filter(_("From"), "published_since")
    until = _day_filter(_("To"), "published_until")

    class Meta:
        model = Article
        fields: list[str] = []
        form = _ArchiveForm

    def __init__(self, data: QueryDict) -> None:
        self.worded: Listed | None = None
        self.sections = dict(Section.objects.values_list("slug", "name"))
        depends_on("sections")
        super().__init__(data, Article.objects.all())
        self.filters["section"].extra["choices"] = list(self.sections.items())

    def filter_queryset(self, queryset: ArticleQuerySet) -> ArticleQuerySet:
        """What every filter leaves of what readers may see.

        Days come first: SQLite begins to read at the first limit it is told.
        """
        return belonging(super().filter_queryset(queryset).public(), self._asked_for())

    def asks_for_several(self) -> bool:
        """Whether stories have to meet more than one of tag, author and source: few may, far apart."""
        return self.is_valid() and len(self._asked_for()) > 1

    def together(self, found: ArticleQuerySet, _name: str, _rows: Any) -> ArticleQuerySet:
        """Nothing yet: how tag, author and source are best read depends on which of them are asked for."""
        return found

    def with_words(self, found: ArticleQuerySet, _name: str, words: str) -> ArticleQuerySet:
        """The newest between the days, as search understands the words."""
        since, until = self.form.cleaned_data.get("since"), self.form.cleaned_data.get("until")
        first = _midnight(since) if since else None
        self.worded = newest(words, first, _midnight(until + timedelta(days=1)) if until else None)
        return found if self.worded is None else found.filter(pk__in=self.worded.ids)

    def published_since(self, found: ArticleQuerySet, _name: str, day: date) -> ArticleQuerySet:
        """From the first minute of the day, in the site's time zone."""
        return found.filter(publish_at__gte=_midnight(day))

    def published_until(self, found: ArticleQuerySet, _name: str, day: date) -> ArticleQuerySet:
        """To the last minute of the day."""
        return found.filter(publish_at__lt=_midnight(day + timedelta(days=1)))

    def first_fields(self) -> list[forms.BoundField]:
        """The filters most readers use."""
        return [self.form[name] for name in FIRST]

    def more_fields(self) -> list[forms.BoundField]:
        """The others."""
        return [self.form[name] for name in self.filters if name not in FIRST]

    def uses_more(self) -> bool:
        """Whether one of the others is in use, so that they should stand open."""
        return any(self.data.get(field.name) for field in self.more_fields())

    def author_names(self) -> list[str]:
        """Some to choose from, among those who have signed something public."""
        depends_on("authors")
        named = shown_authors().filter(active=True)
        return list(named.order_by("name").values_list("name", flat=True)[:MAX_OFFERED])

    def source_names(self) -> list[str]:
        """Some to choose from, among those that something public comes from."""
        depends_on("sources")
        return list(shown_sources().order_by("name").values_list("name", flat=True)[:MAX_OFFERED])

    def looked_back_to(self) -> date | None:
        """The first day on which words were looked for, where that is not all there are."""
        oldest = self.worded.oldest if self.worded else None
        return timezone.localdate(oldest) if oldest else None

    def further_back(self) -> str:
        """The query string that looks for the words further back: the rest of the day, or the days before one too full.

        Empty where all were looked at, and where the days asked for end.
        """
        day = self.looked_back_to()
        if day is None:
            return ""
        if day == self.form.cleaned_data.get("until"):
            day -= timedelta(days=1)
        first = self.form.cleaned_data.get("since") or FIRST_DAY
        return urlencode({**self._used(), "until": day.isoformat()}) if day >= first else ""

    def chips(self) -> list[Chip]:
        """The filters in use, in the form's order."""
        used = self._used()
        return [
            Chip(
                str(self.filters[name].label),
                self._worded(name, value),
                urlencode({other: kept for other, kept in used.items() if other != name}),
            )
            for name, value in used.items()
        ]

    def _asked_for(self) -> dict[Owner, list[int]]:
        values = {kind: self.form.cleaned_data[kind] for kind in (Owner.TAG, Owner.AUTHOR, Owner.SOURCE)}
        return {kind: [row.pk for row in rows] for kind, rows in values.items() if rows}

    def _used(self) -> dict[str, str]:
        used = {name: self.data.get(name, "").strip() for name in self.filters}
        return {name: value for name, value in used.items() if value}

    def _worded(self, name: str, value: str) -> str:
        """The value as a reader would say it."""
        if name == "section":
            return self.sections.get(value, value)
        if name == "kind":
            return str(dict(Kind.choices).get(value, value))
        day = self.form.cleaned_data.get(name)
        return date_format(day, "DATE_FORMAT") if isinstance(day, date) else value


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
