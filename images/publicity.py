"""Which pictures are public: in public storage while a page that readers may see shows them, and no longer.

Rooms that show pictures register in ``public_uses``. A verb that makes
something public calls ``show``; one that takes something away enqueues
``WITHDRAW``. Should no worker run, the media view brings a picture out itself
as soon as a registered room says that a public page shows it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from images import files
from images.models import Image
from outbox import effects
from pagecache.writing import writing

WITHDRAW = "images.withdraw"
"""The effect to enqueue when pictures may have lost their last public page; payload ``{"images": [ids]}``."""

PublicUse = Callable[[set[int]], set[int]]

public_uses: list[PublicUse] = []
"""Each is given ids of pictures and returns those among them that a public page shows at this moment."""


def shown_now(image_ids: Iterable[int]) -> set[int]:
    """Those of the pictures that a public page shows now, as the registered rooms say."""
    asked = set(image_ids)
    found: set[int] = set()
    for use in public_uses:
        if asked - found:
            found |= use(asked - found) & asked
    return found


def show(image_ids: Iterable[int]) -> None:
    """Bring the pictures' renditions into public storage, before this returns. Those there already cost one query."""
    wanted = set(image_ids)
    if not wanted:
        return
    with writing():
        hidden = Image.objects.filter(pk__in=wanted, public_since__isnull=True)
        for image in hidden.select_for_update(no_key=True).order_by("pk"):
            bring_out(image)
            image.public_since = timezone.now()
            image.save(update_fields=["public_since"])


def bring_out(image: Image) -> None:
    """Copy every rendition that public storage lacks."""
    for made in image.renditions:
        copy_out(made["name"])


def copy_out(name: str) -> None:
    """Copy one file from private to public storage, unless it is there."""
    if files.public().exists(name) or not files.private().exists(name):
        return
    with files.private().open(name) as content:
        files.put(files.public(), name, content)


def withdraw_unused(image_ids: Iterable[int]) -> set[int]:
    """Take pictures that no public page shows out of public storage; returns their ids.

    The rows are locked before the rooms are asked: a page published meanwhile
    either is seen here, or finds the picture hidden and brings it out again.
    """
    with writing():
        rows = list(
            Image.objects.filter(pk__in=set(image_ids), public_since__isnull=False).select_for_update().order_by("pk")
        )
        used = shown_now(row.pk for row in rows)
        unused = [row for row in rows if row.pk not in used]
        for image in unused:
            image.public_since = None
            image.save(update_fields=["public_since"])
            files.remove(files.public(), [made["name"] for made in image.renditions])
    return {image.pk for image in unused}


@effects.handler(WITHDRAW)
def withdraw(payload: dict[str, Any], _key: str) -> None:
    """The effect behind ``WITHDRAW``."""
    withdraw_unused(payload["images"])
