"""The story's text: ``clean`` makes the source that is stored, ``render`` what readers get.

The stored source is clean HTML with references only: library pictures by id,
embeds by address, plain links. Rendering expands them and sanitises last.
"""

from articles.body.cleaning import clean
from articles.body.limits import MAX_LENGTH, BodyRefused, BodyTooDeep, BodyTooLong
from articles.body.links import LinkRule, clean_href, link_rules
from articles.body.rendering import PIPELINE_VERSION, Rendered, count_words, image_ids_in, render, render_many

__all__ = [
    "MAX_LENGTH",
    "PIPELINE_VERSION",
    "BodyRefused",
    "BodyTooDeep",
    "BodyTooLong",
    "LinkRule",
    "Rendered",
    "clean",
    "clean_href",
    "count_words",
    "image_ids_in",
    "link_rules",
    "render",
    "render_many",
]
