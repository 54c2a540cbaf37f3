"""The public pages. The same bytes for everyone: no view looks at who asks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles import body
from articles.models import Article, Section, Tag
from articles.page_plan import PagePlan
from comments.thread_pages import threads_of
from pagecache.reading import depends_on, reader_page
from pages import fronts, lists, sections
from pages.boundaries import next_change
from pages.models import StaticPage
from pages.moved import REDIRECT_SECONDS, moved
from pages.series import box_of
from pages.shown import show_articles, show_bylines, show_picture
from pages.stories import GoneError, credit_line, head_of, public_article
from people.models import Author


@require_safe
@reader_page
def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    page = fronts.front()
    depends_on("front", until=next_change(Article.objects.all()))
    show_articles(page.articles)
    for article in page.articles:
        show_bylines(article.bylines.all())
    return render(request, "pages/front.html", {"front": page})


@require_safe
@reader_page
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic page: what carries the tag, under its description and picture."""
    topic = Tag.objects.select_related("picture").filter(slug=slug).first()
    if topic is None:
        return moved(request, _topic_at)
    depends_on(f"tag:{topic.pk}")
    show_picture(topic.picture)
    page = lists.listed(request, lists.of_tag(topic))
    if not page.articles and not topic.description:
        raise Http404  # nothing tells that only drafts carry the tag
    return render(request, "pages/tag.html", {"tag": topic, "page": page})


@require_safe
@reader_page
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's profile and stories."""
    person = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    depends_on(f"author:{person.pk}")
    show_picture(person.portrait)
    page = lists.listed(request, lists.of_author(person))
    return render(request, "pages/author.html", {"author": person, "page": page})


@require_safe
@reader_page
def article(request: HttpRequest, section: str, slug: str, pk: str) -> HttpResponse:
    """An article; whether it is visible is settled before its address is corrected."""
    try:
        story = public_article(int(pk))
    except GoneError:
        return render(request, "errors/410.html", status=410)
    if request.path != story.get_absolute_url():
        return _moved(request, story)
    context = {
        "article": story,
        "plan": plan_for(story),
        "head": head_of(story),
        "credit_line": credit_line(story),
        "series_box": box_of(story),
        "here": story.section.get_absolute_url() if story.section else "",
    }
    return render(request, "pages/article.html", context)


@require_safe
@reader_page
def first_level(request: HttpRequest, slug: str) -> HttpResponse:
    """A section, or else a static page."""
    found = Section.objects.select_related("picture").filter(slug=slug).first()
    if found is not None:
        return _section(request, found)
    page = StaticPage.objects.filter(slug=slug, published=True).first()
    if page is None:
        raise Http404
    text = body.render(page.body)
    depends_on(f"page:{page.pk}", *text.keys, until=text.until)
    return render(request, "pages/static_page.html", {"page": page, "text": text})


def plan_for(story: Article) -> PagePlan:
    """The page plan of an article's page, its keys noted."""
    depends_on(*story.body_keys, until=story.expire_at)
    depends_on(*(f"tag:{tag.pk}" for tag in story.tag_list))
    if story.source_id:
        depends_on(f"source:{story.source_id}")
    show_articles([story])
    show_picture(story.social_picture)
    show_bylines(story.bylines.all())
    talk = threads_of(story)
    return PagePlan(article=story, article_ids={story.pk}, comment_count=talk.count, kept={"comments": talk})


def _section(request: HttpRequest, section: Section) -> HttpResponse:
    depends_on(f"section:{section.pk}")
    shown = sections.section_page(request, section)
    context = {"section": section, "page": shown.page, "top": shown.top, "most_read": shown.most_read}
    return render(request, "pages/section.html", context)


def _topic_at(slug: str) -> Tag | None:
    """The tag at this address, if its page is one."""
    topic = Tag.objects.filter(slug=slug).first()
    if topic is None or not (topic.description or lists.of_tag(topic).found.public().exists()):
        return None
    return topic


def _moved(request: HttpRequest, story: Article) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = redirect(story.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
    response.headers["Cache-Control"] = f"public, max-age={REDIRECT_SECONDS}"
    return response
