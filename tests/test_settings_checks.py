"""System checks: each names what is wrong and what to do."""

from typing import Any

import pytest
from django.conf import settings as current
from django.core.checks import run_checks
from django.core.mail import send_mail


def found(settings: Any, **changes: Any) -> dict[str, str]:
    settings.SMTP_HOST = "smtp.example.org"
    settings.REQUIRE_MFA = "publishers"
    for name, value in changes.items():
        setattr(settings, name, value)
    messages = run_checks(include_deployment_checks=True)
    return {message.id or "": message.hint or "" for message in messages if (message.id or "").startswith("newsroom.")}


@pytest.mark.parametrize(
    ("changes", "identifier", "hint"),
    [
        ({"SECRET_KEY": current.INSECURE_KEY, "HTTPS": True}, "newsroom.E002", "Set SECRET_KEY"),
        ({"HTTPS": False}, "newsroom.W001", "Set BASE_URL"),
        ({"HTTPS": True, "REQUIRE_MFA": "off"}, "newsroom.W004", "Leave REQUIRE_MFA unset"),
        ({"HTTPS": True, "SMTP_HOST": ""}, "newsroom.W002", "Set SMTP_HOST"),
        ({"HTTPS": True, "RELATED_SLOTS": 2, "RELATED_MINIMUM": 3}, "newsroom.W003", "Set RELATED_MINIMUM"),
        (
            {"HTTPS": True, "S3_BUCKET": "public", "MEDIA_URL": "https://media.example.org/"},
            "newsroom.E003",
            "Set S3_PRIVATE_BUCKET",
        ),
        ({"HTTPS": True, "S3_BUCKET": "a", "S3_PRIVATE_BUCKET": "b"}, "newsroom.E004", "Set MEDIA_URL"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(settings: Any, changes: Any, identifier: str, hint: str) -> None:
    messages = found(settings, **changes)
    assert list(messages) == [identifier]
    assert messages[identifier].startswith(hint)


def test_a_sound_configuration_is_not_complained_about(settings: Any) -> None:
    assert found(settings, HTTPS=True) == {}


def test_mail_goes_out_in_the_name_of_the_site(mailoutbox: Any) -> None:
    """On both versions of Django, which name these settings differently (``newsroom.compat``)."""
    send_mail("Subject", "Text", None, ["reader@example.org"])
    assert mailoutbox[0].from_email == current.DEFAULT_FROM_EMAIL
