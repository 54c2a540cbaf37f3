"""The desk's screen of a series: its words, and its parts in order."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import series
from articles.chosen_rows import ChosenForm, ChosenFormSet, ChosenInline
from articles.known import known_to, knows_all
from articles.models import Article, Series, SeriesEntry
from pagecache.admin import Chooser
from pagecache.old_addresses import KeepsOldAddress
from wastebin.desk import BinnedAdmin


class PartForm(ChosenForm):
    """One part and its place."""

    def clean_article(self) -> Article:
        """No article that stands in a series already."""
        chosen: Article = self.cleaned_data["article"]
        if "article" in self.changed_data:
            entry = SeriesEntry.objects.filter(article=chosen).select_related("series").first()
            if entry is not None:
                words = _("This article stands in the series “%(series)s” already. Take it out there first.")
                raise ValidationError(words % {"series": entry.series})
        return chosen


class SeriesFormSet(ChosenFormSet):
    """Writes through ``articles.series``."""

    chosen = "article"

    def clean(self) -> None:
        """No more than a series holds."""
        super().clean()
        if not any(self.errors) and len(self._wanted()) > series.MAX_PARTS:
            raise ValidationError(_("A series has %(most)d parts at most.") % {"most": series.MAX_PARTS})

    def save(self, commit: bool = True) -> list[Any]:
        """Write the differences; every article that comes is held before the first is written."""
        known = {form.initial["article"] for form in self.initial_forms}
        series.hold(pk for pk in self._wanted() if pk not in known)
        return super().save(commit)

    def add(self, thing: Article) -> SeriesEntry:
        """Put it in."""
        return series.add(thing, self.instance, actor=self.actor)

    def remove(self, thing_id: int) -> None:
        """Take it out, if nobody moved it elsewhere meanwhile."""
        entry = SeriesEntry.objects.filter(series=self.instance, article=thing_id).select_related("article").first()
        if entry is not None:
            series.remove(entry.article, actor=self.actor)

    def arrange(self, thing_ids: list[int]) -> None:
        """Order them."""
        series.arrange(self.instance, thing_ids, actor=self.actor)


class SeriesEntryInline(ChosenInline):
    """The parts of the series."""

    model = SeriesEntry
    form = PartForm
    formset = SeriesFormSet
    fields = ("position", "article", "stands")
    readonly_fields = ("stands",)
    autocomplete_fields = ("article",)
    max_num = series.MAX_PARTS
    verbose_name = gettext_lazy("part")
    verbose_name_plural = gettext_lazy("Parts, in the order they are read")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SeriesEntry]:
        """With the names their rows print."""
        return SeriesEntry.objects.select_related("article__latest")

    @admin.display(description=gettext_lazy("status"))
    def stands(self, entry: SeriesEntry) -> str:
        """Whether readers see it: only public parts count for them."""
        if entry._state.adding:
            return ""
        status = entry.article.status
        return format_html('<span class="badge badge--{}">{}</span>', status, entry.article.get_status_display())

    def has_add_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """Whoever may arrange a series; the rows have no rights of their own."""
        return series.may_arrange(request.user)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """Whoever may look at the series."""
        return knows_all(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only articles they may know of."""
        if db_field.name == "article":
            kwargs["queryset"] = known_to(request.user)
            kwargs["widget"] = Chooser(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SeriesForm(forms.ModelForm[Series]):
    """Room for a paragraph."""

    class Meta:
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "description": forms.Textarea(attrs={"rows": 3, "cols": 60}),
        }


class SeriesAdmin(KeepsOldAddress, BinnedAdmin):
    """For those who know every article, as a series names any."""

    form = SeriesForm
    list_display = ("title", "slug", "part_count", "public_count")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("picture",)
    fields = ("title", "slug", "description", "picture")
    inlines = (SeriesEntryInline,)
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ("desk/tags.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        """With the number of parts, and of those readers see."""
        parts = SeriesEntry.objects.filter(series=OuterRef("pk")).order_by().values("series")
        visible = Article.objects.public().filter(series_entry__series=OuterRef("pk")).order_by()
        public = visible.values("series_entry__series")
        return Series.objects.annotate(
            total=Coalesce(Subquery(parts.annotate(count=Count("pk")).values("count")), 0),
            seen=Coalesce(Subquery(public.annotate(count=Count("pk")).values("count")), 0),
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form; what a verb refuses because a colleague was faster is said in its words."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The verbs ask who wants it."""
        formset.actor = request.user
        formset.save()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """In the navigation for those who may look."""
        return knows_all(request.user) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """Whether they may look."""
        return knows_all(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether they may make one."""
        return knows_all(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """Whether they may change it."""
        return knows_all(request.user) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        """Whether they may delete it; its articles stay."""
        return knows_all(request.user) and super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("parts"), ordering="total")
    def part_count(self, row: Any) -> int:
        """How many articles it holds."""
        return int(row.total)

    @admin.display(description=gettext_lazy("public"), ordering="seen")
    def public_count(self, row: Any) -> int:
        """How many of them readers see."""
        return int(row.seen)
