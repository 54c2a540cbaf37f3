"""A feed before it takes one of its forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from syndication.addresses import absolute
from syndication.published.stories import Picture, Story

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed changed last in which nothing stands yet."""


@dataclass(frozen=True)
class Person:
    """Somebody who wrote an entry; ``url`` is empty where they have no page."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry: a story, or a reader's comment. ``html`` is empty where only the summary may be told."""

    identity: str
    url: str
    title: str
    summary: str
    published: datetime
    updated: datetime
    html: str = ""
    people: Sequence[Person] = ()
    categories: Sequence[str] = ()
    rights: str = ""
    picture: Picture | None = None
    original: str = ""


@dataclass(frozen=True)
class Feed:
    """The whole: ``page`` and ``own`` are the paths of the page it goes with and of the feed itself.

    ``followed`` tells whether a hub hears of what changes in it.
    """

    title: str
    about: str
    page: str
    own: str
    entries: Sequence[Entry]
    followed: bool = False

    @property
    def updated(self) -> datetime:
        """When something in it changed last, in the site's zone."""
        return timezone.localtime(max((entry.updated for entry in self.entries), default=NEVER))

    @property
    def own_address(self) -> str:
        """The whole address of the feed itself."""
        return absolute(self.own)

    @property
    def page_address(self) -> str:
        """The whole address of its page."""
        return absolute(self.page)

    @property
    def hub(self) -> str:
        """Where others may subscribe to be told of news (WebSub); empty without one."""
        return str(settings.WEBSUB_HUB) if self.followed else ""


def entry_of(story: Story) -> Entry:
    """A story as an entry."""
    article = story.article
    section = [article.section.name] if article.section else []
    return Entry(
        identity=story.identity,
        url=story.url,
        title=story.title,
        summary=story.summary,
        published=story.published,
        updated=story.updated,
        html=story.html if story.is_full else "",
        people=[Person(person.name, absolute(person.get_absolute_url())) for person in story.writers],
        categories=[*section, *story.tags],
        rights=story.rights,
        picture=story.picture,
        original=article.source_url,
    )
