"""Mails to colleagues about their accounts, through the outbox."""

import hashlib
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from outbox import effects

KIND = "people.letter"


def write(to: str, letter: str, *, key: str, **context: Any) -> None:
    """Have ``letter`` (a template under ``people/mail/``) sent to ``to``; ``context`` must be JSON.

    The first line of the template is the subject. ``key`` is the letter's
    identity for good, and makes its Message-ID.
    """
    effects.enqueue(KIND, {"to": to, "letter": letter, "context": context}, key=f"{KIND}:{key}")


@effects.handler(KIND, outside=True)
def _send(payload: dict[str, Any], key: str) -> None:
    send(payload["to"], payload["letter"], payload["context"], key)


def send(to: str, letter: str, context: dict[str, Any], key: str) -> None:
    """Put the mail together and hand it to the mail server."""
    site = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    text = render_to_string(f"people/mail/{letter}.txt", site | context)
    subject, _line, body = text.strip().partition("\n")
    headers = {"Message-ID": _message_id(key), "Auto-Submitted": "auto-generated"}
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to], headers=headers).send()


def _message_id(key: str) -> str:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:40]
    return f"<{Address(username=digest, domain=host).addr_spec}>"
