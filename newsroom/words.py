"""Words in the site's language, each looked up once."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

KEPT = 8192
"""Words, and numbers with their words, that are remembered."""


def remember_words() -> None:
    """Have the site's catalogue remember what it answered.

    Django asks one catalogue after the other, and of each whether it has the
    word in the singular too: six of them before an English word is found to
    be its own translation.
    """
    if settings.USE_I18N:
        catalogue: Any = trans_real.translation(settings.LANGUAGE_CODE)
        catalogue.gettext = lru_cache(maxsize=KEPT)(catalogue.gettext)
        catalogue.ngettext = lru_cache(maxsize=KEPT)(catalogue.ngettext)
