"""Deleting pictures: only those that nothing uses. Their files stay in private storage until they go for good."""

from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from images import files
from images.models import Image
from images.renditions import all_of
from images.uploads import Actor, require
from images.uses import Use, where_used
from outbox import effects
from wastebin import bin  # noqa: A004 - nothing here counts in binary
from wastebin.kinds import BinKind, register
from wastebin.models import Binned

TAKE_IN = "images.take_in"


class ImageInUse(Exception):  # noqa: N818 - not a fault: the picture is kept on purpose
    """The picture is used; ``uses`` say where."""

    def __init__(self, image: Image, uses: list[Use]) -> None:
        super().__init__(_("“%(title)s” is in use and was not deleted.") % {"title": image.title})
        self.uses = uses


def delete_image(image: Image, *, actor: Actor) -> Binned:
    """Put the picture into the bin; it is public no more. Raises ``PermissionDenied`` or ``ImageInUse``."""
    require(actor, "images.delete_image")
    try:
        return bin.put(image, actor=actor)
    except (bin.HeldError, ProtectedError):
        raise ImageInUse(image, where_used(image)) from None


def register_kind() -> None:
    """Let pictures go into the bin."""
    register(BinKind(Image, leaving=_leaving, for_good=_for_good))


def _leaving(image: Image, actor: Actor) -> None:
    """Refuse one that is used, by a draft too; take the files in, as what is in the bin is not public."""
    uses = where_used(image)
    if uses:
        raise ImageInUse(image, uses)
    image.public_since = None
    image.save(update_fields=["public_since"])
    key = f"binned:{image.pk}:{timezone.now().isoformat()}"
    effects.enqueue(TAKE_IN, {"image": image.pk, "names": [made["name"] for made in all_of(image)]}, key=key)


@effects.handler(TAKE_IN, outside=True)
def take_in(payload: dict[str, Any], _key: str) -> None:
    """The effect that leaves a picture's files in private storage only, unless it is back and public again."""
    if not Image.objects.filter(pk=payload["image"], public_since__isnull=False).exists():
        files.remove(files.public(), payload["names"])


def _for_good(binned: Binned) -> None:
    """The files follow after the commit."""
    columns = next(row["fields"] for row in binned.rows if row["model"] == binned.object_type)
    names = [columns["original"] or "", *(made["name"] for made in columns["renditions"])]
    key = f"deleted:{columns['checksum']}:{binned.object_id}"
    effects.enqueue(files.DISCARD, {"names": [name for name in names if name]}, key=key)
