"""Readers' comments: submission, threads, moderation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Leave a Reply, and the desk that decides."""

    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        """Hang the room into articles."""
        from articles.registries import article_panels  # noqa: PLC0415
        from comments.screens.article import CommentsPanel  # noqa: PLC0415

        article_panels.append(CommentsPanel())
