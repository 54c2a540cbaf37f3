"""An export as it lies on the disk: plain, or packed with gzip, which is unpacked as it is read."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from outbox.fetching import GZIP
from syndication.wordpress.text_stream import NotReadableError, Source

MAGIC = b"\x1f\x8b"
"""How every gzip file begins."""

CHUNK = 65_536

FREE, MOST_TIMES = 50_000_000, 200
"""Beyond so many bytes, a file may unpack to so many times its size: exports come to 5 to 20 times, bombs to 1,000."""


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The export's bytes, whether or not the file is packed. Raises ``OSError``."""
    with path.open("rb") as file:
        packed = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        yield _Unpacked(file) if packed else file


class _Unpacked:
    """What is in a gzip file of one or more parts; where it is broken or cut off, it ends."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.engine = zlib.decompressobj(GZIP)
        self.waiting = b""
        self.given = 0

    def read(self, most: int, /) -> bytes:
        """As of a plain file. Raises ``NotReadableError`` for what unpacks beyond all measure, or not at all."""
        parts: list[bytes] = []
        left = most
        while left and (piece := self._piece(left)):
            parts.append(piece)
            left -= len(piece)
        self.given += most - left
        if self.given > max(FREE, MOST_TIMES * self.file.tell()):
            raise NotReadableError(_("It unpacks to more than %(times)d times its size.") % {"times": MOST_TIMES})
        if not self.given:
            raise NotReadableError(_("The compressed file is broken or empty."))
        return b"".join(parts)

    def tell(self) -> int:
        """The byte reached in the packed file."""
        return self.file.tell()

    def _piece(self, most: int) -> bytes:
        """Some bytes, at most so many; none at the end, or where it is broken."""
        piece = b""
        while not piece and (self.waiting or self._next()):
            try:
                piece = self.engine.decompress(self.waiting, most)
            except zlib.error:
                self.waiting = b""
                self.file.seek(0, 2)
                break
            self._turn()
        return piece

    def _next(self) -> bool:
        self.waiting = self.file.read(CHUNK)
        return bool(self.waiting)

    def _turn(self) -> None:
        """Keep what was not unpacked yet; where one part ends, the next begins."""
        self.waiting = self.engine.unconsumed_tail
        if self.engine.eof:
            self.waiting = self.engine.unused_data
            self.engine = zlib.decompressobj(GZIP)
