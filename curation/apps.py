"""Picks, and what fills the places beside them."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    """The room of *Articles You May Like*."""

    name = "curation"

    def ready(self) -> None:
        """Hang the room into articles."""
        from articles.registries import (  # noqa: PLC0415
            article_changed,
            article_panels,
            revision_parts,
            take_down_notes,
            where_used,
        )
        from curation import exposure, periodic, suggesting  # noqa: F401, PLC0415 - handlers and jobs register themselves
        from curation.admin import PickInline  # noqa: PLC0415
        from curation.registered import PicksPart, picked_on  # noqa: PLC0415
        from curation.screens.take_down import ListsThatShow  # noqa: PLC0415

        article_panels.append(PickInline)
        revision_parts["picks"] = PicksPart()
        where_used.append(picked_on)
        article_changed.append(suggesting.article_changed)
        take_down_notes.append(ListsThatShow())
