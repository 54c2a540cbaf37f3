"""A reader's comment, and what came before its present words."""

import secrets
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models.name_key import NameKeyField
from comments.plain_text import neutral
from pagecache.keyed import Keyed, KeyedQuerySet


class State(models.TextChoices):
    """Where a comment stands. Changed only through ``comments.moderation`` and ``comments.receipts``."""

    PENDING = "pending", _("awaiting moderation")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("refused")
    SPAM = "spam", _("spam")
    WITHDRAWN = "withdrawn", _("taken back by its writer")


def receipt_token() -> str:
    """The secret part of a comment's receipt link: 128 random bits."""
    return secrets.token_urlsafe(16)


_DECIDED = reduce(or_, (Q(state=state) for state in State if state != State.PENDING))
"""Not ``IN``, which SQLite does not see through. What waits has indexes of its own: none other serves."""


class CommentQuerySet(KeyedQuerySet["Comment"]):
    """Reads of comments by name."""

    def approved(self) -> "CommentQuerySet":
        """What readers may see."""
        return self.filter(state=State.APPROVED)

    def pending(self) -> "CommentQuerySet":
        """What waits for a moderator, longest wait first."""
        return self.filter(state=State.PENDING).order_by("waiting_since", "id")

    def by_urgency(self) -> "CommentQuerySet":
        """What waits for a moderator, the most urgent first (see ``comments.urgency``)."""
        return self.filter(state=State.PENDING).order_by("rank_at", "id")

    def reported(self) -> "CommentQuerySet":
        """What readers reported and nobody has judged since."""
        return self.filter(open_reports__gt=0)

    def appealed(self) -> "CommentQuerySet":
        """What was refused and its writer asks to look at again."""
        return self.filter(appealed_at__isnull=False)


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
    name_key = NameKeyField(null=True, blank=True, editable=False, help_text="The same for names that look alike.")
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
    notify = models.BooleanField(default=False, help_text="Its writer asked for mail about it.")
    address_block = models.CharField(
        max_length=50,
        blank=True,
        editable=False,
        help_text="A keyed hash, dropped after some days; the address itself is never stored.",
    )

    featured = models.BooleanField(_("staff pick"), default=False, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When the words last changed.")
    edited_by_staff = models.BooleanField(default=False, editable=False)

    findings = models.JSONField(
        default=list, blank=True, editable=False, help_text="What each step of the pipeline found: code and facts."
    )
    why = models.CharField(
        max_length=30, blank=True, editable=False, help_text="The code of the finding that put it where it is."
    )
    score = models.FloatField(null=True, blank=True, editable=False, help_text="How likely it is spam, 0 to 1.")
    cluster = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The id of the first of what is decided together."
    )
    likeness = models.CharField(max_length=10, blank=True, editable=False, help_text="What makes the cluster one.")
    waiting_since = models.DateTimeField(default=timezone.now, editable=False)
    rank_at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="The wait it counts as having, for the order by urgency."
    )
    open_reports = models.PositiveSmallIntegerField(default=0, editable=False)
    vouched = models.BooleanField(
        default=False, editable=False, help_text="A moderator approved it after reports: they do not hold it again."
    )
    appealed_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="While an appeal is open.")
    appeared_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When those who follow the article were first told of it."
    )
    told = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The id of the decision its writer last had a mail about."
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        permissions = [
            ("moderate_comment", _("Can approve, refuse and mark comments as spam")),
            ("set_rules_comment", _("Can set the rules that hold comments, and bans")),
        ]
        indexes = [
            models.Index(
                fields=["article", "created_at", "id", "parent", "answers", "featured", "state"],
                name="comment_outline",
                condition=Q(state="approved"),
            ),
            # With the state, although it is one: SQLite looks it up in each row otherwise.
            models.Index(fields=["waiting_since", "id", "state"], name="comment_pending", condition=Q(state="pending")),
            models.Index(
                fields=["article", "waiting_since", "id", "state"],
                name="comment_pending_here",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["rank_at", "id", "state"], name="comment_urgent", condition=Q(state="pending")),
            models.Index(
                fields=["cluster", "rank_at", "id", "state"], name="comment_together", condition=Q(state="pending")
            ),
            models.Index(
                fields=["article", "cluster", "rank_at", "id", "state"],
                name="comment_together_here",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["why", "waiting_since"], name="comment_by_reason", condition=Q(state="pending")),
            models.Index(F("created_at").desc(), name="comment_reported", condition=Q(open_reports__gt=0)),
            models.Index(fields=["appealed_at"], name="comment_appealed", condition=Q(appealed_at__isnull=False)),
            models.Index(fields=["state", "-created_at"], name="comment_decided", condition=_DECIDED),
            models.Index(fields=["email", "state", "created_at"], name="comment_by_writer"),
            models.Index(fields=["name_key", "state"], name="comment_by_name"),
            models.Index(fields=["address_block", "-created_at"], name="comment_by_address"),
            models.Index(
                fields=["article", "appeared_at"], name="comment_appeared", condition=Q(appeared_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return neutral(f"{self.name}: {self.text[:60]}")

    def page_keys(self) -> set[str]:
        """The comments under the article; a comment nobody may see changes no page."""
        return {f"comments:{self.article_id}"} if self.state == State.APPROVED else set()


class FormerWords(models.Model):
    """The words of a comment before somebody changed them."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="former_words")
    text = models.TextField()
    until = models.DateTimeField(default=timezone.now, help_text="When they were replaced.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who replaced them; empty for the comment's writer.",
    )

    class Meta:
        ordering = ["until", "id"]

    def __str__(self) -> str:
        return neutral(self.text[:60])


class Mark(models.Model):
    """Something by which comments are found to be alike: same text, nearly same text, a linked domain."""

    class Kind(models.TextChoices):
        """What the value is a hash of."""

        TEXT = "text", "the folded text"
        NEAR = "near", "a band of its minhash"
        DOMAIN = "domain", "a domain it links to"

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    value = models.BigIntegerField(help_text="64 bits of a hash.")

    class Meta:
        indexes = [models.Index(fields=["kind", "value", "-comment"], name="comment_mark")]
        constraints = [models.UniqueConstraint(fields=["comment", "kind", "value"], name="comment_mark_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
