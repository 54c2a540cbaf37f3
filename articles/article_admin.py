"""The article's screens in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import revisions
from articles.article_form import ArticleForm, BylineFormSet
from articles.article_list import ArticleList
from articles.before_publishing import checklist_urls
from articles.buttons import go_on, offered
from articles.chosen_rows import ChosenInline
from articles.correction_screens import correction_urls
from articles.defaults import bylines_of, section_of
from articles.departure_screens import departure_urls
from articles.editor_views import editor_urls
from articles.form_parts import form_parts
from articles.history import screens
from articles.models import Article, Byline
from articles.noting import notes_urls
from articles.permissions import may_delete, may_edit, may_publish
from articles.previews.screens import preview_urls
from articles.previews.working_story import as_it_stands
from articles.registries import Panel, article_panels
from articles.schedule.calendar_page import calendar_urls
from articles.schedule.later_page import later_urls
from articles.schedule.move_page import move_urls
from articles.series_screens import series_urls
from articles.state import Credit
from articles.step_pages import step_urls
from articles.taking_down import take_down_urls
from articles.together.merging import joining
from articles.together.restoring import Restoring, naming_window
from articles.together.strip import strip
from articles.together.views import together_urls
from articles.together.windows import posted_window
from pagecache.admin import SAFE, is_id
from pagecache.writing import is_writing


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


class ArticleAdmin(Restoring, ArticleList):
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
            for name in ("publish_selected", "approve_selected", "take_down_selected"):
                actions.pop(name, None)
        return actions

    # The form

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> list[Any]:
        """Bylines for whoever may write them, and what other rooms put beside the story."""
        panels = [panel for panel in article_panels if not isinstance(panel, Panel)] if obj is not None else []
        writes = obj is None or self.has_change_permission(request, obj)
        return [*(self.inlines if writes else ()), *panels]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """The article with its newest revision at hand; whoever saves holds its row until the answer is given."""
        if request.method == "POST" and is_id(object_id) and is_writing():
            Article.objects.select_for_update(no_key=True).filter(pk=int(object_id)).first()
        found = super().get_object(request, object_id, from_field)
        if not isinstance(found, Article):
            return None
        only_looks = request.method in SAFE and not self.has_change_permission(request, found)
        return as_it_stands(found) if only_looks and _is_form(request) else found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new article begins in its writer's section, where there is only one."""
        return {"section": section_of(request.user), **super().get_changeform_initial_data(request)}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """A new article begins with its writer's byline."""
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        is_new = request.method == "GET" and not obj.pk and isinstance(inline, BylineInline)
        return given | {"initial": bylines_of(request.user)} if is_new else given

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        """With whoever fills it in: some fields are not everybody's."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form; whoever saves over a newer version joins both."""
        answer = joining(self, request, lambda: super(ArticleAdmin, self).changeform_view(request, *args, **kwargs))
        return naming_window(request, answer)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Whoever may only look reads the story: its newest words, where they may know them, else what readers see."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        first = {"fields": ("headline", "standfirst", ("section", "kind"), "story", "credited")}
        return ((None, first), *((name, {**given, "description": ""}) for name, given in self.fieldsets[1:]))

    @admin.display(description=gettext_lazy("story"))
    def story(self, article: Article) -> str:
        """The body, which was sanitised when it was rendered."""
        return mark_safe(article.body_html)  # noqa: S308

    @admin.display(description=gettext_lazy("bylines"))
    def credited(self, article: Article) -> str:
        """Who did what."""
        return ", ".join(f"{row.author} ({row.get_role_display()})" for row in article.bylines.all())

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
        base = form.cleaned_data["base_revision"] if change else None
        state, window = form.state(bylines), posted_window(request)
        revisions.save(form.instance, state, actor=request.user, base=base, window=window)
        request.words_saved = True  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows of other rooms, which ask who writes them."""
        formset.actor = request.user
        formset.save()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Tell the template what may happen next."""
        article: Article | None = context.get("original")
        context["public_url"] = article.get_absolute_url() if article and article.is_public() else ""
        context |= offered(request.user, article)
        context["together"] = strip(request, article)
        context["parts"] = form_parts(request, article, context.get("inline_admin_formsets", ()))
        context["media"] = sum((part.media for part in context["parts"]), context["media"])
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """Go on with what the button said."""
        return go_on(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Go on with what the button said."""
        return go_on(request, obj) or super().response_change(request, obj)

    # Further addresses

    def get_urls(self) -> list[URLPattern]:
        """Duplicating, and what the rich-text editor asks for."""
        duplicate = path(
            "<int:pk>/duplicate/", self.admin_site.admin_view(self.duplicate_view), name="articles_article_duplicate"
        )
        return [
            *editor_urls(self.admin_site),
            *together_urls(self.admin_site),
            *checklist_urls(self),
            duplicate,
            *take_down_urls(self),
            *correction_urls(self),
            *departure_urls(self),
            *step_urls(self),
            *notes_urls(self.admin_site),
            *screens.history_urls(self),
            *preview_urls(self),
            *later_urls(self),
            *calendar_urls(self),
            *move_urls(self),
            *series_urls(self),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every save: who, when, what, and which one readers see."""
        return screens.history_view(request, object_id, self)

    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: copy the article into a new draft and open it."""
        article = self.get_object(request, str(pk))
        if article is None or request.method != "POST":
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[attr-defined,no-any-return]
        copy = revisions.duplicate(article, actor=request.user)
        messages.success(request, _("This is a new draft with the words of “%(article)s”.") % {"article": article})
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[copy.pk]))


def _is_form(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name == "articles_article_change"
