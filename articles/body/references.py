"""The three references a body holds instead of markup: a library picture, a gallery, an embed card."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from articles.body.links import clean_href, is_external

MAX_GALLERY = 60
"""Pictures in one gallery; beyond that a reader's page grows past any use."""

MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PictureReference:
    """A library picture; an empty caption or credit means the library's."""

    image_id: int
    caption: str = ""
    credit: str = ""
    wide: bool = False

    def markup(self) -> str:
        """As stored."""
        layout = "wide" if self.wide else ""
        return _figure(image=str(self.image_id), caption=self.caption, credit=self.credit, layout=layout)


@dataclass(frozen=True, slots=True)
class GalleryReference:
    """Several library pictures, in this order, under one caption."""

    image_ids: tuple[int, ...]
    caption: str = ""

    def markup(self) -> str:
        """As stored."""
        return _figure(gallery=",".join(map(str, self.image_ids)), caption=self.caption)


@dataclass(frozen=True, slots=True)
class EmbedReference:
    """Something on another site, shown as a card."""

    url: str
    title: str = ""

    def markup(self) -> str:
        """As stored."""
        return _figure(embed=self.url, title=self.title)


Reference: TypeAlias = PictureReference | GalleryReference | EmbedReference


def read(attributes: Mapping[str, str]) -> Reference | None:
    """The reference in a figure's attributes; nothing if it has none or it cannot be right."""
    caption = _line(attributes.get("data-caption", ""))
    if ids := _ids(attributes.get("data-gallery", "")):
        return GalleryReference(ids, caption)
    if ids := _ids(attributes.get("data-image", "")):
        credit = _line(attributes.get("data-credit", ""))
        return PictureReference(ids[0], caption, credit, attributes.get("data-layout") == "wide")
    url = clean_href(attributes.get("data-embed", ""))
    return EmbedReference(url, _line(attributes.get("data-title", ""))) if is_external(url) else None


def is_reference(attributes: Mapping[str, str]) -> bool:
    """Whether a figure means to be a reference, right or wrong."""
    return not attributes.keys().isdisjoint(("data-image", "data-gallery", "data-embed"))


def _ids(text: str) -> tuple[int, ...]:
    """The distinct ids in ``"3,1,2"``, in order; words and nonsense are left out."""
    parts = (part.strip() for part in text.split(",", MAX_GALLERY)[:MAX_GALLERY])
    numbers = (int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= len(str(MAX_ID)))
    return tuple(dict.fromkeys(number for number in numbers if 0 < number <= MAX_ID))


def _line(text: str) -> str:
    return " ".join(text.split())


def _figure(**data: str) -> str:
    attributes = "".join(f' data-{name}="{html.escape(value)}"' for name, value in data.items() if value)
    return f"<figure{attributes}></figure>"
