"""ninjs 3.1, the IPTC's news in JSON: a story, or a list of them as one composite item."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Byline
from images.models import Image
from images.renditions import all_of, of_format, public_address
from syndication.addresses import absolute
from syndication.json import filled, written
from syndication.published.feed import Feed
from syndication.published.stories import WRITERS, Story
from syndication.text import plain

STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}
LEAD = "lead picture"


def write_story(story: Story) -> bytes:
    """One story as a document of its own."""
    return written({"standard": STANDARD, **item(story)})


def write_list(feed: Feed, stories: Sequence[Story]) -> bytes:
    """Many stories as the parts of one composite item."""
    head = filled(
        standard=STANDARD,
        uri=feed.own_address,
        type="composite",
        versionCreated=feed.updated.isoformat(timespec="seconds"),
        pubStatus="usable",
        language=settings.LANGUAGE_CODE,
        headlines=_texts(plain(feed.title), "main"),
        descriptions=_texts(plain(feed.about), "summary"),
        copyrightHolder=plain(settings.SITE_NAME),
    )
    parts = [{"name": story.title or story.identity, "rel": "part", **item(story)} for story in stories]
    return written({**head, "associations": parts})


def item(story: Story) -> dict[str, Any]:
    """A story; of one that its source lets us only announce, headline and summary."""
    article = story.article
    return filled(
        uri=story.identity,
        type="text",
        representationType="full" if story.is_full else "partial",
        firstCreated=story.published.isoformat(timespec="seconds"),
        versionCreated=story.updated.isoformat(timespec="seconds"),
        pubStatus="usable",
        expires=timezone.localtime(article.expire_at).isoformat(timespec="seconds") if article.expire_at else None,
        language=settings.LANGUAGE_CODE,
        title=story.title,
        slugline=article.slug,
        headlines=_texts(story.title, "main"),
        descriptions=_texts(story.summary, "summary"),
        bodies=_bodies(story) if story.is_full else [],
        by=plain(", ".join(writer.name for writer in story.writers)),
        people=[_person(byline) for byline in article.bylines.all()],
        subjects=_subjects(article),
        genres=[{"name": str(article.get_kind_display()), "literal": article.kind}],
        infoSources=_sources(article),
        copyrightHolder=plain(article.source.name if article.source else settings.SITE_NAME),
        copyrightNotice=story.rights,
        edNote=plain(" ".join(f"{note.get_kind_display()}: {note.text}" for note in article.corrections.all())),
        altIds=[{"role": "page", "value": story.url}, *_original(article)],
        associations=_pictures(story),
    )


def _texts(value: str, role: str) -> list[dict[str, Any]]:
    return [{"role": role, "contentType": "text/plain", "value": value}] if value else []


def _bodies(story: Story) -> list[dict[str, Any]]:
    words, text = story.text.word_count, story.text.text
    return [
        {"role": "main", "contentType": "text/html", "wordCount": words, "value": story.html},
        {"role": "plain", "contentType": "text/plain", "charCount": len(text), "wordCount": words, "value": text},
    ]


def _person(byline: Byline) -> dict[str, Any]:
    role = "author" if byline.role in WRITERS else byline.role
    return {"name": plain(byline.author.name), "rel": role, "uri": absolute(byline.author.get_absolute_url())}


def _subjects(article: Article) -> list[dict[str, Any]]:
    kept = [("section", article.section)] if article.section else []
    named: list[tuple[str, Any]] = [*kept, *(("tag", tag) for tag in article.tag_list)]
    return [{"name": plain(one.name), "rel": rel, "uri": absolute(one.get_absolute_url())} for rel, one in named]


def _sources(article: Article) -> list[dict[str, Any]]:
    source = article.source
    return [filled(name=plain(source.name), role="originator", uri=source.url, literal=source.slug)] if source else []


def _original(article: Article) -> list[dict[str, Any]]:
    return [{"role": "original", "value": article.source_url}] if article.source_url else []


def _pictures(story: Story) -> list[dict[str, Any]]:
    """The lead picture in every size there is of the uncropped whole."""
    if story.picture is None:
        return []
    image, caption = story.picture.image, story.picture.caption
    return [
        filled(
            name=LEAD,
            rel="main",
            uri=f"{absolute(reverse('pages:front'))}#picture-{image.pk}",
            type="picture",
            pubStatus="usable",
            descriptions=[*_texts(caption, "caption"), *_texts(plain(image.alt), "alternative")],
            by=plain(image.credit),
            copyrightNotice=plain(image.credit),
            expires=timezone.localtime(image.usable_until).isoformat(timespec="seconds") if image.usable_until else "",
            renditions=_renditions(image),
        )
    ]


def _renditions(image: Image) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{made['ratio']}-{made['width']}",
            "href": absolute(public_address(image, made)),
            "contentType": "image/jpeg",
            "width": made["width"],
            "height": made["height"],
            "sizeInBytes": made["bytes"],
        }
        for made in of_format(all_of(image), "jpeg")
    ]
