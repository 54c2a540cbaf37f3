"""Articles, sections, tags, bylines, revisions, publishing."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    """The room in the middle of the house."""

    name = "articles"

    def ready(self) -> None:
        """Tell the pictures' room what articles show, and hear from authors who change their name."""
        from articles import (  # noqa: PLC0415
            binned,
            headline_index,
            leaving,
            registries,
            series_uses,
        )
        from articles.after_panel import AfterPublication  # noqa: PLC0415
        from articles.before_publishing import ChecklistPanel, OutcomesPanel  # noqa: PLC0415
        from articles.corrections import article_changed as notes_moved  # noqa: PLC0415
        from articles.indexing import author_renamed  # noqa: PLC0415
        from articles.invited_places import InvitedPlaces  # noqa: PLC0415
        from articles.noting import NotesPanel  # noqa: PLC0415
        from articles.picture_use import draft_uses, have_bodies_rendered, publicly_shown  # noqa: PLC0415 - needs loaded models
        from articles.previews.panel import OutsidePanel  # noqa: PLC0415
        from articles.redirects import address_changed  # noqa: PLC0415
        from articles.schedule import later, overlay  # noqa: PLC0415
        from articles.schedule.panel import WhenPanel  # noqa: PLC0415
        from articles.series_screens import SeriesPanel  # noqa: PLC0415
        from articles.together import periodic  # noqa: F401, PLC0415
        from articles.uses import shown_lines, used_here, wanted_by_drafts  # noqa: PLC0415
        from images import models, publicity, uses  # noqa: PLC0415
        from pagecache import old_addresses  # noqa: PLC0415
        from people import leaving as people_leaving  # noqa: PLC0415
        from people.models import after_rename  # noqa: PLC0415
        from people.registries import invitation_parts  # noqa: PLC0415
        from wastebin import holding  # noqa: PLC0415

        post_migrate.connect(headline_index.keep_triggers, sender=self)
        registries.article_panels += [
            *(WhenPanel(), ChecklistPanel(), OutcomesPanel(), NotesPanel()),
            *(AfterPublication(), SeriesPanel(), OutsidePanel()),
        ]
        registries.where_used += [used_here, series_uses.in_series]
        registries.take_down_notes.append(series_uses.SeriesNote())
        registries.publish_outcomes.append(series_uses.on_publication)
        registries.article_changed += [notes_moved, later.article_changed]
        holding.also_shown.append(shown_lines)
        holding.further_holders.append(wanted_by_drafts)
        binned.register_all()
        old_addresses.address_changed.append(address_changed)
        publicity.public_uses += [publicly_shown, overlay.due_pictures]
        uses.unlinked_uses.append(draft_uses)
        models.after_change.append(have_bodies_rendered)
        after_rename.append(author_renamed)
        invitation_parts.append(InvitedPlaces())
        people_leaving.remains.append(leaving.remains)
        people_leaving.hand_over.append(leaving.give)
        people_leaving.goes.append(leaving.answer_no_more)
