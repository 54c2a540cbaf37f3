"""``{{ address|link_rel }}``: what a link typed into a field says about itself."""

from django import template

from articles.body.links import is_external, rel_for
from pagecache.reading import depends_on

register = template.Library()

AFFILIATES = "affiliates"
"""The page key of every link whose ``rel`` is decided when the page is made."""


@register.filter
def link_rel(address: str) -> str:
    """The ``rel`` words of a link to ``address``; empty for one of our own. Noted in the page being rendered."""
    if is_external(address):
        depends_on(AFFILIATES)
    return rel_for(address)
