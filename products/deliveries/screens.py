"""Bringing in a price list: choose it, see what it would do, then apply it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.inert import neutral
from pagecache.admin import Chooser, row_or_404
from products.deliveries.applying import apply, may_import, rehearse
from products.deliveries.days import end_of
from products.deliveries.reporting import stored_report
from products.deliveries.sheet import MOST_BYTES, Unreadable
from products.models import CURRENCY, Delivery, Merchant, Offer, SeenHow

Desk = ModelAdmin[Any]

NEWEST = 10
"""Lists named on the page, so that a colleague sees what was brought in."""

ONE = "admin:products_product_delivery"


class ListForm(forms.Form):
    """Whose list, and as of when."""

    merchant = forms.ModelChoiceField(Merchant.objects.all(), label=gettext_lazy("Shop"))
    file = forms.FileField(label=gettext_lazy("Price list (CSV or XML)"), max_length=200)
    as_of = forms.DateField(
        label=gettext_lazy("Prices as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: today. Readers see this date beside the prices."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency of prices that name none"), max_length=3, initial="EUR", required=False
    )

    whole = forms.BooleanField(
        label=gettext_lazy("What the list does not name is sold out"),
        required=False,
        help_text=gettext_lazy("Only for a list of everything the shop has. You see which, before it is applied."),
    )

    def __init__(self, desk: Desk, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")
        merchant: Any = self.fields["merchant"]
        merchant.widget = Chooser(Offer._meta.get_field("merchant"), desk.admin_site)
        merchant.widget.choices = merchant.choices

    def clean_file(self) -> Any:
        """No more than is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The list is larger than %(most)d MB."), params={"most": MOST_BYTES // 1_000_000})
        return file

    def clean_currency(self) -> str:
        """Three letters, large ones."""
        currency = str(self.cleaned_data["currency"] or "EUR").upper()
        CURRENCY(currency)
        return currency

    def clean_as_of(self) -> Any:
        """The end of that day, or now: never later."""
        day = self.cleaned_data["as_of"]
        if day is None:
            return timezone.now()
        if day > timezone.localdate() or day < timezone.localdate() - timedelta(days=365):
            raise ValidationError(_("Choose a day of the past year."))
        return end_of(day)

    def delivery(self, user: Any) -> Delivery:
        """The list as it came. Only on a valid form."""
        cleaned = self.cleaned_data
        return Delivery(
            merchant=cleaned["merchant"],
            how=SeenHow.FILE,
            name=neutral(cleaned["file"].name)[:200],
            currency=cleaned["currency"],
            as_of=cleaned["as_of"],
            whole=cleaned["whole"],
            content=cleaned["file"].read(),
            made_by=user,
        )


def import_urls(desk: Desk) -> list[URLPattern]:
    """The two pages, behind the admin's own door."""

    def choose(request: HttpRequest) -> HttpResponse:
        return import_view(request, desk)

    def one(request: HttpRequest, pk: int) -> HttpResponse:
        return delivery_view(request, pk, desk)

    inside = desk.admin_site.admin_view
    return [
        path("import/", inside(choose), name="products_product_import"),
        path("import/<int:pk>/", inside(one), name="products_product_delivery"),
    ]


def import_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET: which list. POST: keep it, and show what it would do."""
    _require(request)
    form = ListForm(desk, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        delivery = form.delivery(request.user)
        try:
            rehearse(delivery)
        except Unreadable as problem:
            form.add_error("file", str(problem))
        else:
            delivery.save()
            return HttpResponseRedirect(reverse(ONE, args=[delivery.pk]))
    newest = Delivery.objects.select_related("merchant", "made_by").defer("content")[:NEWEST]
    context = {"form": form, "newest": newest, "title": _("Bring in a price list")}
    return _answer(request, desk, "import", context, 400 if form.errors else 200)


def delivery_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: what the list would do, or did. POST: apply it."""
    _require(request)
    delivery = row_or_404(Delivery.objects.select_related("merchant", "made_by"), pk)
    problem = ""
    if request.method == "POST":
        try:
            apply(delivery, actor=request.user)
        except (ValidationError, Unreadable) as error:
            problem = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        else:
            messages.success(request, _("The price list is applied."))
            return HttpResponseRedirect(reverse(ONE, args=[pk]))
        delivery.refresh_from_db()
    context = {"delivery": delivery, "problem": problem, "title": str(delivery)}
    try:
        context["report"] = stored_report(delivery.report) if delivery.applied_at else rehearse(delivery)
    except Unreadable as error:
        context["problem"] = str(error)
    return _answer(request, desk, "delivery", context, 409 if problem else 200)


def _require(request: HttpRequest) -> None:
    if not may_import(request.user):
        raise PermissionDenied


def _answer(request: HttpRequest, desk: Desk, page: str, context: dict[str, Any], status: int) -> HttpResponse:
    form = context.get("form")
    media = desk.media + form.media if form else desk.media
    context = {**desk.admin_site.each_context(request), "opts": desk.opts, "media": media, **context}
    return TemplateResponse(request, f"admin/products/{page}.html", context, status=status)
