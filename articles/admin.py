"""Admin screens of this room."""

from django.contrib import admin

from articles import redirect_admin  # noqa: F401 - registers itself
from articles.article_admin import ArticleAdmin
from articles.desk_admin import AccountPlacesInline, DeskInline
from articles.models import Article, Section, Series, Source, Tag
from articles.series_admin import SeriesAdmin
from articles.tag_admin import TagAdmin
from pagecache.old_addresses import KeepsOldAddress
from people.registries import account_panels
from wastebin.desk import BinnedAdmin

admin.site.register(Article, ArticleAdmin)
admin.site.register(Series, SeriesAdmin)
admin.site.register(Tag, TagAdmin)
account_panels.append(AccountPlacesInline)


@admin.register(Section)
class SectionAdmin(KeepsOldAddress, BinnedAdmin):
    """The parts of the paper."""

    list_display = ("name", "slug", "position", "description")
    list_editable = ("position",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("picture",)
    ordering = ("position", "name")
    inlines = (DeskInline,)


@admin.register(Source)
class SourceAdmin(BinnedAdmin):
    """Agencies and partners."""

    list_display = ("name", "credit", "canonical", "feeds", "url")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
