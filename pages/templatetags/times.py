"""Instants for ``<time datetime>``."""

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def instant(moment: datetime | None) -> str:
    """``2026-11-22T15:35:00+00:00``: the moment in the site's zone, to the second."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
