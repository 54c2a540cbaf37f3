"""Readers' comments and every decision about them."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.plain_text import neutral
from pagecache.keyed import Keyed, KeyedQuerySet


class State(models.TextChoices):
    """Where a comment stands. Changed only through ``comments.moderation``."""

    PENDING = "pending", _("awaiting moderation")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("refused")
    SPAM = "spam", _("spam")


class Clue(models.TextChoices):
    """What was noticed while a comment came in. A clue is shown to moderators; none refuses by itself."""

    TRAP = "trap", _("Filled in a field that people do not see")
    FAST = "fast", _("Sent within three seconds of opening the form")
    OLD = "old", _("Sent from a form that was open for more than a day")
    UNKNOWN_ORIGIN = "unknown-origin", _("The browser did not say which page the form was on")


def receipt_token() -> str:
    """The secret part of a comment's receipt link: 128 random bits."""
    return secrets.token_urlsafe(16)


class CommentQuerySet(KeyedQuerySet["Comment"]):
    """Reads of comments by name."""

    def approved(self) -> "CommentQuerySet":
        """What readers may see."""
        return self.filter(state=State.APPROVED)

    def pending(self) -> "CommentQuerySet":
        """What waits for a moderator, longest wait first."""
        return self.filter(state=State.PENDING).order_by("created_at", "id")


class Comment(Keyed):
    """What a reader wrote under an article: plain text."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="comments", verbose_name=_("article"))
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replies",
        help_text="Where it hangs in the thread: the answered comment, or its ancestor where the thread gets too deep.",
    )
    answers = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="The comment it answers."
    )
    depth = models.PositiveSmallIntegerField(default=0, help_text="0 for a comment on the article itself.")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), help_text="In lower case, so that one writer counts once.")
    website = models.URLField(_("website"), blank=True)
    text = models.TextField(_("comment"), max_length=8000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING, editable=False)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Set when a colleague answers."),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    receipt = models.CharField(max_length=32, unique=True, default=receipt_token, editable=False)
    address_block = models.CharField(
        max_length=50, blank=True, editable=False, help_text="A keyed hash; the address itself is never stored."
    )
    clues = models.JSONField(default=list, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        permissions = [("moderate_comment", _("Can approve, refuse and mark comments as spam"))]
        indexes = [
            models.Index(
                fields=["article", "created_at", "id"], name="comment_approved", condition=Q(state="approved")
            ),
            models.Index(fields=["created_at", "id"], name="comment_pending", condition=Q(state="pending")),
            models.Index(fields=["state", "-created_at"], name="comment_by_state"),
            models.Index(fields=["email", "state"], name="comment_by_writer"),
            models.Index(fields=["address_block", "-created_at"], name="comment_by_address"),
        ]

    def __str__(self) -> str:
        return neutral(f"{self.name}: {self.text[:60]}")

    @property
    def clue_words(self) -> list[str]:
        """What was noticed, in words."""
        return [str(Clue(clue).label) for clue in self.clues if clue in Clue.values]

    def page_keys(self) -> set[str]:
        """The comments under the article; a comment nobody may see changes no page."""
        return {f"comments:{self.article_id}"} if self.state == State.APPROVED else set()


class ModerationEntry(models.Model):
    """One decision about one comment: who, when, why, from what to what."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    before = models.CharField(max_length=10, choices=State.choices)
    after = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=200, blank=True)
    batch = models.UUIDField(
        default=uuid.uuid4, db_index=True, editable=False, help_text="What was decided together, undone together."
    )
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class SpentToken(models.Model):
    """A comment token that was used; a second use is refused."""

    digest = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.digest
