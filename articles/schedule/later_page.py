"""The page that asks when the changes of a live article are to be seen, and takes a plan back."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.known import known_to
from articles.models import Article, ScheduledChange
from articles.models.article import LIVE_STATUSES
from articles.permissions import may_publish
from articles.readiness import NotReadyError
from articles.schedule import later, moments
from pagecache.admin import is_id, row_or_404

Desk = ModelAdmin[Article]


def later_urls(desk: Desk) -> list[URLPattern]:
    """Behind the admin's own door."""

    def ask(request: HttpRequest, pk: int) -> HttpResponse:
        return later_view(request, pk, desk)

    door = desk.admin_site.admin_view
    return [
        path("<int:pk>/later/", door(ask), name="articles_article_later"),
        path("<int:pk>/later/cancellation/", door(cancellation), name="articles_article_later_cancel"),
    ]


def later_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: ask for the minute. POST ``due``, ``revision``, ``replaces``: plan that revision for it."""
    article = _article(request, pk)
    if article.status not in LIVE_STATUSES or article.latest is None:
        messages.warning(request, _("Only what is published can change later; publish it first."))
        return _to_form(article)
    if request.method == "POST":
        return _plan(request, article, desk)
    return _ask(request, article, desk)


@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """POST ``change``: the article stays as readers see it."""
    article = _article(request, pk)
    change = ScheduledChange.objects.filter(article=article.pk, pk=_id(request.POST.get("change", ""))).first()
    if change is None:
        raise Http404
    try:
        later.cancel_change(change, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The later change is cancelled; readers keep the words they see now."))
    return _to_form(article)


def _plan(request: HttpRequest, article: Article, desk: Desk) -> HttpResponse:
    """Plan the revision that was shown, not one saved since."""
    revision = article.revisions.filter(pk=_id(request.POST.get("revision", ""))).first()
    if revision is None:
        raise Http404
    replaces = _id(request.POST.get("replaces", "")) or None
    try:
        due = moments.read(request.POST.get("due", ""))
        later.schedule_change(article, revision, due, actor=request.user, replaces=replaces)
    except (ValidationError, NotReadyError) as error:
        return _ask(request, article, desk, getattr(error, "messages", [str(error)]))
    words = _("Revision %(number)d replaces what readers see on %(when)s, %(how_long)s.")
    values = {"number": revision.number, "when": moments.in_words(due), "how_long": moments.from_now(due)}
    messages.success(request, words % values)
    return _to_form(article)


def _ask(request: HttpRequest, article: Article, desk: Desk, problems: list[str] | None = None) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": _("Publish these changes later"),
        "article": article,
        "revision": article.latest,
        "same": article.latest_id == article.live_id,
        "waiting": later.waiting_for(article),
        "zone": timezone.get_current_timezone_name(),
        "problems": problems or [],
        "due": request.POST.get("due", "").replace("\0", "")[: moments.MOST_TYPED],
    }
    return TemplateResponse(request, "admin/articles/schedule/later.html", context, status=400 if problems else 200)


def _article(request: HttpRequest, pk: int) -> Article:
    if not may_publish(request.user):
        raise PermissionDenied
    article = row_or_404(known_to(request.user), pk)
    if not may_publish(request.user, article):
        raise PermissionDenied
    return article


def _id(text: str) -> int:
    return int(text) if is_id(text) else 0


def _to_form(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def planned_for(article: Article) -> dict[str, Any] | None:
    """What the article's form tells of a waiting change, for its panel."""
    change = later.waiting_for(article)
    if change is None:
        return None
    live = article.live.number if article.live else 0
    newest = article.latest.number if article.latest else 0
    return {
        "change": change,
        "passed": change.due_at <= timezone.now(),
        "overtaken": live > change.revision.number,
        "newer": newest > change.revision.number,
    }
