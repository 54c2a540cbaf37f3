"""Articles, sections, tags, bylines, revisions, publishing."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The room in the middle of the house."""

    name = "articles"

    def ready(self) -> None:
        """Tell the pictures' room what articles show, and hear from authors who change their name."""
        from articles import binned  # noqa: PLC0415
        from articles.after_panel import AfterPublication  # noqa: PLC0415
        from articles.before_publishing import ChecklistPanel, OutcomesPanel  # noqa: PLC0415
        from articles.corrections import article_changed as notes_moved  # noqa: PLC0415
        from articles.indexing import author_renamed  # noqa: PLC0415
        from articles.noting import NotesPanel  # noqa: PLC0415
        from articles.picture_use import draft_uses, have_bodies_rendered, publicly_shown  # noqa: PLC0415 - needs loaded models
        from articles.previews.panel import OutsidePanel  # noqa: PLC0415
        from articles.redirects import address_changed  # noqa: PLC0415
        from articles.registries import article_changed, article_panels, where_used  # noqa: PLC0415
        from articles.schedule import later, overlay  # noqa: PLC0415
        from articles.schedule.panel import WhenPanel  # noqa: PLC0415
        from articles.together import periodic  # noqa: F401, PLC0415
        from articles.uses import shown_lines, used_here, wanted_by_drafts  # noqa: PLC0415
        from images import models, publicity, uses  # noqa: PLC0415
        from pagecache import old_addresses  # noqa: PLC0415
        from people.models import after_rename  # noqa: PLC0415
        from wastebin import holding  # noqa: PLC0415

        article_panels += [ChecklistPanel(), OutcomesPanel()]
        where_used.append(used_here)
        holding.also_shown.append(shown_lines)
        holding.further_holders.append(wanted_by_drafts)
        binned.register_all()
        article_panels.append(AfterPublication())
        article_changed.append(notes_moved)
        old_addresses.address_changed.append(address_changed)
        article_panels.append(OutsidePanel())
        publicity.public_uses.append(publicly_shown)
        publicity.public_uses.append(overlay.due_pictures)
        article_changed.append(later.article_changed)
        article_panels.append(WhenPanel())
        uses.unlinked_uses.append(draft_uses)
        models.after_change.append(have_bodies_rendered)
        after_rename.append(author_renamed)
        article_panels.append(NotesPanel())
