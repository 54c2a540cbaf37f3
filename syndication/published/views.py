"""Feeds and ninjs, the same bytes for everyone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import search as index
from articles.boundaries import next_change_of_all
from articles.models import Article, Section
from articles.search import QueryTooLongError
from articles.stories import GoneError
from pagecache.reading import depends_on, reader_page
from syndication.addresses import FORMATS, SITE, feed_path
from syndication.answers import document, gone, led
from syndication.published import atom, json_feed, ninjs, rss
from syndication.published.channels import Channel, channel, onward
from syndication.published.comments import comments_feed
from syndication.published.feed import Feed, entry_of
from syndication.published.stories import Story, newest, told
from syndication.terms import handed_on, may_hand_on

WRITERS = {"rss.xml": rss.write, "atom.xml": atom.write, "feed.json": json_feed.write}


@require_safe
@reader_page()
def feed(request: HttpRequest, form: str, kind: str = SITE, slug: str = "") -> HttpResponse:
    """The newest stories of a channel in one of the forms; where its page moved, so did its feeds."""
    try:
        subject = channel(kind, slug)
    except Http404:
        moved = onward(kind, slug)
        if moved is None:
            raise
        return led(feed_path(form, *moved))
    stories = newest(subject.scope)
    return _answer(_feed_of(subject, form, stories), form, stories)


@require_safe
@reader_page()
def story(request: HttpRequest, pk: str) -> HttpResponse:
    """One story in ninjs."""
    try:
        found = handed_on(int(pk))
    except GoneError:
        return gone(request)
    return document(ninjs.write_story(told([found])[0]), FORMATS["ninjs.json"])


@require_safe
@reader_page()
def comments(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    """What readers say of one story, newest first."""
    try:
        found = handed_on(int(pk))
    except GoneError:
        return gone(request)
    return _answer(comments_feed(found, request.path), form)


@require_safe
@reader_page("q")
def search(request: HttpRequest) -> HttpResponse:
    """What is found of ``?q=``, best first, in ninjs; 400 in words for a query that is too long."""
    typed = request.GET.get("q", "")
    depends_on("archive", until=next_change_of_all())
    try:
        ranked = [hit.article.pk for hit in index.find(typed, limit=settings.FEED_ITEMS, within=may_hand_on).hits]
    except QueryTooLongError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    rows = Article.objects.public().for_page().defer("body_html", "body_text").in_bulk(ranked)
    stories = told(rows[pk] for pk in ranked if pk in rows)
    title = _("Search for “%(words)s”") % {"words": typed}
    return _answer(
        Feed(title, "", "/", request.get_full_path(), [entry_of(one) for one in stories]), "ninjs.json", stories
    )


@require_safe
@reader_page()
def feeds(request: HttpRequest) -> HttpResponse:
    """The page that says which feeds there are."""
    depends_on("sections")
    return render(
        request, "syndication/feeds.html", {"sections": Section.objects.all(), "full": settings.FEED_TEXT == "full"}
    )


def _feed_of(subject: Channel, form: str, stories: list[Story]) -> Feed:
    own = feed_path(form, subject.kind, subject.slug)
    return Feed(subject.title, subject.about, subject.page, own, [entry_of(story) for story in stories], followed=True)


def _answer(made: Feed, form: str, stories: list[Story] | None = None) -> HttpResponse:
    content = WRITERS[form](made) if form in WRITERS else ninjs.write_list(made, stories or [])
    response = document(content, FORMATS[form])
    links = [f'<{made.own_address}>; rel="self"', *([f'<{made.hub}>; rel="hub"'] if made.hub else [])]
    response.headers["Link"] = ", ".join(links)
    return response
