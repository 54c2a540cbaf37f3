"""The public pages. The same bytes for everyone: no view looks at who asks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles import body
from articles.boundaries import next_change_of_all
from articles.listing import of_author, of_tag
from articles.models import Section, Tag
from articles.shown import show_picture, show_signed
from articles.stories import GoneError, public_article
from articles.templatetags.link_words import AFFILIATES
from pagecache.reading import depends_on, reader_page
from pages import fronts, lists, sections
from pages.answering import gone, moved, or_elsewhere, short_addresses
from pages.models import StaticPage
from pages.story_page import story_page
from people.models import Author
from products.affiliate_links import has_paid_link


@require_safe
@short_addresses
@reader_page()
def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    depends_on("front", until=next_change_of_all())  # asked first: a moment that passes while we read counts
    page = fronts.front()
    show_signed(page.articles)
    return render(request, "pages/front.html", {"front": page})


@require_safe
@reader_page("before", "after")
@or_elsewhere
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic page: what carries the tag, under its description and picture."""
    topic = get_object_or_404(Tag.objects.select_related("picture"), slug=slug)
    depends_on(f"tag:{topic.pk}")
    show_picture(topic.picture)
    page = lists.listed(request, of_tag(topic))
    if not page.articles and not topic.description:
        raise Http404  # nothing tells that only drafts carry the tag
    return render(request, "pages/tag.html", {"tag": topic, "page": page})


@require_safe
@reader_page("before", "after")
@or_elsewhere
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's profile and stories."""
    person = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    depends_on(f"author:{person.pk}")
    show_picture(person.portrait)
    page = lists.listed(request, of_author(person))
    return render(request, "pages/author.html", {"author": person, "page": page})


@require_safe
@reader_page()
@or_elsewhere
def article(request: HttpRequest, section: str, slug: str, pk: str) -> HttpResponse:
    """An article; whether it is visible is settled before its address is corrected."""
    try:
        story = public_article(int(pk))
    except GoneError as error:
        return moved(request, error.onward) if error.onward else gone(request)
    if request.path != story.get_absolute_url():
        return moved(request, story.get_absolute_url())
    return story_page(request, story)


@require_safe
@reader_page("before", "after")
@or_elsewhere
def first_level(request: HttpRequest, slug: str) -> HttpResponse:
    """A section, or else a static page."""
    found = Section.objects.select_related("picture").filter(slug=slug).first()
    if found is not None:
        return _section(request, found)
    page = StaticPage.objects.filter(slug=slug, published=True).first()
    if page is None:
        raise Http404
    text = body.render(page.body)
    decided_now = {AFFILIATES} if "://" in text.html else ()
    depends_on(f"page:{page.pk}", *decided_now, *text.keys, until=text.until)
    context = {"page": page, "text": text, "paid": has_paid_link(text.html)}
    return render(request, "pages/static_page.html", context)


def _section(request: HttpRequest, section: Section) -> HttpResponse:
    depends_on(f"section:{section.pk}")
    shown = sections.section_page(request, section)
    context = {"section": section, "page": shown.page, "top": shown.top, "most_read": shown.most_read}
    return render(request, "pages/section.html", context)
