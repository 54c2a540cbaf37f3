"""Readers' comments: submission, threads, moderation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Leave a Reply, and the desk that decides."""

    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        """Hang in what follows a decision."""
        from comments import consequences, notices, own_comments  # noqa: PLC0415 - models are loaded only now

        consequences.followers.append(notices.after_decisions)
        consequences.greeters.append(notices.after_arrival)
        _ = own_comments
