"""The shape of a text, whatever language it is in: how long, how loud, how full of links.

A shape is a name and a step, “capitals.5”; the steps are few, so that each is soon learnt.
"""

import math
import unicodedata
from collections.abc import Sequence

from comments.learning.links import PLACE, Link


def shapes(text: str, words: Sequence[str], links: Sequence[Link]) -> list[str]:
    """The names of what was seen. ``words`` are those of the text, ``PLACE`` for each link."""
    letters = [char for char in text if char.isalpha()]
    steps = {
        "length": _log(len(words)),
        "size": _log(len(text)),
        "links": min(3, len(links)),
        "capitals": _share(sum(map(str.isupper, letters)), len(letters), 5),
        "exclamations": min(4, _log(text.count("!"))),
        "questions": min(2, text.count("?")),
        "digits": min(5, _log(sum(map(str.isdigit, text)))),
        "emoji": min(3, sum(unicodedata.category(char) == "So" for char in text if char > "\xff")),
        "lines": min(3, text.count("\n")),
        "script": _share(sum(char > "\x7f" for char in letters), len(letters), 3),
        "repetition": _share(len(words) - len(set(words)), len(words), 4),
    }
    return [f"{name}.{step}" for name, step in steps.items()] + _around_links(words)


def _around_links(words: Sequence[str]) -> list[str]:
    """Where the links stand and how much is said beside them."""
    others = sum(word != PLACE for word in words)
    if others == len(words):
        return []
    places = [f"links-{end}.1" for end, word in (("first", words[0]), ("last", words[-1])) if word == PLACE]
    return [*places, f"beside-links.{_log(others)}"]


def _log(count: int) -> int:
    """Steps that grow: 0, 1, 2, 3 to 4, 5 to 6, 7 to 10 …"""
    return int(math.log2(count + 1) * 1.5)


def _share(part: int, whole: int, steps: int) -> int:
    return int(steps * part / whole) if whole else 0
