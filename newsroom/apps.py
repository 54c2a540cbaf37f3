"""The top room: it wires the others together."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AppConfig):
    """Settings, checks and operator commands."""

    name = "newsroom"

    def ready(self) -> None:
        """Register the system checks."""
        from newsroom import checks  # noqa: F401, PLC0415


class NewsroomAdminConfig(AdminConfig):
    """Django's admin with our start page and look."""

    default_site = "newsroom.admin_site.NewsroomAdminSite"
