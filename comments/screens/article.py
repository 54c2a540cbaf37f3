"""How the comments of one article are taken: closed, every one waits, or everything held for some hours."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.known import known_to
from articles.models import Article
from articles.permissions import may_edit
from articles.registries import Panel
from comments import openness
from comments.models import ArticleComments, Comment, State
from pagecache.admin import KeyedAdmin, row_or_404

DEFAULT_HOURS = 2


class OpennessForm(forms.Form):
    """What lasts until somebody changes it."""

    closed = forms.BooleanField(
        label=gettext_lazy("Closed"),
        required=False,
        help_text=gettext_lazy("Nobody can comment any more. What is there stays; what waits can still be decided."),
    )
    premoderated = forms.BooleanField(
        label=gettext_lazy("Every comment waits"),
        required=False,
        help_text=gettext_lazy("Also those of writers whose comments appear at once elsewhere."),
    )


class HoldForm(forms.Form):
    """For how long everything is held."""

    hours = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Hold everything for"), initial=DEFAULT_HOURS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours: Any = self.fields["hours"]
        hours.choices = [(n, ngettext("%d hour", "%d hours", n) % n) for n in openness.HOLD_HOURS]


@admin.register(ArticleComments)
class ArticleCommentsAdmin(KeyedAdmin):
    """One screen for an article; there is no list of them."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It is reached from the article and from the queue."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only through the screen."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ArticleComments | None = None) -> bool:
        """Only through the screen."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ArticleComments | None = None) -> bool:
        """Only through the screen."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The screen of one article, under its number."""
        own = path("<int:pk>/", self.admin_site.admin_view(self.screen), name="comments_of_article")
        return [own, *super().get_urls()]

    def screen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: how comments are taken. POST: ``do`` is ``save``, ``hold`` or ``release``."""
        article = _article(request, pk)
        if request.method != "POST":
            return self._page(request, article)
        try:
            words = _act(request, article)
        except ValidationError as error:
            return self._page(request, article, error=" ".join(error.messages), status=422)
        messages.success(request, words)
        return redirect("admin:comments_of_article", pk)

    def _page(self, request: HttpRequest, article: Article, *, error: str = "", status: int = 200) -> HttpResponse:
        row = openness.settings_of(article)
        context = {
            **self.admin_site.each_context(request),
            **state_of(article),
            "title": _("Comments on an article"),
            "article": article,
            "form": OpennessForm(initial={"closed": row.closed, "premoderated": row.premoderated}),
            "hold_form": HoldForm(),
            "error": error,
            "may_edit": may_edit(request.user, article),
        }
        return TemplateResponse(request, "admin/comments/article.html", context, status=status)


class CommentsPanel(Panel):
    """The article's comments in two lines on its form, with the way to the screen and to the queue."""

    template_name = "admin/comments/_article_panel.html"

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """How they stand; nothing for whoever may not set it."""
        return state_of(article) if openness.may_set(request.user, article) else None


def state_of(article: Article) -> dict[str, Any]:
    """What the panel and the screen tell: one query for each count, in an index of its own, one for what is special."""
    here = Comment.objects.filter(article=article)
    counts = {str(state): here.filter(state=state).count() for state in (State.APPROVED, State.PENDING)}
    return {
        "taken": openness.openness_of(article),
        "special": openness.settings_of(article),
        "counts": counts,
        "screen_url": reverse("admin:comments_of_article", args=[article.pk]),
        "queue_url": f"{reverse('admin:comments_comment_changelist')}?article={article.pk}",
    }


def _article(request: HttpRequest, pk: int) -> Article:
    """An article the person may know of and may set; fresh, as its row of settings may be new."""
    found = row_or_404(known_to(request.user), pk)
    if not openness.may_set(request.user, found):
        raise PermissionDenied
    return found


def _act(request: HttpRequest, article: Article) -> str:
    """Do what was asked and say it. Raises ``ValidationError``."""
    asked, actor = request.POST.get("do", ""), request.user
    if asked == "hold":
        form = HoldForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("Choose one of the offered times."))
        openness.hold(article, form.cleaned_data["hours"], actor=actor)
        return _("Every new comment on this article is held now.")
    if asked == "release":
        openness.release(article, actor=actor)
        return _("Comments are no longer held.")
    if asked != "save":
        raise ValidationError(_("Choose what is to be done."))
    openness.set_openness(
        article, closed="closed" in request.POST, premoderated="premoderated" in request.POST, actor=actor
    )
    return _("Saved. Readers see it at once.")
