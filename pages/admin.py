"""Admin screens of the static pages and the menus."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.editor import BodyField
from pagecache.admin import KeyedAdmin
from pagecache.old_addresses import KeepsOldAddress
from pages.models import MenuItem, StaticPage


class StaticPageForm(forms.ModelForm[StaticPage]):
    """A page with the story editor for its text."""

    body = BodyField(label=_("Text"))

    class Meta:
        model = StaticPage
        fields = ("title", "body", "slug", "published")


@admin.register(StaticPage)
class StaticPageAdmin(KeepsOldAddress, KeyedAdmin):
    """About, Contact, Privacy, Imprint."""

    form = StaticPageForm
    list_display = ("title", "slug", "published", "changed_at")
    list_filter = ("published",)
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "body")}),
        (
            _("Address and visibility"),
            {
                "fields": ("slug", "published"),
                "description": _(
                    "Published pages stand in the footer by themselves; as soon as you arrange the footer under "
                    "“Menu items”, only what you put there does."
                ),
            },
        ),
    )


@admin.register(MenuItem)
class MenuItemAdmin(KeyedAdmin):
    """The links every page carries, above and below."""

    list_display = ("text", "menu", "position", "href")
    list_display_links = ("text",)
    list_editable = ("position",)
    list_filter = ("menu",)
    list_select_related = ("section", "page")
    autocomplete_fields = ("section", "page")
    fieldsets = (
        (
            None,
            {
                "fields": ("menu", "section", "page", "url", "label", "position"),
                "description": _(
                    "Choose one target. A menu without items fills itself: all sections in the main menu, all "
                    "published pages in the footer."
                ),
            },
        ),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new item goes to the end of its menu."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        last = MenuItem.objects.filter(menu=initial.get("menu", "main")).order_by("-position").first()
        return {"position": last.position + 10 if last else 0, **initial}
