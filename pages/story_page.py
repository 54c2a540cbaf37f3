"""An article's page: the same for readers and for previews of what they do not see yet."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from articles.models import Article, Byline
from articles.models.byline import BylineRole
from articles.page_plan import PagePlan
from articles.shown import show_story
from articles.stories import credit_line, head_of
from comments.thread_pages import threads_of
from pages.series import box_of
from pages.templatetags.times import instant


class Name(NamedTuple):
    """Somebody who signed a story. ``about``: what they are, or what they did for it."""

    name: str
    address: str
    about: str


class Topic(NamedTuple):
    """A topic of a story."""

    name: str
    address: str


class Told(NamedTuple):
    """What the page tells of a story in several places, as the pieces of it take it."""

    address: str
    published: str
    """The moment, for machines; ``revised`` likewise, or empty."""

    revised: str
    section: str
    agency: str
    names: tuple[Name, ...]
    topics: tuple[Topic, ...]


def told_of(story: Article) -> Told:
    """Read from what ``for_page()`` gave: no query."""
    return Told(
        address=story.get_absolute_url(),
        published=instant(story.publish_at),
        revised=instant(story.revised_at) if story.revised_at else "",
        section=story.section.name if story.section else "",
        agency=story.source.name if story.source else "",
        names=tuple(_name(byline) for byline in story.bylines.all()),
        topics=tuple(Topic(tag.name, tag.get_absolute_url()) for tag in story.tag_list),
    )


def _name(byline: Byline) -> Name:
    author = byline.author
    title = author.title if byline.role == BylineRole.WORDS else ""
    return Name(author.name, author.get_absolute_url(), title or capfirst(byline.role_in_words))


def story_page(request: HttpRequest, story: Article, preview: Any = None) -> HttpResponse:
    """The page of ``story``, which ``for_page()`` gave or ``previews.working_story`` made.

    ``preview`` is what the page says and offers as a preview; readers get none.
    """
    context = {
        "article": story,
        "plan": plan_for(story),
        "head": head_of(story),
        "told": told_of(story),
        "credit_line": credit_line(story),
        "series_box": box_of(story),
        "here": story.section.get_absolute_url() if story.section else "",
        "preview": preview,
    }
    return render(request, "pages/article.html", context)


def plan_for(story: Article) -> PagePlan:
    """The page plan of an article's page, its keys noted."""
    show_story(story)
    talk = threads_of(story)
    return PagePlan(article=story, article_ids={story.pk}, comment_count=talk.count, kept={"comments": talk})
