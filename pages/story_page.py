"""An article's page: the same for readers and for previews of what they do not see yet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article
from articles.page_plan import PagePlan
from articles.shown import show_story
from articles.stories import credit_line, head_of
from comments.thread_pages import threads_of
from pages.series import box_of


def story_page(request: HttpRequest, story: Article, preview: Any = None) -> HttpResponse:
    """The page of ``story``, which ``for_page()`` gave or ``previews.working_story`` made.

    ``preview`` is what the page says and offers as a preview; readers get none.
    """
    context = {
        "article": story,
        "plan": plan_for(story),
        "head": head_of(story),
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
