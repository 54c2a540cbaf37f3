"""AVIF and WebP: made by a worker after the JPEGs, shown by pages once they exist."""

import logging
from typing import Any

from django.core.files.base import ContentFile

from images import files
from images.cutting import FocalPoint, Target, cut, encode, working_copy
from images.models import Image
from images.publicity import copy_out
from images.reading import ImageRefused, open_picture
from images.renditions import Rendition, all_of
from outbox import effects
from pagecache.writing import writing

VARIANTS = "images.variants"
KINDS = ("avif", "webp")

logger = logging.getLogger("images")


def order(image: Image, jpegs: list[Rendition]) -> None:
    """Have the variants of these JPEGs made after the commit."""
    if jpegs:
        names = [made["name"] for made in jpegs]
        effects.enqueue(VARIANTS, {"image": image.pk, "names": names}, key=f"variants:{image.pk}:{names[0]}")


@effects.handler(VARIANTS, outside=True)
def make(payload: dict[str, Any], _key: str) -> None:
    """The effect: encode, then add what is still wanted. It works long, so it holds no lock while it encodes."""
    image = Image.objects.filter(pk=payload["image"]).first()
    if image is None:
        return
    wanted = [made for made in all_of(image) if made["name"] in payload["names"]]
    try:
        made = _encode_all(image, wanted)
    except ImageRefused:
        logger.warning("no variants: the stored original cannot be read again", extra={"image": image.pk})
        return
    left_over = _add(image.pk, made)
    files.remove(files.private(), left_over)


def _encode_all(image: Image, jpegs: list[Rendition]) -> list[Rendition]:
    """The variants that came out smaller than their JPEG, stored privately under its stem."""
    if not jpegs:
        return []
    with image.original.open() as file:
        picture = working_copy(open_picture(file)).picture
    focal = FocalPoint(image.focal_x, image.focal_y)
    made: list[Rendition] = []
    for jpeg in jpegs:
        drawn = cut(picture, Target(jpeg["ratio"], jpeg["width"], jpeg["height"]), focal)
        for kind in KINDS:
            content = encode(drawn, kind)
            if len(content) < jpeg["bytes"]:
                name = f"{jpeg['name'].rpartition('.')[0]}.{kind}"
                files.put(files.private(), name, ContentFile(content))
                made.append({**jpeg, "name": name, "format": kind, "bytes": len(content)})
    return made


def _add(image_id: int, made: list[Rendition]) -> list[str]:
    """Add the variants whose JPEG the picture still has; returns the names of the others."""
    with writing():
        image = Image.objects.select_for_update().filter(pk=image_id).first()
        if image is None:
            return [one["name"] for one in made]
        known = {one["name"] for one in all_of(image)}
        stems = {name.rpartition(".")[0] for name in known}
        fresh = [one for one in made if one["name"].rpartition(".")[0] in stems and one["name"] not in known]
        if fresh:
            if image.public_since is not None:
                for one in fresh:
                    copy_out(one["name"])
            image.renditions = [*image.renditions, *fresh]
            image.save(update_fields=["renditions"])
    return [one["name"] for one in made if one["name"].rpartition(".")[0] not in stems]
