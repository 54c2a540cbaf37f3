"""The one place that knows which Django version runs."""

from typing import Any

import django

DJANGO_6_0 = django.VERSION >= (6, 0)
DJANGO_6_1 = django.VERSION >= (6, 1)


def form_settings() -> dict[str, Any]:
    """An address typed without a scheme means https, as Django 6.0 has it; 5.2 must be asked, and says so."""
    return {} if DJANGO_6_0 else {"FORMS_URLFIELD_ASSUME_HTTPS": True}


def mail_settings(options: dict[str, Any], default_from: str) -> dict[str, Any]:
    """Settings for outgoing mail.

    ``options`` holds ``backend`` and, for SMTP, ``host``, ``port``,
    ``username``, ``password`` and ``use_tls``. Django 6.1 reads them from
    ``MAILERS`` and warns about the older names.
    """
    backend = options["backend"]
    rest = {name: value for name, value in options.items() if name != "backend"}
    if DJANGO_6_1:
        mailers = {"default": {"BACKEND": backend, "OPTIONS": rest}}
        return {"MAILERS": mailers, "DEFAULT_FROM_EMAIL": default_from, "SERVER_EMAIL": default_from}
    names = {"host": "HOST", "port": "PORT", "username": "HOST_USER", "password": "HOST_PASSWORD", "use_tls": "USE_TLS"}
    old = {f"EMAIL_{names[name]}": value for name, value in rest.items()}
    return {"EMAIL_BACKEND": backend, **old, "DEFAULT_FROM_EMAIL": default_from, "SERVER_EMAIL": default_from}
