"""Pictures of the site: found by number or address, taken into the library once, from a folder or over the network."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from images.models import Image
from images.reading import MAX_BYTES, open_picture
from images.uploads import DuplicateImage, ImageRefused, add_image
from outbox.fetching import FetchRefused, fetch
from pagecache.writing import writing
from syndication.models import Imported
from syndication.text import shortened
from syndication.wordpress.outline import Attachment, Outline, without_scheme
from syndication.wordpress.words import plain

SECONDS = 30
"""For one picture, from the look-up of its host to its last byte."""

REHEARSED = 2**62
"""The number of a picture in a dry run: no row has it."""

REMEMBERED = 20_000

_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w{2,5}$)")
_SCALED = re.compile(r"-(?:scaled|rotated|e\d{10,13})(?=\.\w{2,5}$)")
_UPLOADS = "wp-content/uploads/"


class NotThereError(Exception):
    """There is no file for this picture; the message says where it was looked for."""


Opener = Callable[[str], File[bytes]]
"""Opens the file of an address without scheme. Raises ``NotThereError`` or ``FetchRefused``."""


def from_folder(folder: Path) -> Opener:
    """Files of a copy of ``wp-content/uploads``, or of anything that holds one; nothing outside of it is opened."""
    root = folder.resolve()

    def open_file(address: str) -> File[bytes]:
        path = unquote(address)
        _site, _mark, below = path.partition(_UPLOADS)
        wanted = [below] if below else []
        wanted += [path.partition("/")[2], path.rpartition("/")[2]]
        for name in [*wanted, *(_SIZE.sub("", one) for one in wanted), *(_SCALED.sub("", one) for one in wanted)]:
            for place in (root / name, root / _UPLOADS / name):
                found = _within(place, root) if name and "\0" not in name else None
                if found is not None:
                    return ContentFile(found.read_bytes(), name=found.name)
        raise NotThereError(_("There is no such file in the folder."))

    return open_file


def over_the_network(address: str) -> File[bytes]:
    """The picture from its public address, within limits of time and size."""
    try:
        found = fetch(f"https://{address}", max_bytes=MAX_BYTES, seconds=SECONDS)
    except FetchRefused:
        found = fetch(f"http://{address}", max_bytes=MAX_BYTES, seconds=SECONDS)  # many an old site never had more
    return File(BytesIO(found.body), name=unquote(address).rpartition("/")[2])


def not_at_all(address: str) -> File[bytes]:
    """Nobody said where the pictures are."""
    raise NotThereError(_("Pictures were left out: give their folder with --media, or --fetch-media."))


def _within(place: Path, root: Path) -> Path | None:
    try:
        found = place.resolve()
        inside = found.is_relative_to(root) and found.is_file() and found.stat().st_size <= MAX_BYTES
    except (OSError, ValueError, RuntimeError):
        return None
    return found if inside else None


@dataclass
class Library:
    """The export's pictures in our library."""

    outline: Outline
    site: str
    open_file: Opener
    rehearsal: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)
    """Why a picture is missing, by address; read and emptied by whoever reports on an article."""

    known: dict[str, int | None] = field(default_factory=dict)

    def by_number(self, number: int) -> int | None:
        """Our id for an attachment's number; ``None`` where it cannot be taken in."""
        found = self.outline.attachment(str(number))
        return self._ours(found) if found else None

    def by_address(self, url: str, number: int | None, alt: str) -> int | None:
        """Our id for the picture at ``url``; ``number`` is its attachment's, if the text says so."""
        address = without_scheme(f"https:{url}" if url.startswith("//") else url)
        if address.startswith("/"):
            address = f"{self.outline.site.partition('/')[0]}{address}"
        whole = _SIZE.sub("", address)
        found = self.outline.attachment_at(address) or self.outline.attachment_at(whole)
        if found is None and number is not None:
            found = self.outline.attachment(str(number))
        found = found or Attachment("", whole)
        return self._ours(replace(found, alt=found.alt or alt))

    def _ours(self, wanted: Attachment) -> int | None:
        key = wanted.number or hashlib.sha256(wanted.url.encode("utf-8", "replace")).hexdigest()
        if key not in self.known:
            if len(self.known) > REMEMBERED:
                self.known.clear()
            self.known[key] = self._stored(key) or self._taken(key, wanted)
        return self.known[key]

    def _stored(self, key: str) -> int | None:
        found = Imported.objects.filter(site=self.site, kind=Imported.Kind.PICTURE, source=key).first()
        if found is None or not Image.objects.filter(pk=found.object_id).exists():
            return None
        self.counts["known"] += 1
        return found.object_id

    def _taken(self, key: str, wanted: Attachment) -> int | None:
        try:
            image_id = self._take_in(wanted)
        except (NotThereError, FetchRefused, ImageRefused) as problem:
            self.counts["refused" if isinstance(problem, ImageRefused) else "missing"] += 1
            if self.open_file is not not_at_all:
                self.problems[wanted.url[:300]] = str(problem)
            return None
        if not self.rehearsal:
            with writing():
                made = {"object_id": image_id}
                Imported.objects.update_or_create(site=self.site, kind=Imported.Kind.PICTURE, source=key, defaults=made)
        return image_id

    def _take_in(self, wanted: Attachment) -> int:
        with self.open_file(wanted.url) as file:
            if self.rehearsal:
                open_picture(file)
                self.counts["taken"] += 1
                return REHEARSED
            try:
                image = add_image(
                    file,
                    actor=None,
                    title=shortened(plain(wanted.title), 160),
                    alt=shortened(plain(wanted.alt), 300),
                    caption=shortened(plain(wanted.caption), 400),
                    credit=shortened(plain(wanted.credit), 160),
                )
            except DuplicateImage as twin:
                self.counts["known"] += 1
                return twin.existing.pk
        self.counts["taken"] += 1
        return image.pk
