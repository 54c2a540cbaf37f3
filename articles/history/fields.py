"""What changed between two working states, field by field, as people read it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.history.named import Named
from articles.history.words import Change, Run, Work, difference
from articles.models import Article, Kind
from articles.state import TIME_FIELDS, WorkingState
from images.models import Image

WORD_FIELDS = ("headline", "standfirst", "lead_caption", "search_title", "search_description")
PLAIN = ("section", "kind", "sensitive", "slug", "source", "source_url", "noindex", *TIME_FIELDS)
PICTURES = ("lead_picture", "social_picture")
ORDER = ("headline", "standfirst", "lead_caption", *PLAIN, "search_title", "search_description")


@dataclass(frozen=True)
class FieldChange:
    """One field: its name, and its words with their fate."""

    label: str
    runs: Sequence[Run]


@dataclass(frozen=True)
class PictureChange:
    """A picture before and after; ``None`` for none, and a name even where the library no longer has it."""

    label: str
    before: Image | None
    after: Image | None
    was: str
    now: str


@dataclass(frozen=True)
class ListChange:
    """Names in an order: what came, what went, and whether those that stayed stand in another order."""

    gone: Sequence[str]
    new: Sequence[str]
    same: Sequence[str]
    reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.gone or self.new or self.reordered)


def label_of(field: str) -> str:
    """The field's name on the form, as a label."""
    name = str(getattr(Article._meta.get_field(field), "verbose_name", field))
    return name[:1].upper() + name[1:]


def changed_fields(old: WorkingState, new: WorkingState, named: Named, work: Work) -> list[FieldChange]:
    """The fields that differ, in the form's order, pictures, tags, bylines and the body aside."""
    changed = [field for field in ORDER if getattr(old, field) != getattr(new, field)]
    return [FieldChange(label_of(field), _runs(field, old, new, named, work)) for field in changed]


def changed_pictures(old: WorkingState, new: WorkingState, named: Named) -> list[PictureChange]:
    """The lead picture and the one for sharing, where they differ."""
    pairs = [(field, getattr(old, field), getattr(new, field)) for field in PICTURES]
    return [
        PictureChange(
            label_of(field),
            named.pictures.get(was),
            named.pictures.get(now),
            named.picture(was),
            named.picture(now),
        )
        for field, was, now in pairs
        if was != now
    ]


def changed_list(old: Sequence[str], new: Sequence[str]) -> ListChange:
    """Two lists of names; the same name twice counts twice."""
    gone, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
    stayed = [name for name in new if name not in came]
    reordered = [name for name in old if name not in gone] != stayed
    return ListChange(list(gone.elements()), list(came.elements()), stayed, reordered)


def _runs(field: str, old: WorkingState, new: WorkingState, named: Named, work: Work) -> list[Run]:
    was, now = (shown(field, getattr(state, field), named) for state in (old, new))
    if field in WORD_FIELDS:
        return difference(was, now, work)
    nothing = _("none")
    return [Run(Change.GONE, was or nothing), Run(Change.NEW, now or nothing)]


def shown(field: str, value: Any, named: Named) -> str:
    """What the field holds, as people read it; pictures, tags, bylines and the body aside."""
    if field in {"section", "source"}:
        return named.relation(field, value)
    if field in TIME_FIELDS:
        return _moment(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(Kind.choices).get(value, value)) if field == "kind" else str(value)


def _moment(value: datetime | None) -> str:
    return format_date(timezone.localtime(value), "l j F Y, H:i") if value else ""
