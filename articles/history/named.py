"""The names behind the ids of working states, fetched at once: sections, sources, people, pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _

from articles.models import BylineRole, Section, Source
from articles.state import Credit, WorkingState
from images.models import Image
from people.models import Author


@dataclass(frozen=True)
class Named:
    """What ids stand for, in four queries however many there are; what was deleted since is said to be."""

    sections: dict[int, Section]
    sources: dict[int, Source]
    people: dict[int, Author]
    pictures: dict[int, Image]

    @classmethod
    def of(cls, states: Sequence[WorkingState], pictures: set[int]) -> "Named":
        """The names in these states, and of these further pictures."""
        shown = pictures | _ids(states, "lead_picture") | _ids(states, "social_picture")
        people = {credit.author for state in states for credit in state.bylines}
        return cls(
            Section.objects.in_bulk(_ids(states, "section")),
            Source.objects.in_bulk(_ids(states, "source")),
            Author.objects.in_bulk(people),
            Image.objects.in_bulk(shown),
        )

    def relation(self, field: str, pk: int | None) -> str:
        """The name of the section or source with this id; empty for none."""
        found = self.sections if field == "section" else self.sources
        return name_of(found, pk) if pk is not None else ""

    def credits(self, bylines: Iterable[Credit]) -> list[str]:
        """Who did what, in this order."""
        roles = dict(BylineRole.choices)
        return [f"{name_of(self.people, one.author)} ({roles.get(one.role, one.role)})" for one in bylines]

    def picture(self, pk: int | None) -> str:
        """The title of the picture with this id, or that there is none."""
        if pk is None:
            return _("none")
        return self.pictures[pk].title if pk in self.pictures else _("no longer in the library")


def name_of(found: Mapping[int, Model], pk: int) -> str:
    """The name of a row that may be gone."""
    return str(found[pk]) if pk in found else _("(deleted since)")


def _ids(states: Sequence[WorkingState], field: str) -> set[int]:
    return {pk for state in states if (pk := getattr(state, field)) is not None}
