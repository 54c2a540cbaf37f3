"""Reading a file that claims to be a picture: what is let in, and the words for what is not.

Every limit here is about files made to hurt: nothing is decoded before its
format, its size in bytes and its size in pixels are known to be harmless.
"""

import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image

FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
"""Formats let in, with the ending of the stored original.

What cameras, telephones, agencies and the web deliver. TIFF is left out on
purpose: its decoder has the longest list of crashes of all, and whoever works
with TIFF can save a JPEG. MPO is a JPEG with further pictures behind it.
"""

MAX_BYTES = 25 * 1024 * 1024
"""More than a camera's JPEG of 40 million pixels at the best quality."""

MAX_PIXELS = 40_000_000
MAX_PIXELS_BY_KIND = {"WEBP": 14_000_000, "AVIF": 14_000_000, "CMYK": 30_000_000}
"""Measured: these decoders hold 16, up to 20 and 9 bytes a pixel at once; all stay under 300 MB this way."""

MAX_ICC_BYTES = 4_000_000
"""Printers' CMYK profiles have 2 MB at most."""

# Pillow's own limit stands behind ours, for pictures inside pictures (frames, icons).
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_FOREIGN = (
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"BM", "BMP"),
    (b"<svg", "SVG"),
    (b"<?xml", "SVG"),
)


class ImageRefused(Exception):  # noqa: N818 - not a fault of ours: the file was turned away
    """The file is not let in; ``str()`` says why, in words for the person who sent it."""


@dataclass(frozen=True)
class Opened:
    """A picture whose header was read and found harmless; its pixels are still packed."""

    pixels: Image.Image
    ending: str
    icc: bytes


def open_picture(file: File[Any] | IO[bytes]) -> Opened:
    """Read the header of ``file``, from its start. Raises ``ImageRefused``."""
    file.seek(0)
    start = file.read(64)
    file.seek(0)
    try:
        picture = Image.open(file, formats=[name for name in FORMATS if name != "MPO"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageRefused(_too_many_pixels(MAX_PIXELS)) from None
    except Exception:  # noqa: BLE001 - whatever a decoder says of a hostile file, the answer is no
        raise ImageRefused(_not_a_picture(start)) from None
    limit = _max_pixels(picture)
    if picture.width * picture.height > limit:
        raise ImageRefused(_too_many_pixels(limit, picture.size))
    if picture.width < 1 or picture.height < 1:
        raise ImageRefused(_not_a_picture(start))
    icc = picture.info.get("icc_profile") or b""
    return Opened(
        pixels=picture,
        ending=FORMATS[picture.format or "JPEG"],
        icc=icc if len(icc) <= MAX_ICC_BYTES else b"",
    )


def _max_pixels(picture: Image.Image) -> int:
    kind = "CMYK" if picture.mode == "CMYK" else picture.format or ""
    return MAX_PIXELS_BY_KIND.get(kind, MAX_PIXELS)


def _too_many_pixels(limit: int, size: tuple[int, int] | None = None) -> str:
    words = {"limit": limit // 1_000_000}
    if size is None:
        return _("The picture unpacks to far too many pixels; at most %(limit)s million are taken.") % words
    words |= {"width": size[0], "height": size[1]}
    return (
        _(
            "The picture is too large: %(width)s × %(height)s pixels. In this format at most %(limit)s million "
            "are taken; save a smaller copy."
        )
        % words
    )


def _not_a_picture(start: bytes) -> str:
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF:
        return _("This is a HEIC photograph, as iPhones take them. Export it as JPEG and upload that.")
    for magic, name in _FOREIGN:
        if start.lstrip().startswith(magic):
            return _(
                "This is a %(format)s file. Newsroom takes JPEG, PNG, WebP, GIF and AVIF: save a copy as JPEG."
            ) % {"format": name}
    return _("This is not a picture that can be read, or its beginning is damaged.")


def damaged() -> str:
    """The words for a picture that broke while it was decoded."""
    return _("The picture is damaged or incomplete: it could not be read to its end.")
