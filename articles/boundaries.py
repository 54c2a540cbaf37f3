"""When a list of stories changes without anybody writing: at the next appearance, end of embargo or expiry."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Min, Q, QuerySet, Value
from django.utils import timezone

from articles.models import Article, ArticleQuerySet
from articles.models.article import LIVE_STATUSES
from pagecache.prepared import Prepared


def moments_ahead(found: ArticleQuerySet, now: Any) -> QuerySet[Any, Any]:
    """One row, or none: the next appearance, end of an embargo and expiry among ``found``."""
    ahead = {
        "publish": Q(publish_at__gt=now),
        "embargo": Q(embargo_until__gt=now),
        "expire": Q(expire_at__gt=now),
    }
    coming = found.filter(ahead["publish"] | ahead["embargo"] | ahead["expire"], status__in=LIVE_STATUSES).order_by()
    return coming.values_list(Value(1)).annotate(
        publish=Min("publish_at", filter=ahead["publish"]),
        embargo=Min("embargo_until", filter=ahead["embargo"]),
        expire=Min("expire_at", filter=ahead["expire"]),
    )


def first_of(rows: list[Any]) -> datetime | None:
    """The earliest of the moments that ``moments_ahead`` found."""
    return min((moment for _one, *moments in rows for moment in moments if moment is not None), default=None)


def next_change(found: ArticleQuerySet) -> datetime | None:
    """The next instant at which ``found.public()`` holds something else, or ``None``: one query."""
    return first_of(list(moments_ahead(found, timezone.now())))


def next_change_of_all() -> datetime | None:
    """The same of all articles."""
    return first_of(_OF_ALL.rows(now=timezone.now()))


_OF_ALL: Prepared[Any] = Prepared(lambda now: moments_ahead(Article.objects.all(), now), now=DateTimeField())
