"""Prices to look at: the oldest first, each answered on the spot."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pagecache.admin import row_or_404
from products import pricing
from products.models import MerchantFeed, Offer
from products.price_reading import LONGEST, read_price
from products.prices import price_text

Desk = ModelAdmin[Any]

ON_A_PAGE = 25
"""Offers of one page; who answers them all finds the next there."""

COUNTED = 1_000
"""Further than that the page does not count."""

TROUBLED = 10
"""Feeds in trouble that are named."""

ADDRESS = "admin:products_product_prices"


@dataclass
class Line:
    """An offer on the page, and what somebody typed that could not be taken."""

    offer: Offer
    typed: str = ""
    problem: str = ""
    saw: str = field(init=False)
    price: str = field(init=False)

    def __post_init__(self) -> None:
        self.saw = pricing.as_seen(self.offer)
        self.price = price_text(self.offer.price, self.offer.currency)
        self.typed = self.typed or str(self.offer.price)


class LookForm(forms.Form):
    """What somebody found at the shop."""

    answer = forms.ChoiceField(choices=[(word, word) for word in ("same", "new", "sold-out")])
    saw = forms.CharField(max_length=100)
    price = forms.CharField(max_length=LONGEST, required=False)

    def clean(self) -> dict[str, Any]:
        """A new price is one in the currency of the offer."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "new":
            cleaned["price"] = self._new_price(cleaned.get("price", ""), str(cleaned.get("saw", "")).split()[1:2])
        return cleaned

    def _new_price(self, typed: str, currency: list[str]) -> Any:
        price = read_price(typed)
        if price.currency and [price.currency] != currency:
            raise ValidationError(_("Another currency is a new offer: change it on the product’s own form."))
        return price.amount

    def asked(self) -> dict[str, Any]:
        """The verb's arguments. Only on a valid form."""
        cleaned, answer = self.cleaned_data, self.cleaned_data["answer"]
        price = cleaned["price"] if answer == "new" else None
        return {"saw": cleaned["saw"], "price": price, "sold_out": answer == "sold-out"}


def price_urls(desk: Desk) -> list[URLPattern]:
    """The page and the answers, behind the admin's own door."""

    def page(request: HttpRequest) -> HttpResponse:
        return prices_view(request, desk)

    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        return sighting_view(request, pk, desk)

    inside = desk.admin_site.admin_view
    return [
        path("prices/", inside(require_safe(page)), name="products_product_prices"),
        path("prices/<int:pk>/sighting/", inside(require_POST(answer)), name="products_product_sighting"),
    ]


def prices_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET: the prices that are older than their merchants' rules."""
    _require(request)
    return _page(request, desk)


def sighting_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """POST ``answer`` (same, new, sold-out), ``price``, ``saw``: what the shop asks today."""
    _require(request)
    offer = row_or_404(Offer.objects.select_related("product", "merchant"), pk)
    form = LookForm(request.POST)
    if form.is_valid():
        try:
            offer = pricing.look(offer.pk, **form.asked(), actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _told(offer))
            return HttpResponseRedirect(reverse(ADDRESS))
    problems = " ".join(problem for listed in form.errors.values() for problem in map(str, listed))
    return _page(request, desk, Line(offer, request.POST.get("price", "")[:LONGEST], problems))


def _require(request: HttpRequest) -> None:
    if not pricing.may_note(request.user):
        raise PermissionDenied


def _told(offer: Offer) -> str:
    words = _("“%(product)s” at %(merchant)s: %(price)s, seen today.")
    if not offer.available:
        words = _("“%(product)s” is sold out at %(merchant)s: the offer left every page.")
    price = price_text(offer.price, offer.currency)
    return words % {"product": offer.product, "merchant": offer.merchant, "price": price}


def _troubled() -> list[MerchantFeed]:
    """Feeds that did not bring prices the last time."""
    return list(
        MerchantFeed.objects.exclude(trouble="").select_related("merchant").order_by("merchant__name")[:TROUBLED]
    )


def _page(request: HttpRequest, desk: Desk, wrong: Line | None = None) -> HttpResponse:
    waiting = Offer.objects.to_look_at()
    count = waiting.order_by()[:COUNTED].count()
    rows = waiting.select_related("product", "product__picture", "merchant", "seen_by")[:ON_A_PAGE]
    lines = [Line(offer) for offer in rows if wrong is None or offer.pk != wrong.offer.pk]
    words = ngettext(
        "%(count)d price is older than its shop’s rule.",
        "%(count)d prices are older than their shops’ rules.",
        count,
    )
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "media": desk.media,
        "title": _("Prices to look at"),
        "lines": [wrong, *lines] if wrong else lines,
        "lead": words % {"count": count},
        "longest": LONGEST,
        "troubled": _troubled(),
    }
    return TemplateResponse(request, "admin/products/prices.html", context, status=400 if wrong else 200)
