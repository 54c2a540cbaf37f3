"""Telling a hub (WebSub) that feeds have other entries, for those who subscribed there.

The keys of lists say which feeds change, at whatever verb; a worker calls a
minute later, so that many changes are one call. Nothing is told without
``WEBSUB_HUB``, and never of a feed that readers may not know of.
"""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import Http404
from django.utils import timezone

from articles.models import Article, Section, Tag
from articles.models.article import LIVE_STATUSES
from articles.publishing import list_keys
from outbox import effects
from outbox.fetching import post_form
from people.models import Author
from syndication.addresses import FORMATS, SITE, absolute, feed_path
from syndication.published.channels import channel

PING = "syndication.ping"
ENDED = "syndication.ended"

AFTER = timedelta(seconds=65)
"""From the beginning of the minute of a change: later than whatever else commits in that minute."""

SECONDS = 10
"""For one call; a feed in all its forms takes far less than the lease of an effect."""

MOST = 50
"""Feeds of one transaction. Where more change an archive moves in: its tags and authors are no news."""

_LIST = re.compile(r"archive|(section|tag|author)-list:([0-9]+)")

_ROWS: dict[str, type[Model]] = {"section": Section, "tag": Tag, "author": Author}


def ping_later(keys: list[str]) -> None:
    """Enqueue what the hub is told of lists whose ``keys`` rise: what ``pagecache.writing`` calls in each change."""
    if not settings.WEBSUB_HUB:
        return
    lists = [found for key in keys if (found := _LIST.fullmatch(key))]
    if len(lists) > MOST:
        lists = [found for found in lists if found[1] in {None, "section"}]
    minute = timezone.now().replace(second=0, microsecond=0)
    effects.enqueue_all(
        PING,
        [
            effects.Wanted(
                {"kind": found[1] or SITE, "id": int(found[2] or 0)},
                f"ping:{found[0]}:{minute.isoformat()}",
                minute + AFTER,
            )
            for found in lists
        ],
    )


def ping_at_the_end(article: Article) -> None:
    """Have the hub told when a story's time is over: the clock alone takes it from its lists then, and no key rises."""
    ends = article.expire_at
    if settings.WEBSUB_HUB and ends is not None and ends > timezone.now():
        effects.enqueue(ENDED, {"article": article.pk}, key=f"ended:{article.pk}:{ends.isoformat()}", due=ends)


@effects.handler(ENDED)
def _ended(payload: dict[str, Any], _key: str) -> None:
    row = Article.objects.filter(pk=payload["article"], status__in=LIVE_STATUSES, expire_at__lte=timezone.now()).first()
    if row is not None:
        ping_later(sorted(list_keys(row)))


@effects.handler(PING, slow=True)
def ping(payload: dict[str, Any], _key: str) -> None:
    """Tell the hub of one feed in each of its forms. Raises ``FetchRefused``: then the worker tries again."""
    kind, slug = payload["kind"], ""
    if not settings.WEBSUB_HUB:
        return
    try:
        slug = _slug(kind, payload["id"])
        channel(kind, slug)
    except Http404:
        return
    for form in FORMATS:
        topic = absolute(feed_path(form, kind, slug))
        told = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        post_form(settings.WEBSUB_HUB, told, seconds=SECONDS)


def _slug(kind: str, pk: int) -> str:
    """The last part of the address of a list's owner; empty for the site. Raises ``Http404`` for one that is gone."""
    if kind == SITE:
        return ""
    slug: str | None = _ROWS[kind]._default_manager.filter(pk=pk).values_list("slug", flat=True).first()
    if slug is None:
        raise Http404
    return slug
