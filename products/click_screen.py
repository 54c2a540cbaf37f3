"""The report of clicks, and its file."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from outbox.spreadsheets import csv_answer, csv_file
from products.click_report import GROUPINGS, MOST_SHOWN, PRODUCT, Period, grouped, heads, table, total


class Question(forms.Form):
    """Which days, and how they are summed up."""

    first = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("to"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    by = forms.ChoiceField(label=gettext_lazy("Summed up"), required=False, choices=list(GROUPINGS.items()))

    def clean(self) -> dict[str, Any]:
        """Days in their order; what nobody says is as usual."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        usual = Period.usual()
        cleaned["by"] = cleaned.get("by") or PRODUCT
        first, last = cleaned.get("first") or usual.first, cleaned.get("last") or usual.last
        if not self.errors and last < first:
            self.add_error("last", _("The last day lies before the first."))
        cleaned["period"] = Period(first, last)
        return cleaned


def click_urls(site: AdminSite) -> list[URLPattern]:
    """Both addresses, each behind the admin's own door; below ``/admin/products/product/``."""

    def behind_door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponse]:
        door: Any = site.admin_view
        return door(partial(view, site=site))  # type: ignore[no-any-return]

    return [
        path("clicks/", behind_door(report_view), name="products_clicks"),
        path("clicks/export/", behind_door(export_view), name="products_clicks_export"),
    ]


@require_safe
def report_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """GET ``first`` and ``last`` (days), ``by`` (``product``, ``article`` or ``place``)."""
    question = _asked(request)
    fine = question.is_valid()
    period = question.cleaned_data["period"] if fine else Period.usual()
    by = question.cleaned_data["by"] if fine else PRODUCT
    context = {
        **site.each_context(request),
        "title": _("Clicks on products"),
        "question": question,
        "period": period,
        "by": by,
        "groupings": GROUPINGS,
        "rows": grouped(period, by, request.user) if fine else [],
        "total": total(period) if fine else 0,
        "most": MOST_SHOWN,
    }
    return TemplateResponse(request, "admin/products/clicks.html", context, status=200 if fine else 400)


@require_safe
def export_view(request: HttpRequest, *, site: AdminSite) -> HttpResponseBase:
    """The same days as a file, every product beside every article at every place."""
    question = _asked(request)
    if not question.is_valid():
        return HttpResponse(question.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    period = question.cleaned_data["period"]
    name = f"clicks-{period.first}-{period.last}.csv"
    return csv_answer(name, csv_file(heads(), table(period, request.user)))


def _asked(request: HttpRequest) -> Question:
    """The question of somebody who may look at placements."""
    actor: Any = request.user
    if not actor.has_perm("products.view_placement"):
        raise PermissionDenied
    usual = Period.usual()
    given = {"first": f"{usual.first:%Y-%m-%d}", "last": f"{usual.last:%Y-%m-%d}", "by": PRODUCT}
    return Question({**given, **request.GET.dict()}, label_suffix="")
