"""Related posts that an editor chose by hand, as the common plugins keep them in a post's metadata.

=========================== =========================================================
plugin                      metadata
=========================== =========================================================
Related Posts for WordPress ``rp4wp_related`` (list of numbers), ``_rp4wp_manual``
Contextual Related Posts    ``crp_post_meta`` (serialized: ``manual_related``)
Related Posts by Taxonomy,  ``related_posts``, ``_related_posts``, ``related_post_ids``,
themes, custom fields       ``_related_post_ids``, ``manual_related_posts``
Advanced Custom Fields      the same names as a relationship field (serialized numbers)
Microkid's Related Posts    ``MRP_related_posts``, ``_mrp_related``
Jetpack                     ``_jetpack_related_posts_manual``, ``jetpack_related_posts_ids``
Yoast, internal links       ``_yoast_wpseo_related``
=========================== =========================================================

YARPP keeps none: it computes its lists, and only notes per post that it shows none.
"""

import re

from syndication.wordpress.reading import Node

KEYS = (
    "rp4wp_related",
    "_rp4wp_manual",
    "crp_post_meta",
    "related_posts",
    "_related_posts",
    "related_post_ids",
    "_related_post_ids",
    "related_articles",
    "manual_related_posts",
    "MRP_related_posts",
    "_mrp_related",
    "_jetpack_related_posts_manual",
    "jetpack_related_posts_ids",
    "_yoast_wpseo_related",
)
MOST = 12
"""As many as one of our lists holds."""

_MANUAL = re.compile(r's:\d+:"manual_related";s:\d+:"([^"]{0,2000})"')
_VALUES = re.compile(r'i:\d+;(?:i:(\d{1,18});|s:\d+:"(\d{1,18})")')
_PLAIN = re.compile(r"[\[\]\s,;|\"'\d]{1,2000}")
_NUMBER = re.compile(r"\d{1,18}")


def related_of(item: Node) -> list[str]:
    """The numbers of the posts chosen for this one, in order, each once, itself left out."""
    own = item.get("wp:post_id")
    found: dict[str, None] = {}
    for row in item.all("wp:postmeta"):
        if row.get("wp:meta_key") in KEYS:
            found |= dict.fromkeys(_numbers(row.get("wp:meta_value")))
    return [number for number in found if number not in {own, "0"}][:MOST]


def _numbers(value: str) -> list[str]:
    """The numbers in a value: PHP's serialized list, a list of JSON, or numbers with commas between."""
    if manual := _MANUAL.search(value):
        return _NUMBER.findall(manual[1])
    if value.startswith("a:"):
        return [first or second for first, second in _VALUES.findall(value)]
    return _NUMBER.findall(value) if _PLAIN.fullmatch(value) else []
