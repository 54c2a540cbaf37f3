"""Two versions of an article made from one: what each changed, and the whole that keeps both."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Self

from articles.models.tag import tag_key
from articles.state import TIME_FIELDS, WorkingState
from articles.together.regions import Region, Side, common, three_way

FIELDS = tuple(item.name for item in fields(WorkingState) if item.name not in {"body", "tags"})
"""What is taken from one side or the other; the story is joined block by block, tags one by one."""

Choices = Mapping[str, str]
"""By the name of a place where both changed something: ``mine``, ``theirs`` or ``both``."""


@dataclass(frozen=True)
class FieldMerge:
    """One field in its three versions."""

    name: str
    base: Any
    mine: Any
    theirs: Any
    known_base: bool = True

    @property
    def changed_by(self) -> Side:
        """Who changed it; ``BOTH`` only where they differ."""
        if self.mine == self.theirs:
            return Side.SAME
        if self.known_base and self.mine == self.base:
            return Side.THEIRS
        return Side.MINE if self.known_base and self.theirs == self.base else Side.BOTH

    @property
    def options(self) -> tuple[Side, ...]:
        """What may be chosen where both changed it."""
        both = (Side.BOTH,) if self.name == "bylines" and self.mine and self.theirs else ()
        return (Side.MINE, Side.THEIRS, *both)

    def value(self, choice: str = "") -> Any:
        """The field of the joined version."""
        if self.changed_by is Side.BOTH and choice == Side.BOTH:
            return tuple(dict.fromkeys((*self.theirs, *self.mine)))
        theirs = choice == Side.THEIRS if self.changed_by is Side.BOTH else self.changed_by is Side.THEIRS
        return self.theirs if theirs else self.mine


@dataclass(frozen=True)
class Merge:
    """Every place of two versions. ``places`` names those where somebody has to choose."""

    fields: tuple[FieldMerge, ...]
    regions: tuple[Region, ...]
    tags: FieldMerge
    states: tuple[WorkingState, ...]
    """The versions themselves."""

    @classmethod
    def of(cls, base: WorkingState | None, mine: WorkingState, theirs: WorkingState) -> Self:
        """``base`` is the version ``mine`` began from; without it, whatever differs has to be chosen."""
        if base is not None:
            mine, theirs = with_whole_seconds(mine, base), with_whole_seconds(theirs, base)
        start = base or WorkingState()
        known = base is not None
        each = [FieldMerge(n, getattr(start, n), getattr(mine, n), getattr(theirs, n), known) for n in FIELDS]
        mine_blocks, their_blocks = blocks(mine.body), blocks(theirs.body)
        base_blocks = blocks(base.body) if base else common(mine_blocks, their_blocks)
        regions = three_way(base_blocks, mine_blocks, their_blocks)
        tags = FieldMerge("tags", tuple(start.tags), tuple(mine.tags), tuple(theirs.tags))
        return cls(tuple(each), tuple(regions), tags, (start, mine, theirs))

    @property
    def places(self) -> dict[str, tuple[Side, ...]]:
        """What has to be chosen, from top to bottom, each with what may be."""
        asked = {field.name: field.options for field in self.fields if field.changed_by is Side.BOTH}
        for number, region in enumerate(self.regions):
            if region.changed_by is Side.BOTH:
                asked[f"body-{number}"] = region_options(region)
        return asked

    def undecided(self, choices: Choices) -> list[str]:
        """The places without a choice that stands there."""
        return [place for place, options in self.places.items() if choices.get(place) not in options]

    def result(self, choices: Choices) -> WorkingState:
        """The joined version. Raises ``ValueError`` while something is undecided."""
        if left := self.undecided(choices):
            raise ValueError(f"undecided: {', '.join(left)}")
        values = {field.name: field.value(choices.get(field.name, "")) for field in self.fields}
        story = [
            block
            for number, region in enumerate(self.regions)
            for block in region_blocks(region, choices.get(f"body-{number}", ""))
        ]
        return WorkingState(**values, body="\n".join(story), tags=joined_tags(self.tags))


def with_whole_seconds(state: WorkingState, known: WorkingState) -> WorkingState:
    """``state`` with the moments of ``known`` where they differ by less than a second, which no form can type."""
    moments = {name: (getattr(state, name), getattr(known, name)) for name in TIME_FIELDS}
    alike = {name: old for name, (new, old) in moments.items() if new and old and abs(new - old) < timedelta(seconds=1)}
    return state.with_(**alike)


def blocks(body: str) -> list[str]:
    """The blocks of a stored story, which has one a line."""
    return body.split("\n") if body else []


def region_options(region: Region) -> tuple[Side, ...]:
    """What may be chosen where both changed a part of the story."""
    return (Side.MINE, Side.THEIRS, Side.BOTH) if region.mine and region.theirs else (Side.MINE, Side.THEIRS)


def region_blocks(region: Region, choice: str) -> tuple[str, ...]:
    """The region's blocks in the joined version; both means mine below theirs."""
    changed = region.changed_by
    if changed is Side.BOTH and choice == Side.BOTH:
        return region.theirs + region.mine
    theirs = choice == Side.THEIRS if changed is Side.BOTH else changed is Side.THEIRS
    return region.theirs if theirs else region.mine


def joined_tags(tags: FieldMerge) -> tuple[str, ...]:
    """Theirs, without those I took away, and with those I added."""
    before, mine = ({tag_key(name): name for name in names} for names in (tags.base, tags.mine))
    kept = {tag_key(name): name for name in tags.theirs if tag_key(name) in mine or tag_key(name) not in before}
    added = {key: name for key, name in mine.items() if key not in before and key not in kept}
    return tuple((kept | added).values())
