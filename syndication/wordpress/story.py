"""A post's text from its source in WordPress to a body that our cleaner takes, with a list of what was left out."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from articles.body import limits
from syndication.wordpress.blocks import Unwrapper, has_blocks
from syndication.wordpress.markup import Links, Pictures, Translator, is_provider
from syndication.wordpress.paragraphs import with_breaks
from syndication.wordpress.shortcodes import Expander, embed

_ALONE = re.compile(r"^[ \t]*(https?://[^\s<>\"'\[\]]{4,1000})[ \t]*\r?$", re.MULTILINE)


@dataclass
class Story:
    """The body, not yet cleaned, and what of the source it lacks: words for the report, each with its number."""

    body: str
    gone: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Around:
    """What a text refers to outside of itself."""

    pictures: Pictures
    links: Links
    reused: Callable[[int], str]
    attached: Callable[[], list[int]]


def story_of(source: str, around: Around, footnotes: str = "") -> Story:
    """Translate one text. Raises ``BodyRefused`` for one too long or too deep, which is not parsed."""
    limits.check_length(source)
    limits.check_depth(source)
    codes = Expander(around.attached)
    blocks = Unwrapper(around.reused, _classic)
    text = codes.expand(source)
    text = blocks.unwrap(text) if has_blocks(text) else _classic(text)
    text += _notes(footnotes)
    html = Translator(around.pictures, around.links)
    body = html.translate(limits.without_comments(text))
    return Story(body, codes.gone + blocks.gone + html.gone)


def _classic(text: str) -> str:
    return with_breaks(_ALONE.sub(lambda line: embed(line[1]) if is_provider(line[1]) else line[0], text))


def _notes(stored: str) -> str:
    """Footnotes, which the newer editor keeps beside the text, as a numbered list at its end."""
    try:
        found = json.loads(stored) if stored else []
    except (ValueError, RecursionError):
        return ""
    notes = [note.get("content") for note in found if isinstance(note, dict)] if isinstance(found, list) else []
    items = "".join(f"<li>{note}</li>" for note in notes if isinstance(note, str))
    return f"<ol>{items}</ol>" if items else ""
