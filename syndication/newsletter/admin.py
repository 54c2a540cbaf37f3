"""The desk's screens of newsletters: what each tells and when, who gets it, and sending one."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pagecache.admin import row_or_404
from syndication.models import Edition, Newsletter
from syndication.newsletter import editions
from syndication.newsletter.mailing import send_specimen

EDITIONS_SHOWN = 30

FIELDS = ("name", "slug", "description", "section", "hours", "most", "at", "days", "is_open")


class NewsletterForm(forms.ModelForm[Newsletter]):
    """Days as boxes."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("On"),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Newsletter
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["days"] = list(self.instance.days)

    def clean_days(self) -> str:
        """As they are kept."""
        return "".join(sorted(self.cleaned_data["days"]))

    def clean(self) -> dict[str, Any]:
        """A time without a day would never come."""
        cleaned = super().clean() or {}
        if cleaned.get("at") and cleaned.get("days") == "":
            self.add_error("days", _("Choose at least one day, or leave the time empty."))
        return cleaned


class NewsletterAdmin(admin.ModelAdmin[Newsletter]):
    """Every newsletter, with its readers and its last edition."""

    actions = None
    form = NewsletterForm
    fields = FIELDS
    list_display = ("name", "section", "at", "readers", "last_sent", "is_open")
    list_select_related = ("section",)
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)
    change_form_template = "admin/syndication/newsletter/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Newsletter]:
        """With how many get each, and when it was last made."""
        newest = Edition.objects.filter(newsletter=OuterRef("pk")).order_by("-pk").values("made_at")[:1]
        confirmed = Count("subscribers", filter=Q(subscribers__confirmed_at__isnull=False))
        return super().get_queryset(request).annotate(reader_count=confirmed, newest=Subquery(newest))

    def has_delete_permission(self, request: HttpRequest, obj: Newsletter | None = None) -> bool:
        """What has readers is closed, not deleted: they were promised it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.subscribers.exists())

    @admin.display(description=gettext_lazy("readers"))
    def readers(self, row: Any) -> int:
        """Confirmed addresses."""
        return int(row.reader_count)

    @admin.display(description=gettext_lazy("last edition"))
    def last_sent(self, row: Any) -> Any:
        """When it was made."""
        return row.newest

    def get_urls(self) -> list[URLPattern]:
        """And the page that asks before sending."""
        view = self.admin_site.admin_view(self.sending)
        return [path("<int:pk>/sending/", view, name="syndication_newsletter_sending"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With the way to sending, for those who may."""
        context["may_send"] = editions.may_send(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def sending(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what an edition would tell now, to how many, and what was sent. POST: send it, or a specimen."""
        if not editions.may_send(request.user):
            raise PermissionDenied
        newsletter = row_or_404(Newsletter.objects.select_related("section"), pk)
        problem = ""
        if request.method == "POST":
            try:
                return self._sent(request, newsletter)
            except ValidationError as refused:
                problem = " ".join(refused.messages)
        return TemplateResponse(
            request,
            "admin/syndication/newsletter/sending.html",
            {**self.admin_site.each_context(request), **_about(newsletter), "problem": problem, "opts": self.opts},
            status=400 if problem else 200,
        )

    def _sent(self, request: HttpRequest, newsletter: Newsletter) -> HttpResponse:
        here = reverse("admin:syndication_newsletter_sending", args=[newsletter.pk])
        if "specimen" in request.POST:
            stories = editions.stories_for(newsletter)
            if not stories:
                raise ValidationError(_("Nothing new was published since the last edition: there is nothing to send."))
            user: Any = request.user
            send_specimen(newsletter, stories, to=user, key=f"syndication.specimen:{uuid4()}")
            messages.success(request, _("A specimen is on its way to %(email)s.") % {"email": user.email})
            return HttpResponseRedirect(here)
        seen = request.POST.get("newest", "")
        newest = newsletter.editions.aggregate(newest=Max("pk"))["newest"] or 0
        if seen != str(newest):
            raise ValidationError(
                _("An edition was made since you opened this page. Look at it before you send another.")
            )
        editions.send_now(newsletter, actor=request.user)
        messages.success(request, _("“%(name)s” is being mailed.") % {"name": newsletter})
        return HttpResponseRedirect(here)


def _about(newsletter: Newsletter) -> dict[str, Any]:
    readers = newsletter.subscribers.filter(confirmed_at__isnull=False).count()
    newest = newsletter.editions.select_related("made_by").order_by("-pk")
    made = newest.annotate(stories=Count("told"))[:EDITIONS_SHOWN]
    button = ngettext("Send to %(count)d reader", "Send to %(count)d readers", readers) % {"count": readers}
    return {
        "newsletter": newsletter,
        "stories": editions.stories_for(newsletter),
        "readers": readers,
        "button": button,
        "editions": made,
        "newest": made[0].pk if made else 0,
        "title": _("Send “%(name)s”") % {"name": newsletter},
    }
