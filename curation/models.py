"""Editors' picks: what stands under *Articles You May Like*, and in which order."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from pagecache.keyed import Keyed, KeyedQuerySet


class Pick(Keyed):
    """An editor's choice to show ``target`` beside ``article``; live at once."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="picks")
    target = models.ForeignKey(Article, models.CASCADE, related_name="picked_by", verbose_name=_("article"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    picked_at = models.DateTimeField(default=timezone.now, editable=False)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("pick")
        verbose_name_plural = _("Articles You May Like: your picks")
        constraints = [
            models.UniqueConstraint(fields=["article", "target"], name="pick_once_per_article"),
            models.CheckConstraint(name="pick_is_another_article", condition=~models.Q(article=models.F("target"))),
        ]

    def __str__(self) -> str:
        return str(self.target)

    def page_keys(self) -> set[str]:
        """The list beside the article."""
        return {f"related:{self.article_id}"}
