"""What stays out of lists, in one place: with its reason, and whoever decided it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.known import known_to
from curation import exclusions
from curation.models import Exclusion
from curation.places import may_curate
from curation.screens.addresses import desk_of
from curation.screens.base import CurationAdmin, row_button, said
from curation.screens.moments import moment
from curation.screens.naming import NamesOne
from pagecache.admin import is_id


class WhereFilter(admin.SimpleListFilter):
    """Everywhere, or beside one article."""

    title = gettext_lazy("where")
    parameter_name = "where"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Both."""
        return [("anywhere", _("Never anywhere")), ("here", _("Never beside one article"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Exclusion]) -> QuerySet[Exclusion]:
        """Exclusions of that sort; an unknown word shows all."""
        if self.value() in {"anywhere", "here"}:
            return queryset.filter(article__isnull=self.value() == "anywhere")
        return queryset


class ExclusionForm(NamesOne, forms.ModelForm[Exclusion]):
    """An article that shall stand nowhere, and why."""

    class Meta:
        widgets = {"reason": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.get("reason")  # whoever may only look at a decision has no fields
        if reason is not None:
            reason.required = True
            reason.help_text = _("Whoever finds the article missing reads this.")

    def clean(self) -> dict[str, Any]:
        """Once is enough."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.name_target(cleaned)
        target = cleaned.get("target")
        if target is not None and Exclusion.objects.filter(target=target, article=None).exists():
            words = _("“%(article)s” stands in no list already.") % {"article": target}
            self.add_error("pasted" if cleaned.get("pasted") else "target", words)
        return cleaned


class ExclusionAdmin(CurationAdmin):
    """Never here, never anywhere."""

    form = ExclusionForm
    add_form_template = "admin/curation/exclusion_form.html"
    change_list_template = "admin/curation/exclusion_list.html"
    fields = ("target", "pasted", "reason")
    autocomplete_fields = ("target",)
    list_display_links = None
    list_display = ("story", "where", "why", "since")
    list_filter = (WhereFilter,)
    list_select_related = ("target__latest", "article__latest", "made_by")
    search_fields = ("target__headline", "target__latest__headline", "=target__id", "reason")
    search_help_text = gettext_lazy("Words of the headline or the reason, or the number in the article's address.")
    actions = ("allow_selected",)

    @admin.display(description=gettext_lazy("article"))
    def story(self, row: Exclusion) -> str:
        """The newest headline, and where all about it stands."""
        return format_html('<a href="{}">{}</a>', desk_of(row.target_id), row.target)

    @admin.display(description=gettext_lazy("where"))
    def where(self, row: Exclusion) -> str:
        """In which lists it never stands."""
        if row.article is None:
            return format_html('<span class="badge badge--never">{}</span>', _("never anywhere"))
        beside = format_html('<a href="{}">{}</a>', desk_of(row.article_id), row.article)
        return format_html("{} {}", _("never beside"), beside)

    @admin.display(description=gettext_lazy("reason"))
    def why(self, row: Exclusion) -> str:
        """As it was given."""
        return row.reason or "–"

    @admin.display(description=gettext_lazy("decided by"), ordering="made_at")
    def since(self, row: Exclusion) -> str:
        """Who, and when."""
        who = row.made_by or _("somebody who has left")
        return format_html('{} <span class="cell-note">{}</span>', who, moment(row.made_at))

    def get_fields(self, request: HttpRequest, obj: Exclusion | None = None) -> tuple[str, ...]:
        """The form for a new one; of one that stands, what the list says of it."""
        return self.fields if obj is None else ("story", "where", "why", "since")

    def get_readonly_fields(self, request: HttpRequest, obj: Exclusion | None = None) -> tuple[str, ...]:
        """A decision is only looked at."""
        return () if obj is None else ("story", "where", "why", "since")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """With the button that allows again, for those who may."""

        @admin.display(description=_("Allow"))
        def allow_again(row: Exclusion) -> str:
            return row_button("allow", row, _("Allow again")) if _may_allow(request, row) else ""

        return (*self.list_display, allow_again)

    def has_change_permission(self, request: HttpRequest, obj: Exclusion | None = None) -> bool:
        """A decision is taken back, not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Exclusion | None = None) -> bool:
        """Also asked when an article is deleted: what its own list excluded goes with it."""
        own = obj is not None and obj.article is not None and may_curate(request.user, obj.article, "delete")
        return own or super().has_delete_permission(request, obj)

    def has_allow_permission(self, request: HttpRequest) -> bool:
        """For the list's action."""
        return self.has_view_permission(request) and exclusions.may_exclude(request.user, "delete")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a row's button is answered here, as it stands in the list's form."""
        if request.method == "POST" and "allow" in request.POST and self.has_view_permission(request):
            pk = request.POST["allow"]
            self.allow_selected(request, self.get_queryset(request).filter(pk=int(pk) if is_id(pk) else 0))
            return self.answered(request)
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Allow again"), permissions=["allow"])
    def allow_selected(self, request: HttpRequest, queryset: QuerySet[Exclusion]) -> None:
        """Take back each decision."""
        done = 0
        for row in queryset.select_related("target__latest", "article__latest"):
            try:
                done += _allow(row, request.user) is not None
            except PermissionDenied as error:
                messages.error(request, f"{row.target}: {said(error)}")
        words = ngettext("%d article may stand in lists again.", "%d articles may stand in lists again.", done)
        (messages.success if done else messages.warning)(request, words % done if done else _("Nothing was changed."))

    def get_form(self, request: HttpRequest, obj: Exclusion | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Offers only articles this person may know of."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        field = form.base_fields.get("target")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = known_to(request.user)
        return form

    def save_model(self, request: HttpRequest, obj: Exclusion, form: Any, change: bool) -> None:
        """Through the verb; a colleague who was faster has done it."""
        exclusions.never_anywhere(obj.target, actor=request.user, reason=obj.reason)
        obj.pk = Exclusion.objects.get(target=obj.target, article=None).pk


def _may_allow(request: HttpRequest, row: Exclusion) -> bool:
    if row.article is not None:
        return may_curate(request.user, row.article, "delete")
    return exclusions.may_exclude(request.user, "delete")


def _allow(row: Exclusion, actor: Any) -> Any:
    if row.article is not None:
        return exclusions.allow_here(row.article, row.target, actor=actor)
    return exclusions.allow_anywhere(row.target, actor=actor)
