"""The working state: everything the editor's form holds, as one value that a revision stores."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self

from django.utils.dateparse import parse_datetime

from articles.models import Article, BylineRole, Kind

PLAIN_FIELDS = (
    "headline",
    "slug",
    "standfirst",
    "kind",
    "sensitive",
    "lead_caption",
    "body",
    "source_url",
    "search_title",
    "search_description",
    "noindex",
)
RELATION_FIELDS = ("section", "lead_picture", "source", "social_picture")
TIME_FIELDS = ("publish_at", "expire_at", "embargo_until")


@dataclass(frozen=True)
class Credit:
    """One byline: an author's id and what they did."""

    author: int
    role: str = BylineRole.WORDS.value


@dataclass(frozen=True)
class WorkingState:
    """An article as its editor sees it. Relations are ids, tags are names, times are aware."""

    headline: str = ""
    slug: str = ""
    standfirst: str = ""
    section: int | None = None
    kind: str = Kind.NEWS.value
    sensitive: bool = False
    lead_picture: int | None = None
    lead_caption: str = ""
    body: str = ""
    tags: Sequence[str] = ()
    bylines: Sequence[Credit] = field(default_factory=tuple)
    source: int | None = None
    source_url: str = ""
    search_title: str = ""
    search_description: str = ""
    social_picture: int | None = None
    noindex: bool = False
    publish_at: datetime | None = None
    expire_at: datetime | None = None
    embargo_until: datetime | None = None

    @classmethod
    def of_article(cls, article: Article) -> Self:
        """The state that would leave the published article as it is."""
        values: dict[str, Any] = {name: getattr(article, name) for name in (*PLAIN_FIELDS, *TIME_FIELDS)}
        values |= {name: getattr(article, f"{name}_id") for name in RELATION_FIELDS}
        bylines = tuple(Credit(byline.author_id, byline.role) for byline in article.bylines.order_by("position", "id"))
        tags = tuple(article.tagged.order_by("tag__name").values_list("tag__name", flat=True))
        return cls(**values, bylines=bylines, tags=tags)

    @classmethod
    def of(cls, article: Article) -> Self:
        """The newest revision's state, or the article's own when it has none."""
        return cls.from_json(article.latest.state) if article.latest else cls.of_article(article)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """What ``to_json`` gave; fields it does not know are left out, missing ones get their default."""
        known = {item.name for item in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        for name in TIME_FIELDS:
            values[name] = parse_datetime(values[name]) if values.get(name) else None
        values["tags"] = tuple(values.get("tags", ()))
        values["bylines"] = tuple(Credit(**credit) for credit in values.get("bylines", ()))
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON: times in ISO 8601, tuples as lists."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        for name in TIME_FIELDS:
            moment = values[name]
            values[name] = moment.isoformat() if moment else None
        values["tags"] = list(values["tags"])
        values["bylines"] = [asdict(credit) for credit in self.bylines]
        return values

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return digest_of(self.to_json())

    def with_(self, **changes: Any) -> Self:
        """The same state with ``changes``."""
        return replace(self, **changes)


def digest_of(stored: dict[str, Any]) -> str:
    """The digest of what ``to_json`` gave."""
    canonical = json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
