"""The stories Google News is told of: two days, a thousand at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from articles.boundaries import next_change
from articles.models import Article
from pagecache.reading import depends_on
from syndication.addresses import absolute
from syndication.sitemaps.parts import indexable
from syndication.text import plain

NEW_FOR = timedelta(days=2)
MOST = 1_000
"""Both are Google's limits."""


@dataclass(frozen=True)
class NewsStory:
    """One story; ``title`` is plain."""

    address: str
    title: str
    published: datetime


def news_stories() -> list[NewsStory]:
    """The newest first, their keys noted: three queries."""
    since = timezone.now() - NEW_FOR
    recent = Article.objects.filter(publish_at__gt=since)
    depends_on("archive", "sections", "sources", until=next_change(recent))
    rows = indexable().filter(publish_at__gt=since).select_related("section").newest_first()
    found = list(rows.only("id", "slug", "headline", "publish_at", "section__id", "section__slug")[:MOST])
    stories = [
        NewsStory(absolute(row.get_absolute_url()), plain(row.headline), row.publish_at)
        for row in found
        if row.publish_at is not None
    ]
    if stories:
        depends_on(until=stories[-1].published + NEW_FOR)
    return stories


def language() -> str:
    """The site's language as Google wants it: two letters, but for Chinese."""
    code = settings.LANGUAGE_CODE.lower()
    chinese = {"zh-hans": "zh-cn", "zh-cn": "zh-cn", "zh-hant": "zh-tw", "zh-tw": "zh-tw"}
    return chinese.get(code, code.partition("-")[0])
