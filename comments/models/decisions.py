"""Every decision about a comment, and what is known of its writer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment, State
from pagecache.keyed import Keyed, KeyedQuerySet


class Reason(models.TextChoices):
    """Why a comment was refused, as its writer reads it. The desk's digits follow this order."""

    OFF_TOPIC = "off-topic", _("It is not about the article")
    ABUSE = "abuse", _("It attacks or insults somebody")
    HATE = "hate", _("It is hateful towards a group of people")
    PERSONAL = "personal", _("It tells private things about somebody")
    LEGAL = "legal", _("It says something about somebody that we cannot check and could be held liable for")
    UNTRUE = "untrue", _("It states as a fact what is known to be wrong")
    ADVERT = "advert", _("It advertises something")
    REPEATED = "repeated", _("It was said here before")
    UNCLEAR = "unclear", _("We could not make out what it says")


class ModerationEntry(models.Model):
    """One decision about one comment: who, when, why, from what to what."""

    class Kind(models.TextChoices):
        """What was done."""

        DECIDE = "decide", _("decided")
        EDIT = "edit", _("edited")
        FEATURE = "feature", _("made a staff pick")
        UNFEATURE = "unfeature", _("made no staff pick any more")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DECIDE)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Empty: the system, or the comment's writer.",
    )
    before = models.CharField(max_length=10, choices=State.choices)
    after = models.CharField(max_length=10, choices=State.choices)
    code = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="In the moderator's own words, for the writer.")
    warning = models.BooleanField(default=False, help_text="The writer was warned that a ban may follow.")
    facts = models.JSONField(default=dict, blank=True, help_text="What undoing it needs: words or marks replaced.")
    batch = models.UUIDField(
        default=uuid.uuid4, db_index=True, editable=False, help_text="What was decided together, undone together."
    )
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["by", "-at"], name="comment_decided_by"),
            models.Index(fields=["-at"], name="comment_decided_at"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class WriterNote(models.Model):
    """What moderators tell one another about a writer."""

    email = models.EmailField(_("e-mail"), db_index=True)
    text = models.CharField(_("note"), max_length=500)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(_("a note about a writer"))  # the audit trail keeps this when the note is gone


class SecondLook(models.Model):
    """A past decision judged again without being told what it was."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="second_looks")
    entry = models.ForeignKey(ModerationEntry, models.CASCADE, related_name="+", help_text="The decision looked at.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=10, choices=State.choices)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "by"], name="second_look_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.verdict}"


class DeskDay(models.Model):
    """What one day at the desk was like; the promise to readers is made of these."""

    day = models.DateField(primary_key=True, help_text="In the site's zone.")
    arrived = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    median_wait = models.DurationField(
        null=True, help_text="From sending to a person's first decision, of what was decided that day."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(median_wait__isnull=True) | Q(decided__gt=0), name="desk_day_wait_of_decided"
            )
        ]

    def __str__(self) -> str:
        return str(self.day)


class DeskPromise(Keyed):
    """The one row that says how long a comment usually waits, as readers are told."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    within = models.DurationField(null=True, help_text="Empty: nothing is promised.")
    median = models.DurationField(null=True, help_text="The median wait it was made of.")
    decided = models.PositiveIntegerField(default=0, help_text="Of how many decisions.")
    at = models.DateTimeField(default=timezone.now, help_text="When it was last worked out.")

    objects = KeyedQuerySet["DeskPromise"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="comment_promise_is_one")]

    def __str__(self) -> str:
        return str(self.within or "–")

    def page_keys(self) -> set[str]:
        """Every form that shows the promise."""
        return {"comments-promise"}
