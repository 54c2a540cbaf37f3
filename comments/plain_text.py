"""What readers type is plain text: checked for what no page can hold, and rendered so that nothing in it acts.

Nothing is cut or silently dropped: a character that could act on its
surroundings is shown as U+FFFD, the replacement character.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from articles.templatetags.link_words import link_rel
from outbox.inert import encodable, is_storable, neutral

__all__ = ["LINK_RELATION", "encodable", "has_substance", "is_storable", "is_web_address", "neutral", "render"]

LINK_RELATION = "ugc nofollow noopener"
PAID = "sponsored"

_ADDRESS = re.compile(r"https?://[^\s<>\"'\ufffd]{1,2000}", re.IGNORECASE)

_UNSEEN_CATEGORIES = ("C", "Z", "M")


def has_substance(text: str) -> bool:
    """Whether at least one character can be seen."""
    return any(unicodedata.category(char)[0] not in _UNSEEN_CATEGORIES for char in text)


def readers_link(address: str) -> str:
    """The ``rel`` of a link a reader wrote: nobody pays us for it, but for a copy of one of our own."""
    return colleagues_link(address) if address.lower().startswith(settings.BASE_URL.lower()) else LINK_RELATION


def colleagues_link(address: str) -> str:
    """The ``rel`` of a link one of us wrote: to a shop that pays us it is marked as everywhere."""
    return f"{PAID} {LINK_RELATION}" if PAID in link_rel(address).split() else LINK_RELATION


def render(text: str, rel: Callable[[str], str] = readers_link) -> SafeString:
    """Paragraphs and line breaks, addresses as links that carry their ``rel``, everything else escaped."""
    lines = neutral(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    paragraphs = (list(group) for filled, group in groupby(lines, key=lambda line: bool(line.strip())) if filled)
    return mark_safe(  # noqa: S308 - every piece below is escaped
        "".join(
            f'<p dir="auto">{"<br>".join(_render_line(line, rel) for line in paragraph)}</p>'
            for paragraph in paragraphs
        )
    )


def _render_line(line: str, rel: Callable[[str], str]) -> str:
    if "://" not in line:
        return escape(line)
    return "".join(_pieces(line, rel))


def _pieces(line: str, rel: Callable[[str], str]) -> Iterator[str]:
    position = 0
    for match in _ADDRESS.finditer(line):
        address = _without_closing_marks(match.group())
        yield escape(line[position : match.start()])
        position = match.start() + len(address)
        yield _link(address, rel)
    yield escape(line[position:])


def _without_closing_marks(address: str) -> str:
    """The address without the full stop of the sentence or the bracket it stands in."""
    trimmed = address.rstrip(".,;:!?…")
    while trimmed.endswith(")") and trimmed.count("(") < trimmed.count(")"):
        trimmed = trimmed[:-1].rstrip(".,;:!?…")
    return trimmed


def _link(address: str, rel: Callable[[str], str]) -> str:
    shown = escape(address)
    if not is_web_address(address):
        return shown
    return f'<a href="{shown}" rel="{rel(address)}">{shown}</a>'


def is_web_address(address: str) -> bool:
    """Whether it is an http or https address with a host, and without a user name that could pass for one."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
