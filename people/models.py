"""Staff accounts and byline profiles."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from images.models import Image
from images.shown import ShowsPicture
from outbox import audit
from pagecache.addresses import address
from pagecache.keyed import KeyedQuerySet
from pagecache.writing import writing


class StaffManager(UserManager["User"]):
    """Accounts are made by e-mail address; there is no separate user name to remember."""

    def create_staff(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may sign in to the admin; what they may do there comes from their groups."""
        return self.create_user(username=email, email=email, password=password, name=name, is_staff=True, **fields)

    def create_superuser(self, *args: Any, **fields: Any) -> "User":
        """Somebody who may do everything, made from a shell; that stands in the history."""
        with writing():
            user = super().create_superuser(*args, **fields)
            audit.record(None, "made a superuser", user)
        return user


class User(AbstractUser):
    """Somebody who signs in to the admin. Readers have no accounts."""

    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("As colleagues know you."))
    email = models.EmailField(_("e-mail address"), unique=True)
    desk_mail = models.BooleanField(
        _("mail from the desk"),
        default=True,
        help_text=_(
            "When a colleague asks for something, approves or leaves a note. The start page tells it either way."
        ),
    )

    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often all sessions were ended; the number is part of every session."
    )

    objects: ClassVar[StaffManager] = StaffManager()

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must hold to be this person's: another one ends with the password, and on demand."""
        plain = str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]
        if not self.sessions_ended:
            return plain
        value = f"{plain}:{self.sessions_ended}"
        return salted_hmac("people.User.sessions_ended", value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The name colleagues see."""
        return str(self)


after_rename: list[Callable[["Author"], None]] = []
"""Rooms that keep authors' names (the search index) register here in ``ready()``.

Each is given the author under the new name, inside the transaction that changed it.
"""


class Author(ShowsPicture):
    """A byline profile; it may belong to somebody without an account."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"), max_length=80, unique=True, help_text=_("The last part of the profile's address.")
    )
    title = models.CharField(_("title"), max_length=120, blank=True, help_text=_("For example: Climate reporter."))
    bio = models.TextField(_("about"), max_length=1000, blank=True, help_text=_("Two or three sentences for readers."))
    portrait = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )
    user = models.OneToOneField(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
        help_text=_("The account that writes under this name, if there is one."),
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick for people who left; their bylines stay.")
    )

    objects = KeyedQuerySet.as_manager()

    picture_field = "portrait"

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The profile page."""
        return address("pages:author", self.slug)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell the rooms that keep the name when it is another one."""
        with writing():
            known = Author.objects.filter(pk=self.pk).values_list("name", flat=True).first() if self.pk else None
            super().save(*args, **kwargs)
            if known is not None and known != self.name:
                for listener in after_rename:
                    listener(self)

    def page_keys(self) -> set[str]:
        """The profile, every page that prints the byline, and every page that offers or looked for authors."""
        return {f"author:{self.pk}", "authors"}


class Invitation(models.Model):
    """A colleague asked by mail to join, with the roles they will have; the mail holds a secret, the row its hash."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    roles = models.ManyToManyField("auth.Group", blank=True, related_name="+", verbose_name=_("roles"))
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("invitation")

    def __str__(self) -> str:
        return self.email


class Scope(models.TextChoices):
    """What a token may be used for; never more than its owner may do."""

    READ = "desk:read", _("read drafts, and why stories are suggested")
    WRITE = "drafts:write", _("create and change drafts")
    SUBMIT = "drafts:submit", _("submit drafts for review")


class AccessToken(models.Model):
    """With it a program acts for its owner, within ``scopes``; the program holds the secret, the row its hash."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="access_tokens", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret, in hexadecimal.")
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_on = models.DateField(_("last used"), null=True, help_text="The day, in the site's time zone.")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("access token")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        """Whether it was neither revoked nor has expired; whether its owner may work is asked besides."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    def scope_words(self) -> list[str]:
        """What it may be used for, in words."""
        return [str(scope.label) for scope in Scope if scope.value in self.scopes]
