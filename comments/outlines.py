"""The outlines of threads that this process keeps, each for the version of its article's comments.

Whatever changes an approved comment gives ``comments:42`` a new version in the same transaction. The version is read
before what the outline is made of, so what is kept for a version is never older than it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from django.conf import settings

from comments.outline import Outline
from pagecache.writing import is_writing

MadeFor: TypeAlias = tuple[int | None, int]
"""The version of an article's comments and how deep its threads may be."""

MOST = 200_000
"""Comments in all outlines that are kept, ``FRAME`` more for each: some twenty megabytes."""

FRAME = 40
"""What an outline of nothing weighs, in comments."""


class Shelf:
    """The outlines used last, one for each article, with what they were made for."""

    def __init__(self, most: int) -> None:
        self._most, self._total = most, 0
        self._kept: OrderedDict[int, tuple[MadeFor, Outline]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, article_id: int, made_for: MadeFor) -> Outline | None:
        """The outline that was made for just this."""
        with self._lock:
            found = self._kept.get(article_id)
            if found is None or found[0] != made_for:
                return None
            self._kept.move_to_end(article_id)
            return found[1]

    def put(self, article_id: int, made_for: MadeFor, outline: Outline) -> None:
        """Keep it, in the place of those that were not used for longest."""
        with self._lock:
            self._drop(self._kept.pop(article_id, None))
            self._kept[article_id] = made_for, outline
            self._total += outline.count + FRAME
            while self._total > self._most and len(self._kept) > 1:
                self._drop(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        """Keep none."""
        with self._lock:
            self._kept.clear()
            self._total = 0

    def _drop(self, kept: tuple[MadeFor, Outline] | None) -> None:
        self._total -= kept[1].count + FRAME if kept else 0


shelf = Shelf(MOST)


def kept(article_id: int, version: int | None, read: Callable[[], Iterable[Sequence[int]]]) -> Outline:
    """The outline of an article's comments in this ``version``, made of what ``read`` gives where it is not kept.

    Comments that never changed have none. Nothing is kept inside a
    ``writing()`` block, whose changes have no version yet.
    """
    depth = settings.COMMENT_MAX_DEPTH
    if is_writing():
        return Outline(read(), depth)
    outline = shelf.get(article_id, (version, depth))
    if outline is None:
        outline = Outline(read(), depth)
        shelf.put(article_id, (version, depth), outline)
    return outline
