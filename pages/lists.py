"""A page of what a section, a topic or an author lists."""

from django.db.models import Prefetch
from django.http import HttpRequest

from articles.boundaries import next_change
from articles.listing import Scope
from articles.models import Byline
from articles.shown import show_articles, show_bylines
from pagecache.reading import depends_on
from pages.keyset import Stories, stories


def listed(request: HttpRequest, scope: Scope) -> Stories:
    """The page of ``scope`` the request asks for, its keys noted: four queries at most."""
    bylines = Prefetch("bylines", Byline.objects.select_related("author"))
    page = stories(request, scope.found.public().cards().prefetch_related(bylines))
    show_articles(page.articles)
    for article in page.articles:
        show_bylines(article.bylines.all())
    depends_on(scope.key, until=next_change(scope.found))
    return page
