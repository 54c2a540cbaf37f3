"""The focal point: where the eye should land, which every crop keeps inside."""

import math
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from images import files, publicity, variants
from images.cutting import FocalPoint, working_copy
from images.models import Image, RenditionName
from images.reading import ImageRefused, open_picture
from images.renditions import Rendition, all_of
from images.uploads import Actor, make_jpegs, remember_names, require
from outbox import audit, effects
from pagecache.writing import writing

GRACE = timedelta(hours=1)
"""Pages on their way to readers still name the old crops; after this nobody does."""


def set_focal_point(image: Image, x: float, y: float, *, actor: Actor) -> Image:
    """Cut every crop anew round this point (0 to 1 from the left and from the top), under new names.

    The crops are public at once if the picture is; the old files go an hour
    later. Raises ``PermissionDenied``, or ``ImageRefused`` for a point outside
    the picture or an original that cannot be read any more.
    """
    require(actor, "images.change_image")
    if not all(math.isfinite(part) and 0 <= part <= 1 for part in (x, y)):
        raise ImageRefused(_("The focal point lies outside the picture."))
    crops = _cut_again(image, FocalPoint(x, y))
    with writing():
        row = Image.objects.select_for_update().get(pk=image.pk)
        old = [made["name"] for made in all_of(row) if made["ratio"] != "full"]
        row.renditions = [*(made for made in all_of(row) if made["ratio"] == "full"), *crops]
        row.focal_x, row.focal_y = x, y
        if row.public_since is not None:
            publicity.bring_out(row)
        row.save(update_fields=["renditions", "focal_x", "focal_y"])
        RenditionName.objects.filter(stem__in={name.rpartition(".")[0] for name in old}).delete()
        remember_names(row, crops)
        variants.order(row, crops)
        if old:
            effects.enqueue(files.DISCARD, {"names": old}, key=f"recut:{row.pk}:{old[0]}", due=timezone.now() + GRACE)
        audit.record(actor, "focal point moved", row, x=x, y=y)
    for name in ("renditions", "focal_x", "focal_y", "public_since"):
        setattr(image, name, getattr(row, name))
    return image


def _cut_again(image: Image, focal: FocalPoint) -> list[Rendition]:
    try:
        with image.original.open() as file:
            return make_jpegs(working_copy(open_picture(file)), focal, only="crops")
    except OSError:
        raise ImageRefused(_("The stored original cannot be read; the crops stay as they are.")) from None
