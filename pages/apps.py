"""The public pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What readers see."""

    name = "pages"

    def ready(self) -> None:
        """Tell the picture room which pictures these pages show."""
        from images import publicity  # noqa: PLC0415 - models are ready only now
        from pages.pictures import on_static_pages  # noqa: PLC0415

        publicity.public_uses.append(on_static_pages)
