"""The focal point: every crop keeps it in view, and a new one means new names."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage, storages
from django.utils import timezone
from PIL import Image as Pillow

from images import publicity
from images.cutting import FocalPoint, crop_box
from images.focal_point import GRACE, set_focal_point
from images.models import Image, RenditionName
from images.uploads import ImageRefused, add_image
from outbox import effects
from outbox.models import AuditEntry
from pagecache.models import Key
from tests.conftest import Cast
from tests.picture_files import content, quartered, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(db: None) -> Image:
    return add_image(upload(content(quartered((1200, 400)))), actor=None)


def names(image: Image, *, crops: bool) -> set[str]:
    image.refresh_from_db()
    return {made["name"] for made in image.renditions if (made["ratio"] != "full") is crops}


def upper_left(image: Image) -> Any:
    """The colour near the upper left corner of the square crop."""
    name = next(made["name"] for made in image.renditions if made["ratio"] == "1:1" and made["format"] == "jpeg")
    return Pillow.open(io.BytesIO(storages["private"].open(name).read())).getpixel((10, 10))


@pytest.mark.parametrize(
    ("focal", "box"),
    [
        (FocalPoint(0.5, 0.5), (400, 0, 800, 400)),
        (FocalPoint(0, 0), (0, 0, 400, 400)),
        (FocalPoint(1, 1), (800, 0, 1200, 400)),
        (FocalPoint(0.25, 0.9), (100, 0, 500, 400)),
    ],
)
def test_a_crop_is_centred_on_the_focal_point_as_far_as_the_picture_goes(focal: FocalPoint, box: Any) -> None:
    assert crop_box((1200, 400), "1:1", focal) == pytest.approx(box)
    assert crop_box((1200, 400), "full", focal) == (0, 0, 1200, 400)


def test_moving_it_cuts_the_crops_anew(image: Image, cast: Cast) -> None:
    assert upper_left(image)[0] > 200, "red"
    whole, crops = names(image, crops=False), names(image, crops=True)
    set_focal_point(image, 1.0, 0.5, actor=cast.editor)
    assert (image.focal_x, image.focal_y) == (1.0, 0.5)
    assert upper_left(image)[0] < 60, "green"
    assert names(image, crops=False) == whole, "what was not cut keeps its name"
    assert not names(image, crops=True) & crops
    assert len(image.renditions) <= 6
    stems = {name.rpartition(".")[0] for name in names(image, crops=True) | whole}
    assert set(RenditionName.objects.filter(image=image).values_list("stem", flat=True)) == stems
    assert AuditEntry.objects.filter(verb="focal point moved", actor=cast.editor).exists()


def test_crops_of_a_public_picture_are_public_at_once_and_the_old_ones_go_an_hour_later(image: Image) -> None:
    publicity.show([image.pk])
    old = names(image, crops=True)
    before = Key.objects.get(name=f"image:{image.pk}").version
    set_focal_point(image, 0.1, 0.1, actor=None)
    assert Key.objects.get(name=f"image:{image.pk}").version > before
    assert all(default_storage.exists(name) for name in names(image, crops=True) | old)
    effects.run_due()
    assert all(default_storage.exists(name) for name in old), "pages on their way still name them"
    with time_machine.travel(timezone.now() + GRACE + timedelta(seconds=1), tick=False):
        effects.run_due()
    assert not any(default_storage.exists(name) or storages["private"].exists(name) for name in old)
    assert all(default_storage.exists(name) for name in names(image, crops=True))


def test_crops_of_a_hidden_picture_stay_hidden(image: Image) -> None:
    set_focal_point(image, 0.1, 0.1, actor=None)
    assert not any(default_storage.exists(name) for name in names(image, crops=True))


@pytest.mark.parametrize("x", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_point_outside_the_picture_is_refused(image: Image, x: float) -> None:
    crops = names(image, crops=True)
    with pytest.raises(ImageRefused):
        set_focal_point(image, x, 0.5, actor=None)
    assert names(image, crops=True) == crops


def test_only_who_may_change_pictures_moves_it(image: Image, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        set_focal_point(image, 0.1, 0.1, actor=cast.moderator)
    set_focal_point(image, 0.1, 0.1, actor=cast.contributor)


def test_a_lost_original_leaves_everything_as_it_is(image: Image) -> None:
    crops = names(image, crops=True)
    storages["private"].delete(str(image.original))
    with pytest.raises(ImageRefused, match="original"):
        set_focal_point(image, 0.1, 0.1, actor=None)
    assert names(image, crops=True) == crops
