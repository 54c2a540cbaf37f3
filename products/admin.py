"""Merchants, products and their prices on the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.permissions import Actor
from pagecache.admin import Choosing, KeyedAdmin
from products import placing, pricing
from products.article_screen import article_urls
from products.click_screen import click_urls
from products.common_words import refuse_common
from products.feed_panel import FeedInline
from products.models import Merchant, Offer, Placement, Product
from products.placement_forms import SHOWING, ShowingForm
from products.product_list import ProductList
from products.typed import TypedAddress, TypedCurrency


class OfferForm(TypedAddress, TypedCurrency, forms.ModelForm[Offer]):
    """What one merchant asks."""

    currency = forms.CharField(
        label=gettext_lazy("currency"),
        max_length=3,
        min_length=3,
        initial="EUR",
        widget=forms.TextInput(attrs={"size": 4, "class": "offer__currency"}),
    )


class MerchantForm(TypedAddress, forms.ModelForm[Merchant]):
    """The shop."""


class ProductForm(forms.ModelForm[Product]):
    """Room for two sentences."""

    class Meta:
        widgets = {
            "name": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "description": forms.Textarea(attrs={"rows": 2, "cols": 60}),
            "pros": forms.Textarea(attrs={"rows": 4, "cols": 60}),
            "cons": forms.Textarea(attrs={"rows": 4, "cols": 60}),
            "words": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def clean_words(self) -> str:
        """New words are none that stand in too many stories."""
        typed = str(self.cleaned_data["words"])
        if "words" in self.changed_data:
            refuse_common(typed)
        return typed


class OfferFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Writes through ``products.placing``, so that every price knows who saw it and when."""

    actor: Actor = None

    def save_new(self, form: Any, commit: bool = True) -> Offer:
        """A new offer; its price was seen now."""
        offer: Offer = super().save_new(form, commit=False)
        return pricing.note_offer(offer, actor=self.actor, dated="seen_at" in form.changed_data)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Offer:
        """A changed offer; a changed price was seen now, unless a date was typed."""
        return pricing.note_offer(form.instance, actor=self.actor, dated="seen_at" in form.changed_data)

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """The merchant sells it no longer."""
        pricing.drop_offer(obj, actor=self.actor)


class OfferInline(Choosing, admin.StackedInline[Offer, Product]):
    """Prices, each with its date."""

    model = Offer
    form = OfferForm
    formset = OfferFormSet
    fields = (
        ("merchant", "available"),
        ("url", "sku"),
        ("price", "currency"),
        ("seen_at", "seen_by", "seen_how"),
        ("check_from", "ends_at"),
    )
    readonly_fields = ("seen_by", "seen_how", "check_from")
    autocomplete_fields = ("merchant",)
    extra = 0
    verbose_name_plural = gettext_lazy("Offers: readers see the cheapest available one, with its date")


class RuleForm(ShowingForm):
    """A section or a tag, and the place among the products there."""

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("section")) == bool(cleaned.get("tag")):
            raise ValidationError(_("Choose either a section or a tag."))
        return cleaned


class RuleFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Writes through ``products.placing``."""

    actor: Actor = None

    def save_new(self, form: Any, commit: bool = True) -> Placement:
        """Place it there."""
        where = form.cleaned_data.get("section") or form.cleaned_data.get("tag")
        position = form.cleaned_data["position"]
        return placing.place(self.instance, where, actor=self.actor, position=position or None, showing=form.showing())

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Placement:
        """Move it, or place it elsewhere."""
        if {"section", "tag"} & set(form.changed_data):
            self.delete_existing(Placement.objects.get(pk=obj.pk))
            return self.save_new(form)
        where = obj.section or obj.tag
        position = form.cleaned_data["position"]
        return placing.place(self.instance, where, actor=self.actor, position=position, showing=form.showing())

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """Take it away from there."""
        placing.withdraw(self.instance, obj.section or obj.tag, actor=self.actor)


class RuleInline(Choosing, admin.StackedInline[Placement, Product]):
    """Beside which stories a product stands by itself."""

    model = Placement
    form = RuleForm
    formset = RuleFormSet
    fields = (("section", "tag", "position"), SHOWING)
    autocomplete_fields = ("section", "tag")
    extra = 0
    classes = ("product-rules",)
    verbose_name = gettext_lazy("rule")
    verbose_name_plural = gettext_lazy("Stands beside every story of a section, or with a tag")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        """Single stories choose their products on their own form."""
        return super().get_queryset(request).filter(article=None).select_related("section", "tag")


class _DeskAdmin(KeyedAdmin):
    """Tells inline formsets who writes."""

    class Media:
        css = {"all": ["desk/products/products.css"]}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The verbs ask who wants it."""
        formset.actor = request.user
        formset.save()


@admin.register(Merchant)
class MerchantAdmin(_DeskAdmin):
    """Shops we link to."""

    form = MerchantForm
    list_display = ("name", "url", "affiliate", "offer_count")
    list_filter = ("affiliate",)
    search_fields = ("name", "url")
    search_help_text = gettext_lazy("Part of the name or of the website's address.")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (FeedInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "url")}),
        (
            gettext_lazy("Commission"),
            {
                "fields": ("affiliate",),
                "description": gettext_lazy(
                    "Every link to this shop, in boxes and in stories, is then marked as paid, and the page says so."
                ),
            },
        ),
        (gettext_lazy("Prices"), {"fields": ("price_days",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merchant]:
        """With the number of offers; in an order of its own, as sums have none."""
        return Merchant.objects.annotate(offer_total=Count("offers")).order_by("name")

    @admin.display(description=gettext_lazy("offers"), ordering="offer_total")
    def offer_count(self, merchant: Any) -> str:
        """How many products they sell here, and which."""
        address = reverse("admin:products_product_changelist")
        return format_html('<a href="{}?merchant={}">{}</a>', address, merchant.pk, merchant.offer_total)

    def has_delete_permission(self, request: HttpRequest, obj: Merchant | None = None) -> bool:
        """Only shops without offers; untick or remove those first."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.offers.exists())


@admin.register(Product)
class ProductAdmin(ProductList, _DeskAdmin):
    """What stands in the boxes."""

    form = ProductForm

    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("picture",)
    inlines = (OfferInline, RuleInline)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "brand", "description", "picture", "gtin", "slug"),
                "description": gettext_lazy(
                    "Say in one or two sentences what it is good for. Single stories choose products on their own form."
                ),
            },
        ),
        (
            gettext_lazy("What we found"),
            {
                "fields": ("rating", ("pros", "cons")),
                "description": gettext_lazy(
                    "Readers see it as our own judgement: only of what somebody of us has used."
                ),
            },
        ),
        (gettext_lazy("Stories that call for it"), {"fields": ("words",)}),
    )

    def get_urls(self) -> list[URLPattern]:
        """With the boxes of single stories, and the report of clicks."""
        return [*click_urls(self.admin_site), *article_urls(self.admin_site), *super().get_urls()]
