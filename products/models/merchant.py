"""The shops we link to."""

from datetime import timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import effects
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import bump, writing
from products.models.web_addresses import host_of, is_web, web_address

RENDER_LINKS = "products.render_links"
"""The effect that renders stories anew when the links to a merchant change their ``rel``."""

PRICE_DAYS = 30
"""Days after which a price needs another look, where a shop has no rule of its own."""

HOSTS_FRESH_AFTER = timedelta(seconds=10)
"""When every process has forgotten the hosts it knew (``affiliate_links.HOSTS_KEPT``)."""


class Merchant(Keyed):
    """A shop we link to."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    url = models.URLField(_("website"), validators=[web_address])
    affiliate = models.BooleanField(
        _("affiliate"), default=True, help_text=_("We may earn a commission; pages then say so.")
    )

    price_days = models.PositiveSmallIntegerField(
        _("prices hold for (days)"),
        default=PRICE_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Counted from the day a price was seen. Older ones read “Check price” and wait on the desk."),
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("merchant")
        constraints = [models.CheckConstraint(name="merchant_website_is_web", condition=is_web("url"))]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The website's host as ``host_of`` gives it; links to it and below it are links to this merchant."""
        return host_of(self.url)

    @property
    def link_rel(self) -> str:
        """What ``rel`` a link to this merchant carries."""
        return "sponsored nofollow noopener" if self.affiliate else "nofollow noopener"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new rule for prices holds for those there are.

        Stories that link there are rendered anew when the links' ``rel`` changes.
        """
        with writing():
            before = Merchant.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            if before and before.price_days != self.price_days:
                self._date_prices()
            was = (before.host, before.affiliate) if before else ("", False)
            if was != (self.host, self.affiliate):
                due = timezone.now() + HOSTS_FRESH_AFTER
                hosts = sorted({was[0], self.host} - {""})
                key = f"{RENDER_LINKS}:{self.pk}:{due.isoformat()}"
                effects.enqueue(RENDER_LINKS, {"hosts": hosts}, key=key, due=due)

    def _date_prices(self) -> None:
        """Pages that name the shop depend on it; those that name another one may show this one instead."""
        self.offers.update(check_from=F("seen_at") + self.prices_hold)
        elsewhere = self.offers.filter(product__offers__merchant__lt=self.pk) | self.offers.filter(
            product__offers__merchant__gt=self.pk
        )
        bump(f"product:{pk}" for pk in elsewhere.order_by().values_list("product", flat=True).distinct())

    @property
    def prices_hold(self) -> timedelta:
        """How long a price counts as known."""
        return timedelta(days=self.price_days)

    def page_keys(self) -> set[str]:
        """Every page that shows an offer of theirs."""
        return {f"merchant:{self.pk}"}
