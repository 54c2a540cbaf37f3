"""The desk's screens of tags: the list, and a tag with its other names."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from articles.article_list import BoundedPaginator
from articles.models import Tag, TaggedArticle, TagSynonym
from articles.tag_merging import merges_into
from articles.tag_renaming import may_merge, rename
from articles.tag_screens import tag_urls
from wastebin.desk import BinnedAdmin

MOST_COUNTED = 10_000
"""Articles of a tag; beyond it the list says that there are more."""


class _Counted(Subquery):
    """How many rows a subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class UseFilter(admin.SimpleListFilter):
    """Tags that stand on nothing are the first to go."""

    title = _("use")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two halves."""
        return [("no", _("on no article")), ("yes", _("on articles"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> QuerySet[Tag]:
        """One of them."""
        carried = Exists(TaggedArticle.objects.filter(tag=OuterRef("pk")))
        wanted = {"no": ~carried, "yes": carried}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted)


class SynonymInline(admin.TabularInline[TagSynonym, Tag]):
    """Other names, for those who may rename."""

    model = TagSynonym
    fields = ("name",)
    extra = 1
    verbose_name_plural = _("Other names: whoever types one gets this tag, and readers find its stories by it")

    def has_add_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """A name of their own have only tags; who may change one may change the other."""
        return may_merge(request.user)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """Whoever may look at the tag."""
        return True


class TagForm(forms.ModelForm[Tag]):
    """Names typed with commas would be two tags on the article's form."""

    class Meta:
        labels = {"slug": _("address")}
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "cols": 60})}

    def clean_name(self) -> str:
        """One name."""
        name = " ".join(self.cleaned_data["name"].split())
        if "," in name and "name" in self.changed_data:
            raise ValidationError(_("A tag’s name holds no comma: it would be two tags."))
        return name


class TagAdmin(BinnedAdmin):
    """Topics; one with a description and a picture becomes a topic page."""

    form = TagForm
    inlines = (SynonymInline,)
    paginator = BoundedPaginator
    list_display = ("name", "slug", "used", "has_description")
    list_filter = (UseFilter,)
    search_fields = ("key", "name", "synonyms__key")
    search_help_text = _("Part of the name, or of another name of it.")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("picture",)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "slug", "description", "picture"),
                "description": _(
                    "With another name the old one still means this tag; with another address readers of the old one "
                    "are led to the new one."
                ),
            },
        ),
    )
    change_list_template = "admin/articles/tag/change_list.html"
    change_form_template = "admin/articles/tag/change_form.html"
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ("desk/tags.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """With the number of articles that carry each."""
        carried = TaggedArticle.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        return Tag.objects.annotate(uses=_Counted(carried[: MOST_COUNTED + 1]))

    def get_urls(self) -> list[URLPattern]:
        """What the article form's tag field asks for, and the screens that sort tags."""
        return [*tag_urls(self.admin_site), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> tuple[str, ...]:
        """Names and addresses are for those who may merge."""
        return () if obj is None or may_merge(request.user) else ("name", "slug")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tag | None = None) -> dict[str, Any]:
        """An address that stands is typed, not made."""
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form; what the verb refuses because a colleague was faster is said in its words."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        """Another name or address goes through the verb."""
        if change and {"name", "slug"} & set(form.changed_data):
            rename(obj, name=obj.name, slug=obj.slug, actor=request.user)
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form, with what was merged into the tag."""
        extra = {**(extra_context or {}), "may_merge": may_merge(request.user)}
        tag = self.get_object(request, object_id) if request.method == "GET" and extra["may_merge"] else None
        extra["merges"] = merges_into(tag) if tag is not None else []
        return super().change_view(request, object_id, form_url, extra)

    @admin.display(description=_("articles"), ordering="uses")
    def used(self, tag: Any) -> str:
        """How many articles carry it."""
        number = number_format(min(tag.uses, MOST_COUNTED), use_l10n=True, force_grouping=True)
        return f"{number}+" if tag.uses > MOST_COUNTED else number

    @admin.display(description=_("topic page"), boolean=True)
    def has_description(self, tag: Tag) -> bool:
        """Whether its page has words of its own."""
        return bool(tag.description)
