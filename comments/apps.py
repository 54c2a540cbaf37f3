"""Readers' comments: submission, threads, moderation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Leave a Reply, and the desk that decides."""

    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        """Hang the room into articles; add what follows an arrival or a decision, and what the worker does."""
        from articles.registries import article_panels, publish_checks, publish_outcomes  # noqa: PLC0415
        from comments import (  # noqa: PLC0415 - jobs register themselves
            akismet,
            consequences,
            desk_jobs,  # noqa: F401
            lessons,
            notices,
            own_comments,  # noqa: F401
            periodic,  # noqa: F401
            training,  # noqa: F401
        )
        from comments.before_publishing import how_readers_answer, open_to_a_sensitive_story  # noqa: PLC0415
        from comments.screens.article import CommentsPanel  # noqa: PLC0415

        article_panels.append(CommentsPanel())
        publish_checks.append(open_to_a_sensitive_story)
        publish_outcomes.append(how_readers_answer)
        consequences.greeters += [akismet.ask_later, notices.after_arrival]
        consequences.followers += [notices.after_decisions, lessons.teach_later]
