"""Taking pictures in: what is let in, what is refused in words, and what is made of them."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage, storages
from django.utils import timezone
from PIL import Image as Pillow
from PIL import ImageCms

from images import cutting, reading
from images.models import Image, RenditionName
from images.uploads import DuplicateImage, ImageRefused, add_image
from outbox.models import AuditEntry, Effect
from tests import picture_files
from tests.conftest import Cast
from tests.picture_files import SECRET, content, drawn, quartered, upload

pytestmark = pytest.mark.django_db

NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}\.jpg")


def add(data: bytes, name: str = "harbour.jpg", **words: Any) -> Image:
    return add_image(upload(data, name), actor=None, **words)


def rendition(image: Image, ratio: str = "full", width: int | None = None) -> Pillow.Image:
    """The widest JPEG of a ratio, or the one of a width, decoded."""
    made = [one for one in image.renditions if one["ratio"] == ratio and width in {None, one["width"]}]
    return Pillow.open(io.BytesIO(stored(max(made, key=lambda one: one["width"])["name"])))


def stored(name: str) -> bytes:
    with storages["private"].open(name) as file:
        return bytes(file.read())


def near(pixel: Any, colour: tuple[int, int, int], tolerance: int = 12) -> bool:
    return all(abs(is_ - should) <= tolerance for is_, should in zip(pixel, colour, strict=True))


def refusal(data: bytes, name: str = "x.jpg", **words: Any) -> str:
    with pytest.raises(ImageRefused) as refused:
        add(data, name, **words)
    assert not Image.objects.exists()
    assert not Effect.objects.exists()
    return str(refused.value)


def test_a_picture_becomes_a_row_with_six_private_jpegs(cast: Cast) -> None:
    until = timezone.now() + timedelta(days=3)
    image = add_image(
        upload(content(drawn((2400, 1600))), "Harbour_at-dawn.JPG"),
        actor=cast.editor,
        alt="Boats",
        credit="A. Photographer",
        licence="Once",
        usable_until=until,
    )
    image.refresh_from_db()
    assert (image.title, image.alt, image.credit, image.licence) == (
        "Harbour at dawn",
        "Boats",
        "A. Photographer",
        "Once",
    )
    assert (image.width, image.height, image.uploaded_by, image.usable_until) == (2400, 1600, cast.editor, until)
    sizes = [(made["ratio"], made["width"], made["height"]) for made in image.renditions]
    assert sizes == [
        ("full", 640, 427),
        ("full", 1600, 1067),
        ("3:2", 480, 320),
        ("3:2", 1280, 853),
        ("1:1", 320, 320),
        ("1.91:1", 1200, 630),
    ]
    for made in image.renditions:
        assert NAME.fullmatch(made["name"])
        assert made["format"] == "jpeg"
        assert made["bytes"] == len(stored(made["name"]))
        assert rendition(image, made["ratio"], made["width"]).size == (made["width"], made["height"])
        assert not default_storage.exists(made["name"])
    assert image.public_since is None
    assert len({made["name"] for made in image.renditions}) == 6
    assert RenditionName.objects.filter(image=image).count() == 6


def test_the_original_is_kept_byte_for_byte_and_private() -> None:
    data = content(quartered())
    image = add(data)
    assert stored(str(image.original)) == data
    assert not default_storage.exists(str(image.original))
    assert image.bytes == len(data)


def test_adding_leaves_an_audit_row_and_an_order_for_modern_formats(cast: Cast) -> None:
    image = add_image(upload(), actor=cast.editor)
    entry = AuditEntry.objects.get(object_id=str(image.pk), verb="added")
    assert entry.actor == cast.editor
    assert Effect.objects.get().payload["image"] == image.pk


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_five_formats_are_taken(kind: str) -> None:
    image = add(content(quartered(), kind), "lying-name.txt")
    assert near(rendition(image).getpixel((50, 25)), (255, 0, 0), 20)
    assert str(image.original).endswith(reading.FORMATS[kind])


def test_the_same_file_again_is_said_to_be_in_the_library() -> None:
    first = add(content(), title="The harbour")
    with pytest.raises(DuplicateImage) as again:
        add(content(), "another-name.jpg")
    assert again.value.existing == first
    assert "The harbour" in str(again.value)
    assert Image.objects.count() == 1


def test_the_same_file_sent_twice_in_one_second_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    first = add(content())
    files = _everything_stored()
    # The look-up comes too early to see the other request's row: only the database can tell.
    monkeypatch.setattr("images.uploads._known", lambda _checksum: None)
    with pytest.raises(DuplicateImage) as again:
        add(content())
    assert again.value.existing == first
    assert _everything_stored() == files


def _everything_stored(folder: str = "") -> set[str]:
    folders, files = storages["private"].listdir(folder)
    found = {f"{folder}/{name}" for name in files}
    for inner in folders:
        found |= _everything_stored(f"{folder}/{inner}" if folder else inner)
    return found


def test_only_who_may_add_pictures_adds_them(cast: Cast) -> None:
    for nobody in (cast.moderator, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            add_image(upload(), actor=nobody)
    assert not Image.objects.exists()
    assert add_image(upload(), actor=cast.contributor).pk


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello, this is a text", "not a picture"),
        (b"II*\x00" + b"\x00" * 60, "TIFF"),
        (b"MM\x00*" + b"\x00" * 60, "TIFF"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60, "HEIC"),
        (b"%PDF-1.7" + b"\x00" * 60, "PDF"),
        (b"8BPS" + b"\x00" * 60, "Photoshop"),
        (b"BM" + b"\x00" * 60, "BMP"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (content()[:300], "damaged"),
        (content(quartered(), "PNG")[:-40], "damaged"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_true_tiff_is_refused_with_advice() -> None:
    assert "save a copy as JPEG" in refusal(content(quartered(), "TIFF"), "scan.tif")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("images.uploads.MAX_BYTES", 1024 * 1024)
    assert "larger than 1 MB" in refusal(content() + b"\x00" * 1024 * 1024)


def test_a_bomb_is_refused_by_its_header() -> None:
    bomb = picture_files.png_bomb(9_000, 8_000)
    assert len(bomb) < 100_000
    assert "40 million" in refusal(bomb)


def test_forty_million_pixels_are_the_limit() -> None:
    assert "40 million" in refusal(picture_files.png_bomb(8_001, 5_000))
    assert add(picture_files.png_bomb(8_000, 5_000)).width == 8_000


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_formats_that_unpack_wastefully_have_a_lower_limit(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reading.MAX_PIXELS_BY_KIND, kind, 79_999)
    assert "too large" in refusal(content(quartered((400, 200)), kind))


def test_words_that_are_too_long_are_refused_and_nothing_is_kept() -> None:
    assert "alternative text" in refusal(content(), alt="x" * 301)
    assert "title" in refusal(content(), title="x" * 161)
    assert "not text" in refusal(content(), caption="a\x00b")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd.jpg", "passwd"),
        ("C:\\pictures\\my_cat.jpg", "my cat"),
        ("<script>alert(1)</script>.jpg", "script>"),
        (".jpg", ".jpg"),
        ("x" * 250 + ".jpg", "x" * 160),
        ("\u202egpj.exe", "\u202egpj"),
    ],
)
def test_a_file_name_only_ever_becomes_a_title(name: str, title: str) -> None:
    image = add_image(_named(name), actor=None)
    assert image.title == title
    assert str(image.original).startswith("originals/")
    assert re.fullmatch(r"originals/[0-9a-f]{2}/[0-9a-f]{32}\.jpg", str(image.original))


def _named(name: str) -> Any:
    file = upload(content(drawn(colour=(len(name) % 250, 3, 9))))
    file.__dict__["_name"] = name  # as an import would hand it over, not cleaned by the form
    return file


@pytest.mark.parametrize("number", range(1, 9))
def test_a_picture_is_turned_upright(number: int) -> None:
    upright = quartered()
    stored_as = {
        1: None,
        2: Pillow.Transpose.FLIP_LEFT_RIGHT,
        3: Pillow.Transpose.ROTATE_180,
        4: Pillow.Transpose.FLIP_TOP_BOTTOM,
        5: Pillow.Transpose.TRANSPOSE,
        6: Pillow.Transpose.ROTATE_90,
        7: Pillow.Transpose.TRANSVERSE,
        8: Pillow.Transpose.ROTATE_270,
    }[number]
    lying = upright if stored_as is None else upright.transpose(stored_as)
    exif = Pillow.Exif()
    exif[0x0112] = number
    image = add(content(lying, quality=95, exif=exif.tobytes()))
    assert (image.width, image.height) == (400, 200)
    made = rendition(image)
    assert near(made.getpixel((60, 40)), (255, 0, 0), 30)
    assert near(made.getpixel((340, 40)), (0, 128, 0), 30)
    assert near(made.getpixel((60, 160)), (0, 0, 255), 30)


@pytest.mark.parametrize(
    ("picture", "kind", "colour"),
    [
        (drawn(mode="RGBA", colour=(255, 0, 0, 0)), "PNG", (255, 255, 255)),
        (drawn(mode="RGBA", colour=(255, 0, 0, 128)), "PNG", (255, 127, 127)),
        (drawn(mode="LA", colour=(0, 0)), "PNG", (255, 255, 255)),
        (drawn(mode="RGBA", colour=(255, 0, 0, 255)).quantize(8), "PNG", (255, 0, 0)),
        (drawn(mode="L", colour=90), "JPEG", (90, 90, 90)),
        (drawn(mode="1", colour=1), "PNG", (255, 255, 255)),
        (drawn(mode="I;16", colour=40_000), "PNG", (156, 156, 156)),
        (drawn(mode="CMYK", colour=(0, 255, 255, 0)), "JPEG", (255, 0, 0)),
    ],
)
def test_every_way_to_store_colours_becomes_plain_rgb(
    picture: Pillow.Image, kind: str, colour: tuple[int, int, int]
) -> None:
    made = rendition(add(content(picture, kind)))
    assert made.mode == "RGB"
    assert near(made.getpixel((30, 30)), colour)


def test_transparency_named_by_a_palette_index_becomes_white() -> None:
    picture = drawn(mode="P", colour=5)
    picture.putpalette([10, 20, 30] * 256)
    assert near(rendition(add(content(picture, "GIF", transparency=5))).getpixel((30, 30)), (255, 255, 255))


def test_a_colour_profile_is_honoured_and_dropped() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    broken = add(content(drawn(colour=(1, 2, 200)), icc_profile=profile[:100]))
    assert near(rendition(broken).getpixel((9, 9)), (1, 2, 200))
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = add(content(drawn(colour=(200, 50, 50)), icc_profile=grey))
    assert near(rendition(image).getpixel((9, 9)), (200, 50, 50))
    assert "icc_profile" not in rendition(image).info


def test_an_animation_gives_its_first_frame() -> None:
    frames = [drawn(colour=(0, 0, 255)), drawn(colour=(255, 0, 0))]
    for kind in ("GIF", "WEBP", "PNG"):
        data = content(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        assert near(rendition(add(data)).getpixel((9, 9)), (0, 0, 255), 20)


def test_metadata_never_reaches_a_rendition() -> None:
    data = picture_files.with_metadata()
    assert Pillow.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
    for trace in (b"Greta Geheim", b"hideout", b"Exif", b"xmpmeta"):
        assert trace in data, "the control: the original has it"
    image = add(data)
    for made in image.renditions:
        written = stored(made["name"])
        assert not dict(Pillow.open(io.BytesIO(written)).getexif())
        for trace in (b"Greta", b"hideout", b"Exif", b"xmpmeta", b"Photoshop", b"ICC_PROFILE"):
            assert trace not in written


@pytest.mark.parametrize(
    "data",
    [
        content() + SECRET,
        content(comment=SECRET),
        content(quartered(), "PNG") + SECRET,
        content(quartered(), "GIF", comment=SECRET),
        content(quartered(), "WEBP", xmp=SECRET),
    ],
)
def test_a_payload_inside_a_picture_does_not_survive(data: bytes) -> None:
    assert SECRET in data, "the control: the original has it"
    image = add(data)
    assert all(SECRET not in stored(made["name"]) for made in image.renditions)
    assert all(b"<?php" not in stored(made["name"]) for made in image.renditions)


def test_nothing_is_enlarged_and_no_two_renditions_are_alike() -> None:
    image = add(content(quartered((400, 200))))
    sizes = [(made["ratio"], made["width"], made["height"]) for made in image.renditions]
    assert sizes == [("full", 400, 200), ("3:2", 300, 200), ("1:1", 200, 200), ("1.91:1", 381, 200)]


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 7)])
def test_the_oddest_shapes_are_cut_without_complaint(size: tuple[int, int]) -> None:
    image = add(content(drawn(size), "PNG"))
    assert 1 <= len(image.renditions) <= 6
    assert all(made["width"] >= 1 and made["height"] >= 1 for made in image.renditions)


def test_a_set_never_has_more_than_six() -> None:
    for size in [(1, 1), (640, 640), (1600, 1067), (7000, 5000), (5000, 300)]:
        assert len(cutting.targets(size)) <= 6


def test_nothing_is_left_behind_when_the_row_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _everything_stored()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("images.uploads.audit.record", fail)
    with pytest.raises(RuntimeError):
        add(content())
    assert _everything_stored() == before
    assert not Image.objects.exists()
