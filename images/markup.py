"""A picture as HTML: every format and width there is, the browser chooses. No query."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.core.signals import setting_changed
from django.utils.safestring import SafeString, mark_safe

from images.models import Image
from images.renditions import Address, Rendition, all_of, nearest, of_format, public_address

_where: ContextVar[Address] = ContextVar("images_where", default=public_address)

_MODERN = (("avif", "image/avif"), ("webp", "image/webp"))
"""In the order browsers are offered them: the first they know wins."""


KEPT = 4096
"""Pictures a process remembers as HTML, of about a kilobyte each."""


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
    if image is None:
        return SafeString()
    where = address or _where.get()
    look = Look(ratio, sizes, css, eager, image.alt if alt is None else alt)
    return (_public if where is public_address else _markup)(look, Files(image, where))


class Look(NamedTuple):
    """How a picture is shown."""

    ratio: str
    sizes: str
    css: str
    eager: bool
    alt: str


class Files:
    """What was made of a picture, and where it is fetched; two are the same if the names are: each is one file's."""

    def __init__(self, image: Image, where: Address) -> None:
        self.made = all_of(image)
        self.names = tuple(one["name"] for one in self.made)
        self._image, self._where = image, where

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Files) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)

    def address(self, one: Rendition) -> str:
        """The URL of one file."""
        return self._where(self._image, one)

    def srcset(self, made: list[Rendition]) -> str:
        """The attribute of that name."""
        return escape(", ".join(f"{self.address(one)} {one['width']}w" for one in made))


def _markup(look: Look, files: Files) -> SafeString:
    made = nearest(files.made, look.ratio)
    jpegs = of_format(made, "jpeg")
    if not jpegs:
        return SafeString()
    sized = f'sizes="{escape(look.sizes)}"'
    sources = "".join(
        f'<source type="{mime}" srcset="{files.srcset(found)}" {sized}>'
        for kind, mime in _MODERN
        if (found := of_format(made, kind))
    )
    largest = jpegs[-1]
    several = f' srcset="{files.srcset(jpegs)}" {sized}' if len(jpegs) > 1 else ""
    named = f' class="{escape(look.css)}"' if look.css else ""
    urgency = 'loading="eager" fetchpriority="high"' if look.eager else 'loading="lazy"'
    return mark_safe(  # noqa: S308 - every part is escaped above or made of numbers
        f'<picture>{sources}<img src="{escape(files.address(largest))}"{several}{named} width="{largest["width"]}" '
        f'height="{largest["height"]}" alt="{escape(look.alt)}" {urgency} decoding="async"></picture>'
    )


_public = lru_cache(maxsize=KEPT)(_markup)


def _forget(**_kwargs: Any) -> None:
    _public.cache_clear()


setting_changed.connect(_forget, dispatch_uid="images.markup")
