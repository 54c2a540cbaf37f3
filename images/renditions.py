"""Renditions as pages need them: which one fits, and where it is fetched. No Pillow, no query."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypedDict, cast

from django.core.files.storage import default_storage
from django.core.signals import setting_changed
from django.urls import reverse

from images.models import Image


class Rendition(TypedDict):
    """One file made of a picture; see ``Image.renditions``."""

    name: str
    width: int
    height: int
    ratio: str
    format: str
    bytes: int


Address = Callable[[Image, Rendition], str]


def all_of(image: Image) -> list[Rendition]:
    """The picture's renditions, typed."""
    return cast("list[Rendition]", image.renditions)


def best(image: Image | None, ratio: str, width: int) -> Rendition | None:
    """The smallest JPEG at least ``width`` pixels wide, else the widest; ``None`` for no picture, or one without any.

    Where ``ratio`` was not cut, the nearest one serves.
    """
    return None if image is None else fitting(all_of(image), ratio, width)


def fitting(made: Iterable[Rendition], ratio: str, width: int) -> Rendition | None:
    """``best()`` of what was made of a picture."""
    found = of_format(nearest(made, ratio), "jpeg")
    return next((one for one in found if one["width"] >= width), found[-1] if found else None)


def public_address(_image: Image, rendition: Rendition) -> str:
    """Where readers fetch the rendition."""
    return address_of(rendition)


def address_of(rendition: Rendition) -> str:
    """``public_address()`` of what was made of any picture."""
    return _public_prefix() + rendition["name"]


def preview_address(image: Image, rendition: Rendition) -> str:
    """Where staff see the rendition, whether or not it is public."""
    return reverse("admin:images_image_preview", args=[image.pk, rendition["name"]])


def nearest(made: Iterable[Rendition], ratio: str) -> list[Rendition]:
    """Those of one ratio: the one asked for, else the crop whose shape is nearest to it, else the uncropped."""
    by_ratio: dict[str, list[Rendition]] = {}
    for one in made:
        by_ratio.setdefault(one["ratio"], []).append(one)
    if ratio in by_ratio:
        return by_ratio[ratio]
    crops = [name for name in by_ratio if name != "full"]
    if ratio == "full" or not crops:
        return by_ratio.get("full", [])
    wanted = _proportion(ratio)
    closest = min(crops, key=lambda name: max(_proportion(name) / wanted, wanted / _proportion(name)))
    return by_ratio[closest]


def _proportion(ratio: str) -> float:
    across, _colon, down = ratio.partition(":")
    return float(across) / float(down)


def of_format(made: Iterable[Rendition], kind: str) -> list[Rendition]:
    """Those of one format, narrowest first."""
    return sorted((one for one in made if one["format"] == kind), key=lambda one: one["width"])


@cache
def _public_prefix() -> str:
    """What stands before every name; asked once, as some storages take long to say it."""
    name = "00/" + "0" * 32 + ".jpg"
    return default_storage.url(name).removesuffix(name)


def _forget_prefix(**kwargs: Any) -> None:
    _public_prefix.cache_clear()


setting_changed.connect(_forget_prefix, dispatch_uid="images.renditions")
