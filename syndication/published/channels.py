"""What a feed is about: the whole site, a section, a tag or an author."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from articles import redirects
from articles.listing import Scope, everything, of_author, of_section, of_tag, shown_tags
from articles.models import Section, Tag
from pagecache.reading import depends_on
from people.models import Author
from syndication.addresses import SITE

PAGES = {"pages:first_level": "section", "pages:tag": "tag", "pages:author": "author"}
"""The page that lists the same stories as a feed of each kind."""


@dataclass(frozen=True)
class Channel:
    """A feed's subject; ``page`` is the path of the page that readers get of it."""

    kind: str
    slug: str
    title: str
    about: str
    page: str
    scope: Scope


def channel(kind: str, slug: str) -> Channel:
    """The channel readers may know of, its keys noted; raises ``Http404``."""
    if kind == SITE:
        found = Channel(kind, "", settings.SITE_NAME, settings.SITE_TAGLINE, reverse("pages:front"), everything())
    else:
        found = _MAKERS[kind](slug)
    depends_on(found.scope.key, until=found.scope.next_change())
    return found


def onward(kind: str, slug: str) -> tuple[str, str] | None:
    """The channel whose page readers of this one's page are led to since it moved, if it is one of ours."""
    page = next(name for name, own in PAGES.items() if own == kind)
    try:
        row = redirects.find(reverse(page, args=[slug]))
    except NoReverseMatch:
        return None
    address = redirects.destination(row) if row is not None else None
    return channel_of_page(address) if address else None


def channel_of_page(path: str) -> tuple[str, str] | None:
    """Kind and slug of the channel that lists what the page at ``path`` does, if readers may know of it."""
    try:
        match = resolve(path)
        kind = PAGES[match.view_name]
        channel(kind, match.kwargs["slug"])
    except (Resolver404, KeyError, Http404):
        return None
    return kind, match.kwargs["slug"]


def _section(slug: str) -> Channel:
    section = get_object_or_404(Section, slug=slug)
    depends_on(f"section:{section.pk}")
    about = section.description or section.name
    return Channel("section", slug, _titled(section.name), about, section.get_absolute_url(), of_section(section))


def _tag(slug: str) -> Channel:
    topic = get_object_or_404(Tag, slug=slug)
    depends_on(f"tag:{topic.pk}")
    if not topic.description and not shown_tags().filter(pk=topic.pk).exists():
        raise Http404  # nothing tells that only drafts carry the tag
    about = topic.description or topic.name
    return Channel("tag", slug, _titled(topic.name), about, topic.get_absolute_url(), of_tag(topic))


def _author(slug: str) -> Channel:
    person = get_object_or_404(Author, slug=slug)
    depends_on(f"author:{person.pk}")
    about = person.bio or person.name
    return Channel("author", slug, _titled(person.name), about, person.get_absolute_url(), of_author(person))


def _titled(name: str) -> str:
    return f"{name} · {settings.SITE_NAME}"


_MAKERS: dict[str, Callable[[str], Channel]] = {"section": _section, "tag": _tag, "author": _author}
