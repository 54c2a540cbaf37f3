"""Addresses readers may be sent to."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def web_address(url: str) -> None:
    """Refuse everything but ``http`` and ``https`` addresses without a name or password in them."""
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme.lower() in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        fine = None
    if not fine or "\\" in url:
        raise ValidationError(_("Enter an address that begins with https:// or http://."), code="web_address")


def is_web(field: str) -> Q:
    """The condition of a field that holds such an address."""
    return Q(**{f"{field}__istartswith": "http://"}) | Q(**{f"{field}__istartswith": "https://"})
