"""``{% piece "pages/_footer.html" links=links.footer %}``: a part of many pages, rendered once for the same values.

Its template sees the values named here and nothing else, no request either. So nothing can be forgotten: what is not
named is not there, and what is named is part of what it is remembered by.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any

from django import template
from django.conf import settings
from django.core.signals import setting_changed
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pagecache.addresses import address

register = template.Library()
register.simple_tag(address)

KEPT = 1024
"""Pieces of one template that a process remembers, of some kilobytes each."""


@register.simple_tag
def script(name: str) -> SafeString:
    """``<script>`` for a module among the static files: its address is looked up once."""
    return _script.__wrapped__(name) if settings.DEBUG else _script(name)


@lru_cache(maxsize=KEPT)
def _script(name: str) -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static(name))


Exact = tuple[type, Any]
"""A value and what it is, since ``1 == True`` and markup equals the same characters as plain text."""

_PLAIN = frozenset({str, int, bool, type(None), datetime, SafeString})


@register.simple_tag
def piece(name: str, **values: Any) -> SafeString:
    """Render the template ``name``. Values cannot change: texts, numbers, moments, ``None`` and tuples of these."""
    if settings.DEBUG:
        return mark_safe(render_to_string(name, values))  # noqa: S308 - rendered by a template
    return _store(name)(get_language(), tuple([(key, exact(value)) for key, value in values.items()]))


def exact(value: Any) -> Exact:
    """What tells the value from every other. Raises ``TypeError`` for a kind that could change or looks equal."""
    kind = type(value)
    if kind in _PLAIN or isinstance(value, str | int):
        return kind, value
    if isinstance(value, tuple):
        return kind, (value, tuple([exact(one) for one in value]))
    raise TypeError(value)


@cache
def _store(name: str) -> Callable[[str | None, tuple[tuple[str, Exact], ...]], SafeString]:
    """For each template one of its own, so that what differs on every page drives out nothing that is on all."""
    return lru_cache(maxsize=KEPT)(partial(_rendered, name))


def _rendered(name: str, _language: str | None, values: tuple[tuple[str, Exact], ...]) -> SafeString:
    given = {key: value[0] if isinstance(value, tuple) else value for key, (_kind, value) in values}
    return mark_safe(render_to_string(name, given))  # noqa: S308 - rendered by a template


def _forget(**_kwargs: Any) -> None:
    _store.cache_clear()
    _script.cache_clear()


setting_changed.connect(_forget, dispatch_uid="pagecache.pieces")
