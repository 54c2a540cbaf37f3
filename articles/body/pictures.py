"""A library picture as markup."""

from django.core.files.storage import default_storage
from django.utils.html import escape

from images.models import Image


def picture_markup(image: Image, sizes: str) -> str:
    """The uncropped picture in the sizes there are; nothing if none is made yet."""
    jpegs = [made for made in image.renditions if made["ratio"] == "full" and made["format"] == "jpeg"]
    if not jpegs:
        return ""
    jpegs.sort(key=lambda made: made["width"])
    srcset = ", ".join(f"{default_storage.url(made['name'])} {made['width']}w" for made in jpegs)
    largest = jpegs[-1]
    return (
        f'<img src="{escape(default_storage.url(largest["name"]))}" srcset="{escape(srcset)}" sizes="{escape(sizes)}" '
        f'width="{largest["width"]}" height="{largest["height"]}" alt="{escape(image.alt)}" loading="lazy" '
        f'decoding="async">'
    )
