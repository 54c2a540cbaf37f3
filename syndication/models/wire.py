"""What arrived: an item for each identity of a feed, with its newest words and what the desk did with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from syndication.models.feed import Feed


class WireState(models.TextChoices):
    """Where an item stands."""

    WAITING = "waiting", _("waiting")
    DRAFTED = "drafted", _("taken")
    IGNORED = "ignored", _("ignored")
    ASIDE = "aside", _("no story in it")
    FAILED = "failed", _("failed")
    KILLED = "killed", _("killed by the agency")


class Offer(models.TextChoices):
    """What the agency sent after an editor had worked on the story, or readers had seen it."""

    NONE = "", _("nothing")
    UPDATE = "update", _("new version")
    CORRECTION = "correction", _("correction")
    WITHHELD = "withheld", _("withheld by the agency")
    KILLED = "killed", _("killed by the agency")


class WireItem(models.Model):
    """One item of one feed. Only ``syndication.wires`` writes it."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="items", verbose_name=_("feed"))
    key = models.CharField(max_length=64, help_text="SHA-256 of the identity: some are longer than an index takes.")
    guid = models.CharField(_("identity"), max_length=500, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    past = models.JSONField(default=list, help_text="Beginnings of the digests of earlier versions, the newest last.")
    state = models.CharField(_("state"), max_length=10, choices=WireState.choices, default=WireState.WAITING)
    headline = models.CharField(_("headline"), max_length=300, blank=True)
    story = models.JSONField(default=dict, help_text="``syndication.wires.items.Item`` as JSON, the newest version.")
    word_count = models.PositiveIntegerField(_("words"), default=0)
    reason = models.CharField(_("reason"), max_length=500, blank=True, help_text="Why it failed, or was ignored.")
    is_urgent = models.BooleanField(default=False, help_text="The agency's urgency is 1 to 3.")
    embargo_until = models.DateTimeField(_("embargoed until"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    arrived_at = models.DateTimeField(_("arrived"), default=timezone.now)
    changed_at = models.DateTimeField(_("last version"), default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="When the feed held it last.")
    copy_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies")

    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="wire_items")
    article_number = models.BigIntegerField(
        null=True, help_text="Kept where the article is in the bin, and may come back."
    )
    revision = models.PositiveIntegerField(null=True, help_text="The article's revision that these words went into.")
    taken_digest = models.CharField(max_length=64, blank=True, help_text="Of the version that the article has.")
    offer = models.CharField(_("offered"), max_length=10, choices=Offer.choices, default=Offer.NONE, blank=True)
    offered_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-changed_at", "-id"]
        verbose_name = _("wire item")
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="wire_item_once_per_feed")]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="wire_newest"),
            models.Index(fields=["state", "-changed_at", "-id"], name="wire_newest_of_state"),
            models.Index(fields=["-offered_at"], name="wire_offered", condition=~Q(offer="")),
            models.Index(fields=["seen_at"], name="wire_unseen"),
        ]

    def __str__(self) -> str:
        return self.headline or self.guid or str(_("An item without words"))

    @classmethod
    def behind(cls, article: Article) -> "WireItem | None":
        """The item that the article was taken from, with its feed; of several the one that changed last."""
        return cls.objects.filter(article=article).select_related("feed").order_by("-changed_at").first()


class WireMark(models.Model):
    """What an item's text is recognised by when another agency sends nearly the same."""

    item = models.ForeignKey(WireItem, models.CASCADE, related_name="marks")
    value = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["value", "item"], name="wire_mark_value")]

    def __str__(self) -> str:
        return str(self.value)
