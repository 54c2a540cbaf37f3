"""Taking pictures in: the one way a file becomes a row of the library."""

import hashlib
import re
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError
from django.utils.translation import gettext as _

from images import files, variants
from images.cutting import FocalPoint, Target, WorkingCopy, cut, encode, targets, working_copy
from images.models import Image, RenditionName
from images.reading import MAX_BYTES, ImageRefused, open_picture
from images.renditions import Rendition
from outbox import audit
from pagecache.writing import writing

__all__ = ["DuplicateImage", "ImageRefused", "add_image", "make_jpegs", "require"]

Actor = AbstractUser | AnonymousUser | None
"""``None`` is the system: an import, the demo."""

TITLE_LENGTH = 160

_NOT_WORDS = re.compile(r"[\x00-\x1f\x7f_\s-]+")


class DuplicateImage(ImageRefused):
    """The library has this very file already; ``existing`` is its row."""

    def __init__(self, existing: Image) -> None:
        super().__init__(_("This file is in the library already, as “%(title)s”.") % {"title": existing.title})
        self.existing = existing


def require(actor: Actor, permission: str) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` holds ``permission``."""
    if actor is not None and not actor.has_perm(permission):
        raise PermissionDenied(_("You may not do this with pictures."))


def add_image(  # noqa: PLR0913 - the words that come with a picture, all by name
    file: File[Any],
    *,
    actor: Actor,
    title: str = "",
    alt: str = "",
    caption: str = "",
    credit: str = "",
    licence: str = "",
    usable_until: datetime | None = None,
) -> Image:
    """Take a file into the library: checked, drawn anew in every size, nothing of it public.

    Without ``title`` the file's name serves. Raises ``PermissionDenied``;
    ``DuplicateImage`` when the library has this very file; ``ImageRefused``
    with words for the person who sent it. Nothing is left behind in each case.
    """
    require(actor, "images.add_image")
    if not file.size:
        raise ImageRefused(_("The file is empty."))
    if file.size > MAX_BYTES:
        raise ImageRefused(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024 // 1024})
    checksum = _checksum(file)
    existing = _known(checksum)
    if existing is not None:
        raise DuplicateImage(existing)
    opened = open_picture(file)
    copy = working_copy(opened)
    image = Image(
        title=(title.strip() or _title_of(file.name))[: TITLE_LENGTH + 1],
        alt=alt.strip(),
        caption=caption.strip(),
        credit=credit.strip(),
        licence=licence.strip(),
        usable_until=usable_until,
        width=copy.size[0],
        height=copy.size[1],
        bytes=file.size,
        checksum=checksum,
        uploaded_by_id=actor.pk if actor is not None else None,
    )
    _check_words(image)
    image.original.name = f"originals/{files.new_stem()}.{opened.ending}"
    return _store(image, copy, file, actor)


def make_jpegs(copy: WorkingCopy, focal: FocalPoint, only: str = "") -> list[Rendition]:
    """Cut the JPEG set and store it privately; ``only="crops"`` leaves out the uncropped."""
    picture = copy.picture
    wanted = [target for target in targets(picture.size) if only != "crops" or target.ratio != "full"]
    made: list[Rendition] = []
    for target in wanted:
        content = encode(cut(picture, target, focal), "jpeg")
        name = f"{files.new_stem()}.jpg"
        files.put(files.private(), name, ContentFile(content))
        made.append(_described(target, name, len(content)))
    return made


def _described(target: Target, name: str, size: int) -> Rendition:
    return {
        "name": name,
        "width": target.width,
        "height": target.height,
        "ratio": target.ratio,
        "format": "jpeg",
        "bytes": size,
    }


def _store(image: Image, copy: WorkingCopy, file: File[Any], actor: Actor) -> Image:
    """Write files, then the row; without a row there are no files."""
    image.renditions = make_jpegs(copy, FocalPoint())
    file.seek(0)
    original = str(image.original.name)
    names = [original, *(made["name"] for made in image.renditions)]
    try:
        files.put(files.private(), original, file)
        with writing():
            image.save()
            remember_names(image, image.renditions)
            variants.order(image, image.renditions)
            audit.record(actor, "added", image, bytes=image.bytes)
    except IntegrityError:
        files.remove(files.private(), names)
        existing = Image.objects.filter(checksum=image.checksum).first()
        if existing is None:
            raise
        raise DuplicateImage(existing) from None  # somebody sent the same file in the same second
    except BaseException:
        files.remove(files.private(), names)
        raise
    return image


def remember_names(image: Image, made: list[Rendition]) -> None:
    """Note which picture these renditions belong to."""
    RenditionName.objects.bulk_create([RenditionName(stem=one["name"].rpartition(".")[0], image=image) for one in made])


def _known(checksum: str) -> Image | None:
    return Image.objects.filter(checksum=checksum).first()


def _checksum(file: File[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _title_of(name: str | None) -> str:
    words = _NOT_WORDS.sub(" ", PurePath((name or "").replace("\\", "/")).stem).strip()
    return words[:TITLE_LENGTH] or _("Untitled")


def _check_words(image: Image) -> None:
    words = {"title", "alt", "caption", "credit", "licence"}
    for name in words:
        if "\x00" in getattr(image, name):
            raise ImageRefused(_("The words that came with the picture hold characters that are not text."))
    try:
        image.clean_fields(exclude={field.name for field in Image._meta.fields} - words)
    except ValidationError as error:
        messages = [
            f"{Image._meta.get_field(name).verbose_name}: {' '.join(said)}"  # type: ignore[union-attr]
            for name, said in error.message_dict.items()
        ]
        raise ImageRefused(" ".join(messages)) from None
