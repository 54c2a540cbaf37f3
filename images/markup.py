"""A picture as HTML: every format and width there is, the browser chooses. No query."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from images.models import Image
from images.renditions import Address, Rendition, all_of, nearest, of_format, public_address

_where: ContextVar[Address] = ContextVar("images_where", default=public_address)

_MODERN = (("avif", "image/avif"), ("webp", "image/webp"))
"""In the order browsers are offered them: the first they know wins."""


@contextmanager
def fetched_from(address: Address) -> Iterator[None]:
    """Inside, pictures whose caller names no address are fetched from there: for whole pages of what is not public."""
    token = _where.set(address)
    try:
        yield
    finally:
        _where.reset(token)


def image_markup(
    image: Image | None,
    *,
    ratio: str = "full",
    sizes: str = "100vw",
    css: str = "",
    eager: bool = False,
    alt: str | None = None,
    address: Address | None = None,
) -> SafeString:
    """``<picture>`` with a source for each format there is, or nothing when there is no picture.

    ``sizes`` is the attribute of that name; ``eager`` is for the one picture a
    reader sees first; ``alt`` replaces the picture's own (empty where the text
    beside it says the same); ``address`` gives URLs (previews have their own).
    """
    made = nearest(all_of(image), ratio) if image is not None else []
    jpegs = of_format(made, "jpeg")
    if image is None or not jpegs:
        return SafeString()
    where = address or _where.get()
    sized = f'sizes="{escape(sizes)}"'
    sources = "".join(
        f'<source type="{mime}" srcset="{_srcset(image, found, where)}" {sized}>'
        for kind, mime in _MODERN
        if (found := of_format(made, kind))
    )
    largest = jpegs[-1]
    several = f' srcset="{_srcset(image, jpegs, where)}" {sized}' if len(jpegs) > 1 else ""
    named = f' class="{escape(css)}"' if css else ""
    urgency = 'loading="eager" fetchpriority="high"' if eager else 'loading="lazy"'
    words = escape(image.alt if alt is None else alt)
    return mark_safe(  # noqa: S308 - every part is escaped above or made of numbers
        f'<picture>{sources}<img src="{escape(where(image, largest))}"{several}{named} width="{largest["width"]}" '
        f'height="{largest["height"]}" alt="{words}" {urgency} decoding="async"></picture>'
    )


def _srcset(image: Image, made: list[Rendition], where: Address) -> str:
    return escape(", ".join(f"{where(image, one)} {one['width']}w" for one in made))
