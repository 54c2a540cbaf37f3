"""What the comparison of two revisions needs to show a block of a story."""

from collections.abc import Mapping

from django import template

from articles.history.aligning import shape_name
from articles.history.blocks import Block
from images.models import Image

register = template.Library()


@register.filter
def pictures_in(block: Block, library: Mapping[int, Image]) -> list[Image]:
    """The library pictures a block shows, those that are still there."""
    return [library[pk] for pk in block.images if pk in library]


@register.filter
def shape(block: Block) -> str:
    """The word for the kind of block it is."""
    return shape_name(block.shape)
