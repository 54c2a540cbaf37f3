"""The labelled comments of ``../shared/data/comments`` in halves: the first to learn from, the second to be tested on.

YouTube: each file cut in the middle of its own dates. The other files have no dates. The tutorial comments are cut in
the middle of the file, which keeps articles whole; the toxicity files, two of them sorted by their label or source,
are ordered by a checksum of the text and cut in the middle.
"""

import csv
import html
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DATA = Path(os.environ.get("COMMENTS_DATA", Path(__file__).resolve().parents[2] / "shared" / "data" / "comments"))
VIDEOS = ("Youtube01-Psy", "Youtube02-KatyPerry", "Youtube03-LMFAO")

_ANCHOR = re.compile(r'<a [^>]{0,500}?href="([^"]{0,2000})"[^>]{0,500}>(.*?)</a>', re.DOTALL)
_OWN_PLACE = re.compile(r"[#+]|\d+:\d")

Rows = list[tuple[str, bool]]


@dataclass(frozen=True)
class Halves:
    """Texts with their label, in the order in which they came."""

    first: Rows
    second: Rows


def load(name: str) -> Halves:
    """One of ``SETS``, or one of ``VIDEOS``."""
    return SETS[name]() if name in SETS else _in_order_of_date((name,))


def plain(text: str) -> str:
    """What the writer typed: YouTube's markup taken off, as our form never takes any."""
    text = _ANCHOR.sub(lambda match: match[2] if _OWN_PLACE.match(match[2]) else match[1], text)
    return html.unescape(re.sub(r"</?[a-z][^>]{0,500}>", "", re.sub(r"<br\s*/?>", "\n", text)))


def _youtube() -> Halves:
    return _in_order_of_date(VIDEOS)


def _in_order_of_date(videos: tuple[str, ...]) -> Halves:
    first: list[tuple[str, str, bool]] = []
    second: list[tuple[str, str, bool]] = []
    for video in videos:
        rows = sorted((row["date"], plain(row["text"]), row["spam"] == "1") for row in _rows(f"youtube-spam/{video}"))
        first += rows[: len(rows) // 2]
        second += rows[len(rows) // 2 :]
    return Halves([row[1:] for row in sorted(first)], [row[1:] for row in sorted(second)])


def _tutorials() -> Halves:
    return _cut([(row["text"], row["spam"] == "1") for row in _rows("article-comments-datacamp/comments")])


def _talk() -> Halves:
    return _shuffled([(row["text"], row["toxic_with_context"] == "1") for row in _rows("context-toxicity/cat_small")])


def _surge() -> Halves:
    return _shuffled([(row["text"], row["is_toxic"] == "Toxic") for row in _rows("surge-toxicity/toxicity_en")])


def _news() -> Halves:
    return _shuffled([(row["text"], row["spans"] != "[]") for row in _rows("toxic-spans/tsd_train")])


def _cut(rows: Rows) -> Halves:
    return Halves(rows[: len(rows) // 2], rows[len(rows) // 2 :])


def _shuffled(rows: Rows) -> Halves:
    return _cut(sorted(rows, key=lambda row: (zlib.crc32(row[0].encode()), row[0])))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


SETS: dict[str, Callable[[], Halves]] = {
    "youtube-spam": _youtube,
    "article-comments-datacamp": _tutorials,
    "context-toxicity": _talk,
    "surge-toxicity": _surge,
    "toxic-spans": _news,
}
