"""The public pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What readers see."""

    name = "pages"

    def ready(self) -> None:
        """Tell the picture room which pictures these pages show, and the desk what fills the places beside picks."""
        from articles.redirects import answered_by  # noqa: PLC0415
        from articles.registries import publish_outcomes, reader_pages, story_pages  # noqa: PLC0415
        from curation.slots import slot_fills  # noqa: PLC0415 - models are ready only now
        from images import publicity  # noqa: PLC0415
        from pages.answering import answers  # noqa: PLC0415
        from pages.fixed import fixed_addresses  # noqa: PLC0415
        from pages.foreseen import where_it_will_stand  # noqa: PLC0415
        from pages.fronts import front_order  # noqa: PLC0415
        from pages.pictures import on_static_pages  # noqa: PLC0415
        from pages.sections import section_order  # noqa: PLC0415
        from pages.story_page import story_page  # noqa: PLC0415

        answered_by.append(answers)
        reader_pages.append(fixed_addresses)
        publicity.public_uses.append(on_static_pages)
        publish_outcomes.insert(0, where_it_will_stand)
        story_pages.append(story_page)
        slot_fills["front"] = lambda _section, picks: front_order(picks)
        slot_fills["section"] = lambda section, picks: section_order(section, picks) if section else []
