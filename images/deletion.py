"""Deleting pictures: only those that nothing uses."""

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from images import files
from images.models import Image
from images.renditions import all_of
from images.uploads import Actor, require
from images.uses import Use, where_used
from outbox import audit, effects
from pagecache.writing import writing


class ImageInUse(Exception):  # noqa: N818 - not a fault: the picture is kept on purpose
    """The picture is used; ``uses`` say where."""

    def __init__(self, image: Image, uses: list[Use]) -> None:
        super().__init__(_("“%(title)s” is in use and was not deleted.") % {"title": image.title})
        self.uses = uses


def delete_image(image: Image, *, actor: Actor) -> None:
    """Delete the picture and, after the commit, its files. Raises ``PermissionDenied`` or ``ImageInUse``."""
    require(actor, "images.delete_image")
    with writing():
        row = Image.objects.select_for_update().get(pk=image.pk)
        uses = where_used(row)
        if uses:
            raise ImageInUse(row, uses)
        audit.record(actor, "deleted", row)
        names = [row.original.name or "", *(made["name"] for made in all_of(row))]
        effects.enqueue(
            files.DISCARD, {"names": [name for name in names if name]}, key=f"deleted:{row.checksum}:{row.pk}"
        )
        try:
            row.delete()
        except ProtectedError:
            raise ImageInUse(row, where_used(row)) from None
