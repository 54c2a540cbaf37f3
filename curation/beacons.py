"""What a reader's page tells us: that it was read, that its list was seen, that an article in it was chosen.

A beacon is a form of at most ``MAX_BODY`` bytes: ``page``, the article whose
page it is, and one of ``read=1``, ``shown=<article>.<place>`` (once for each in
the list) and ``clicked=<article>.<place>``. It names nobody.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs

from curation.models.campaign import MAX_SLOT

MAX_BODY = 2048
"""Bytes; twelve of the longest pairs take a quarter of it."""

Pair: TypeAlias = tuple[int, int]
"""An article and its place in a list, from 1."""

_ID = "[1-9][0-9]{0,17}"
_PAGE, _PAIR = re.compile(_ID), re.compile(rf"({_ID})\.([1-9][0-9]?)")


class RefusedError(Exception):
    """A beacon that is counted nowhere; ``status`` is the answer it gets."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Beacon:
    """One message: the page, and what happened there."""

    page: int
    read: bool = False
    shown: tuple[Pair, ...] = ()
    clicked: tuple[Pair, ...] = ()


def parse(body: bytes) -> Beacon:
    """The beacon in ``body``; raises ``RefusedError`` for anything that our own script would not send."""
    if len(body) > MAX_BODY:
        raise RefusedError(413)
    fields = _fields(body)
    page = fields.pop("page", [])
    if len(page) != 1 or not _PAGE.fullmatch(page[0]) or len(fields) != 1:
        raise RefusedError(400)
    if fields.get("read") == ["1"]:
        return Beacon(int(page[0]), read=True)
    shown, clicked = (_pairs(fields.get(name, [])) for name in ("shown", "clicked"))
    if not shown and len(clicked) != 1:
        raise RefusedError(400)
    return Beacon(int(page[0]), shown=shown, clicked=clicked)


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=MAX_SLOT + 1)
    except ValueError as error:
        raise RefusedError(400) from error


def _pairs(texts: list[str]) -> tuple[Pair, ...]:
    found = [_PAIR.fullmatch(text) for text in texts]
    pairs = {(int(match[1]), int(match[2])) for match in found if match}
    if len(pairs) != len(texts):
        raise RefusedError(400)
    return tuple(sorted(pairs))
