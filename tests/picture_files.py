"""Picture files drawn for tests, small ones and hostile ones."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from PIL import ImageDraw

SECRET = b"<?php system($_GET['c']); ?>"
"""A payload that must not survive."""


def drawn(size: tuple[int, int] = (90, 60), mode: str = "RGB", colour: Any = None) -> Pillow.Image:
    """A plain picture; ``colour`` is a dark blue unless given."""
    plain: dict[str, Any] = {"RGB": (20, 60, 120), "RGBA": (20, 60, 120, 255), "CMYK": (200, 120, 20, 60), "L": 90}
    return Pillow.new(mode, size, plain.get(mode, 0) if colour is None else colour)


def quartered(size: tuple[int, int] = (400, 200)) -> Pillow.Image:
    """Red, green, blue and yellow quarters, in reading order: shows which way is up."""
    picture = Pillow.new("RGB", size, "red")
    width, height = size
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=(0, 128, 0))
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill="blue")
    draw.rectangle((width // 2, height // 2, width, height), fill="yellow")
    return picture


def content(picture: Pillow.Image | None = None, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as the bytes of a file."""
    buffer = io.BytesIO()
    (picture or drawn()).save(buffer, kind, **options)
    return buffer.getvalue()


def upload(data: bytes | None = None, name: str = "harbour.jpg") -> SimpleUploadedFile:
    """What a form hands over."""
    return SimpleUploadedFile(name, content() if data is None else data)


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to ``width`` × ``height`` pixels."""
    packer = zlib.compressobj(9)
    row = b"\x00" * (width // 8 + 2)
    rows = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_metadata() -> bytes:
    """A JPEG that knows where it was taken, by whom, and carries a comment."""
    exif = Pillow.Exif()
    exif[0x013B] = "Greta Geheim"
    exif[0x010E] = "taken at the hideout"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 12.0, 30.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>Greta Geheim</creator></x:xmpmeta>"
    return content(quartered(), exif=exif.tobytes(), xmp=xmp, comment=b"shot by Greta Geheim")
