"""Short addresses by number, as WordPress gives them (``/?p=7``): each leads to the story that it became here."""

import re
from collections.abc import Callable
from typing import Any

from articles.models import Article

NAMES = ("p", "page_id")
"""The parts of a query that name a post or page by its number."""

ASKED = "newsroom.short_address"
"""Where a request keeps what was found for it."""

_NUMBER = re.compile(rf"(?:\A|&)(?:{'|'.join(NAMES)})=([0-9]{{1,18}})(?=&|\Z)")

numbered: list[Callable[[int], int | None]] = []
"""Each says which article a number of another system became; rooms that take stories in register in ``ready()``."""


def short_number(query: str) -> int | None:
    """The number in the query of an address, if it holds one."""
    found = _NUMBER.search(query)
    return int(found[1]) if found else None


def led(query: str) -> str | None:
    """Where the query of a request for the front page leads: to a story that is public now, else nowhere.

    The rest of the query goes along. A query without a number costs nothing,
    a number that nobody knows one look at an index.
    """
    number = short_number(query)
    pk = _article_of(number) if number is not None else None
    if pk is None:
        return None
    story = Article.objects.public().select_related("section").filter(pk=pk).first()
    if story is None:
        return None
    rest = "&".join(part for part in query.split("&") if part.partition("=")[0] not in NAMES)
    return story.get_absolute_url() + (f"?{rest}" if rest else "")


def led_once(environ: dict[str, Any]) -> str | None:
    """As ``led``, asked once for a request, whoever of page cache and view comes first; kept in its ``environ``."""
    if ASKED not in environ:
        environ[ASKED] = led(environ.get("QUERY_STRING", ""))
    found: str | None = environ[ASKED]
    return found


def _article_of(number: int) -> int | None:
    return next((pk for ask in numbered if (pk := ask(number)) is not None), None)
