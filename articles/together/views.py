"""What the form's page asks the server for while somebody works on it."""

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.defaultfilters import date as format_date
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.known import known_to, knows_newest
from articles.models import Article, Revision, WorkingCopy
from articles.state import WorkingState
from articles.together import copies, presence
from articles.together.merge import Merge
from articles.together.posting import BASE, unsaved_state
from articles.together.restoring import SETTLED
from articles.together.showing import Shown
from articles.together.strip import RESTORING, who_is_here
from articles.together.windows import posted_window
from pagecache.admin import is_id, row_or_404

View: TypeAlias = Callable[..., HttpResponse]


def together_urls(site: AdminSite) -> list[URLPattern]:
    """Addresses below the article's admin."""
    beside = site.admin_view(lambda request, pk: compare(request, pk, site))
    return [
        path("<int:pk>/present/", site.admin_view(be_present), name="articles_article_present"),
        path("<int:pk>/unsaved/", site.admin_view(keep), name="articles_article_keep"),
        path("unsaved/", site.admin_view(keep_new), name="articles_article_keep_new"),
        path("unsaved/<int:pk>/", beside, name="articles_article_unsaved"),
        path("unsaved/<int:pk>/discard/", site.admin_view(discard), name="articles_article_discard"),
    ]


@require_http_methods(["GET", "POST"])
def be_present(request: HttpRequest, pk: int) -> JsonResponse:
    """POST: this window is open, or closes. Either way: who else is here, and whether a newer version exists."""
    article = _known(request, pk)
    window = posted_window(request)
    if request.method == "POST" and window is not None:
        if "leaving" in request.POST:
            presence.leave(article, actor=request.user, window=window)
            return JsonResponse({})
        _be_here(request, article, window)
    told = {"here": who_is_here(request, article), "token": get_token(request)}
    return JsonResponse(told | _newest(request, article))


@require_POST
def keep(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what was typed into the form of an article."""
    return _kept(request, _known(request, pk))


@require_POST
def keep_new(request: HttpRequest) -> JsonResponse:
    """Keep what was typed into the form of an article that has no row yet."""
    return _kept(request, None)


@require_GET
def compare(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """One's unsaved words beside the newest version."""
    copy = row_or_404(copies.of(request.user).select_related("article__latest"), pk)
    article = _known(request, copy.article_id) if copy.article_id else None
    known = WorkingState.of(article) if article else WorkingState()
    merge = Merge.of(None, unsaved_state(copy.fields, known), known)
    context = {**site.each_context(request), "title": _("Unsaved words"), "copy": copy, "article": article}
    context |= {"opts": Article._meta, "shown": Shown(merge, beside=True), "form_url": form_url(copy)}
    return TemplateResponse(request, "admin/articles/together/unsaved.html", context)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw one's unsaved words away, and go back to the form as it is saved."""
    copy = row_or_404(copies.of(request.user), pk)
    address = f"{form_url(copy).partition('?')[0]}?{SETTLED}={copy.window}"
    copies.discard(copy, actor=request.user)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({})
    return HttpResponseRedirect(address)


def form_url(copy: WorkingCopy) -> str:
    """The form, filled from the copy."""
    if copy.article_id:
        address = reverse("admin:articles_article_change", args=[copy.article_id])
    else:
        address = reverse("admin:articles_article_add")
    return f"{address}?{RESTORING}={copy.pk}"


def _known(request: HttpRequest, pk: int) -> Article:
    """The article, for whoever may know of it and look at articles at all; all others: 404."""
    if not request.user.has_perm("articles.view_article"):
        raise Http404
    article: Article = row_or_404(known_to(request.user), pk)
    return article


def _be_here(request: HttpRequest, article: Article, window: UUID) -> None:
    try:
        presence.be_here(article, actor=request.user, window=window, typed="typed" in request.POST)
    except (PermissionDenied, Article.DoesNotExist) as gone:
        raise Http404 from gone


def _kept(request: HttpRequest, article: Article | None) -> JsonResponse:
    window = posted_window(request)
    if window is None:
        return JsonResponse({"error": _("Reload the page: this form is not known.")}, status=400)
    text = request.POST.get(BASE, "")
    fields = [(name, str(value)) for name, value in request.POST.items()]
    try:
        answer = copies.keep(
            article,
            fields,
            actor=request.user,
            window=window,
            base=int(text) if is_id(text) else None,
            restoring="restoring" in request.POST,
        )
    except copies.CopyRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    except PermissionDenied as refusal:
        return JsonResponse({"error": str(refusal)}, status=403)
    except Article.DoesNotExist as gone:
        raise Http404 from gone
    return _answered(request, article, answer)


def _answered(request: HttpRequest, article: Article | None, answer: copies.Answer) -> JsonResponse:
    told: dict[str, Any] = {"outcome": answer.outcome}
    if answer.copy is not None:
        when = format_date(timezone.localtime(answer.copy.kept_at), "H:i:s")
        told |= {"when": when, "restore": form_url(answer.copy)}
        told["compare"] = reverse("admin:articles_article_unsaved", args=[answer.copy.pk])
    told |= _newest(request, article) if article else {}
    return JsonResponse(told)


def _newest(request: HttpRequest, article: Article) -> dict[str, Any]:
    """The newest revision in words, for whoever may read it."""
    if article.latest is None or not knows_newest(request.user, article):
        return {}
    return {"number": article.latest.number, "newer": newer_words(article.latest, request)}


def newer_words(revision: Revision, request: HttpRequest) -> str:
    """That there is a newer version."""
    when = format_date(timezone.localtime(revision.made_at), "H:i")
    if revision.made_by_id == request.user.pk:
        return _("You saved a newer version in another window at %(when)s.") % {"when": when}
    return _("%(who)s saved a newer version at %(when)s.") % {"who": revision.made_by or _("Somebody"), "when": when}
