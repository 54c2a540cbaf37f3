"""Before an article is taken down: what readers will miss, on a page that asks."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import departure
from articles.departure_screens import LOOK, OnwardForm, sent_words
from articles.models import Article
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_publish
from articles.registries import take_down_notes

MOST_AT_ONCE = 200
"""Articles taken down in one go: what readers will miss has to be read before."""

REASON_LENGTH = 300

Desk = ModelAdmin[Article]


def take_down_urls(desk: Desk) -> list[URLPattern]:
    """The page that asks, behind the admin's own door."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return take_down_view(request, pk, desk)

    return [path("<int:pk>/take-down/", desk.admin_site.admin_view(view), name="articles_article_take_down")]


def take_down_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: where the article stands. POST: take it down, with a ``reason`` for colleagues."""
    article: Article | None = desk.get_object(request, str(pk))
    if article is None:
        raise Http404
    if not may_publish(request.user, article):
        raise PermissionDenied
    if request.method == "POST":
        return _take_down(request, article, desk)
    if article.status not in LIVE_STATUSES:
        messages.warning(request, _already(article))
        return _to_form(article)
    return _ask(request, article, desk)


def confirm_many(request: HttpRequest, articles: QuerySet[Article], desk: Desk) -> HttpResponse | None:
    """A page that names the selected articles and how often readers meet each; ``None`` where there are too many."""
    rows = list(articles[: MOST_AT_ONCE + 1])
    if len(rows) > MOST_AT_ONCE:
        words = _("Take down %(most)d articles at most at a time, so that you can see what readers will miss.")
        messages.error(request, words % {"most": MOST_AT_ONCE})
        return None
    notes = _notes_of_many(rows, request.user)
    context = {
        **_context(request, desk),
        "title": _("Take these articles down?"),
        "articles": [(row, notes.get(row.pk, [])) for row in rows],
    }
    return TemplateResponse(request, "admin/articles/article/take_down_selected.html", context)


def _take_down(request: HttpRequest, article: Article, desk: Desk) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    if len(reason) > REASON_LENGTH or "\0" in reason:
        problem = _("The reason is longer than %(most)d characters, or holds one that cannot be stored.")
        return _ask(request, article, desk, problem % {"most": REASON_LENGTH})
    form = OnwardForm(article, request.POST)
    if not form.is_valid():
        return _ask(request, article, desk, form=form)
    try:
        with_picks = bool(form.cleaned_data["with_picks"])
        moved = departure.leave(article, actor=request.user, reason=reason, to=form.to, with_picks=with_picks)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("“%(article)s” is taken down.") % {"article": article}
        messages.success(request, f"{words} {sent_words(form.to, moved)}")
    return _to_form(article)


def _ask(
    request: HttpRequest, article: Article, desk: Desk, problem: str = "", form: OnwardForm | None = None
) -> HttpResponse:
    failed = bool(problem or form)
    form = form or OnwardForm(article, request.POST if request.method == "POST" else None)
    context = {
        **_context(request, desk),
        "title": _("Take this article down?"),
        "article": article,
        "form": form,
        "media": desk.media + form.media + LOOK,
        "standings": [one for note in take_down_notes for one in note.of_one(article, request.user)],
        "problem": problem,
        "reason": request.POST.get("reason", "").replace("\0", ""),
        "reason_length": REASON_LENGTH,
    }
    status = 400 if failed else 200
    return TemplateResponse(request, "admin/articles/article/take_down.html", context, status=status)


def _context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "media": desk.media}


def _notes_of_many(rows: list[Article], actor: Actor) -> dict[int, list[str]]:
    said = [note.of_many(rows, actor) for note in take_down_notes]
    return {row.pk: [words[row.pk] for words in said if row.pk in words] for row in rows}


def _already(article: Article) -> str:
    words = _("“%(article)s” is not public: it is %(status)s.")
    return words % {"article": article, "status": article.get_status_display()}


def _to_form(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
