"""What leaves the site in the field's formats, and what comes in."""

from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    """Feeds, sitemaps, the API and the newsletter out; WordPress and wires in."""

    name = "syndication"

    def ready(self) -> None:
        """Hang the room into articles, and know the effects of its mails."""
        from articles.registries import where_used  # noqa: PLC0415
        from syndication.newsletter import mailing, subscribing  # noqa: F401, PLC0415 - models are ready only now
        from syndication.newsletter.uses import in_newsletters  # noqa: PLC0415

        where_used.append(in_newsletters)
