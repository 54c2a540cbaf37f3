"""Pictures on the desk's screens, public or not."""

from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from images.admin_filters import SOON
from images.models import Image
from images.renditions import best, preview_address

register = template.Library()


@register.simple_tag
def thumbnail(image: Image) -> SafeString:
    """The picture as a card would show it; a name for the link around it stands beside it."""
    made = best(image, "3:2", 480)
    if made is None:
        return SafeString()
    return format_html(
        '<img class="thumbnail" src="{}" width="{}" height="{}" alt="" loading="lazy" decoding="async">',
        preview_address(image, made),
        made["width"],
        made["height"],
    )


@register.filter
def licence_end(image: Image) -> str:
    """``"ended"``, ``"soon"`` (within 30 days) or nothing."""
    until, now = image.usable_until, timezone.now()
    if until is None or until > now + SOON:
        return ""
    return "ended" if until <= now else "soon"


@register.filter
def address_of(changes: ChangeList, image: Any) -> str:
    """The page of one result, with the list's filters kept for the way back."""
    kept: dict[str, Any] = {"preserved_filters": changes.preserved_filters, "opts": changes.opts}
    return add_preserved_filters(kept, changes.url_for_result(image))
