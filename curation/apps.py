"""Picks, and what fills the places beside them."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    """The room of *Articles You May Like*."""

    name = "curation"
