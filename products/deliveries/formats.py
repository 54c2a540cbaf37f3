"""The formats that are read, each by an adapter of its own."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from outbox.fetching import FetchRefused, unpacked
from products.deliveries.csv_lists import csv_sheet
from products.deliveries.sheet import MOST_BYTES, Sheet, Unreadable
from products.deliveries.xml_feeds import xml_sheet

GZIP = b"\x1f\x8b"

Adapter = Callable[[bytes], Sheet]
"""Reads one format. Raises ``Unreadable``, in words, rather than anything else."""

ADAPTERS: dict[str, Adapter] = {"csv": csv_sheet, "xml": xml_sheet}
"""By the name of the format; one more is one more entry."""


def read(content: bytes, kind: str = "") -> Sheet:
    """The list in ``content``, gzipped or not; its format is seen by its first sign unless ``kind`` names it."""
    if content.startswith(GZIP):
        try:
            content = unpacked(content, max_bytes=MOST_BYTES)
        except FetchRefused as refused:
            raise Unreadable(str(refused)) from None
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The list is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    if not content.strip():
        raise Unreadable(_("The list is empty."))
    looks = "xml" if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "csv"
    return ADAPTERS[kind or looks](content)
