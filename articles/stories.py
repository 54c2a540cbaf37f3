"""Finding the article an address means, and what its page says about it to machines."""

from typing import NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import BigAutoField, DateTimeField
from django.http import Http404
from django.utils import timezone

from articles.departure import onward
from articles.models import Article
from articles.models.source import CanonicalRule
from articles.page_parts import lend_parts, noting
from articles.schedule.overlay import lay_over, with_change
from images.renditions import best, public_address
from pagecache.prepared import Prepared

SOCIAL_RATIO, SOCIAL_WIDTH = "1.91:1", 1200
"""What social networks show without cutting it again; they want a whole address, and a JPEG."""


_STORY = Prepared(
    lambda pk, now: (
        noting(with_change(Article.objects.public(now), now))
        .joined()
        .select_related("comment_settings", "series_entry__series")
        .filter(pk=pk)
    ),
    pk=BigAutoField(),
    now=DateTimeField(),
)


class GoneError(Exception):
    """The address held a story once; now nothing of it may be shown. ``onward`` is where it leads, or empty."""

    def __init__(self, onward: str = "") -> None:
        super().__init__(onward)
        self.onward = onward


class Head(NamedTuple):
    """Title, description, canonical address and picture, for search engines and for sharing."""

    title: str
    description: str
    canonical: str
    picture_url: str
    picture_alt: str
    picture_width: int
    picture_height: int
    noindex: bool


def public_article(pk: int) -> Article:
    """The public article with this id, ready for its page, with a later change that is due.

    Raises ``GoneError`` when readers saw it once and may no longer, ``Http404``
    when they never could: then nothing tells a draft from an unknown number.
    """
    article = _STORY.first(pk=pk, now=timezone.now())
    if article is not None:
        lend_parts(article)
        lay_over(article)
        if article.is_public():
            return article
    hidden = Article.objects.filter(pk=pk).first()
    if hidden is not None and hidden.once_public():
        raise GoneError(onward(hidden))
    raise Http404


def head_of(article: Article) -> Head:
    """What the article's page says in its head."""
    shared = article.social_picture
    picture = shared if shared is not None and shared.is_usable() else article.picture
    made = best(picture, SOCIAL_RATIO, SOCIAL_WIDTH)
    return Head(
        title=article.search_title or article.headline,
        description=article.search_description or article.standfirst,
        canonical=_canonical(article),
        picture_url=urljoin(settings.BASE_URL, public_address(picture, made)) if picture and made else "",
        picture_alt=picture.alt if picture else "",
        picture_width=made["width"] if made else 0,
        picture_height=made["height"] if made else 0,
        noindex=article.noindex,
    )


def credit_line(article: Article) -> str:
    """The agency's credit, with the year the story appeared; empty for our own stories."""
    if article.source is None or article.publish_at is None:
        return ""
    return article.source.credit_line(timezone.localtime(article.publish_at))


def _canonical(article: Article) -> str:
    """The agency's address where its contract asks for that, otherwise ours."""
    source = article.source
    if source is not None and source.canonical == CanonicalRule.AGENCY and article.source_url:
        return article.source_url
    return f"{settings.BASE_URL}{article.get_absolute_url()}"
