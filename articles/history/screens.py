"""The history on the desk: the list of revisions, two of them compared, and going back to one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import body, history
from articles.history.access import Desk, desk_article, numbered
from articles.history.comparing import compare, part_differences
from articles.history.listing import history_of
from articles.models import Article, Revision
from articles.permissions import may_edit
from articles.registries import revision_parts
from articles.revisions import TooManyTagsError
from pagecache.admin import is_id

CHANGED_MEANWHILE = 409


def history_urls(desk: Desk) -> list[URLPattern]:
    """Comparing and restoring, behind the admin's own door."""
    screens = {"compare/": compare_view, "<int:number>/restore/": restore_view}
    return [
        path(f"<int:pk>/history/{address}", desk.admin_site.admin_view(_of(view, desk)), name=_name(view))
        for address, view in screens.items()
    ]


def history_view(request: HttpRequest, object_id: str, desk: Desk) -> HttpResponse:
    """Every save: who, when, what; two of them may be chosen and compared."""
    try:
        if not is_id(object_id):
            raise Http404
        article = desk_article(request, desk, int(object_id))
    except Http404:
        return desk._get_obj_does_not_exist_redirect(request, desk.opts, object_id)  # type: ignore[attr-defined,no-any-return]
    return _listed(request, desk, article)


@require_safe
def compare_view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The revisions ``?from=`` and ``?to=``; without them what readers see and the newest one."""
    article = desk_article(request, desk, pk)
    chosen = _chosen(request, article)
    if isinstance(chosen, str):
        return _listed(request, desk, article, problem=chosen)
    old, new = chosen
    context = {
        **_context(request, desk, article),
        "title": _("Compare revisions"),
        "old": old,
        "new": new,
        "found": compare(old, new, actor=request.user),
        "newest": article.latest,
        "may_restore": may_edit(request.user, article),
    }
    return _answer(request, "compare", context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore_view(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """GET: what restoring would change. POST: do it, live rows only where ``parts`` is ticked."""
    article = desk_article(request, desk, pk)
    revision = numbered(article, str(number))
    if revision is None:
        raise Http404
    if not may_edit(request.user, article):
        raise PermissionDenied
    if request.method == "POST":
        return _restore(request, desk, article, revision)
    return _ask(request, desk, article, revision)


def _restore(request: HttpRequest, desk: Desk, article: Article, revision: Revision) -> HttpResponse:
    seen = request.POST.get("seen", "")
    parts = request.POST.get("parts") == "yes"
    try:
        if not is_id(seen):
            raise history.NewerRevisionError(_("The form was not complete. Look at what will change, and try again."))
        saved = history.restore(article, revision, actor=request.user, parts=parts, seen=int(seen))
    except ValidationError as error:
        return _ask(request, desk, article, revision, " ".join(error.messages), ticked=parts)
    except (body.BodyRefused, TooManyTagsError) as refusal:
        return _ask(request, desk, article, revision, str(refusal), ticked=parts)
    words = _("Revision %(old)d stands in the form again, as revision %(new)d. Readers see it when you publish.")
    messages.success(request, words % {"old": revision.number, "new": saved.number})
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _ask(
    request: HttpRequest, desk: Desk, article: Article, revision: Revision, problem: str = "", *, ticked: bool = False
) -> HttpResponse:
    newest = Article.objects.select_related("latest").get(pk=article.pk).latest or revision
    allowed = {name: part for name, part in revision_parts.items() if part.may_restore(request.user, article)}
    now = {name: part.dump(article) for name, part in allowed.items()}
    then = {name: revision.parts[name] for name in allowed if name in revision.parts}
    context = {
        **_context(request, desk, article),
        "title": _("Restore revision %(number)d?") % {"number": revision.number},
        "revision": revision,
        "newest": newest,
        "found": compare(newest, revision, actor=request.user),
        "live": part_differences({name: now[name] for name in then}, then, request.user),
        "problem": problem,
        "ticked": ticked,
    }
    return _answer(request, "restore", context, status=CHANGED_MEANWHILE if problem else 200)


def _chosen(request: HttpRequest, article: Article) -> tuple[Revision, Revision] | str:
    """The two to compare, older first; or, in words, why there are no two."""
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if not any(asked):
        return _usual(article)
    first, second = (numbered(article, text) for text in asked)
    if first is None or second is None:
        return _("Choose two revisions of this article.")
    if first == second:
        return _("You chose the same revision twice.")
    return (first, second) if first.number < second.number else (second, first)


def _usual(article: Article) -> tuple[Revision, Revision] | str:
    """What readers see and the newest; where they are the same, or readers see nothing, the last two saves."""
    newest = article.latest
    live = article.live if article.live_id != article.latest_id else None
    before = live or article.revisions.filter(number__lt=newest.number if newest else 0).first()
    if newest is None or before is None:
        return _("There is only one revision so far: nothing to compare.")
    return before, newest


def _listed(request: HttpRequest, desk: Desk, article: Article, problem: str = "") -> HttpResponse:
    context = {
        **_context(request, desk, article),
        "title": _("History"),
        "history": history_of(article, request.GET.get("page", "1")),
        "may_restore": may_edit(request.user, article),
        "problem": problem,
    }
    return _answer(request, "object_history", context, status=400 if problem else 200)


def _context(request: HttpRequest, desk: Desk, article: Article) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "object": article, "article": article}


def _answer(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    request.current_app = "admin"
    response = TemplateResponse(request, f"admin/articles/article/{name}.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _of(view: Any, desk: Desk) -> Any:
    """The view as the desk answers it."""

    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, desk, **kwargs)
        return response

    return answered


def _name(view: Any) -> str:
    return f"articles_article_{view.__name__.removesuffix('_view')}"
