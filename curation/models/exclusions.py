"""What must not stand in a list: never here, never anywhere, never these together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from pagecache.keyed import Keyed, KeyedQuerySet

REASON_LENGTH = 300


class Exclusion(Keyed):
    """``target`` never stands beside ``article``; without one, in no list *Articles You May Like* at all."""

    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="excluded", verbose_name=_("beside")
    )
    target = models.ForeignKey(Article, models.CASCADE, related_name="excluded_from", verbose_name=_("article"))
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    made_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("excluded article")
        constraints = [
            models.UniqueConstraint(fields=["article", "target"], name="excluded_once_here"),
            models.UniqueConstraint(
                fields=["target"], name="excluded_once_anywhere", condition=Q(article__isnull=True)
            ),
            models.CheckConstraint(name="excluded_is_another_article", condition=~Q(article=F("target"))),
        ]

    def __str__(self) -> str:
        return str(self.target)

    def page_keys(self) -> set[str]:
        """The one list, or every page that shows the article's card; the verb adds the lists it could stand in."""
        return {f"article:{self.target_id}" if self.article_id is None else f"related:{self.article_id}"}


class KeptApart(Keyed):
    """A group of articles of which no two ever stand on one page: a trial and its background, say."""

    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    made_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Whoever asks about it asks them."),
    )
    articles = models.ManyToManyField(
        Article, through="KeptApartMember", related_name="kept_apart", verbose_name=_("articles")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("never together")
        verbose_name_plural = _("never together")

    def __str__(self) -> str:
        return self.reason

    def page_keys(self) -> set[str]:
        """The pages of its articles, and every page that shows one of their cards."""
        members = KeptApartMember.objects.filter(group=self.pk).values_list("article_id", flat=True)
        return {key for pk in members for key in (f"article:{pk}", f"related:{pk}")} if self.pk else set()


class KeptApartMember(Keyed):
    """One article of a group."""

    group = models.ForeignKey(KeptApart, models.CASCADE, related_name="members")
    article = models.ForeignKey(Article, models.CASCADE, related_name="apart", verbose_name=_("article"))

    objects = KeyedQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        constraints = [models.UniqueConstraint(fields=["article", "group"], name="once_in_a_group")]

    def __str__(self) -> str:
        return str(self.article)

    def page_keys(self) -> set[str]:
        """Its own page, and every page that shows its card."""
        return {f"article:{self.article_id}", f"related:{self.article_id}"}
