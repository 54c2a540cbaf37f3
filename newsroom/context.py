"""What every template may ask about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, Any]:
    """The site's name, tagline, base address and language."""
    return {
        "site_name": settings.SITE_NAME,
        "site_tagline": settings.SITE_TAGLINE,
        "base_url": settings.BASE_URL,
        "language_code": settings.LANGUAGE_CODE,
    }
