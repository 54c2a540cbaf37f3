"""What the rich-text editor asks the server for."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern


def editor_urls(site: AdminSite) -> list[URLPattern]:
    """Addresses below the article's admin."""
    return []
