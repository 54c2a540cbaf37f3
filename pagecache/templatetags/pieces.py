"""``{% piece "pages/_footer.html" links=links.footer %}``: a part of many pages, rendered once for the same values.

Its template sees the values named here and nothing else, no request either. So nothing can be forgotten: what is not
named is not there, and what is named is part of what it is remembered by.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.signals import setting_changed
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language

from pagecache.addresses import address

register = template.Library()
register.simple_tag(address)

KEPT = 512
"""Pieces remembered by a process, of some kilobytes each."""


@register.simple_tag
def script(name: str) -> SafeString:
    """``<script>`` for a module among the static files: its address is looked up once."""
    return _script.__wrapped__(name) if settings.DEBUG else _script(name)


@lru_cache(maxsize=KEPT)
def _script(name: str) -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static(name))


class Exact(NamedTuple):
    """A value and what it is, since ``1 == True`` and markup equals the same characters as plain text."""

    kind: str
    value: Any


@register.simple_tag
def piece(name: str, **values: Any) -> SafeString:
    """Render the template ``name``. Values are texts, numbers, ``None`` and tuples of these: what cannot change."""
    if settings.DEBUG:
        return mark_safe(render_to_string(name, values))  # noqa: S308 - rendered by a template
    return _rendered(name, get_language(), tuple((key, exact(value)) for key, value in values.items()))


def exact(value: Any) -> Exact:
    """What tells the value from every other. Raises ``TypeError`` for a kind that could change or looks equal."""
    if isinstance(value, tuple):
        return Exact(type(value).__name__, (value, tuple(exact(one) for one in value)))
    if value is None or isinstance(value, str | int):
        safe = "safe " if isinstance(value, SafeData) else ""
        return Exact(safe + type(value).__name__, value)
    raise TypeError(value)


@lru_cache(maxsize=KEPT)
def _rendered(name: str, _language: str | None, values: tuple[tuple[str, Exact], ...]) -> SafeString:
    given = {key: found.value[0] if isinstance(found.value, tuple) else found.value for key, found in values}
    return mark_safe(render_to_string(name, given))  # noqa: S308 - rendered by a template


def _forget(**_kwargs: Any) -> None:
    _rendered.cache_clear()
    _script.cache_clear()


setting_changed.connect(_forget, dispatch_uid="pagecache.pieces")
