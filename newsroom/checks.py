"""System checks: wrong configuration is named, with what to do about it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.utils import timezone


@register()
def environment_is_readable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every environment variable that could not be used (``newsroom.E001``)."""
    return [
        Error(f"{problem.name}: {problem.message}.", hint=problem.hint, id="newsroom.E001")
        for problem in settings.CONFIGURATION_PROBLEMS
    ]


@register(Tags.security, deploy=True)
def key_is_secret(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The development key must not reach production (``newsroom.E002``)."""
    if settings.SECRET_KEY != settings.INSECURE_KEY:
        return []
    hint = 'Set SECRET_KEY to the output of: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    return [Error("SECRET_KEY is the development key.", hint=hint, id="newsroom.E002")]


@register(Tags.security, deploy=True)
def address_is_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Canonical links and mails carry BASE_URL (``newsroom.W001``)."""
    if settings.HTTPS:
        return []
    hint = "Set BASE_URL to the address readers use, such as https://www.example.org."
    return [Caution(f"BASE_URL is {settings.BASE_URL}, which is not HTTPS.", hint=hint, id="newsroom.W001")]


@register(deploy=True)
def mail_goes_out(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a server, mails are only printed: nobody could reset a password (``newsroom.W002``)."""
    if settings.SMTP_HOST:
        return []
    return [Caution("Mails are only printed.", hint="Set SMTP_HOST to your mail server.", id="newsroom.W002")]


@register(Tags.security, deploy=True)
def originals_are_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Public pictures on S3 want a private bucket for the originals (``newsroom.E003``)."""
    if settings.S3_BUCKET and not settings.S3_PRIVATE_BUCKET:
        hint = "Set S3_PRIVATE_BUCKET to a bucket that nobody can read without a signature."
        return [Error("S3_BUCKET is set without S3_PRIVATE_BUCKET.", hint=hint, id="newsroom.E003")]
    return []


@register()
def public_files_have_an_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The policy of our pages allows pictures from our own address and from MEDIA_URL (``newsroom.E004``)."""
    if settings.S3_BUCKET and settings.MEDIA_URL.startswith("/"):
        hint = (
            "Set MEDIA_URL to the address at which readers get the bucket's files, such as https://media.example.org/."
        )
        return [Error("S3_BUCKET is set, and MEDIA_URL is an address on this site.", hint=hint, id="newsroom.E004")]
    return []


@register()
def minimum_fits_the_list(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No list could reach a minimum above its places (``newsroom.W003``)."""
    if settings.RELATED_MINIMUM <= settings.RELATED_SLOTS:
        return []
    hint = f"Set RELATED_MINIMUM to {settings.RELATED_SLOTS} or less, or RELATED_SLOTS to more."
    words = "RELATED_MINIMUM is more than RELATED_SLOTS: the desk calls every list too short."
    return [Caution(words, hint=hint, id="newsroom.W003")]


@register()
def edge_can_be_told(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An edge without an address, or with one that is none, would never hear of a change (``newsroom.E005``)."""
    if settings.EDGE == "none" or urlsplit(settings.EDGE_URL).scheme in {"http", "https"}:
        return []
    hint = "Set EDGE_URL to where the edge takes purges, or EDGE to none."
    return [Error("EDGE is set without a usable EDGE_URL.", hint=hint, id="newsroom.E005")]


@register(Tags.security, deploy=True)
def publishing_takes_two_factors(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A password alone opens the front page (``newsroom.W004``)."""
    if settings.REQUIRE_MFA != "off":
        return []
    hint = "Leave REQUIRE_MFA unset, or set it to publishers or all."
    return [Caution("REQUIRE_MFA is off: a stolen password publishes.", hint=hint, id="newsroom.W004")]


@register()
def security_contact_is_dated(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """``security.txt`` is unknown once its day has come; whoever found a hole then finds nobody (``newsroom.W006``)."""
    soon = timezone.now() + timedelta(days=30)
    if not settings.SECURITY_CONTACT or (settings.SECURITY_EXPIRES is not None and soon < settings.SECURITY_EXPIRES):
        return []
    hint = "Set SECURITY_EXPIRES to a day within the next year until which SECURITY_CONTACT is read."
    return [Caution("security.txt expires within thirty days, or has no end.", hint=hint, id="newsroom.W006")]
