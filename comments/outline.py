"""Where each approved comment of an article stands: worked out for all at once, without their words.

A comment's *place* is its number among all, oldest first; the empty places of comments that were answered and are not
shown follow after them. Some hundred bytes a comment.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from comments.threads import Node

Numbers: TypeAlias = NDArray[np.int64]

NOWHERE = -1
"""In the place of what a root hangs on."""


class Order(TextChoices):
    """In which order threads stand; the answers in a thread are always in the order they were written."""

    OLDEST = "oldest", _("Oldest first")
    NEWEST = "newest", _("Newest first")
    PICKS = "picks", _("Staff picks first")


class Stub(NamedTuple):
    """What the outline needs to know of a comment; 0 where it answers none."""

    id: int
    parent_id: int
    answers_id: int
    featured: bool


class Cuts(NamedTuple):
    """The pages of one order: comments are counted in it from 0."""

    threads: Numbers
    """The threads, numbered oldest first, in this order."""

    begins: list[int]
    """Where each thread begins, and where the last one ends."""

    pages: list[int]
    """Where each page begins, and where the last one ends."""


class Outline:
    """The threads of ``stubs``, which come oldest first; nothing is deeper than ``max_depth`` (0 is a root).

    Whatever lies deeper hangs on the deepest level with a note of what it
    answers. Answers to a comment that is not among ``stubs`` stay together,
    under an empty place, where the first of them would stand.
    """

    def __init__(self, stubs: Iterable[Sequence[int]], max_depth: int) -> None:
        table = np.fromiter(chain.from_iterable(stubs), np.int64).reshape(-1, len(Stub._fields))
        shown, parents, answers, featured = table.T
        self.count = len(shown)
        self._by_id = np.argsort(shown)
        self._sorted = shown[self._by_id]
        self.ids, above, ranks = self._hung(shown, parents)
        self.above, self.depths = _levels(above, chain(range(self.count, len(above)), self._by_id.tolist()), max_depth)
        self.answers = self._answered(np.where(answers, answers, parents))
        order, roots = _reading_order(self.above, self.depths, ranks, max_depth)
        is_shown = order < self.count
        self._read = order[is_shown]
        self._begins = np.append(np.cumsum(is_shown)[roots] - is_shown[roots], self.count)
        self._featured = featured[self._read].astype(bool)
        self._cuts: dict[tuple[Order, int], Cuts] = {}

    @property
    def has_picks(self) -> bool:
        """Whether any comment is a staff pick."""
        return bool(self._featured.any())

    def cuts(self, order: Order, size: int) -> Cuts:
        """Pages of at most ``size`` comments; a thread is cut only where it alone is longer than a page."""
        if (order, size) not in self._cuts:
            self._cuts[order, size] = self._cut(order, size)
        return self._cuts[order, size]

    def page_of(self, comment_id: int, cuts: Cuts) -> int | None:
        """The page a comment stands on, counted from 1; ``None`` where it is not shown."""
        place = self._place_of(comment_id)
        if place is None:
            return None
        read = int(self._places_read[place])
        thread = int(np.searchsorted(self._begins, read, "right")) - 1
        begins = cuts.begins[int(np.flatnonzero(cuts.threads == thread)[0])]
        return bisect_right(cuts.pages, begins + read - int(self._begins[thread]))

    def page(self, cuts: Cuts, number: int) -> list[int]:
        """The places of one page's comments, in reading order."""
        if not 1 <= number < len(cuts.pages):
            return []
        first, end = cuts.pages[number - 1 : number + 1]
        places: list[int] = []
        for at in range(bisect_right(cuts.begins, first) - 1, len(cuts.threads)):
            begins, thread = cuts.begins[at], cuts.threads[at]
            if begins >= end:
                break
            start = int(self._begins[thread]) - begins
            places += self._read[start + max(begins, first) : start + min(cuts.begins[at + 1], end)].tolist()
        return places

    def grown(self, places: Iterable[int]) -> list[Node]:
        """The roots of the tree of these places, which come in reading order, and of all they hang on."""
        roots: list[Node] = []
        made: dict[int, Node] = {}
        for place in places:
            self._grow(place, made, roots)
        return roots

    def _grow(self, place: int, made: dict[int, Node], roots: list[Node]) -> Node:
        if place not in made:
            above = int(self.above[place])
            beside = roots if above == NOWHERE else self._grow(above, made, roots).replies
            answers = int(self.answers[place]) if place < self.count else 0
            made[place] = Node(int(self.ids[place]), int(self.depths[place]), answers or None)
            beside.append(made[place])
        return made[place]

    @cached_property
    def _places_read(self) -> Numbers:
        """When each place is read."""
        found = np.empty(self.count, np.int64)
        found[self._read] = np.arange(self.count)
        return found

    def _place_of(self, comment_id: int) -> int | None:
        at = int(np.searchsorted(self._sorted, comment_id))
        return int(self._by_id[at]) if at < self.count and self._sorted[at] == comment_id else None

    def _found(self, ids: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        """The places of ``ids``, and which of them are shown at all."""
        if not self.count:
            return ids, ids.astype(bool)
        at = np.minimum(np.searchsorted(self._sorted, ids), self.count - 1)
        return self._by_id[at], self._sorted[at] == ids

    def _hung(self, shown: Numbers, parents: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The ids of all places, what each hangs on, and their ranks among their like.

        An import may bring an answer before what it answers: it hangs on nothing.
        """
        places, is_shown = self._found(parents)
        above = np.where(is_shown & (parents < shown), places, NOWHERE)
        lost = self._by_id[((parents != 0) & ~is_shown)[self._by_id]]
        if not len(lost):
            return shown.copy(), above, np.arange(self.count)
        gone, firsts, groups = np.unique(parents[lost], return_index=True, return_inverse=True)
        above[lost] = self.count + groups
        nowhere = np.full(len(gone), NOWHERE)
        ranks = np.concatenate([np.arange(self.count), lost[firsts]])
        return np.concatenate([shown, gone]), np.concatenate([above, nowhere]), ranks

    def _answered(self, answers: Numbers) -> Numbers:
        """The ids of the comments that are answered, 0 where that is simply the one above, or none that is shown."""
        _places, is_shown = self._found(answers)
        above = self.above[: self.count]
        is_above = (above != NOWHERE) & (self.ids[above] == answers)
        return np.where(is_shown & ~is_above, answers, 0)

    def _cut(self, order: Order, size: int) -> Cuts:
        threads = self._threads(order)
        begins = [0, *np.cumsum(np.diff(self._begins)[threads]).tolist()]
        pages = [0]
        while pages[-1] < self.count:
            end = pages[-1] + size
            last = begins[bisect_right(begins, end) - 1]
            pages.append(last if last > pages[-1] else end)
        return Cuts(threads, begins, pages)

    def _threads(self, order: Order) -> Numbers:
        oldest = np.arange(len(self._begins) - 1)
        if order is Order.NEWEST:
            return oldest[::-1]
        if order is Order.PICKS:
            picked = np.searchsorted(self._begins, np.flatnonzero(self._featured), "right") - 1
            is_picked = np.isin(oldest, picked)
            return np.concatenate([oldest[is_picked], oldest[~is_picked]])
        return oldest


def _levels(above: Numbers, by_id: Iterable[int], max_depth: int) -> tuple[Numbers, Numbers]:
    """What each place hangs on where nothing is deeper than ``max_depth``, and how deep it is."""
    hung = above.tolist()
    depths = [0] * len(hung)
    for place in by_id:
        higher = hung[place]
        if higher == NOWHERE:
            continue
        if depths[higher] >= max_depth:
            higher = hung[place] = hung[higher]
        depths[place] = depths[higher] + 1
    return np.array(hung, np.int64), np.array(depths, np.int64)


def _reading_order(above: Numbers, depths: Numbers, ranks: Numbers, max_depth: int) -> tuple[Numbers, Numbers]:
    """All places in reading order, oldest first everywhere, and at which of them the threads begin."""
    line, columns = np.arange(len(above)), []
    for level in range(max_depth, -1, -1):
        is_here = depths[line] == level
        columns.append(np.where(is_here, ranks[line], NOWHERE))
        line = np.where(is_here & (above[line] != NOWHERE), above[line], line)
    order = np.lexsort(columns)
    return order, np.flatnonzero(depths[order] == 0)
