"""What readers type is plain text: checked for what no page can hold, and rendered so that nothing in it acts.

Nothing is cut or silently dropped: a character that could act on its
surroundings is shown as U+FFFD, the replacement character.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe

LINK_RELATION = "ugc nofollow noopener"

_ACTING = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # directional embeddings, overrides and isolates; plain marks stay
    "\ud800-\udfff"  # lone surrogates, which no encoder accepts
    "\ufff9-\ufffb\ufeff"  # interlinear annotations, byte order mark
    "\U000e0000-\U000e007f"  # tag characters: text that nobody sees
    "]"
)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_ADDRESS = re.compile(r"https?://[^\s<>\"'\ufffd]{1,2000}", re.IGNORECASE)

_UNSEEN_CATEGORIES = ("C", "Z", "M")


def neutral(text: str) -> str:
    """``text`` with every character that acts on its surroundings replaced by U+FFFD."""
    return _ACTING.sub("\ufffd", text)


def has_substance(text: str) -> bool:
    """Whether at least one character can be seen."""
    return any(unicodedata.category(char)[0] not in _UNSEEN_CATEGORIES for char in text)


def is_storable(text: str) -> bool:
    """Whether every database and every response can hold it: no NUL, no lone surrogate."""
    return _UNSTORABLE.search(text) is None


def encodable(text: str) -> str:
    """``text`` as it can be shown again to its writer, who must change what cannot be stored."""
    return _UNSTORABLE.sub("\ufffd", text)


def render(text: str) -> SafeString:
    """Paragraphs and line breaks, addresses as links, everything else escaped."""
    lines = neutral(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    paragraphs = (list(group) for filled, group in groupby(lines, key=lambda line: bool(line.strip())) if filled)
    return mark_safe(  # noqa: S308 - every piece below is escaped
        "".join(f'<p dir="auto">{"<br>".join(map(_render_line, paragraph))}</p>' for paragraph in paragraphs)
    )


def _render_line(line: str) -> str:
    if "://" not in line:
        return escape(line)
    return "".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    position = 0
    for match in _ADDRESS.finditer(line):
        address = _without_closing_marks(match.group())
        yield escape(line[position : match.start()])
        position = match.start() + len(address)
        yield _link(address)
    yield escape(line[position:])


def _without_closing_marks(address: str) -> str:
    """The address without the full stop of the sentence or the bracket it stands in."""
    trimmed = address.rstrip(".,;:!?…")
    while trimmed.endswith(")") and trimmed.count("(") < trimmed.count(")"):
        trimmed = trimmed[:-1].rstrip(".,;:!?…")
    return trimmed


def _link(address: str) -> str:
    shown = escape(address)
    if not is_web_address(address):
        return shown
    return f'<a href="{shown}" rel="{LINK_RELATION}">{shown}</a>'


def is_web_address(address: str) -> bool:
    """Whether it is an http or https address with a host, and without a user name that could pass for one."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
