"""What holds comments back: rules, bans, rates, and an article's own settings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from pagecache.keyed import Keyed, KeyedQuerySet


class Rule(models.Model):
    """What the newsroom looks for in every comment. Set through ``comments.rules`` only."""

    class Kind(models.TextChoices):
        """What is looked for."""

        WORD = "word", _("a word or phrase")
        LINKS = "links", _("more links than")
        RATE = "rate", _("more comments in an hour by one writer than")
        FIRST = "first", _("the first comment of a writer")

    class Action(models.TextChoices):
        """What is done with a comment that has it."""

        HOLD = "hold", _("hold it for a moderator")
        SPAM = "spam", _("put it with the spam")
        REFUSE = "refuse", _("refuse it")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    pattern = models.CharField(
        _("words"),
        max_length=200,
        blank=True,
        help_text=_("Whole words; * stands for any letters. Accents, capitals and look-alike letters do not matter."),
    )
    limit = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    action = models.CharField(_("what happens"), max_length=6, choices=Action.choices, default=Action.HOLD)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Why this rule is there."))
    active = models.BooleanField(_("in force"), default=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("rule")
        ordering = ["kind", "pattern", "limit", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="first", pattern="", limit__isnull=True)
                    | (Q(kind="word", limit__isnull=True) & ~Q(pattern=""))
                    | Q(kind__in=["links", "rate"], pattern="", limit__isnull=False)
                ),
                name="comment_rule_is_whole",
            ),
            models.UniqueConstraint("kind", "pattern", Coalesce("limit", 0), name="comment_rule_once"),
        ]

    def __str__(self) -> str:
        about = self.pattern or ("" if self.limit is None else str(self.limit))
        return f"{self.get_kind_display()} {about}".strip()


class Ban(models.Model):
    """Somebody whose comments are not taken. Set through ``comments.bans`` only."""

    class Kind(models.TextChoices):
        """What the value is."""

        NAME = "name", _("name")
        EMAIL = "email", _("e-mail address")
        ADDRESS = "address", _("network address")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    value = models.CharField(
        max_length=254, help_text="A folded name, an e-mail address, or the keyed hash of an address block."
    )
    shown = models.CharField(max_length=254, blank=True, help_text="What the list of bans calls it.")
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until somebody lifts it."))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("ban")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="comment_ban_once")]

    def __str__(self) -> str:
        return self.shown or (str(self.get_kind_display()) if self.kind == self.Kind.ADDRESS else self.value)


class Arrivals(models.Model):
    """How many comments came from one source in one stretch of time; its row lock lets none slip past a limit."""

    source = models.CharField(max_length=80, help_text="Kind and keyed hash: address block, e-mail address, article.")
    since = models.DateTimeField(help_text="The beginning of the stretch.", db_index=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "since"], name="comment_arrivals_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"


class ArticleComments(Keyed):
    """What is special about the comments of one article; no row where nothing is."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="comment_settings")
    closed = models.BooleanField(_("closed"), default=False)
    premoderated = models.BooleanField(_("every comment waits"), default=False)
    hold_until = models.DateTimeField(_("everything is held until"), null=True, blank=True)

    objects = KeyedQuerySet["ArticleComments"].as_manager()

    def __str__(self) -> str:
        return str(self.article_id)

    def page_keys(self) -> set[str]:
        """The section under the article says what is special."""
        return {f"comments:{self.article_id}"}


class SpentToken(models.Model):
    """A comment token that was used; a second use is refused."""

    digest = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.digest
