"""Three versions of a list of blocks, laid side by side: what one side changed, and where both did."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from articles.history.words import Work, opcodes

Blocks = tuple[str, ...]


class Side(StrEnum):
    """Whose words stand in a region."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True)
class Region:
    """Blocks that belong together in the three versions; ``base`` is what both began from."""

    base: Blocks
    mine: Blocks
    theirs: Blocks

    @property
    def changed_by(self) -> Side:
        """Who changed it; ``BOTH`` only where they differ."""
        if self.mine == self.theirs:
            return Side.SAME
        if self.mine == self.base:
            return Side.THEIRS
        return Side.MINE if self.theirs == self.base else Side.BOTH


def three_way(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Region]:
    """The regions from top to bottom; read one version of each, and it is that version of the whole."""
    cut = _Cut(tuple(base), tuple(mine), tuple(theirs))
    anchors = _anchors(cut)
    found: list[Region] = []
    for before, after in pairwise(anchors):
        found += _split(cut.between(before, after))
        if after[0] < len(base):
            found.append(cut.at(after))
    return _joined(found)


def common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Blocks that stand in both, in their order: the base of two versions when the real one is unknown."""
    return [one[place] for place, _other in _matches(one, other, Work())]


@dataclass(frozen=True)
class _Cut:
    base: Blocks
    mine: Blocks
    theirs: Blocks

    def between(self, before: tuple[int, int, int], after: tuple[int, int, int]) -> Region:
        spans = [slice(start + 1, end) for start, end in zip(before, after, strict=True)]
        return Region(self.base[spans[0]], self.mine[spans[1]], self.theirs[spans[2]])

    def at(self, anchor: tuple[int, int, int]) -> Region:
        block = (self.base[anchor[0]],)
        return Region(block, block, block)


def _anchors(cut: _Cut) -> list[tuple[int, int, int]]:
    """Places of the blocks that all three share, from before the first to behind the last."""
    work = Work()
    mine = dict(_matches(cut.base, cut.mine, work))
    theirs = dict(_matches(cut.base, cut.theirs, work))
    shared = [(place, mine[place], theirs[place]) for place in sorted(mine.keys() & theirs.keys())]
    return [(-1, -1, -1), *shared, (len(cut.base), len(cut.mine), len(cut.theirs))]


def _split(region: Region) -> list[Region]:
    """Neighbours that were only rewritten, none added or taken away, are judged one by one."""
    if not (region.base or region.mine or region.theirs):
        return []
    if len(region.base) == len(region.mine) == len(region.theirs):
        return [Region((b,), (m,), (t,)) for b, m, t in zip(region.base, region.mine, region.theirs, strict=True)]
    return [region]


def _joined(regions: list[Region]) -> list[Region]:
    """Neighbours that nobody changed are one region."""
    joined: list[Region] = []
    for region in regions:
        if joined and _untouched(joined[-1]) and _untouched(region):
            blocks = joined.pop().base + region.base
            joined.append(Region(blocks, blocks, blocks))
        else:
            joined.append(region)
    return joined


def _untouched(region: Region) -> bool:
    return region.base == region.mine == region.theirs


def _matches(one: Sequence[str], other: Sequence[str], work: Work) -> list[tuple[int, int]]:
    """Pairs of places with the same block, both rising; where ``work`` ends, only from both ends inwards."""
    alike = [code for code in opcodes(one, other, work) if code[0] == "equal"]
    return [pair for _tag, i1, i2, j1, j2 in alike for pair in zip(range(i1, i2), range(j1, j2), strict=True)]
