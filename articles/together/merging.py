"""Saving over a newer version: the second to save sees both texts, chooses, and saves the whole.

Nothing is kept on the server in between. The page carries the form as it was
sent; the choices come back with it, and the form is judged anew each time, so
whatever else happened meanwhile is seen as well.
"""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.models import Article, Revision
from articles.permissions import require, works_on_articles
from articles.revisions import NewerVersion
from articles.state import WorkingState
from articles.together import copies
from articles.together.merge import Merge
from articles.together.posting import BASE, rewritten
from articles.together.showing import Shown
from articles.together.windows import posted_window
from pagecache.admin import row_or_404

CHOICE = "join-"
"""What the names of the choices begin with."""
THEIRS = "join_with"
"""The number of the revision that the choices were made beside."""
ALL = "_join_all"
CONFLICT = 409


class Screen(Protocol):
    """What is needed of the admin's screen."""

    admin_site: AdminSite
    opts: Any


def joining(screen: Screen, request: HttpRequest, save: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of ``save``, which handles the posted form; or the page where two versions are joined.

    When the form comes from that page with every choice made, it is saved as
    the joined version; if somebody saved yet another one, they are joined again.
    Raises ``PermissionDenied``: who may save nothing learns nothing by trying.
    """
    require(request.method != "POST" or works_on_articles(request.user), _("write articles"))
    try:
        return save()
    except NewerVersion as newer:
        conflict, theirs = newer, newer.revision
    merge = merge_of(conflict)
    choices = _choices(request.POST, theirs.number, merge)
    if THEIRS in request.POST and ALL not in request.POST and not merge.undecided(choices):
        joined = rewritten(_plain(request.POST), conflict.mine, merge.result(choices), theirs.number)
        joined["_continue"] = "1"
        request.POST = joined  # type: ignore[assignment]
        return joining(screen, request, save)
    article = row_or_404(Article.objects.select_related("latest"), theirs.article_id)
    _keep(request, article, conflict)
    shown = Shown(merge, choices, complain=_was_sent(request.POST, theirs.number))
    return _page(screen, request, article, conflict, shown)


def merge_of(conflict: NewerVersion) -> Merge:
    """What both made of the version that the refused one began from."""
    base = Revision.objects.filter(article=conflict.revision.article_id, number=conflict.base or 0).first()
    theirs = WorkingState.from_json(conflict.revision.state)
    return Merge.of(WorkingState.from_json(base.state) if base else None, conflict.mine, theirs)


def _choices(posted: QueryDict, theirs: int, merge: Merge) -> dict[str, str]:
    """What was chosen beside just this version of theirs; a button that chooses one side everywhere wins."""
    if posted.get(THEIRS) != str(theirs):
        return {}
    if everywhere := posted.get(ALL):
        return dict.fromkeys(merge.places, everywhere)
    return {place: posted.get(CHOICE + place, "") for place in merge.places}


def _was_sent(posted: QueryDict, theirs: int) -> bool:
    return posted.get(THEIRS) == str(theirs) and ALL not in posted


def _plain(posted: QueryDict) -> QueryDict:
    """The form as it was sent first: without buttons, choices and the token."""
    data = posted.copy()
    for name in list(data):
        if name.startswith(("_", CHOICE)) or name in {THEIRS, "csrfmiddlewaretoken"}:
            del data[name]
    return data


def _keep(request: HttpRequest, article: Article, conflict: NewerVersion) -> None:
    """What was to be saved stays the writer's unsaved words, should they leave the page."""
    window = posted_window(request)
    if window is None:
        return
    fields = [(name, value) for name, value in _plain(request.POST).items() if isinstance(value, str)]
    try:
        copies.keep(article, fields, actor=request.user, window=window, base=conflict.base, restoring=True)
    except (copies.CopyRefused, Article.DoesNotExist):
        return  # the page itself still holds every word


def _page(screen: Screen, request: HttpRequest, article: Article, conflict: NewerVersion, shown: Shown) -> HttpResponse:
    posted = _plain(request.POST)
    context = {
        **screen.admin_site.each_context(request),
        "opts": screen.opts,
        "title": str(article),
        "article": article,
        "theirs": conflict.revision,
        "own": conflict.revision.made_by_id == request.user.pk,
        "shown": shown,
        "posted": [(name, value) for name, values in posted.lists() for value in values],
        "base_name": BASE,
    }
    return TemplateResponse(request, "admin/articles/together/join.html", context, status=CONFLICT)
