"""What leaves the site in the field's formats, and what comes in."""

from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    """Feeds, sitemaps, the API and the newsletter out; WordPress and wires in."""

    name = "syndication"
