"""From bytes to text: what the document declares is believed only where it is a text encoding and holds."""

import codecs
import re

from django.utils.translation import gettext as _

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"<\x00\x00\x00", "utf-32-le"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{2,30})["']""")
_TEXT_CODECS = re.compile(r"(utf-?(8|16|32)|iso8859|latin|cp\d|koi8|shift_jis|euc|gb|big5|ascii|mac|tis|hz|iso2022)")


def decode(data: bytes, declared: str = "") -> tuple[str, list[str]]:
    """The text of ``data``, and what was odd about its encoding; never raises.

    ``declared`` is the encoding the server named, if any. A byte order mark
    wins, then the document's own word, then the server's, then UTF-8, then Windows-1252.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), []
    for start, name in _BARE:
        if data.startswith(start):
            return data.decode(name, "replace"), []
    own = _DECLARED.match(data[:400])
    named = own[1].decode("ascii") if own else declared
    return _tried(data, named)


def _tried(data: bytes, named: str) -> tuple[str, list[str]]:
    name, known = _codec(named)
    problems = [] if known else [_("It names an encoding nobody knows: %(name)s.") % {"name": named[:30]}]
    try:
        return data.decode(name), problems
    except (UnicodeError, ValueError):
        pass
    words = _("It is not written in %(name)s, as it says; it was read as well as could be.")
    problems.append(words % {"name": named or "UTF-8"})
    try:
        return data.decode("utf-8"), problems
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), problems


def _codec(named: str) -> tuple[str, bool]:
    """Python's name of a text encoding, and whether it is one: Python also has zip and rot13. ``utf-8`` for others."""
    if not named:
        return "utf-8", True
    try:
        name = codecs.lookup(named).name.lower()
    except (LookupError, ValueError):
        return "utf-8", False
    if not _TEXT_CODECS.match(name):
        return "utf-8", False
    if name in {"utf-16", "utf-32"}:
        return "utf-8", True  # it was read this far as bytes, so it cannot be
    return ("cp1252" if name in {"iso8859-1", "ascii"} else name), True
