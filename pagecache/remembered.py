"""What a function made of values that cannot change, made once for the same values.

``@remembered(1000)`` is for functions that look at nothing but their arguments, the settings and the catalogues of
words: what is remembered is kept by all that it depends on, so it cannot be old. A setting that changes clears it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.core.signals import setting_changed

Made = TypeVar("Made", bound=Callable[..., Any])

_all: list[Any] = []


def remembered(most: int) -> Callable[[Made], Made]:
    """Remember the answers of a function to the ``most`` arguments that were asked for last."""

    def wrap(function: Made) -> Made:
        kept = lru_cache(maxsize=most)(function)
        _all.append(kept)
        return cast("Made", kept)

    return wrap


def _forget(**_kwargs: Any) -> None:
    for kept in _all:
        kept.cache_clear()


setting_changed.connect(_forget, dispatch_uid="pagecache.remembered")
