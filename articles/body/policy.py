"""What may be stored at all, and what may reach a reader, whatever went wrong before: the last sieves."""

import nh3

from articles.body.names import names

STORED_TAGS = names("p h2 h3 h4 ul ol li blockquote a strong em s sub sup code br hr figure table thead tbody tr th td")
REFERENCE_ATTRIBUTES = names("data-image data-caption data-credit data-layout data-gallery data-embed data-title")
SCHEMES = {"http", "https", "mailto", "tel"}
_CELL = {"colspan", "rowspan"}
_PICTURE = {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding", "fetchpriority"}

stored_form = nh3.Cleaner(
    tags=set(STORED_TAGS),
    attributes={
        "a": {"href"},
        "ol": {"start"},
        "td": set(_CELL),
        "th": {*_CELL, "scope"},
        "figure": set(REFERENCE_ATTRIBUTES),
    },
    link_rel=None,
    url_schemes=SCHEMES,
)

reader_form = nh3.Cleaner(
    tags=set(STORED_TAGS | names("div figcaption picture source img span")),
    clean_content_tags=set(names("script style template noscript iframe object svg math title textarea")),
    attributes={
        "a": {"href", "rel"},
        "h2": {"id"},
        "h3": {"id"},
        "h4": {"id"},
        "ol": {"start"},
        "td": set(_CELL),
        "th": {*_CELL, "scope"},
        "div": {"tabindex", "aria-label"},
        "figure": {"aria-label", "data-embed-provider", "data-embed-src", "data-embed-play"},
        "img": set(_PICTURE),
        "source": {"srcset", "sizes", "type", "width", "height"},
    },
    allowed_classes={
        "a": {"embed-link"},
        "div": {"table-scroll"},
        "figure": {"picture", "picture--wide", "gallery", "embed", "embed--video", "embed--audio", "embed--card"},
        "span": {"picture-caption", "picture-credit", "embed-title", "embed-provider"},
        "ul": {"gallery-items"},
    },
    tag_attribute_values={"div": {"role": {"region"}}},
    id_prefix="h-",
    link_rel=None,
    url_schemes=SCHEMES,
)
