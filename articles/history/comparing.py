"""Two revisions of one article, compared whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from articles.history.aligning import Fate, Stretch, aligned, folded, images_in
from articles.history.blocks import blocks_of
from articles.history.fields import (
    FieldChange,
    ListChange,
    PictureChange,
    changed_fields,
    changed_list,
    changed_pictures,
)
from articles.history.named import Named
from articles.history.words import Work
from articles.models import Revision
from articles.permissions import Actor
from articles.registries import PartChange, revision_parts
from articles.state import WorkingState
from images.models import Image


@dataclass(frozen=True)
class PartDifference:
    """What changed in rows that another room keeps a copy of."""

    title: str
    changes: Sequence[PartChange]


@dataclass(frozen=True)
class Comparison:
    """All that differs; each part is empty where nothing does. ``was_cut``: parts were told whole, not word by word."""

    fields: Sequence[FieldChange]
    pictures: Sequence[PictureChange]
    tags: ListChange
    bylines: ListChange
    body: Sequence[Stretch]
    parts: Sequence[PartDifference]
    library: dict[int, Image]
    was_cut: bool

    @property
    def is_same(self) -> bool:
        """Whether nothing differs at all."""
        return not (self.fields or self.pictures or self.tags or self.bylines or self.body or self.parts)


def compare(old: Revision, new: Revision, *, actor: Actor, work: Work | None = None) -> Comparison:
    """What differs between two revisions, for ``actor``, who may know both.

    A bounded number of queries whatever their size: the names behind the ids,
    and what each room asks for its own part.
    """
    before, after = WorkingState.from_json(old.state), WorkingState.from_json(new.state)
    work = work or Work()
    blocks = ([], []) if before.body == after.body else (blocks_of(before.body), blocks_of(after.body))
    named = Named.of([before, after], images_in([*blocks[0], *blocks[1]]))
    fields = changed_fields(before, after, named, work)
    rows = aligned(*blocks, work)
    return Comparison(
        fields=fields,
        pictures=changed_pictures(before, after, named),
        tags=changed_list(before.tags, after.tags),
        bylines=changed_list(named.credits(before.bylines), named.credits(after.bylines)),
        body=folded(rows) if any(row.fate is not Fate.SAME for row in rows) else [],
        parts=part_differences(old.parts, new.parts, actor),
        library=named.pictures,
        was_cut=work.was_cut,
    )


def part_differences(old: dict[str, Any], new: dict[str, Any], actor: Actor) -> list[PartDifference]:
    """What differs between two copies of the rows of other rooms; rooms that are gone say nothing."""
    found = []
    for name, part in revision_parts.items():
        if old.get(name) != new.get(name):
            changes = part.diff(old.get(name), new.get(name), actor)
            found += [PartDifference(str(part.title), changes)] if changes else []
    return found
