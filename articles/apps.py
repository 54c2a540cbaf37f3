"""Articles, sections, tags, bylines, revisions, publishing."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The room in the middle of the house."""

    name = "articles"
