"""A shop's feed on the shop's own form."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.models import Merchant, MerchantFeed
from products.typed import TypedAddress, TypedCurrency

LEADS = "products.change_merchant"


class FeedForm(TypedAddress, TypedCurrency, forms.ModelForm[MerchantFeed]):
    """Another address is asked at once, and for everything."""

    def save(self, commit: bool = True) -> MerchantFeed:
        """What was remembered of the old address is forgotten."""
        if {"url", "kind", "creates", "whole", "currency"} & set(self.changed_data):
            feed = self.instance
            feed.etag, feed.modified, feed.trouble, feed.asked_at = "", "", "", None
        return super().save(commit)


class FeedInline(admin.StackedInline[MerchantFeed, Merchant]):
    """Where prices are fetched from, for whoever may change the shop."""

    model = MerchantFeed
    form = FeedForm
    fields = ("state", "url", ("kind", "hours", "currency"), "creates", "whole")
    readonly_fields = ("state",)
    extra = 0
    max_num = 1
    verbose_name_plural = gettext_lazy("Feed: the shop’s prices, fetched by themselves")

    @admin.display(description=gettext_lazy("state"))
    def state(self, feed: MerchantFeed) -> str:
        """How fetching goes."""
        if not settings.PRODUCT_FEEDS:
            return _("Feeds are switched off on this site; whoever runs it can switch them on.")
        if feed.trouble:
            return _("Trouble: %(words)s") % {"words": feed.trouble}
        if feed.answered_at is None:
            return _("Not fetched yet; it is within a few minutes.")
        when = format_date(timezone.localtime(feed.answered_at), "DATETIME_FORMAT")
        return _("Fetched on %(when)s.") % {"when": when}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The address may hold a key: it is for those who may change it."""
        return request.user.has_perm(LEADS)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the shop."""
        return request.user.has_perm(LEADS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the shop."""
        return request.user.has_perm(LEADS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the shop."""
        return request.user.has_perm(LEADS)
