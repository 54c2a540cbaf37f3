"""Newsletters: what each tells, who wants it, and what was sent."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section

EVERY_DAY = "0123456"

LONGEST_SPAN = 31 * 24
"""Hours a newsletter looks back at most: a monthly one."""


def secret() -> str:
    """What stands in the links of one subscriber's mails."""
    return secrets.token_urlsafe(24)


class Newsletter(models.Model):
    """A digest by mail: the front page's or a section's stories of the last hours, the editors' picks first."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("Readers see it beside the name when they subscribe.")
    )
    section = models.ForeignKey(
        Section,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("section"),
        help_text=_("Whose stories it tells. Empty: those of the front page."),
    )
    hours = models.PositiveSmallIntegerField(
        _("hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SPAN)],
        help_text=_("It tells what was published in as many hours before it is sent."),
    )
    most = models.PositiveSmallIntegerField(
        _("stories"), default=10, validators=[MinValueValidator(1), MaxValueValidator(30)], help_text=_("At most.")
    )
    at = models.TimeField(
        _("sent at"),
        null=True,
        blank=True,
        help_text=_("By the site’s clock. Empty: it is sent only when somebody sends it."),
    )
    days = models.CharField(_("on"), max_length=7, default=EVERY_DAY, blank=True)
    is_open = models.BooleanField(
        _("open"), default=True, help_text=_("Readers can subscribe. Who has subscribed gets it either way.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("newsletter")
        permissions = [("send_newsletter", "Can send a newsletter")]

    def __str__(self) -> str:
        return self.name


class Subscriber(models.Model):
    """An address that wants a newsletter; it gets none until its owner has confirmed that."""

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, related_name="subscribers")
    email = models.EmailField()
    secret = models.CharField(max_length=40, unique=True, default=secret)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_edition = models.PositiveBigIntegerField(default=0, help_text="The newest edition mailed to them, by number.")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["newsletter", "email"], name="newsletter_subscriber_once")]
        indexes = [
            models.Index(
                fields=["newsletter", "id"], name="newsletter_readers", condition=models.Q(confirmed_at__isnull=False)
            ),
            models.Index(fields=["asked_at"], name="newsletter_asked", condition=models.Q(confirmed_at__isnull=True)),
            models.Index(fields=["email"], name="newsletter_address"),
        ]

    def __str__(self) -> str:
        return f"{self.newsletter_id} {self.pk}"


class Edition(models.Model):
    """One sending of a newsletter. What its mails tell is looked up when each is sent, so that none tells too much."""

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, related_name="editions", verbose_name=_("newsletter"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    planned_for = models.DateTimeField(null=True, blank=True, help_text="The minute of the plan that made it.")
    mailed = models.PositiveIntegerField(_("mailed"), default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "planned_for"], name="newsletter_edition_planned_once")
        ]

    def __str__(self) -> str:
        return f"{self.newsletter} {timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"


class EditionStory(models.Model):
    """A story in an edition: where a story was mailed is asked when it is corrected or killed."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="told")
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "article"], name="newsletter_story_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.article_id}"
