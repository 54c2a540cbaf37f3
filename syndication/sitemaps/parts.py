"""The parts of the sitemap: each holds a range of ids, so that one costs the same however large the archive is.

The protocol allows 50,000 addresses in a part. Ours hold a fifth of it: a part
is made in one go, in the time of a reader's request.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.boundaries import next_change
from articles.listing import shown_authors, shown_tags
from articles.models import Article, ArticleQuerySet
from articles.models.source import CanonicalRule
from images.models import Image
from images.renditions import best, public_address
from pagecache.reading import depends_on
from syndication.addresses import absolute

PART = 10_000
"""Ids in one part."""

PICTURE_WIDTH = 1200

STORY_FIELDS = (
    "id",
    "slug",
    "publish_at",
    "revised_at",
    "section__id",
    "section__slug",
    "lead_picture__id",
    "lead_picture__renditions",
    "lead_picture__usable_until",
)


@dataclass(frozen=True)
class Place:
    """One address of the sitemap; ``picture`` is the address of its picture, or empty."""

    address: str
    changed: datetime | None = None
    picture: str = ""


def indexable() -> ArticleQuerySet:
    """Public stories that search engines are to find at our address."""
    depends_on("sources")
    shown = Article.objects.public().filter(noindex=False)
    return shown.exclude(source__canonical=CanonicalRule.AGENCY, source_url__gt="")


def numbers(kind: str) -> Iterator[int]:
    """The numbers of the parts of a kind in which something stands: one short query for each."""
    found, number = KINDS[kind].found(), 0
    while True:
        first = found.filter(pk__gte=number * PART).order_by("pk").values_list("pk", flat=True).first()
        if first is None:
            return
        yield first // PART
        number = first // PART + 1


def places(kind: str, number: int) -> list[Place]:
    """What stands in one part, its keys noted."""
    first, end = number * PART, (number + 1) * PART
    depends_on(*KINDS[kind].keys, until=next_change(_dated(kind, first, end)))
    rows = KINDS[kind].found().filter(pk__gte=first, pk__lt=end).order_by("pk")
    return [KINDS[kind].place(row) for row in KINDS[kind].narrow(rows).iterator(chunk_size=2000)]


def _dated(kind: str, first: int, end: int) -> ArticleQuerySet:
    """The articles by whose times the part changes."""
    everything = Article.objects.all()
    return everything.filter(pk__gte=first, pk__lt=end) if kind == "stories" else everything


def _story(article: Article) -> Place:
    return Place(
        absolute(article.get_absolute_url()),
        max(filter(None, (article.publish_at, article.revised_at)), default=None),
        _picture(article.picture),
    )


def _picture(image: Image | None) -> str:
    if image is not None:
        depends_on(until=image.usable_until)
    made = best(image, "full", PICTURE_WIDTH)
    return absolute(public_address(image, made)) if image and made else ""


def _page(row: Any) -> Place:
    return Place(absolute(row.get_absolute_url()))


@dataclass(frozen=True)
class Kind:
    """What a kind of part lists: the rows, the columns it needs, an address of a row, the keys of all."""

    found: Callable[[], Any]
    narrow: Callable[[Any], Any]
    place: Callable[[Any], Place]
    keys: tuple[str, ...]


KINDS = {
    "stories": Kind(
        indexable,
        lambda rows: rows.select_related("section", "lead_picture").only(*STORY_FIELDS),
        _story,
        ("archive", "sections", "pictures"),
    ),
    "topics": Kind(shown_tags, lambda rows: rows.only("slug"), _page, ("archive", "tags")),
    "authors": Kind(shown_authors, lambda rows: rows.only("slug"), _page, ("archive", "authors")),
}
