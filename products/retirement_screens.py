"""The page that asks before a product leaves every page, and the way back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.uses import known_uses
from pagecache.admin import Chooser, row_or_404
from products import retiring
from products.models import Placement, Product

Desk = ModelAdmin[Any]

CHANGE = "admin:products_product_change"


class RetireForm(forms.Form):
    """Which product stands in, if any."""

    instead = forms.ModelChoiceField(
        Product.objects.filter(retired_at=None),
        label=gettext_lazy("Another product in all its places (optional)"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a product that is not retired.")},
    )

    def __init__(self, product: Product, desk: Desk, actor: Any, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        if not retiring.may_replace(actor):
            del self.fields["instead"]
            return
        field: Any = self.fields["instead"]
        field.queryset = field.queryset.exclude(pk=product.pk)
        field.widget = Chooser(Placement._meta.get_field("product"), desk.admin_site)
        field.widget.choices = field.choices


def retirement_urls(desk: Desk) -> list[URLPattern]:
    """Leaving and coming back, behind the admin's own door."""

    def leave(request: HttpRequest, pk: int) -> HttpResponse:
        return retirement_view(request, pk, desk)

    inside = desk.admin_site.admin_view
    back = inside(require_POST(return_view))
    return [
        path("<int:pk>/retirement/", inside(leave), name="products_product_retirement"),
        path("<int:pk>/return/", back, name="products_product_return"),
    ]


def retirement_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: what leaves which pages. POST ``instead``: take it off them."""
    product = _product(request, pk)
    form = RetireForm(product, desk, request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            instead = form.cleaned_data.get("instead")
            retiring.retire(product, instead=instead, actor=request.user)
        except ValidationError as error:
            form.add_error("instead", error)
        else:
            said = _("“%(product)s” is retired: it left every page.")
            if instead:
                said = _("“%(product)s” is retired: “%(instead)s” stands where it stood.")
            messages.success(request, said % {"product": product, "instead": instead})
            return HttpResponseRedirect(reverse(CHANGE, args=[pk]))
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "media": desk.media + form.media,
        "title": _("Retire this product?"),
        "product": product,
        "form": form,
        "reach": retiring.reach(product),
        "counted": retiring.COUNTED,
        "uses": known_uses(product, request.user),
    }
    return TemplateResponse(request, "admin/products/retirement.html", context, status=400 if form.errors else 200)


def return_view(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: let it stand where it stood."""
    product = retiring.bring_back(_product(request, pk), actor=request.user)
    messages.success(request, _("“%(product)s” stands where it stood.") % {"product": product})
    return HttpResponseRedirect(reverse(CHANGE, args=[pk]))


def _product(request: HttpRequest, pk: int) -> Product:
    if not retiring.may_retire(request.user):
        raise PermissionDenied
    return row_or_404(Product.objects.all(), pk)
