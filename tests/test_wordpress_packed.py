"""Exports packed with gzip move in as they are; what is broken, cut off or made to burst is told in words."""

import gzip
import time
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from syndication.models import Imported
from syndication.wordpress import packed
from syndication.wordpress.packed import opened
from syndication.wordpress.text_stream import NotReadableError
from tests.wordpress import move
from tests.wxr import HEAD, TAIL, export, item, many

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_packed_export_moves_in_as_the_plain_one_does(tmp_path: Path) -> None:
    text = many(range(1, 6))
    report = move(tmp_path, gzip.compress(text.encode()), "export.xml.gz")
    assert report.posts["created"] == 5
    assert move(tmp_path, text).posts["known"] == 5  # whatever it is called, and however it is packed


def test_parts_packed_one_after_the_other_and_a_filled_up_end_are_read(tmp_path: Path) -> None:
    text = export(item(1), item(2)).encode()
    half = len(text) // 2
    data = gzip.compress(text[:half]) + gzip.compress(text[half:]) + b"\0" * 2_000
    assert move(tmp_path, data).posts["created"] == 2


def test_progress_is_told_in_bytes_of_the_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "export.xml.gz"
    path.write_bytes(gzip.compress(many(range(200)).encode()))
    with opened(path) as source:
        while source.read(10_000):
            assert 0 < source.tell() <= path.stat().st_size


@pytest.mark.parametrize("fault", ["cut off", "overwritten"])
def test_a_broken_packed_file_gives_what_stands_whole_and_says_where(tmp_path: Path, fault: str) -> None:
    data = gzip.compress(many(range(1, 1_001)).encode(), compresslevel=1)
    middle = len(data) * 3 // 4
    report = move(tmp_path, data[:middle] + (b"" if fault == "cut off" else b"\xff" * 300))
    assert 100 < report.posts["created"] < 1_000
    assert "breaks off or is broken at line" in report.fault


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x1f\x8b", "broken or empty"),
        (b"\x1f\x8b" + b"no gzip at all" * 20, "broken or empty"),
        (gzip.compress(b"", mtime=0), "broken or empty"),
        (gzip.compress(b" \n", mtime=0), "empty"),
        (gzip.compress(gzip.compress(export(item(1)).encode(), mtime=0), mtime=0), "no XML"),
        (gzip.compress(b"no news", mtime=0), "no XML"),
        (b"PK\x03\x04 an archive", "zip"),
    ],
)
def test_what_holds_no_export_is_refused_in_words(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(NotReadableError, match=why):
        move(tmp_path, data)
    path = tmp_path / "export.xml"
    with pytest.raises(CommandError, match=why):
        call_command("import_wordpress", str(path))
    assert not Imported.objects.exists()


@pytest.mark.parametrize("within", ["a story", "items"])
def test_a_file_made_to_burst_is_refused_early_and_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, within: str
) -> None:
    monkeypatch.setattr(packed, "FREE", 500_000)
    filling = "<item/>" * 150_000 if within == "items" else " " * 60_000_000
    data = gzip.compress((HEAD + item(1) + filling + TAIL).encode())
    del filling
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(NotReadableError, match="unpacks to more than 200 times"):
        move(tmp_path, data)
    assert time.monotonic() - began < 20
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()
    assert not Article.objects.exists()
