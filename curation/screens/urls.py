"""Addresses of the screens about many lists, below ``/admin/curation/pick/``."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern


def screen_urls(site: AdminSite) -> list[URLPattern]:
    """Every address, each behind the admin's own door."""
    return []
