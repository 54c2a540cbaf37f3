"""Who may look into the history of an article: those who may know its newest words."""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from articles.known import knows_newest
from articles.models import Article, Revision
from pagecache.admin import is_id, row_or_404

Desk = ModelAdmin[Article]


def desk_article(request: HttpRequest, desk: Desk, pk: int) -> Article:
    """The article with its newest revision.

    Raises ``Http404`` for one that whoever asks may not know of, and
    ``PermissionDenied`` where they may read only what readers see.
    """
    article = row_or_404(desk.get_queryset(request), pk)
    if not desk.has_view_permission(request, article) or not knows_newest(request.user, article):
        raise PermissionDenied
    return article


def numbered(article: Article, text: str) -> Revision | None:
    """The article's revision with the number in ``text``, if there is one."""
    if not is_id(text):
        return None
    return article.revisions.select_related("made_by").filter(number=int(text)).first()
