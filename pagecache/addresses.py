"""Addresses of pages, each worked out once: a page prints some sixty, and Django searches the tables for every one."""

from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.urls import reverse


@lru_cache(maxsize=20_000)
def address(name: str, *args: str | int) -> str:
    """What ``reverse(name, args=args)`` gives. For pages of the site, whose addresses do not change while it runs."""
    return reverse(name, args=args)


def _forget(**_kwargs: Any) -> None:
    address.cache_clear()


setting_changed.connect(_forget, dispatch_uid="pagecache.addresses")
