"""The notes on an article: beside its form, and on a page of their own that works without script."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import notes
from articles.handover_words import way_of
from articles.known import known_to
from articles.models import Article, EditorialNote
from articles.registries import Panel, Place
from pagecache.admin import is_id, row_or_404

_MODULE: Any = forms.Script("desk/hands/notes.js", type="module")

MOST_STEPS = 100
"""Steps of the article's way that the page tells."""


def notes_urls(site: AdminSite) -> list[URLPattern]:
    """Their addresses below the article's admin."""
    return [
        path("<int:pk>/notes/", site.admin_view(notes_view), name="articles_article_notes"),
        path("<int:pk>/notes/<int:note>/", site.admin_view(note_view), name="articles_article_note"),
    ]


class NotesPanel(Panel):
    """Open notes and the article's way so far, beside the form."""

    template_name = "admin/articles/notes/panel.html"
    media = forms.Media(css={"all": ["desk/hands/hands.css"]}, js=[_MODULE])
    place = Place.SIDE

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """Four queries; nothing for whoever may not know the newest words."""
        if not notes.may_note(request.user, article):
            return None
        return _talks(article) | {"way": way_of(article), "article": article}


def notes_view(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the notes, and the way of the article. POST ``text``, ``quote`` and ``answers``: one more."""
    article = _article(request, pk)
    if request.method != "POST":
        return _page(request, article)
    try:
        _write(request, article)
    except ValidationError as error:
        return _refused(request, article, " ".join(error.messages))
    return _done(request, article, _("Noted. Whoever is concerned gets a mail."))


@require_POST
def note_view(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """POST ``settled`` (``1``, or empty to take it up again): resolve a talk."""
    article = _article(request, pk)
    talk = row_or_404(EditorialNote.objects.filter(article=article, answers=None), note)
    if request.POST.get("settled") == "1":
        notes.resolve(talk, actor=request.user)
        return _done(request, article, _("Resolved."))
    notes.reopen(talk, actor=request.user)
    return _done(request, article, _("Open again."))


def _write(request: HttpRequest, article: Article) -> None:
    asked = request.POST.get("answers", "")
    answers = None
    if asked:
        answers = EditorialNote.objects.filter(article=article, pk=int(asked) if is_id(asked) else 0).first()
        if answers is None:
            raise ValidationError(_("The note you answer is not there any more."))
    text, quote = request.POST.get("text", ""), request.POST.get("quote", "")
    notes.write_note(article, actor=request.user, text=text, quote=quote, answers=answers)


def _article(request: HttpRequest, pk: int) -> Article:
    """An article whose notes this person may read; else 404, or 403 for one they know as readers do."""
    found = row_or_404(known_to(request.user), pk)
    if not notes.may_note(request.user, found):
        raise PermissionDenied
    return found


def _talks(article: Article) -> dict[str, Any]:
    talks = list(notes.talks_on(article))
    return {
        "open": [talk for talk in talks if talk.resolved_at is None],
        "resolved": [talk for talk in talks if talk.resolved_at is not None],
        "lengths": {"text": notes.NOTE_LENGTH, "quote": notes.QUOTE_LENGTH},
    }


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _done(request: HttpRequest, article: Article, said: str) -> HttpResponse:
    if _wants_json(request):
        context = _talks(article) | {"article": article}
        html = render_to_string("admin/articles/notes/_beside.html", context, request)
        return JsonResponse({"html": html, "said": said})
    messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:articles_article_notes", args=[article.pk]))


def _refused(request: HttpRequest, article: Article, problem: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problem": problem}, status=400)
    return _page(request, article, problem=problem, status=400)


def _page(request: HttpRequest, article: Article, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **_talks(article),
        "title": _("Notes"),
        "opts": Article._meta,
        "article": article,
        "way": way_of(article, MOST_STEPS),
        "problem": problem,
        "typed": {name: request.POST.get(name, "").replace("\0", "") for name in ("text", "quote", "answers")},
    }
    return TemplateResponse(request, "admin/articles/notes/page.html", context, status=status)
