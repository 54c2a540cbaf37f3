"""Readers' comments: submission, threads, moderation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Leave a Reply, and the desk that decides."""

    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        """Hang the room into articles, and in what follows a decision."""
        from articles.registries import article_panels  # noqa: PLC0415
        from comments import consequences, notices, own_comments  # noqa: F401, PLC0415 - models are loaded only now
        from comments.screens.article import CommentsPanel  # noqa: PLC0415

        article_panels.append(CommentsPanel())
        consequences.followers.append(notices.after_decisions)
        consequences.greeters.append(notices.after_arrival)
