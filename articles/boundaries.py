"""When a list of stories changes without anybody writing: at the next appearance, end of embargo or expiry."""

from datetime import datetime

from django.db.models import Min, Q
from django.utils import timezone

from articles.models import ArticleQuerySet
from articles.models.article import LIVE_STATUSES


def next_change(found: ArticleQuerySet) -> datetime | None:
    """The next instant at which ``found.public()`` holds something else, or ``None``: one query."""
    now = timezone.now()
    ahead = {
        "publish": Q(publish_at__gt=now),
        "embargo": Q(embargo_until__gt=now),
        "expire": Q(expire_at__gt=now),
    }
    moments = found.filter(ahead["publish"] | ahead["embargo"] | ahead["expire"], status__in=LIVE_STATUSES).aggregate(
        publish=Min("publish_at", filter=ahead["publish"]),
        embargo=Min("embargo_until", filter=ahead["embargo"]),
        expire=Min("expire_at", filter=ahead["expire"]),
    )
    return min((moment for moment in moments.values() if moment is not None), default=None)
