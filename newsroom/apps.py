"""The top room: it wires the others together."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AppConfig):
    """Settings, checks and operator commands."""

    name = "newsroom"

    def ready(self) -> None:
        """Register the system checks, have the edge told of every change, words remembered, migrations left to run."""
        from newsroom import checks  # noqa: F401, PLC0415
        from newsroom.edge.purging import purge_later  # noqa: PLC0415
        from newsroom.migrating import look_after_migrations  # noqa: PLC0415
        from newsroom.words import remember_words  # noqa: PLC0415
        from pagecache.writing import before_raising  # noqa: PLC0415

        before_raising.append(purge_later)
        remember_words()
        look_after_migrations(apps.get_app_config("articles"))


class NewsroomAdminConfig(AdminConfig):
    """Django's admin with our start page and look."""

    default_site = "newsroom.admin_site.NewsroomAdminSite"
