"""What every wire format is read into: items, each with the words, the rights and what was odd about it."""

import hashlib
import html
import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from outbox.inert import neutral

MOST_ITEMS = 2_000
"""Items of one document; a feed of more is a whole archive, which is imported, not read as a wire."""

MOST_SUBJECTS = 60
MOST_PROBLEMS = 12
LONG, SHORT = 2_000, 300

_TAG = re.compile(r"<[^<>]{0,2000}>")
_CORRECTED = re.compile(r"\W*(?:CORRECT(?:ED|ION|S)|CORR|KORREKTUR|BERICHTIGUNG|RECTIFICATIF|CORRECCIÓN)\b")
_KILLED = re.compile(r"\W*(?:(?:MANDATORY )?KILL|WITHDRAWN|ANNULATION|ZURÜCKGEZOGEN)\b")
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|h[1-6]|tr|td|th|blockquote|table|ul|ol|pre|dt|dd)\b[^<>]{0,500}>", re.IGNORECASE
)
_HIDDEN = ("script", "style", "template")


class Refused(ValueError):  # noqa: N818 - named for what happened to the document
    """A document that cannot be read; the message says why in the desk's words."""


class Signal(StrEnum):
    """What the agency says an item is."""

    USABLE = "usable"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHHELD = "withheld"
    KILL = "kill"


@dataclass(frozen=True)
class Item:
    """One story, picture or notice as it was sent. Words are plain text but ``html``, which nothing has cleaned yet."""

    guid: str = ""
    version: str = ""
    signal: str = Signal.USABLE.value
    kind: str = "text"
    headline: str = ""
    standfirst: str = ""
    html: str = ""
    link: str = ""
    byline: str = ""
    provider: str = ""
    credit: str = ""
    rights: str = ""
    terms: str = ""
    note: str = ""
    language: str = ""
    urgency: str = ""
    subjects: tuple[str, ...] = ()
    pictures: int = 0
    sent_at: datetime | None = None
    embargo_until: datetime | None = None
    expire_at: datetime | None = None
    problems: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The story without markup, a line for each block."""
        return plain_text(self.html)

    def digest(self) -> str:
        """SHA-256 over everything it says, in hexadecimal; what was odd about it does not count."""
        canonical = json.dumps({**self.to_json(), "problems": None}, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def with_(self, **changes: Any) -> Self:
        """The same item with ``changes``."""
        return replace(self, **changes)

    def with_problem(self, words: str) -> Self:
        """The same item with one more oddity, said once."""
        words = line(words)
        if words in self.problems or len(self.problems) >= MOST_PROBLEMS:
            return self
        return replace(self, problems=(*self.problems, words))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; moments in ISO 8601."""
        values = asdict(self)
        for name in ("sent_at", "embargo_until", "expire_at"):
            values[name] = values[name].isoformat() if values[name] else None
        return values | {"subjects": list(self.subjects), "problems": list(self.problems)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """What ``to_json`` gave; what it does not know is left out."""
        values = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        for name in ("sent_at", "embargo_until", "expire_at"):
            values[name] = parse_datetime(values[name]) if values.get(name) else None
        for name in ("subjects", "problems"):
            values[name] = tuple(values.get(name) or ())
        return cls(**values)


@dataclass
class Reading:
    """A document that was read: its format, its items in their order, and what was odd about the whole of it."""

    format: str
    title: str = ""
    items: list[Item] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Items that could not be read: what is known of each, and why."""

    problems: list[str] = field(default_factory=list)

    def add_problem(self, words: str) -> None:
        """One more oddity of the document, said once."""
        if words not in self.problems and len(self.problems) < MOST_PROBLEMS:
            self.problems.append(words)


def line(value: Any, most: int = SHORT) -> str:
    """Any value as one line of plain text, storable, at most ``most`` characters."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(neutral(str(value)).replace("\ufffd", " ").split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def plain_line(value: Any, most: int = SHORT) -> str:
    """The same of text that may hold markup and character references."""
    if not isinstance(value, str):
        return line(value, most)
    if "<" in value or "&" in value:
        value = html.unescape(_TAG.sub(" " if _BLOCK.search(value) else "", value))
    return line(value, most)


def plain_text(markup: str) -> str:
    """Markup as text: a line for each block, no scripts."""
    shown = _without_hidden(markup) if "<" in markup else markup
    shown = html.unescape(_TAG.sub("", _BLOCK.sub("\n", shown)))
    lines = (" ".join(part.split()) for part in shown.split("\n"))
    return "\n".join(part for part in lines if part)


def _without_hidden(markup: str) -> str:
    """Markup without what no reader sees; one pass for each of the elements, however often one is opened."""
    for tag in _HIDDEN:
        small, parts, place = markup.lower(), [], 0
        while (start := small.find(f"<{tag}", place)) >= 0:
            end = small.find(f"</{tag}", start)
            parts.append(markup[place:start])
            place = len(markup) if end < 0 else end
        markup = "".join([*parts, markup[place:]]) if len(small) == len(markup) else markup
    return markup


def paragraphs(text: str) -> str:
    """Plain text as HTML: a paragraph for each part between empty lines, or each indented line."""
    parts = re.split(r"\n[ \t]*\n|\n(?=[ \t]{2,}\S)", text.replace("\r\n", "\n").replace("\r", "\n"))
    tidy = (" ".join(part.split()) for part in parts)
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in tidy if part)


def finished(item: Item) -> Item:
    """The item with an identity and a headline, whatever it came with; says what was missing."""
    if not item.headline and (item.html or item.standfirst):
        words = item.standfirst or item.text.split("\n", 1)[0]
        if words:
            item = item.with_(headline=line(words, 90)).with_problem(
                _("It has no headline: its first words stand for it.")
            )
    item = _signalled(item.with_(subjects=item.subjects[:MOST_SUBJECTS]))
    if not item.guid:
        told = item.link or "\n".join((item.headline, item.text))
        made = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]
        item = item.with_(guid=item.link or f"text:{made}")
        item = item.with_problem(
            _("It has no identity: its address or its words stand for it, so an update may look new.")
        )
    return item


def _signalled(item: Item) -> Item:
    """What the headline alone says: a correction is one; a kill is left to a person, who knows which story is meant."""
    first = item.headline[:40].upper()
    if _CORRECTED.match(first) and item.signal in {Signal.USABLE, Signal.UPDATE}:
        item = item.with_(signal=Signal.CORRECTION.value)
    if _KILLED.match(first) and item.signal not in {Signal.KILL, Signal.WITHHELD}:
        item = item.with_problem(_("Its headline speaks of a kill: look which story it means."))
    return item
