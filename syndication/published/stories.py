"""Stories ready to be handed on: what their source allows of them, and everything a format may say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import BigAutoField, DateTimeField
from django.utils import timezone
from django.utils.html import escape

from articles import body
from articles.body import Rendered
from articles.listing import FOUND, Scope
from articles.models import Article, ArticleQuerySet, BylineRole
from articles.models.source import FeedTerms
from articles.page_parts import lend_parts_of
from articles.shown import show_story
from articles.stories import credit_line
from images.models import Image
from images.renditions import Rendition, best, public_address
from pagecache.prepared import Prepared
from pagecache.reading import depends_on
from people.models import Author
from products.affiliate_links import disclosure, story_has_paid_link
from syndication.addresses import absolute, story_path
from syndication.published import content
from syndication.terms import no_silent_ones, terms_of
from syndication.text import plain, summary

WRITERS = frozenset({BylineRole.WORDS, BylineRole.REPORTING, BylineRole.DATA})


@dataclass(frozen=True)
class Picture:
    """A picture by the one rendition that is named of it."""

    image: Image
    made: Rendition
    caption: str

    @property
    def url(self) -> str:
        """Where it is fetched."""
        return absolute(public_address(self.image, self.made))


@dataclass(frozen=True)
class Story:
    """An article on its way out; ``text`` was rendered for feeds, ``is_full`` tells whether it may be told whole."""

    article: Article
    text: Rendered
    is_full: bool

    @property
    def identity(self) -> str:
        """What it is called elsewhere, for good."""
        return absolute(story_path(self.article.pk))

    @property
    def url(self) -> str:
        """Its page."""
        return absolute(self.article.get_absolute_url())

    @property
    def title(self) -> str:
        """Its headline."""
        return plain(self.article.headline)

    @cached_property
    def summary(self) -> str:
        """A sentence or two, plain; that a paid link goes with it comes first where no whole text could say so."""
        words = summary(self.article.standfirst, self.text.text)
        return words if self.is_full or not self.disclosure else f"{self.disclosure} {words}"

    @cached_property
    def disclosure(self) -> str:
        """What readers must be told beside the paid links of what is handed on; empty where there are none."""
        html = self.text.html if self.is_full else ""
        return plain(disclosure()) if story_has_paid_link(self.article, html) else ""

    @property
    def published(self) -> datetime:
        """When readers could first see it, in the site's zone."""
        return timezone.localtime(self.article.publish_at)

    @property
    def updated(self) -> datetime:
        """When its words last changed, or a correction was added, in the site's zone."""
        return timezone.localtime(last_change(self.article))

    @property
    def writers(self) -> list[Author]:
        """Who wrote it, each once."""
        rows = self.article.bylines.all()
        return list(dict.fromkeys(row.author for row in rows if row.role in WRITERS))

    @property
    def tags(self) -> list[str]:
        """The names of its tags."""
        return [plain(tag.name) for tag in self.article.tag_list]

    @property
    def credit(self) -> str:
        """The agency's credit line, if it is not our own."""
        return plain(credit_line(self.article))

    @property
    def rights(self) -> str:
        """Whose it is."""
        return self.credit or plain(f"© {settings.SITE_NAME} {self.published.year}")

    @cached_property
    def picture(self) -> Picture | None:
        """The lead picture while its licence lasts."""
        image = self.article.picture
        made = best(image, "full", content.WIDTH)
        caption = self.article.lead_caption or image.caption if image else ""
        return Picture(image, made, plain(caption)) if image and made else None

    @cached_property
    def html(self) -> str:
        """The whole story with what must stand by it: that it holds paid links, its picture, its credit."""
        parts = [self.text.html]
        if self.article.picture:
            parts.insert(0, content.figure(self.article.picture, self.article.lead_caption))
        if self.disclosure:
            parts.insert(0, f"<p>{escape(self.disclosure)}</p>")
        if self.credit:
            parts.append(f"<p>{escape(self.credit)}</p>")
        return content.clean("".join(parts))


def last_change(article: Article) -> datetime:
    """When a public article last changed in a way that readers are told of."""
    moments = (article.publish_at, article.revised_at, article.corrected_at, article.clarified_at)
    return max(moment for moment in moments if moment is not None)


def newest(scope: Scope) -> list[Story]:
    """The ``FEED_ITEMS`` newest public stories of ``scope`` that may be handed on, their keys noted: six queries."""
    depends_on("sources")
    rows = _NEWEST[scope.kind, scope.way].rows(owner=scope.owner, now=timezone.now())
    lend_parts_of(rows)
    return told(rows)


def _newest(found: Callable[[Any], ArticleQuerySet]) -> Prepared[Article]:
    def build(owner: Any, now: Any) -> ArticleQuerySet:
        rows = no_silent_ones(found(owner).public(now)).joined().defer("body_html", "body_text").newest_first()
        return rows[: settings.FEED_ITEMS]

    return Prepared(build, owner=BigAutoField(), now=DateTimeField())


_NEWEST = {how: _newest(found) for how, found in FOUND.items()}


def told(articles: Iterable[Article]) -> list[Story]:
    """Articles, which ``for_page()`` gave, as stories; their keys noted: one query for the pictures of all."""
    rows = list(articles)
    texts = body.render_many({row.pk: row.body for row in rows}, content.picture_markup)
    for row in rows:
        _note(row, texts[row.pk])
    return [Story(row, texts[row.pk], _is_full(row)) for row in rows]


def _note(article: Article, text: Rendered) -> None:
    show_story(article)
    depends_on(*text.keys, until=text.until)


def _is_full(article: Article) -> bool:
    return terms_of(article) == FeedTerms.FULL and settings.FEED_TEXT == "full"
