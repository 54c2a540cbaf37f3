"""What readers do about comments besides writing them."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models.comment import Comment


def secret() -> str:
    """The secret part of a mailed link: 192 random bits."""
    return secrets.token_urlsafe(24)


class Complaint(models.TextChoices):
    """Why a reader reports a comment."""

    ABUSE = "abuse", _("It attacks or insults somebody")
    HATE = "hate", _("It is hateful towards a group of people")
    PERSONAL = "personal", _("It tells private things about somebody")
    UNTRUE = "untrue", _("It is wrong in a way that does harm")
    ADVERT = "advert", _("It is spam or advertises something")
    OTHER = "other", _("Something else")


class Report(models.Model):
    """One reader's report of one comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    complaint = models.CharField(max_length=10, choices=Complaint.choices)
    text = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=50, help_text="A keyed hash of the address block: each reports once.")
    at = models.DateTimeField(default=timezone.now)
    judged_at = models.DateTimeField(null=True, blank=True, help_text="When a moderator decided after it.")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "source"], condition=~Q(source=""), name="comment_report_once")
        ]
        indexes = [models.Index(fields=["source", "-at"], name="comment_report_by_source")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.complaint}"


class Appeal(models.Model):
    """A writer asks once that a refusal be looked at again."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="appeal")
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    judged_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.text[:60]}"


class Subscription(models.Model):
    """An e-mail address that wants to hear of replies: to one's own comment, or in the whole section."""

    class Scope(models.TextChoices):
        """Which replies."""

        MINE = "mine", _("replies to my comment")
        THREAD = "thread", _("every new comment on this article")

    email = models.EmailField()
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="subscriptions")
    scope = models.CharField(max_length=6, choices=Scope.choices)
    secret = models.CharField(max_length=40, unique=True, default=secret)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_from = models.ForeignKey(
        Comment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The comment whose receipt tells of it: anybody may type an address that is not theirs.",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    mailed_until = models.DateTimeField(
        null=True, blank=True, help_text="What appeared up to then was mailed; set when it is confirmed."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "email"], name="comment_subscription_to_mine_once"),
            models.UniqueConstraint(
                fields=["article", "email"], condition=Q(scope="thread"), name="comment_subscription_to_thread_once"
            ),
            models.CheckConstraint(
                condition=Q(scope="mine", comment__isnull=False) | Q(scope="thread", comment__isnull=True),
                name="comment_subscription_scope",
            ),
        ]
        indexes = [
            models.Index(
                fields=["article", "scope"], name="comment_subscribers", condition=Q(confirmed_at__isnull=False)
            ),
            models.Index(fields=["email"], name="comment_followed_by"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.article_id}"


class ConfirmedAddress(models.Model):
    """An e-mail address whose owner opened a link that we mailed there."""

    email = models.EmailField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.email


class OwnLink(models.Model):
    """A link mailed to an address, to see and erase all that belongs to it. Only a hash of its secret is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    email = models.EmailField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
