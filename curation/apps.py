"""Picks, and what fills the places beside them."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    """The room of *Articles You May Like*."""

    name = "curation"

    def ready(self) -> None:
        """Hang the room into articles and pictures."""
        from articles.registries import (  # noqa: PLC0415
            article_changed,
            article_leaving,
            article_merged,
            article_panels,
            articles_arrived,
            publish_checks,
            publish_outcomes,
            revision_parts,
            tag_followers,
            tag_neighbours,
            take_down_notes,
            where_used,
        )
        from curation import (  # noqa: F401, PLC0415 - handlers and jobs register themselves
            counting,
            exposure,
            most_read,
            periodic,
            picks,
            suggesting,
        )
        from curation.before_publishing import lists_to_come, lists_with_gaps  # noqa: PLC0415
        from curation.desk.panel import PicksPanel  # noqa: PLC0415
        from curation.merging import take_over  # noqa: PLC0415
        from curation.registered import picked_on, pictures_of_picks  # noqa: PLC0415
        from curation.revision_part import PicksPart  # noqa: PLC0415
        from curation.screens.take_down import ListsThatShow  # noqa: PLC0415
        from curation.slots import refresh_lists  # noqa: PLC0415
        from curation.tag_follows import CampaignsFollow  # noqa: PLC0415
        from curation.tag_neighbours import tags_nearby  # noqa: PLC0415
        from images.publicity import public_uses  # noqa: PLC0415

        article_panels.append(PicksPanel())
        revision_parts["picks"] = PicksPart()
        where_used.append(picked_on)
        article_changed.append(suggesting.article_changed)
        article_changed.append(refresh_lists)
        articles_arrived.append(suggesting.articles_arrived)
        article_leaving.append(picks.lose)
        article_merged.append(take_over)
        public_uses.append(pictures_of_picks)
        publish_checks.append(lists_with_gaps)
        publish_outcomes.append(lists_to_come)
        take_down_notes.append(ListsThatShow())
        tag_followers.append(CampaignsFollow())
        tag_neighbours.append(tags_nearby)
