"""Pixels: from an opened picture to the JPEG, WebP and AVIF files readers get. Knows nothing of rows or storage.

What comes out was drawn anew from pixels: no byte of the file that came in,
neither metadata nor a payload behind the picture, can be in it.
"""

import io
import math
import threading
from dataclasses import dataclass
from typing import NamedTuple

from PIL import ExifTags, Image, ImageCms

from images.reading import ImageRefused, Opened, damaged

RATIOS = {"3:2": 3 / 2, "1:1": 1.0, "1.91:1": 1200 / 630}
"""Crops, width by height: cards and lead pictures, portraits, and what social networks show."""

SHAPES = (
    ("full", 640),  # body on telephones, galleries
    ("full", 1600),  # body, wide
    ("3:2", 480),  # cards
    ("3:2", 1280),  # lead picture
    ("1:1", 320),  # portraits
    ("1.91:1", 1200),  # social networks, and the wide strip above a section
)
"""The JPEG set: ratio and width in pixels; a smaller original gives smaller ones, nothing is enlarged."""

LONGEST = 4
"""An uncropped picture gets at most this many times as tall as its shape is wide."""

SPARE = 1.5
"""The picture is first shrunk by whole numbers to no less than this much of what the shapes need."""

MUCH = 25_000_000
"""From here on a picture is halved at least, so that two copies of it never stand in memory."""

BAND = 256
"""Rows converted at a time."""

_QUALITY = {
    "jpeg": {"quality": 82, "optimize": True, "progressive": True},
    "webp": {"quality": 78, "method": 3},
    "avif": {"quality": 58, "speed": 8},
}

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_one_at_a_time = threading.Lock()


class Target(NamedTuple):
    """One rendition to be cut, and its size in pixels."""

    ratio: str
    width: int
    height: int


@dataclass(frozen=True)
class FocalPoint:
    """Where the eye should land, as parts of width and height from the upper left corner."""

    x: float = 0.5
    y: float = 0.5


class WorkingCopy(NamedTuple):
    """A picture as upright sRGB without metadata, as large as the shapes need; ``size`` is that of the original."""

    picture: Image.Image
    size: tuple[int, int]


def working_copy(opened: Opened) -> WorkingCopy:
    """Decode the picture. Raises ``ImageRefused``.

    One at a time in a process: two large pictures decoded at once would double the memory.
    """
    try:
        with _one_at_a_time:
            return _decoded(opened)
    except Exception:  # noqa: BLE001 - decoders raise anything at all; the file is refused in every case
        raise ImageRefused(damaged()) from None


def targets(size: tuple[int, int]) -> list[Target]:
    """The renditions a picture of this size gets, at most ``len(SHAPES)``, no two alike."""
    found: dict[Target, None] = {}
    for ratio, wanted in SHAPES:
        left, upper, right, lower = crop_box(size, ratio, FocalPoint())
        width, height = right - left, lower - upper
        scale = min(1.0, wanted / width, LONGEST * wanted / height)
        found[Target(ratio, max(1, round(width * scale)), max(1, round(height * scale)))] = None
    return list(found)


def crop_box(size: tuple[int, int], ratio: str, focal: FocalPoint) -> tuple[float, float, float, float]:
    """The largest part of the picture with this ratio, as near to being centred on the focal point as fits."""
    width, height = size
    if ratio == "full":
        return (0, 0, width, height)
    proportion = RATIOS[ratio]
    across, down = min(width, height * proportion), min(height, width / proportion)
    left = min(max(focal.x * width - across / 2, 0), width - across)
    upper = min(max(focal.y * height - down / 2, 0), height - down)
    return (left, upper, left + across, upper + down)


def cut(picture: Image.Image, target: Target, focal: FocalPoint) -> Image.Image:
    """One rendition of the working copy."""
    box = crop_box(picture.size, target.ratio, focal)
    return picture.resize((target.width, target.height), Image.Resampling.LANCZOS, box=box)


def encode(picture: Image.Image, kind: str) -> bytes:
    """The bytes of a file, without metadata; ``kind`` is ``"jpeg"``, ``"webp"`` or ``"avif"``."""
    buffer = io.BytesIO()
    picture.save(buffer, kind.upper(), **_QUALITY[kind])
    return buffer.getvalue()


def _decoded(opened: Opened) -> WorkingCopy:
    packed = opened.pixels
    if packed.format == "PNG":
        packed.load()  # its orientation may stand behind the pixels
    orientation = _orientation(packed)
    lying = orientation >= 5  # noqa: PLR2004 - 5 to 8 are the quarter turns
    size = (packed.height, packed.width) if lying else packed.size
    small = _shrunk(packed, _shape_scale(size))
    return WorkingCopy(_upright(_srgb(small, opened.icc), orientation), size)


def _orientation(packed: Image.Image) -> int:
    """EXIF's number from 1 to 8."""
    try:
        number = packed.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - broken metadata is no reason to refuse a good picture
        return 1
    return number if isinstance(number, int) and 1 <= number <= 8 else 1  # noqa: PLR2004 - EXIF's own range


def _shape_scale(size: tuple[int, int]) -> float:
    """How much of the picture's size the most demanding shape needs, 1 at most."""
    scales = []
    for target in targets(size):
        left, upper, right, lower = crop_box(size, target.ratio, FocalPoint())
        scales.append(max(target.width / (right - left), target.height / (lower - upper)))
    return min(1.0, max(scales))


def _shrunk(packed: Image.Image, scale: float) -> Image.Image:
    """Decode, and shrink by a whole number, band by band: one full-size copy in memory, never two."""
    least = [math.ceil(side * scale) for side in packed.size]
    packed.draft(None, (least[0], least[1]))  # JPEG decodes straight to a half, a quarter or an eighth
    packed.load()
    width, height = packed.size
    factor = max(1, min(int(width / (least[0] * SPARE)), int(height / (least[1] * SPARE))))
    if width * height > MUCH:
        factor = max(factor, 2)
    mode = _flat(packed.crop((0, 0, 1, 1))).mode
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = BAND * factor
    for top in range(0, height, rows):
        band = _flat(packed.crop((0, top, width, min(top + rows, height))))
        small.paste(band.reduce(factor) if factor > 1 else band, (0, top // factor))
    return small


def _flat(picture: Image.Image) -> Image.Image:
    """The same pixels as 8-bit grey, RGB or CMYK; what was transparent becomes white."""
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    if picture.mode in {"L", "RGB", "CMYK"}:
        return picture
    if picture.mode.startswith("I"):  # 16 bits a pixel, whatever the byte order
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _srgb(picture: Image.Image, icc: bytes) -> Image.Image:
    """Colours as the profile meant them, in the space every screen assumes."""
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            made = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            made = None  # a broken or foreign profile: the plain conversion is close enough
        if made is not None:
            return _bare(made)
    return _bare(picture.convert("RGB"))


def _bare(picture: Image.Image) -> Image.Image:
    picture.info = {}  # encoders write what they find here
    return picture


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    method = _UPRIGHT.get(orientation)
    return picture if method is None else picture.transpose(method)
