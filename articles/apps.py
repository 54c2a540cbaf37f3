"""Articles, sections, tags, bylines, revisions, publishing."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The room in the middle of the house."""

    name = "articles"

    def ready(self) -> None:
        """Tell the pictures' room what articles show, and hear from authors who change their name."""
        from articles import leaving  # noqa: PLC0415
        from articles.indexing import author_renamed  # noqa: PLC0415
        from articles.picture_use import draft_uses, have_bodies_rendered, publicly_shown  # noqa: PLC0415 - needs loaded models
        from images import models, publicity, uses  # noqa: PLC0415
        from people import leaving as people_leaving  # noqa: PLC0415
        from people.models import after_rename  # noqa: PLC0415

        publicity.public_uses.append(publicly_shown)
        uses.unlinked_uses.append(draft_uses)
        models.after_change.append(have_bodies_rendered)
        after_rename.append(author_renamed)
        people_leaving.remains.append(leaving.remains)
        people_leaving.hand_over.append(leaving.give)
