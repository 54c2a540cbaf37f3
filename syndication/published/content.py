"""A story's text for other people's programs: plain HTML with whole addresses, no scripts' hooks, no classes."""

import nh3
from django.utils.html import escape

from articles.body.policy import SCHEMES
from images.models import Image
from images.renditions import best, public_address
from syndication.addresses import absolute
from syndication.text import legal

WIDTH = 1200
"""Pixels of the one rendition of a picture that a feed names."""

_TAGS = (
    "p h2 h3 h4 ul ol li blockquote a strong em s sub sup code br hr figure figcaption img table thead tbody tr th td"
)

_form = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={
        "a": {"href", "rel"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
        "img": {"src", "width", "height", "alt"},
    },
    attribute_filter=lambda _tag, name, value: absolute(value) if name in {"href", "src"} else value,
    link_rel=None,
    url_schemes=SCHEMES,
)


def clean(html: str) -> str:
    """``html`` as it may stand in a feed."""
    return legal(_form.clean(html))


def picture_markup(image: Image, ratio: str, _sizes: str = "") -> str:
    """One ``<img>``: feed readers know no ``<picture>``."""
    made = best(image, ratio, WIDTH)
    if made is None:
        return ""
    source, alt = escape(absolute(public_address(image, made))), escape(image.alt)
    return f'<img src="{source}" width="{made["width"]}" height="{made["height"]}" alt="{alt}">'


def figure(image: Image, caption: str) -> str:
    """A picture with its caption and credit."""
    shown = picture_markup(image, "full")
    words = escape(" ".join(part for part in (caption or image.caption, image.credit) if part))
    below = f"<figcaption>{words}</figcaption>" if words else ""
    return f"<figure>{shown}{below}</figure>" if shown else ""
