"""A story as ``NewsArticle``."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Byline, Correction
from articles.stories import Head
from images.models import Image
from images.renditions import best, public_address
from syndication.addresses import absolute
from syndication.json import filled
from syndication.published.stories import WRITERS, last_change
from syndication.structured.site import publisher
from syndication.text import plain

RATIOS = ("1.91:1", "3:2", "1:1")
"""Wide, landscape and square: search engines choose the one that fits the place."""

PICTURE_WIDTH = 1200
LONGEST_HEADLINE = 110
"""Search engines cut longer ones, or leave the story out."""


def news_article(article: Article, head: Head, comments: int) -> dict[str, Any]:
    """What an article's page shows, which ``for_page()`` gave: no query."""
    address = absolute(article.get_absolute_url())
    return filled(
        **{"@type": "NewsArticle", "@id": f"{address}#story"},
        headline=plain(article.headline)[:LONGEST_HEADLINE],
        description=plain(head.description),
        url=address,
        mainEntityOfPage=head.canonical,
        image=pictures(article.picture),
        datePublished=_instant(article.publish_at),
        dateModified=_instant(last_change(article)),
        author=_authors(article),
        contributor=[_person(row) for row in article.bylines.all() if row.role not in WRITERS],
        publisher=publisher(),
        articleSection=plain(article.section.name) if article.section else "",
        genre=article.kind,
        keywords=[plain(tag.name) for tag in article.tag_list],
        inLanguage=settings.LANGUAGE_CODE,
        wordCount=article.word_count or None,
        isAccessibleForFree=True,
        isBasedOn=article.source_url,
        sourceOrganization=_source(article),
        correction=[_correction(note) for note in article.corrections.all()],
        commentCount=comments,
        discussionUrl=f"{address}#comments",
    )


def pictures(image: Image | None) -> list[dict[str, Any]]:
    """A picture in three ratios, each at least as wide as search engines ask where it was cut so."""
    made = [best(image, ratio, PICTURE_WIDTH) for ratio in RATIOS]
    return [
        filled(
            **{"@type": "ImageObject"},
            url=absolute(public_address(image, one)),
            width=one["width"],
            height=one["height"],
            caption=plain(image.caption or image.alt),
            creditText=plain(image.credit),
        )
        for one in made
        if image is not None and one is not None
    ]


def _authors(article: Article) -> list[dict[str, Any]]:
    """Who wrote it; without a byline the agency it came from, or the paper itself."""
    people = [_person(row) for row in article.bylines.all() if row.role in WRITERS]
    return people or [_source(article) or publisher()]


def _person(row: Byline) -> dict[str, Any]:
    author = row.author
    return filled(
        **{"@type": "Person"},
        name=plain(author.name),
        url=absolute(author.get_absolute_url()),
        jobTitle=plain(author.title),
    )


def _source(article: Article) -> dict[str, Any]:
    source = article.source
    if source is None:
        return {}
    return filled(**{"@type": "NewsMediaOrganization"}, name=plain(source.name), url=source.url)


def _correction(note: Correction) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "name": str(note.get_kind_display()),
        "text": plain(note.text),
        "datePublished": _instant(note.made_at),
    }


def _instant(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
