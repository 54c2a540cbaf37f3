"""What leaves the site in the field's formats, and what comes in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyndicationConfig(AppConfig):
    """Feeds, sitemaps, the API and the newsletter out; WordPress and wires in."""

    name = "syndication"
    verbose_name = _("Syndication")

    def ready(self) -> None:
        """Hang the room into articles; what the worker does registers itself."""
        from articles import registries  # noqa: PLC0415
        from articles.short_addresses import numbered  # noqa: PLC0415
        from comments.erasure import also_kept  # noqa: PLC0415
        from pagecache.writing import before_raising  # noqa: PLC0415
        from syndication.api import once  # noqa: F401, PLC0415
        from syndication.beyond import OutsideCopies  # noqa: PLC0415
        from syndication.newsletter import mailing, subscribing  # noqa: F401, PLC0415
        from syndication.newsletter.uses import in_newsletters  # noqa: PLC0415
        from syndication.published.hub import ping_at_the_end, ping_later  # noqa: PLC0415
        from syndication.wires import periodic  # noqa: F401, PLC0415
        from syndication.wires.before_publishing import said_by_the_wire  # noqa: PLC0415
        from syndication.wires.panel import WirePanel  # noqa: PLC0415
        from syndication.wordpress.numbers import article_of  # noqa: PLC0415

        before_raising.append(ping_later)
        also_kept.append(subscribing.NewslettersKept())
        registries.article_changed.append(ping_at_the_end)
        registries.article_panels.append(WirePanel())
        registries.publish_checks.append(said_by_the_wire)
        registries.where_used.append(in_newsletters)
        registries.take_down_notes.append(OutsideCopies())
        numbered.append(article_of)
