"""The wire desk: what arrived, what failed and why, and what the desk does with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from articles.permissions import Actor
from pagecache.admin import KeyedAdmin, is_id, row_or_404
from syndication.models import WireItem
from syndication.models.wire import Offer
from syndication.screens.wire_filters import FeedFilter, PlaceFilter, StateFilter
from syndication.screens.wire_story import shown
from syndication.wires import taking

MOST_OFFERS = 20
"""Offers above the list; whoever has more than that decides about some first."""

LIST = "admin:syndication_wireitem_changelist"


class WireItemAdmin(KeyedAdmin):
    """Items are made by feeds alone; here they are read and decided about."""

    change_list_template = "admin/syndication/wire_desk.html"
    list_display = ("headline",)
    list_display_links = None
    list_filter = (StateFilter, FeedFilter, PlaceFilter)
    list_per_page = 40
    show_full_result_count = False
    search_fields = ("headline", "guid", "reason")
    search_help_text = gettext_lazy("Words of the headline, the agency's number of it, or the reason it failed.")
    actions = ("take_selected", "ignore_selected")

    class Media:
        css = {"all": ("desk/wires.css",)}
        js = (Script("desk/wires.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WireItem]:
        """With what a row shows; the story itself stays in the database."""
        copies = WireItem.objects.select_related("feed").defer("story").order_by("arrived_at", "id")
        rows = WireItem.objects.select_related("feed", "copy_of__feed", "decided_by")
        return rows.prefetch_related(Prefetch("copies", copies)).order_by("-changed_at", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes an item by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WireItem | None = None) -> bool:
        """They go by themselves."""
        return False

    def has_take_permission(self, request: HttpRequest) -> bool:
        """For the list's actions and buttons."""
        return taking.may_take(request.user)

    def get_urls(self) -> list[URLPattern]:
        """The verbs of one item, then Django's list and form."""
        verbs = {
            "draft": self.take_view,
            "ignored": self.ignore_view,
            "waiting": self.put_back_view,
            "version": self.version_view,
            "ours": self.ours_view,
        }
        own = [
            path(
                f"<int:pk>/{noun}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"syndication_wireitem_{noun}",
            )
            for noun, view in verbs.items()
        ]
        unused = ("_delete", "_history")
        return own + [entry for entry in super().get_urls() if not (entry.name or "").endswith(unused)]

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """Without Django's deletion. Django 6.1 says where on the screen they stand."""
        actions = super().get_actions(request, *([] if action_location is None else [action_location]))
        actions.pop("delete_selected", None)
        return actions

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """One cell with all of the item; what can be done with it depends on who looks."""
        looker = _Looker(request)

        @admin.display(description=_("story"))
        def item(row: WireItem) -> str:
            return render_to_string("admin/syndication/_row.html", looker.row(row))

        return (item,)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a row's button is answered here, as it stands in the list's form."""
        for noun, verb in (("take", self._take), ("ignore", self._ignore)):
            if request.method == "POST" and noun in request.POST:
                pk = request.POST[noun]
                verb(request, row_or_404(WireItem.objects.all(), int(pk) if is_id(pk) else 0))
                return HttpResponseRedirect(request.get_full_path())
        offers = WireItem.objects.exclude(offer=Offer.NONE).select_related("feed").order_by("-offered_at")
        context = {"offers": list(offers[:MOST_OFFERS]), "title": _("Wire desk"), **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The item as it was sent, what would become of it, and what differs from the article."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = row_or_404(self.get_queryset(request), int(object_id) if is_id(object_id) else 0)
        context = {
            **self.admin_site.each_context(request),
            **shown(row, request.user),
            "opts": self.opts,
            "media": self.media,
            "title": row.headline or _("An item without words"),
            "may_take": taking.may_take(request.user),
        }
        return TemplateResponse(request, "admin/syndication/wire_item.html", context)

    def take_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a draft of the item; leads to it."""
        article = self._take(request, self._row(request, pk))
        if article is None:
            return _to_item(pk)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article]))

    def ignore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: nothing is made of it."""
        return HttpResponseRedirect(reverse(LIST)) if self._ignore(request, self._row(request, pk)) else _to_item(pk)

    def put_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: an ignored item waits again."""
        row = self._row(request, pk)
        _said(request, lambda: taking.put_back(row, actor=request.user), _("“%(item)s” waits again."), row)
        return _to_item(pk)

    def version_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST ``seen``: the agency's newest words become the article's newest revision."""
        row, seen = self._row(request, pk), request.POST.get("seen", "")
        words = _(
            "“%(item)s”: the new words stand in the article's newest version. Readers see them once it is published."
        )
        _said(request, lambda: taking.take_version(row, actor=request.user, seen=seen), words, row)
        return _to_item(pk)

    def ours_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST ``seen``: the article stays as it is."""
        row, seen = self._row(request, pk), request.POST.get("seen", "")
        words = _("“%(item)s” is settled; the article stays as it is.")
        _said(request, lambda: taking.keep_ours(row, actor=request.user, seen=seen), words, row)
        return _to_item(pk)

    @admin.action(description=gettext_lazy("Take: make drafts of them"), permissions=["take"])
    def take_selected(self, request: HttpRequest, queryset: QuerySet[WireItem]) -> None:
        """A draft of each."""
        done = sum(self._take(request, row, quiet=True) is not None for row in queryset)
        messages.success(request, ngettext("%d draft was made.", "%d drafts were made.", done) % done)

    @admin.action(description=gettext_lazy("Ignore them"), permissions=["take"])
    def ignore_selected(self, request: HttpRequest, queryset: QuerySet[WireItem]) -> None:
        """Nothing is made of them."""
        done = sum(self._ignore(request, row, quiet=True) for row in queryset)
        messages.success(request, ngettext("%d item is ignored.", "%d items are ignored.", done) % done)

    def _row(self, request: HttpRequest, pk: int) -> WireItem:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return row_or_404(WireItem.objects.all(), pk)

    def _take(self, request: HttpRequest, row: WireItem, *, quiet: bool = False) -> int | None:
        """The article's number, or nothing where the verb refused; both are said."""
        words = "" if quiet else _("“%(item)s” is a draft now.")
        done = _said(request, lambda: taking.take(row, actor=request.user), words, row)
        return row.article_id if done else None

    def _ignore(self, request: HttpRequest, row: WireItem, *, quiet: bool = False) -> bool:
        words = "" if quiet else _("“%(item)s” is ignored.")
        return _said(request, lambda: taking.ignore(row, actor=request.user), words, row)


class _Looker:
    """What whoever looks at the list may do and know; asked once."""

    def __init__(self, request: HttpRequest) -> None:
        self.actor: Actor = request.user
        self.may_take = taking.may_take(self.actor)

    def row(self, row: WireItem) -> dict[str, Any]:
        """What the row's template needs."""
        return {"row": row, "may_take": self.may_take, "copies": list(row.copies.all())}


def _said(request: HttpRequest, act: Callable[[], Any], words: str, row: WireItem) -> bool:
    """Do it and say so; a refusal is said in its own words."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    if words:
        messages.success(request, words % {"item": row})
    return True


def _to_item(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:syndication_wireitem_change", args=[pk]))
