"""Addresses that lead elsewhere now."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pagecache.keyed import Keyed, KeyedQuerySet


class Redirect(Keyed):
    """An old path of ours, and where its readers are sent: an article, another path, or nowhere (it is gone)."""

    path = models.CharField(
        _("old address"),
        max_length=500,
        unique=True,
        help_text=_("From the first slash on, without ? and what follows."),
    )
    article = models.ForeignKey(
        "articles.Article", models.CASCADE, null=True, blank=True, related_name="redirects", verbose_name=_("article")
    )
    to_path = models.CharField(_("new address"), max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("redirect")
        constraints = [
            models.CheckConstraint(name="redirect_one_way", condition=Q(article__isnull=True) | Q(to_path=""))
        ]

    def __str__(self) -> str:
        return self.path

    def page_keys(self) -> set[str]:
        """Whatever answers at the old address."""
        return {f"redirect:{self.path}"}
