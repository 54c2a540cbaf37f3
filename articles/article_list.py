"""The list of articles at the desk."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.article_actions import BulkVerbs
from articles.article_filters import ARTICLE_FILTERS
from articles.headline_search import find
from articles.known import known_to, knows_all
from articles.models import Article, ArticleQuerySet
from articles.models.article import LIVE_STATUSES
from articles.together.presence import colleagues, present, shortly
from wastebin.desk import BinnedAdmin

LIST_ADDRESS = "articles_article_changelist"

LIST_LIMIT = 10_000
"""Rows a list counts and pages through; beyond that a filter finds faster than paging."""

UNREAD = ("body", "body_html", "body_text", "body_keys", "linked_ids", "latest__parts")
"""What no row of the list shows: a story's words, which SQLite would read and sort with each."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than ``LIST_LIMIT``, so that a list costs the same whatever the archive's size."""

    @cached_property
    def count(self) -> int:
        """The number of rows, or ``LIST_LIMIT`` when there are more; what is told of each is not asked for."""
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by().values("pk")[:LIST_LIMIT].count()


class ArticleList(BulkVerbs, BinnedAdmin):
    """What stands in the list, and how it is found."""

    paginator = BoundedPaginator
    list_per_page = 50
    show_full_result_count = False
    list_display = ("title", "state", "desk_section", "kind_of_story", "goes_out", "saved")
    list_filter = ARTICLE_FILTERS
    search_fields = ("known_headline", "headline", "=id")
    search_help_text = gettext_lazy("Words of the headline, or the number in the article's address.")
    ordering = ("-id",)
    sortable_by = ("goes_out", "saved")
    change_list_template = "admin/articles/article/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Contributors see their own work and what is public; editors see all. The list tells who is in each."""
        rows = known_to(request.user).order_by(*self.ordering)
        is_list = request.resolver_match is not None and request.resolver_match.url_name == LIST_ADDRESS
        if not is_list:
            return rows
        rows = rows.defer(*UNREAD) if request.method == "GET" else rows
        present_now = Prefetch("edit_sessions", present(), to_attr="open_now")
        return rows.select_related("section").prefetch_related(present_now)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Readers are sent to what they can see: that chooser offers nothing else. The request is told of limits."""
        if request.GET.get("field_name") == "moved_to" and isinstance(queryset, ArticleQuerySet):
            queryset = queryset.public()
        if (found := find(search_term)) is None:
            return queryset, False
        request.search_is_limited = found.limited  # type: ignore[attr-defined]
        among = queryset.filter(pk__in=found.ids)
        return (among, False) if knows_all(request.user) else super().get_search_results(request, among, search_term)

    @admin.display(description=gettext_lazy("headline"))
    def title(self, article: Article) -> str:
        """The newest headline, whatever readers see."""
        return str(article)

    @admin.display(description=gettext_lazy("status"))
    def state(self, article: Article) -> str:
        """The status as a badge, and whether there are words readers do not see yet."""
        badge = format_html('<span class="badge badge--{}">{}</span>', article.status, article.get_status_display())
        if here := shortly(colleagues(getattr(article, "open_now", ()), None)):
            badge = format_html('{} <span class="badge badge--here">{}</span>', badge, here)
        if article.status in LIVE_STATUSES and article.latest and article.latest_id != article.live_id:
            return format_html('{} <span class="badge badge--changes">{}</span>', badge, _("unpublished changes"))
        return badge

    @admin.display(description=gettext_lazy("section"))
    def desk_section(self, article: Article) -> str:
        """The section in the newest revision."""
        return str((article.latest or article).section or "–")

    @admin.display(description=gettext_lazy("kind"))
    def kind_of_story(self, article: Article) -> str:
        """The kind in the newest revision."""
        labels = dict(Article._meta.get_field("kind").flatchoices)
        return str(labels.get(article.latest.state.get("kind", "") if article.latest else article.kind, "–"))

    @admin.display(description=gettext_lazy("published"), ordering="publish_at")
    def goes_out(self, article: Article) -> Any:
        """When readers see it, or saw it first."""
        return format_date(timezone.localtime(article.publish_at), "j M Y H:i") if article.publish_at else "–"

    @admin.display(description=gettext_lazy("last saved"), ordering="latest_id")
    def saved(self, article: Article) -> Any:
        """When, and by whom."""
        if article.latest is None:
            return "–"
        when = format_date(timezone.localtime(article.latest.made_at), "j M H:i")
        return format_html('{} <span class="cell-note">{}</span>', when, article.latest.made_by or _("the system"))
