"""Where each list's desk is, and where its actions are posted."""

from django.urls import NoReverseMatch, reverse

from articles.models import Article, Section
from curation.places import Place

ARTICLE, SECTION, FRONT_PAGE = "article", "section", "front"


def kind_of(place: Place) -> str:
    """The word for the place in its address."""
    if isinstance(place, Article):
        return ARTICLE
    return SECTION if isinstance(place, Section) else FRONT_PAGE


def address_of(place: Place, noun: str = "") -> str:
    """The desk of the list at ``place``, or where the action ``noun`` is posted."""
    name = f"admin:curation_desk_{kind_of(place)}" + (f"_{noun}" if noun else "")
    return reverse(name, args=[place.pk] if place.pk else [])


def address_if_there(name: str, *args: object) -> str:
    """The address of a screen that another part of the house may not have; empty without it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
