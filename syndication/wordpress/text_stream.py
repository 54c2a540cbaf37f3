"""From the bytes of an export to text that an XML parser takes: decoded, and mended where WordPress writes badly.

WordPress copies what is in its database into the file: control characters,
bytes of another encoding, and ampersands of addresses as they are. Each of these is
mended here and counted, so that the report can tell.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

CHUNK = 1 << 18
"""Bytes read at once."""

JUNK = 65_536
"""Bytes before the file begins in earnest that are looked through: warnings of PHP stand there at times."""

ZIP = b"PK\x03\x04"

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CONTROLS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r") + "\ufffe\uffff"
"""What XML cannot hold, but for lone surrogates, which no decoder of ours makes."""

_FORBIDDEN = re.compile(f"[{_CONTROLS}]")
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_FORBIDDEN_NUMBER = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9A-Fa-f]));")
_BEGINNING = re.compile(r"[<\]&-]")
_TAIL = 48
"""Characters held back until more comes: the beginning of an entity or of a mark may stand there."""

_LITERAL = re.compile(r"<!\[CDATA\[|<!--")
_CLOSED_BY = {"<![CDATA[": "]]>", "<!--": "-->"}
_NO_ENCODINGS = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"})


class NotReadableError(ValueError):
    """The file cannot be read as an export; the message says why."""


class Source(Protocol):
    """What an export is read from: an open file, or one that is unpacked meanwhile."""

    def read(self, most: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""

    def tell(self) -> int:
        """The byte reached in the file on the disk."""


def texts(file: Source, mended: Counter[str]) -> Iterator[str]:
    """The text of ``file`` in pieces, fit for a parser; ``mended`` counts what had to be put right.

    Raises ``NotReadableError`` for an empty file, one that is no XML, and an unknown encoding.
    """
    start = file.read(JUNK)
    if not start.strip():
        raise NotReadableError(_("The file is empty."))
    start = _from_the_beginning(start, mended)
    decoder = codecs.getincrementaldecoder(_encoding(start))(errors=_handler(mended))
    mender = _Mender(mended)
    data = start
    while data:
        yield mender.mend(decoder.decode(data))
        data = file.read(CHUNK)
    yield mender.mend(decoder.decode(b"", True)) + mender.rest()


def _from_the_beginning(start: bytes, mended: Counter[str]) -> bytes:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start
    bare = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if bare.startswith(b"<"):
        return bare
    found = bare.find(b"<?xml")
    if found < 0:
        if bare.startswith(ZIP):
            raise NotReadableError(_("This is no XML file but a zip archive. Unpack it, and name the XML file in it."))
        raise NotReadableError(_("This is no XML file: it does not begin with “<”."))
    mended["lines before the beginning of the file"] += 1
    return bare[found:]


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    found = _DECLARED.match(start)
    name = found[1].decode("ascii") if found else "utf-8"
    try:
        known = codecs.lookup(name)
    except LookupError:
        raise NotReadableError(
            _("The file says that its encoding is “%(name)s”, which is unknown.") % {"name": name}
        ) from None
    if known.name in _NO_ENCODINGS or not known._is_text_encoding:
        raise NotReadableError(
            _("The file says that its encoding is “%(name)s”, which no export has.") % {"name": name}
        )
    return "utf-8" if known.name.startswith("utf-16") else known.name  # what it says of itself was read as bytes


def _handler(mended: Counter[str]) -> str:
    """The name of an error handler that reads what is none of the file's encoding as Windows-1252, and counts it."""

    def read_otherwise(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        mended["bytes that are not of the file’s encoding"] += error.end - error.start
        return error.object[error.start : error.end].decode("cp1252", "replace"), error.end

    name = f"newsroom-wordpress-{id(mended)}"
    codecs.register_error(name, read_otherwise)
    return name


class _Mender:
    """Takes out what XML forbids; outside of CDATA sections and comments it writes a bare ampersand as an entity."""

    def __init__(self, mended: Counter[str]) -> None:
        self.mended = mended
        self.left = ""
        self.closed_by = ""

    def mend(self, text: str) -> str:
        """The part of all text so far that is sure."""
        text = self.left + text
        cut = _sure_end(text)
        sure, self.left = text[:cut], text[cut:]
        return self._mended(sure)

    def rest(self) -> str:
        """What was held back."""
        text, self.left = self.left, ""
        return self._mended(text)

    def _mended(self, text: str) -> str:
        if any(map(text.__contains__, _CONTROLS)):
            text, count = _FORBIDDEN.subn("", text)
            self.mended["control characters"] += count
        return "".join(self._parts(text))

    def _parts(self, text: str) -> Iterator[str]:
        place = 0
        while place < len(text):
            if self.closed_by:
                end = self._end_of_literal(text, place)
                yield text[place:end]
            else:
                found = _LITERAL.search(text, place)
                end = found.end() if found else len(text)
                self.closed_by = _CLOSED_BY[found[0]] if found else ""
                yield self._escaped(text[place:end])
            place = end

    def _end_of_literal(self, text: str, place: int) -> int:
        found = text.find(self.closed_by, place)
        if found < 0:
            return len(text)
        end = found + len(self.closed_by)
        self.closed_by = ""
        return end

    def _escaped(self, part: str) -> str:
        if "&" not in part:
            return part
        for pattern, instead, name in (
            (_FORBIDDEN_NUMBER, "", "control characters"),
            (_BARE, "&amp;", "ampersands that stand alone"),
        ):
            part, count = pattern.subn(instead, part)
            if count:
                self.mended[name] += count
        return part


def _sure_end(text: str) -> int:
    """The place up to which no mark or entity can reach into what is still to come."""
    end = max(0, len(text) - _TAIL)
    window = max(0, end - _TAIL)
    found = _BEGINNING.search(text, window, end)
    cut = found.start() if found else end
    while cut and text[cut - 1] in "]-<!":
        cut -= 1
    return cut
