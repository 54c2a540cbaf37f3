"""The bin's own screens: what is in it, bring back, delete for good."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.actions import delete_selected as ask_before_deleting
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.defaultfilters import date as format_date
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pagecache.admin import KeyedAdmin, row_or_404
from wastebin import bin  # noqa: A004 - nothing here counts in binary
from wastebin.kinds import kind_of, kinds, known_to
from wastebin.models import Binned


class KindFilter(SimpleListFilter):
    """What it was."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, str]]:
        """Those kinds this person may delete."""
        for kind in kinds():
            if kind.may_delete(request.user):
                yield kind.label, capfirst(str(kind.model._meta.verbose_name_plural))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Binned]) -> QuerySet[Binned]:
        """Only those."""
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class PersonFilter(SimpleListFilter):
    """Who deleted it."""

    title = gettext_lazy("person")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Whoever deleted something of what this person sees."""
        shown = Binned.objects.filter(known_to(request.user), by__isnull=False).order_by()
        people = {row.by_id: str(row.by) for row in shown.select_related("by").only("by")}
        return sorted(((str(pk), name) for pk, name in people.items()), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Binned]) -> QuerySet[Binned]:
        """Only theirs; nothing for what is nobody."""
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(by=int(value)) if value in dict(self.lookups(request, None)) else queryset.none()


@admin.register(Binned)
class BinAdmin(KeyedAdmin):
    """Everything this person may bring back, the newest first."""

    actions = ("delete_selected",)
    list_display = ("what", "acts", "kind", "deleted", "by", "kept_until")
    list_display_links = None
    list_select_related = ("by",)
    list_filter = (KindFilter, PersonFilter)
    search_fields = ("label",)
    list_per_page = 50
    change_list_template = "admin/wastebin/change_list.html"

    @property
    def media(self) -> forms.Media:
        """With the look of its buttons."""
        return super().media + forms.Media(css={"all": ["desk/after.css"]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Binned]:
        """What this person may know of; without the rows themselves, which may be long."""
        return Binned.objects.filter(known_to(request.user)).defer("rows", "emptied").order_by("-at", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Things come here by being deleted."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Binned | None = None) -> bool:
        """What lies here is as it was."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Binned | None = None) -> bool:
        """Whoever may delete something finds it again."""
        return any(kind.may_delete(request.user) for kind in kinds())

    def has_delete_permission(self, request: HttpRequest, obj: Binned | None = None) -> bool:
        """For good: chief editors and administrators."""
        return request.user.has_perm(bin.FOR_GOOD)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As for looking."""
        return self.has_view_permission(request)

    @admin.action(description=gettext_lazy("Delete for good"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Binned]) -> Any:
        """What Django calls deleting is deleting for good here."""
        return ask_before_deleting(self, request, queryset)

    def get_urls(self) -> list[URLPattern]:
        """Bringing one back; nothing to look at one by one."""
        back = path(
            "<int:pk>/restoration/", self.admin_site.admin_view(self.restore_view), name="wastebin_binned_restore"
        )
        return [back, *super().get_urls()]

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: bring it back and open it, or say why it cannot come back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = row_or_404(self.get_queryset(request), pk)
        try:
            back = bin.restore(row, actor=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect(reverse("admin:wastebin_binned_changelist"))
        messages.success(request, _back_words(row.label, back.notes))
        return HttpResponseRedirect(_screen_of(back.obj))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing to see one by one: the list says it all."""
        return HttpResponseRedirect(reverse("admin:wastebin_binned_changelist"))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """The object itself: what went with it lies in its row."""
        rows = list(objs)
        lacking = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return [str(row) for row in rows], {self.opts.verbose_name_plural: len(rows)}, lacking, []

    def delete_model(self, request: HttpRequest, obj: Binned) -> None:
        """By the verb."""
        bin.delete_for_good(obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """By the verb, one by one; what a colleague brought back meanwhile is not there to delete."""
        for row in queryset:
            try:
                bin.delete_for_good(row, actor=request.user)
            except ValidationError as refused:
                messages.warning(request, " ".join(refused.messages))

    @admin.display(description=gettext_lazy("what"), ordering="label")
    def what(self, row: Binned) -> str:
        """As it was called."""
        return row.label

    @admin.display(description=gettext_lazy("deleted"), ordering="at")
    def deleted(self, row: Binned) -> str:
        """When, in the site's zone."""
        return format_date(timezone.localtime(row.at), "j M Y H:i")

    @admin.display(description=gettext_lazy("kept until"), ordering="until")
    def kept_until(self, row: Binned) -> str:
        """The day on which it goes for good."""
        return format_date(timezone.localtime(row.until), "j M Y")

    @admin.display(description=gettext_lazy("kind"), ordering="object_type")
    def kind(self, row: Binned) -> str:
        """What it was, in words."""
        found = kind_of(row.object_type)
        return capfirst(str(found.model._meta.verbose_name)) if found else row.object_type

    @admin.display(description=gettext_lazy("bring it back"))
    def acts(self, row: Binned) -> SafeString:
        """A button; its form stands outside of the list's own."""
        return render_to_string("admin/wastebin/_acts.html", {"row": row})


def _back_words(name: str, notes: list[str]) -> str:
    words = _("“%(name)s” is back. %(notes)s") if notes else _("“%(name)s” is back, as it was.")
    return words % {"name": name, "notes": " ".join(notes)}


def _screen_of(obj: Model) -> str:
    try:
        return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    except NoReverseMatch:
        return reverse("admin:wastebin_binned_changelist")
