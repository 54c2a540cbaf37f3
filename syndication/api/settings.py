"""Settings of the API, each read from one environment variable (``docs/operators``)."""

from django.conf import settings


def cors_origins() -> frozenset[str]:
    """Sites whose scripts may read the API: origins such as https://app.example.org, or ``*`` for all."""
    return frozenset(settings.API_CORS_ORIGINS)


def token_rate() -> int:
    """Requests a minute that one token is answered."""
    return int(settings.API_TOKEN_RATE)
