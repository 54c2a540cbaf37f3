"""The parts of the sitemap: each holds a range of ids, so that one costs the same however large the archive is.

A part holds as many addresses as the protocol allows, so it is made of columns
and not of objects, and what is the same for all of a section is worked out once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles.boundaries import next_change
from articles.listing import shown_authors, shown_tags
from articles.models import Article, ArticleQuerySet
from articles.models.source import CanonicalRule
from images.renditions import Rendition, address_of, fitting
from pagecache.addresses import address
from pagecache.reading import depends_on
from syndication.addresses import absolute

PART = 50_000
"""Ids in one part."""

PICTURE_WIDTH = 1200


@dataclass(frozen=True)
class Place:
    """One address of the sitemap; ``picture`` is the address of its picture, or empty."""

    address: str
    changed: datetime | None = None
    picture: str = ""


def indexable() -> ArticleQuerySet:
    """Public stories that search engines are to find at our address; what depends on it depends on ``sources``."""
    shown = Article.objects.public().filter(noindex=False)
    return shown.exclude(source__canonical=CanonicalRule.AGENCY, source_url__gt="")


def numbers(kind: str) -> list[int]:
    """The numbers of the parts of a kind in which something stands: one query, which looks at a row of each part."""
    behind = RawSQL(f"(parts.number + 1) * {PART}", ())  # noqa: S611 - no parameters
    sql, params = KINDS[kind].found().filter(pk__gte=behind).order_by("pk").values("pk")[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE parts (number) AS (
                SELECT CAST(-1 AS bigint)
                UNION ALL
                SELECT ({sql}) / {PART} FROM parts WHERE number IS NOT NULL
            )
            SELECT number FROM parts WHERE number >= 0 ORDER BY number
            """,  # noqa: S608 - compiled by Django, values apart
            params,
        )
        return [number for (number,) in cursor.fetchall()]


def places(kind: str, number: int) -> list[Place]:
    """What stands in one part, its keys noted."""
    first, end = number * PART, (number + 1) * PART
    depends_on(*KINDS[kind].keys, until=next_change(_dated(kind, first, end)))
    found = KINDS[kind].found().filter(pk__gte=first, pk__lt=end).order_by("pk")
    rows = found.values_list(*KINDS[kind].columns).iterator(chunk_size=2000)
    return list(KINDS[kind].places(rows))


def _dated(kind: str, first: int, end: int) -> ArticleQuerySet:
    """The articles by whose times the part changes."""
    everything = Article.objects.all()
    return everything.filter(pk__gte=first, pk__lt=end) if kind == "stories" else everything


def _stories(rows: Iterable[Any]) -> Iterator[Place]:
    begin, now = settings.BASE_URL, timezone.now()
    inside: dict[str, str] = {}
    for pk, slug, section, published, revised, made, usable_until in rows:
        if section not in inside:
            inside[section] = address("pages:article", section, "s", 0).removesuffix("s-0/")
        changed = max(published, revised or published)
        yield Place(f"{begin}{inside[section]}{slug}-{pk}/", changed, _picture(made, usable_until, now))


def _picture(made: list[Rendition] | None, usable_until: datetime | None, now: datetime) -> str:
    """The address of the picture while its licence lasts."""
    if usable_until is not None:
        depends_on(until=usable_until)
        if usable_until <= now:
            return ""
    chosen = fitting(made or [], "full", PICTURE_WIDTH)
    return absolute(address_of(chosen)) if chosen else ""


def _topics(rows: Iterable[Any]) -> Iterator[Place]:
    return (Place(absolute(address("pages:tag", slug))) for (slug,) in rows)


def _authors(rows: Iterable[Any]) -> Iterator[Place]:
    return (Place(absolute(address("pages:author", slug))) for (slug,) in rows)


@dataclass(frozen=True)
class Kind:
    """What a kind of part lists: the rows, the columns it needs of them, what stands in it, the keys of all."""

    found: Callable[[], Any]
    columns: tuple[str, ...]
    places: Callable[[Iterable[Any]], Iterator[Place]]
    keys: tuple[str, ...]


STORY_COLUMNS = (
    "pk",
    "slug",
    "section__slug",
    "publish_at",
    "revised_at",
    "lead_picture__renditions",
    "lead_picture__usable_until",
)
KINDS = {
    "stories": Kind(indexable, STORY_COLUMNS, _stories, ("archive", "sections", "pictures", "sources")),
    "topics": Kind(shown_tags, ("slug",), _topics, ("archive", "tags")),
    "authors": Kind(shown_authors, ("slug",), _authors, ("archive", "authors")),
}
"""What search engines are told of the site."""
