"""Blocks of the newer editor: their marks go, what they hold stays, and what only the server could make is told."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from syndication.wordpress.paragraphs import with_breaks
from syndication.wordpress.shortcodes import embed

_MARK = re.compile(r"<!--\s*(/?)wp:([a-z0-9][a-z0-9/_-]{0,100})([^<>]{0,20000}?)(/?)-->")
SILENT = frozenset({"more", "nextpage", "spacer", "footnotes"})
"""Blocks that say nothing by themselves."""

MAX_REUSED = 5
"""Reusable blocks inside one another."""


def has_blocks(source: str) -> bool:
    """Whether the text was written in the newer editor."""
    return "<!-- wp:" in source


@dataclass
class Unwrapper:
    """Takes the marks of blocks out of one text; ``gone`` counts the blocks that leave nothing."""

    reused: Callable[[int], str]
    """The source of a reusable block by its number; empty where the export does not hold it."""

    classic: Callable[[str], str] = with_breaks
    gone: Counter[str] = field(default_factory=Counter)
    level: int = 0

    def unwrap(self, source: str) -> str:
        """``source`` as HTML; what stands between blocks is read as classic text."""
        out: list[str] = []
        place, depth, freeform = 0, 0, False
        for mark in _MARK.finditer(source):
            out.append(self._text(source[place : mark.start()], classic=depth == 0 or freeform))
            place = mark.end()
            closing, name, given, alone = mark.groups()
            if alone:
                out.append(self._alone(name, given))
            elif closing:
                depth, freeform = max(0, depth - 1), False
            else:
                depth, freeform = depth + 1, name.removeprefix("core/") in {"freeform", "shortcode"}
        out.append(self._text(source[place:], classic=depth == 0))
        return "".join(out)

    def _text(self, text: str, *, classic: bool) -> str:
        return self.classic(text) if classic and text.strip() else text

    def _alone(self, name: str, given: str) -> str:
        name = name.removeprefix("core/")
        told = _attributes(given)
        if name == "separator":
            return "<hr>"
        if name == "block":
            return self._reused(told.get("ref"))
        url = told.get("url")
        if name.startswith(("embed", "core-embed")) and isinstance(url, str):
            return embed(url)
        if name not in SILENT:
            self.gone[f"block {name}"] += 1
        return ""

    def _reused(self, number: object) -> str:
        source = self.reused(number) if isinstance(number, int) and self.level < MAX_REUSED else ""
        if not source:
            self.gone["reusable block"] += 1
            return ""
        self.level += 1
        try:
            return self.unwrap(source) if has_blocks(source) else self.classic(source)
        finally:
            self.level -= 1


def _attributes(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
