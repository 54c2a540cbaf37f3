"""Campaigns on the desk: what runs, what comes, what was; starting one, and ending it with one click."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.known import known_to
from articles.models import Section, Tag
from curation import campaigns
from curation.campaign_reach import preview
from curation.campaigns import Reach
from curation.models import Campaign
from curation.screens.base import CurationAdmin, row_button
from curation.screens.campaign_form import CampaignForm
from curation.screens.moments import ends_in, span, starts_in
from pagecache.admin import is_id

BEGUN = ((None, {"fields": ("what_it_shows", "lasts", "ends", "note")}),)
ENDED = ((None, {"fields": ("what_it_shows", "starts", "ends", "note", "made_by")}),)


class StateFilter(admin.SimpleListFilter):
    """What runs, what comes, what was."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The three states."""
        return [("running", _("Running")), ("coming", _("Coming")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> QuerySet[Campaign]:
        """Campaigns in that state; an unknown word shows all."""
        now = timezone.now()
        if self.value() == "running":
            return queryset.filter(starts__lte=now, ends__gt=now)
        if self.value() == "coming":
            return queryset.filter(starts__gt=now)
        return queryset.filter(ends__lte=now) if self.value() == "ended" else queryset


class CampaignAdmin(CurationAdmin):
    """One story at one place of many lists."""

    form = CampaignForm
    change_list_template = "admin/curation/campaign_list.html"
    add_form_template = change_form_template = "admin/curation/campaign_form.html"
    autocomplete_fields = ("target", "tag")
    list_display = ("story", "reach", "hours", "who")
    list_filter = (StateFilter,)
    list_select_related = ("target__latest", "section", "tag", "made_by")
    search_fields = ("target__headline", "note")
    search_help_text = gettext_lazy("Words of the headline, or of the note.")
    readonly_fields = ("what_it_shows",)
    actions = ("end_selected",)
    fieldsets = (
        (gettext_lazy("What, and where"), {"fields": ("target", "pasted", "slot", "reach", "section", "tag")}),
        (gettext_lazy("How long"), {"fields": ("lasts", ("starts", "ends"))}),
        (None, {"fields": ("note",)}),
    )

    # The list

    @admin.display(description=gettext_lazy("article"))
    def story(self, row: Campaign) -> str:
        """The newest headline, as the editor knows it."""
        return str(row.target)

    @admin.display(description=gettext_lazy("place"))
    def reach(self, row: Campaign) -> str:
        """Which place beside what."""
        return _("Place %(slot)d beside %(reach)s") % {"slot": row.slot, "reach": Reach.of(row)}

    @admin.display(description=gettext_lazy("when"), ordering="ends")
    def hours(self, row: Campaign) -> str:
        """How it stands, and from when until when."""
        now = timezone.now()
        state, words = "ended", _("ended")
        if row.is_running(now):
            state, words = "running", ends_in(row.ends, now)
        elif row.starts > now:
            state, words = "coming", starts_in(row.starts, now)
        badge = format_html('<span class="badge badge--{}">{}</span>', state, words)
        return format_html('{} <span class="cell-note">{}</span>', badge, span(row.starts, row.ends))

    @admin.display(description=gettext_lazy("started by"))
    def who(self, row: Campaign) -> str:
        """Who, and why."""
        return format_html('{} <span class="cell-note">{}</span>', row.made_by or _("somebody who has left"), row.note)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """With the button that ends, for those who may."""
        may_end = campaigns.may_campaign(request.user, "change")

        @admin.display(description=_("End"))
        def end_now(row: Campaign) -> str:
            words = _("End now") if row.starts <= timezone.now() else _("Call off")
            return row_button("end", row, words) if row.ends > timezone.now() else ""

        return (*self.list_display, end_now) if may_end else self.list_display

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a row's button is answered here, as it stands in the list's form."""
        if request.method == "POST" and "end" in request.POST:
            pk = request.POST["end"]
            self.end_selected(request, self.get_queryset(request).filter(pk=int(pk) if is_id(pk) else 0))
            return self.answered(request)
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("End now"), permissions=["change"])
    def end_selected(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        """End each that has not ended by itself."""
        done = sum(campaigns.end(row, actor=request.user) for row in queryset)
        if done:
            words = ngettext("%d campaign is over. Lists show it no more.", "%d campaigns are over.", done)
            messages.success(request, words % done)
        else:
            messages.warning(request, _("Nothing to end: it was over already."))

    # The form

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """What has ended stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or _stored(obj, ends__gt=timezone.now()))

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        """Of one that has begun only end and note can change."""
        if obj is not None and not self.has_change_permission(request, obj):
            return ENDED
        return BEGUN if obj is not None and _stored(obj, starts__lte=timezone.now()) else self.fieldsets

    @admin.display(description=gettext_lazy("what it shows"))
    def what_it_shows(self, row: Campaign) -> str:
        """One line, as it can change no more."""
        return f"{row.target} · {self.reach(row)}"

    def get_form(self, request: HttpRequest, obj: Campaign | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Offers only articles this person may know of."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        field = form.base_fields.get("target")
        if isinstance(field, ModelChoiceField):
            field.queryset = known_to(request.user)
        form.is_preview, form.actor = "_preview" in request.POST, request.user
        return form

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Through the verbs."""
        plan = form.plan()
        if change:
            campaigns.change(obj, plan, actor=request.user)
        else:
            obj.pk = campaigns.start(plan, actor=request.user).pk

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With the figure, when it was asked for."""
        form = context["adminform"].form
        context |= {"preview": form.found, "show_delete": False, "is_form_of_begun": "target" not in form.fields}
        return super().render_change_form(request, context, *args, **kwargs)

    # What the form's script asks

    def get_urls(self) -> list[URLPattern]:
        """How many pages change."""
        wrap = self.admin_site.admin_view
        return [path("pages/", wrap(self.pages_view), name="curation_campaign_pages"), *super().get_urls()]

    def pages_view(self, request: HttpRequest) -> HttpResponse:
        """GET ``reach``, ``section``, ``tag``, ``target``: the figure in words; empty while a choice is missing."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        reach = _asked_reach(request)
        target = _row(known_to(request.user), request.GET.get("target", ""))
        words = preview(reach, target).words() if reach is not None else ""
        return JsonResponse({"words": words})


def _asked_reach(request: HttpRequest) -> Reach | None:
    chosen = request.GET.get("reach", "")
    if chosen == "section":
        section: Section | None = _row(Section.objects.all(), request.GET.get("section", ""))
        return Reach(section=section) if section else None
    if chosen == "tag":
        tag: Tag | None = _row(Tag.objects.all(), request.GET.get("tag", ""))
        return Reach(tag=tag) if tag else None
    return Reach() if chosen == "everywhere" else None


def _row(rows: QuerySet[Any], pk: str) -> Any:
    return rows.filter(pk=int(pk)).first() if is_id(pk) else None


def _stored(row: Campaign, **so: Any) -> bool:
    """Asked of the database, as a form that was refused has left on the row what was typed."""
    return Campaign.objects.filter(pk=row.pk, **so).exists()
