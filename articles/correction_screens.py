"""Where the desk writes corrections, and is told where the corrected story's card stands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import corrections
from articles.models import Article, Correction, CorrectionKind
from articles.registries import Standing, Use, take_down_notes
from pagecache.admin import row_or_404

Desk = ModelAdmin[Article]


class CorrectionForm(forms.Form):
    """A note: of which kind, and its words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of note"),
        choices=[
            (CorrectionKind.CORRECTION, gettext_lazy("Correction: something was wrong")),
            (CorrectionKind.CLARIFICATION, gettext_lazy("Clarification: something could be misread")),
            (CorrectionKind.UPDATE, gettext_lazy("Update: there is news")),
        ],
        widget=forms.RadioSelect,
        initial=CorrectionKind.CORRECTION,
    )
    text = forms.CharField(
        label=gettext_lazy("What was wrong, and what is right"),
        max_length=corrections.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "maxlength": corrections.TEXT_LENGTH}),
        help_text=gettext_lazy("Readers see it on the story, dated now, and on the page of all corrections. It stays."),
    )


def correction_urls(desk: Desk) -> list[URLPattern]:
    """The notes of one article, one note, and its removal, behind the admin's own door."""

    def view(handle: Any) -> Any:
        def bound(request: HttpRequest, **named: int) -> HttpResponse:
            answer: HttpResponse = handle(request, desk, **named)
            return answer

        return desk.admin_site.admin_view(bound)

    return [
        path("<int:pk>/corrections/", view(notes_view), name="articles_article_corrections"),
        path("<int:pk>/corrections/<int:note>/", view(note_view), name="articles_article_correction"),
        path(
            "<int:pk>/corrections/<int:note>/removal/", view(removal_view), name="articles_article_correction_removal"
        ),
    ]


def notes_view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """GET: the notes, a form for one more, and where the card stands. POST: add it."""
    article = _article(request, desk, pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        if not corrections.may(request.user, "add", article):
            raise PermissionDenied
        if form.is_valid() and _done(form, lambda: _add(request, article, form)):
            return _to_notes(article)
    return _page(request, desk, article, form=form)


def note_view(request: HttpRequest, desk: Desk, pk: int, note: int) -> HttpResponse:
    """GET: a form with the note's words. POST: reword it."""
    article, row = _note(request, desk, pk, note, "change")
    form = CorrectionForm(request.POST or None, initial={"kind": row.kind, "text": row.text})
    if request.method == "POST" and form.is_valid() and _done(form, lambda: _change(request, row, form)):
        return _to_notes(article)
    return _page(request, desk, article, form=form, changing=row)


def removal_view(request: HttpRequest, desk: Desk, pk: int, note: int) -> HttpResponse:
    """POST: take the note off the story."""
    article, row = _note(request, desk, pk, note, "delete")
    if request.method == "POST":
        corrections.remove(row, actor=request.user)
        messages.success(request, _("The note is off the story; the history keeps its words."))
    return _to_notes(article)


def card_stands(article: Article, request: HttpRequest) -> list[Standing]:
    """Where readers meet the article besides its own page, as every room tells it, and on its tags' pages."""
    told = [one for note in take_down_notes for one in note.of_one(article, request.user)]
    return told + _tag_pages(article)


def _tag_pages(article: Article) -> list[Standing]:
    """One query, for at most ``MAX_TAGS`` pages; none while the story is out of readers' sight."""
    tags = article.tags.order_by("name") if article.is_public() else ()
    places = tuple(Use(tag.name, tag.get_absolute_url()) for tag in tags)
    return [Standing(_("On the pages of its tags, by its date:"), places)] if places else []


def _add(request: HttpRequest, article: Article, form: CorrectionForm) -> None:
    kind = CorrectionKind(form.cleaned_data["kind"])
    corrections.add(article, kind, form.cleaned_data["text"], actor=request.user)
    messages.success(request, _("The note is on the story. Below you see where else readers meet it."))


def _change(request: HttpRequest, row: Correction, form: CorrectionForm) -> None:
    kind = CorrectionKind(form.cleaned_data["kind"])
    corrections.change(row, actor=request.user, kind=kind, text=form.cleaned_data["text"])
    messages.success(request, _("The note is changed."))


def _done(form: CorrectionForm, act: Any) -> bool:
    """Whether the verb took it; what it refuses stands beside the words that were typed."""
    try:
        act()
    except ValidationError as refused:
        form.add_error("text", refused)
        return False
    return True


def _article(request: HttpRequest, desk: Desk, pk: int) -> Article:
    article: Article | None = desk.get_object(request, str(pk))
    if article is None or not desk.has_view_permission(request, article) or not corrections.takes_notes(article):
        raise Http404
    if not request.user.has_perm("articles.view_correction"):
        raise PermissionDenied
    return article


def _note(request: HttpRequest, desk: Desk, pk: int, note: int, action: str) -> tuple[Article, Correction]:
    article = _article(request, desk, pk)
    row = row_or_404(article.corrections.select_related("article"), note)
    if not corrections.may(request.user, action, article):
        raise PermissionDenied
    return article, row


def _page(request: HttpRequest, desk: Desk, article: Article, **named: Any) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "media": desk.media + forms.Media(css={"all": ["desk/after.css"]}),
        "title": _("Corrections of this story"),
        "article": article,
        "notes": article.corrections.select_related("made_by").order_by("-made_at", "-id"),
        "standings": card_stands(article, request),
        "may_add": corrections.may(request.user, "add", article),
        "may_change": corrections.may(request.user, "change", article),
        "may_delete": corrections.may(request.user, "delete", article),
        **named,
    }
    status = 400 if named["form"].errors else 200
    return TemplateResponse(request, "admin/articles/article/corrections.html", context, status=status)


def _to_notes(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_corrections", args=[article.pk]))
