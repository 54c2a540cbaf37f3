"""Two stories side by side, block by block: what stayed, changed, moved, went and came."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from django.utils.translation import gettext as _

from articles.history.blocks import WRITTEN, Block, Shape
from articles.history.words import Change, Run, Work, difference, opcodes

LEAST_LIKE = 0.4
"""Share of words in common from which a block counts as the other one, changed."""

AROUND = 1
"""Unchanged blocks shown before and after a change; the rest is folded."""


class Fate(StrEnum):
    """What became of a block."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    MOVED_AWAY = "away"
    MOVED_HERE = "here"


@dataclass(frozen=True)
class Row:
    """One line of the comparison: the block as it is, or was where it is gone, its words, and what else changed."""

    fate: Fate
    block: Block
    was: Block | None = None
    runs: Sequence[Run] = ()
    notes: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Stretch:
    """Rows in a row; ``folded`` are unchanged ones that nobody needs to read."""

    rows: Sequence[Row]
    folded: bool = False


def aligned(old: Sequence[Block], new: Sequence[Block], work: Work) -> list[Row]:
    """Both stories as one list of rows, in the order of the new one."""
    rows: list[Row] = []
    for tag, i1, i2, j1, j2 in opcodes(old, new, work):
        if tag == "equal":
            rows += [Row(Fate.SAME, block) for block in new[j1:j2]]
        else:
            rows += _changed(old[i1:i2], new[j1:j2], work)
    return _with_moves(rows)


def folded(rows: Sequence[Row]) -> list[Stretch]:
    """The rows in stretches, long unchanged ones folded but for what stands next to a change."""
    near: set[int] = set()
    for place, row in enumerate(rows):
        if row.fate is not Fate.SAME:
            near.update(range(place - AROUND, place + AROUND + 1))
    parts = groupby(enumerate(rows), key=lambda pair: pair[0] not in near)
    return [Stretch([row for _place, row in group], hidden) for hidden, group in parts]


def _changed(old: Sequence[Block], new: Sequence[Block], work: Work) -> list[Row]:
    rows = []
    for was, now in _pairs(old, new, work):
        if was is None and now is not None:
            rows.append(Row(Fate.NEW, now, runs=_whole(Change.NEW, now)))
        elif was is not None and now is None:
            rows.append(Row(Fate.GONE, was, runs=_whole(Change.GONE, was)))
        elif was is not None and now is not None:
            rows.append(Row(Fate.CHANGED, now, was, difference(was.text, now.text, work), _notes(was, now)))
    return rows


def _whole(change: Change, block: Block) -> list[Run]:
    return [Run(change, block.text)] if block.text else []


def _pairs(old: Sequence[Block], new: Sequence[Block], work: Work) -> list[tuple[Block | None, Block | None]]:
    """Which block became which, in order; most words in common over all."""
    steps = sum(len(block.words) + 1 for block in old) * len(new) + len(old) * sum(len(b.words) + 1 for b in new)
    if not old or not new or not work.take(steps):
        return [*((block, None) for block in old), *((None, block) for block in new)]
    likeness = _likeness(old, new)
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i][j] + best[i + 1][j + 1])
    return _walk_back(old, new, likeness, best)


def _walk_back(
    old: Sequence[Block], new: Sequence[Block], likeness: list[list[float]], best: list[list[float]]
) -> list[tuple[Block | None, Block | None]]:
    pairs: list[tuple[Block | None, Block | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and best[i][j] == best[i + 1][j]):
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return pairs


def _likeness(old: Sequence[Block], new: Sequence[Block]) -> list[list[float]]:
    """For each pair how alike they are, or 0 where one cannot be the other."""
    counted = [Counter(block.words) for block in new]
    return [
        [_alike(was, Counter(was.words), now, counts) for now, counts in zip(new, counted, strict=True)] for was in old
    ]


def _alike(was: Block, before: Counter[str], now: Block, after: Counter[str]) -> float:
    if was.shape is not now.shape and not {was.shape, now.shape} <= WRITTEN:
        return 0.0
    if was.images or now.images or was.url or now.url:
        return 1.0 if set(was.images) & set(now.images) or (was.url and was.url == now.url) else 0.0
    total = before.total() + after.total()
    share = 2 * (before & after).total() / total if total else 0.0
    return share if share >= LEAST_LIKE else 0.0


def _notes(was: Block, now: Block) -> list[str]:
    """What changed besides the words."""
    notes = []
    if was.shape is not now.shape:
        words = _("was %(before)s, is %(after)s")
        notes.append(words % {"before": shape_name(was.shape), "after": shape_name(now.shape)})
    elif was.level != now.level:
        notes.append(_("stands on another level"))
    notes += _link_notes(was, now)
    if was.images != now.images:
        notes.append(_("other pictures, or another order"))
    if was.detail != now.detail:
        notes.append(_("credit or width changed"))
    return notes


def _link_notes(was: Block, now: Block) -> list[str]:
    before, after = Counter(was.marked), Counter(now.marked)
    notes = [_link_note(_("link: “%(words)s” → %(url)s"), one) for one in after - before if one[1]]
    notes += [_link_note(_("link removed: “%(words)s” → %(url)s"), one) for one in before - after if one[1]]
    if {one for one in (after - before) + (before - after) if not one[1]}:
        notes.append(_("bold, italics or the like changed"))
    return notes


def _link_note(words: str, link: tuple[str, str]) -> str:
    return words % {"words": link[0], "url": link[1]}


def _with_moves(rows: Sequence[Row]) -> list[Row]:
    """What went here and came there word for word has moved."""
    gone = Counter(row.block for row in rows if row.fate is Fate.GONE and row.block.shape is not Shape.RULE)
    moved = gone & Counter(row.block for row in rows if row.fate is Fate.NEW)
    left = {Fate.GONE: moved.copy(), Fate.NEW: moved.copy()}
    return [_moved(row, left) for row in rows]


def _moved(row: Row, left: dict[Fate, Counter[Block]]) -> Row:
    if row.fate not in left or not left[row.fate][row.block]:
        return row
    left[row.fate][row.block] -= 1
    if row.fate is Fate.GONE:
        return replace(row, fate=Fate.MOVED_AWAY, runs=())
    return replace(row, fate=Fate.MOVED_HERE, runs=())


def shape_name(shape: Shape) -> str:
    """The word for a kind of block."""
    return {
        Shape.PARAGRAPH: _("paragraph"),
        Shape.HEADING: _("heading"),
        Shape.ITEM: _("item of a list"),
        Shape.QUOTE: _("quote"),
        Shape.ROW: _("row of a table"),
        Shape.PICTURE: _("picture"),
        Shape.GALLERY: _("gallery"),
        Shape.EMBED: _("embed"),
        Shape.RULE: _("line"),
    }[shape]


def images_in(blocks: Iterable[Block]) -> set[int]:
    """The library pictures in these blocks."""
    return {image for block in blocks for image in block.images}
