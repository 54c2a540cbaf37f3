"""What the engine is told about an article."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Document:
    """An article as text and facts; ``published`` must be aware, and is None for a draft.

    ``body`` is plain text with blank lines between paragraphs, ``kind`` a value of ``articles.models.Kind``.
    """

    headline: str
    standfirst: str = ""
    body: str = ""
    tags: tuple[int, ...] = ()
    section: int | None = None
    source: int | None = None
    kind: str = "news"
    published: datetime | None = None
