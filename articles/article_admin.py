"""The article's screens in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import date as format_date
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import publishing, revisions
from articles.article_form import ArticleForm, BylineFormSet
from articles.article_list import ArticleList
from articles.chosen_rows import ChosenInline
from articles.editor_views import editor_urls
from articles.form_parts import form_parts
from articles.known import knows_newest
from articles.models import Article, Byline, Correction, Revision, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import may_delete, may_edit, may_publish
from articles.readiness import check
from articles.registries import Panel, article_panels
from articles.series_screens import series_urls
from articles.state import Credit, WorkingState
from articles.taking_down import take_down_urls
from pagecache.admin import is_id

HISTORY_LIMIT = 200
"""Revisions the history page lists, the newest first."""


class BylineInline(ChosenInline):
    """Who did what, in the order readers see."""

    model = Byline
    formset = BylineFormSet
    fields = ("position", "author", "role")
    autocomplete_fields = ("author",)
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Whoever may edit the article may credit people."""
        return True

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission


class CorrectionInline(admin.StackedInline[Correction, Article]):
    """Dated notes on a published story."""

    model = Correction
    fields = ("text", "made_at")
    extra = 0
    classes = ("collapse",)


class ArticleAdmin(ArticleList):
    """Write, review, publish; the form edits the newest revision."""

    form = ArticleForm
    inlines = (BylineInline,)
    autocomplete_fields = ("section", "lead_picture", "source", "social_picture")
    change_form_template = "admin/articles/article/change_form.html"
    fieldsets = (
        (None, {"fields": ("headline", "standfirst", ("section", "kind"), "body", "base_revision")}),
        (gettext_lazy("Picture"), {"fields": ("lead_picture", "lead_caption")}),
        (gettext_lazy("Topics and source"), {"fields": ("tags", "sensitive", "source", "source_url")}),
        (
            gettext_lazy("When"),
            {
                "fields": ("publish_at", "embargo_until", "expire_at"),
                "description": gettext_lazy("Leave empty to publish at once. Times are in the site's own time zone."),
            },
        ),
        (
            gettext_lazy("Search engines and sharing"),
            {
                "classes": ("collapse",),
                "fields": ("slug", "search_title", "search_description", "social_picture", "noindex"),
            },
        ),
    )

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """One's own drafts, or all for editors."""
        return super().has_change_permission(request, obj) if obj is None else may_edit(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Never what readers have seen."""
        return super().has_delete_permission(request, obj) if obj is None else may_delete(request.user, obj)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        """Through the verb, which tells whoever had chosen it."""
        revisions.discard(obj, actor=request.user)

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """No bulk delete; publishing only for those who may. Django 6.1 says where on the screen they stand."""
        actions = super().get_actions(request, *([] if action_location is None else [action_location]))
        actions.pop("delete_selected", None)
        if not may_publish(request.user):
            for name in ("publish_selected", "take_down_selected"):
                actions.pop(name, None)
        return actions

    # The form

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> list[Any]:
        """Bylines, what other rooms put beside the story, and corrections once it was public."""
        panels = [panel for panel in article_panels if not isinstance(panel, Panel)] if obj is not None else []
        corrections = [CorrectionInline] if obj is not None and obj.once_public() else []
        return [*self.inlines, *panels, *corrections]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """The article with its newest revision at hand; whoever saves holds its row until the answer is given."""
        if request.method == "POST" and is_id(object_id) and transaction.get_connection().in_atomic_block:
            Article.objects.select_for_update(no_key=True).filter(pk=int(object_id)).first()
        found = super().get_object(request, object_id, from_field)
        return found if isinstance(found, Article) else None

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Whoever may only look reads the story as readers do."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        first = {"fields": ("headline", "standfirst", ("section", "kind"), "story")}
        return ((None, first), *self.fieldsets[1:])

    @admin.display(description=gettext_lazy("story"))
    def story(self, article: Article) -> str:
        """The published body, which was sanitised when it was rendered."""
        return mark_safe(article.body_html)  # noqa: S308

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """A new article gets its row; an old one is left as readers see it."""
        if not change:
            revisions.start(obj, actor=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Live rows first, then the revision that keeps a copy of them."""
        bylines: list[Credit] = []
        for formset in formsets:
            if isinstance(formset, BylineFormSet):
                formset.save()
                bylines = formset.credits()
            else:
                self.save_formset(request, form, formset, change)
        revisions.save(form.instance, form.state(bylines), actor=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Corrections remember who made them."""
        if formset.model is Correction:
            for correction in formset.save(commit=False):
                correction.made_by = correction.made_by or request.user
        formset.actor = request.user
        formset.save()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Tell the template what may happen next."""
        article: Article | None = context.get("original")
        publisher = may_publish(request.user)
        context["may_publish"] = publisher
        context["findings"] = check(article, WorkingState.of(article)) if article and article.latest else []
        context["public_url"] = article.get_absolute_url() if article and article.is_public() else ""
        context["may_submit"] = article is None or article.status == Status.DRAFT
        context["may_take_down"] = bool(publisher and article and article.status in LIVE_STATUSES)
        context["may_send_back"] = bool(publisher and article and article.status == Status.IN_REVIEW)
        context["may_reopen"] = bool(publisher and article and article.status == Status.ARCHIVED)
        context["parts"] = form_parts(request, article, context.get("inline_admin_formsets", ()))
        context["media"] = sum((part.media for part in context["parts"]), context["media"])
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """Go on with what the button said."""
        return self._go_on(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Go on with what the button said."""
        return self._go_on(request, obj) or super().response_change(request, obj)

    def _go_on(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Run the verb of the pressed button; the text is saved already, whatever it answers."""
        if "_take_down" in request.POST and may_publish(request.user):
            return HttpResponseRedirect(reverse("admin:articles_article_take_down", args=[article.pk]))
        for button, (verb, words) in BUTTONS.items():
            if button in request.POST:
                try:
                    verb(article, actor=request.user)
                except publishing.NotReadyError as error:
                    for finding in error.findings:
                        messages.error(request, finding.message)
                    messages.warning(request, _("Saved, but not published: see above."))
                except (ValidationError, PermissionDenied) as error:
                    messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
                else:
                    messages.success(request, self._done(article, words))
                return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        return None

    def _done(self, article: Article, words: Any) -> str:
        if article.status == Status.SCHEDULED and article.publish_at:
            when = timezone.localtime(max(filter(None, (article.publish_at, article.embargo_until))))
            return _("“%(article)s” is scheduled for %(when)s.") % {
                "article": article,
                "when": format_date(when, "l j F Y, H:i"),
            }
        text = format_html(words, article=article)
        if article.is_public():
            return format_html('{} <a href="{}">{}</a>', text, article.get_absolute_url(), _("See it on the site"))
        return text

    # Further addresses

    def get_urls(self) -> list[URLPattern]:
        """Duplicating, and what the rich-text editor asks for."""
        duplicate = path(
            "<int:pk>/duplicate/", self.admin_site.admin_view(self.duplicate_view), name="articles_article_duplicate"
        )
        return [
            *editor_urls(self.admin_site),
            duplicate,
            *take_down_urls(self),
            *series_urls(self),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every save, who made it, and which one readers see."""
        article = self.get_object(request, object_id)
        known = article.pk if article is not None and knows_newest(request.user, article) else None
        saved = Revision.objects.filter(article=known).select_related("made_by").defer("state", "parts")
        context = {"revisions": saved[:HISTORY_LIMIT], **(extra_context or {})}
        return super().history_view(request, object_id, context)

    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: copy the article into a new draft and open it."""
        article = self.get_object(request, str(pk))
        if article is None or request.method != "POST":
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[attr-defined,no-any-return]
        copy = revisions.duplicate(article, actor=request.user)
        messages.success(request, _("This is a new draft with the words of “%(article)s”.") % {"article": article})
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[copy.pk]))


BUTTONS: dict[str, tuple[Any, Any]] = {
    "_publish": (publishing.publish, gettext_lazy("“{article}” is published.")),
    "_submit": (publishing.submit_for_review, gettext_lazy("“{article}” waits for review.")),
    "_send_back": (publishing.send_back, gettext_lazy("“{article}” is a draft again.")),
    "_take_down": (publishing.take_down, gettext_lazy("“{article}” is taken down; its address says it is gone.")),
    "_reopen": (publishing.reopen, gettext_lazy("“{article}” is a draft again.")),
}
