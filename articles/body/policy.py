"""What may reach a reader at all, whatever went wrong before: the last sieve."""

import nh3

from articles.body.names import names

_CELL = {"colspan", "rowspan"}
_PICTURE = {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding", "fetchpriority"}

reader_form = nh3.Cleaner(
    tags=set(
        names("p h2 h3 h4 ul ol li blockquote a strong em s sub sup code br hr table thead tbody tr th td")
        | names("div figure figcaption picture source img span")
    ),
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
    url_schemes={"http", "https", "mailto", "tel"},
)
