"""The shops we link to."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import effects
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing
from products.models.web_addresses import is_web, web_address

RENDER_LINKS = "products.render_links"
"""The effect that renders stories anew when the links to a merchant change their ``rel``."""

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

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("merchant")
        constraints = [models.CheckConstraint(name="merchant_website_is_web", condition=is_web("url"))]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The website's host without ``www.``; links to it and below it are links to this merchant."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def link_rel(self) -> str:
        """What ``rel`` a link to this merchant carries."""
        return "sponsored nofollow noopener" if self.affiliate else "nofollow noopener"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; stories that link there are rendered anew when the links' ``rel`` changes."""
        with writing():
            before = Merchant.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            was = (before.host, before.affiliate) if before else ("", False)
            if was != (self.host, self.affiliate):
                due = timezone.now() + HOSTS_FRESH_AFTER
                hosts = sorted({was[0], self.host} - {""})
                key = f"{RENDER_LINKS}:{self.pk}:{due.isoformat()}"
                effects.enqueue(RENDER_LINKS, {"hosts": hosts}, key=key, due=due)

    def page_keys(self) -> set[str]:
        """Every page that shows an offer of theirs."""
        return {f"merchant:{self.pk}"}
