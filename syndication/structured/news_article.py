"""A story as ``NewsArticle``."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Byline
from articles.stories import Head
from images.markup import Files
from images.models import Image
from images.renditions import address_of, fitting, public_address
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


class Person(NamedTuple):
    """Somebody who signed a story."""

    name: str
    path: str
    title: str
    writes: bool
    """Whether they count as an author, not as a contributor."""


class Shown(NamedTuple):
    """A story's lead picture."""

    files: Files
    caption: str
    credit: str


class Facts(NamedTuple):
    """All of a story that is told of it, as values that cannot change."""

    path: str
    headline: str
    description: str
    canonical: str
    picture: Shown | None
    published: datetime | None
    changed: datetime
    people: tuple[Person, ...]
    section: tuple[str, str] | None
    """Its name and path."""

    kind: str
    topics: tuple[str, ...]
    words: int
    original: str
    source: tuple[str, str] | None
    """Its name and address."""

    notes: tuple[tuple[str, str, datetime], ...]
    """Of each correction its kind in words, its text, and when it was made."""

    comments: int


def facts_of(article: Article, head: Head, comments: int) -> Facts:
    """What an article's page shows, which ``for_page()`` gave: no query."""
    section, source, picture = article.section, article.source, article.picture
    return Facts(
        path=article.get_absolute_url(),
        headline=article.headline,
        description=head.description,
        canonical=head.canonical,
        picture=Shown(Files(picture, public_address), picture.caption or picture.alt, picture.credit)
        if picture
        else None,
        published=article.publish_at,
        changed=last_change(article),
        people=tuple([_person_of(row) for row in article.bylines.all()]),
        section=(section.name, section.get_absolute_url()) if section else None,
        kind=article.kind,
        topics=tuple([tag.name for tag in article.tag_list]),
        words=article.word_count,
        original=article.source_url,
        source=(source.name, source.url) if source else None,
        notes=tuple([(str(note.get_kind_display()), note.text, note.made_at) for note in article.corrections.all()]),
        comments=comments,
    )


def news_article(facts: Facts) -> dict[str, Any]:
    """The story, as search engines read it."""
    address = absolute(facts.path)
    writers = [_person(one) for one in facts.people if one.writes]
    source = _source(facts.source)
    return filled(
        **{"@type": "NewsArticle", "@id": f"{address}#story"},
        headline=plain(facts.headline)[:LONGEST_HEADLINE],
        description=plain(facts.description),
        url=address,
        mainEntityOfPage=facts.canonical,
        image=_in_ratios(facts.picture) if facts.picture else [],
        datePublished=_instant(facts.published),
        dateModified=_instant(facts.changed),
        author=writers or [source or publisher()],
        contributor=[_person(one) for one in facts.people if not one.writes],
        publisher=publisher(),
        articleSection=plain(facts.section[0]) if facts.section else "",
        genre=facts.kind,
        keywords=[plain(name) for name in facts.topics],
        inLanguage=settings.LANGUAGE_CODE,
        wordCount=facts.words or None,
        isAccessibleForFree=True,
        isBasedOn=facts.original,
        sourceOrganization=source,
        correction=[_correction(*note) for note in facts.notes],
        commentCount=facts.comments,
        discussionUrl=f"{address}#comments",
    )


def pictures(image: Image | None) -> list[dict[str, Any]]:
    """A picture in three ratios, each at least as wide as search engines ask where it was cut so."""
    if image is None:
        return []
    return _in_ratios(Shown(Files(image, public_address), image.caption or image.alt, image.credit))


def _in_ratios(picture: Shown) -> list[dict[str, Any]]:
    made = [fitting(picture.files.made, ratio, PICTURE_WIDTH) for ratio in RATIOS]
    return [
        filled(
            **{"@type": "ImageObject"},
            url=absolute(address_of(one)),
            width=one["width"],
            height=one["height"],
            caption=plain(picture.caption),
            creditText=plain(picture.credit),
        )
        for one in made
        if one is not None
    ]


def _person_of(row: Byline) -> Person:
    author = row.author
    return Person(author.name, author.get_absolute_url(), author.title, row.role in WRITERS)


def _person(one: Person) -> dict[str, Any]:
    return filled(**{"@type": "Person"}, name=plain(one.name), url=absolute(one.path), jobTitle=plain(one.title))


def _source(told: tuple[str, str] | None) -> dict[str, Any]:
    if told is None:
        return {}
    name, url = told
    return filled(**{"@type": "NewsMediaOrganization"}, name=plain(name), url=url)


def _correction(kind: str, text: str, made_at: datetime) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "name": kind,
        "text": plain(text),
        "datePublished": _instant(made_at),
    }


def _instant(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
