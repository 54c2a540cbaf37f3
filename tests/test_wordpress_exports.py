"""Other people’s WordPress exports: each is taken in whole, or refused in words; a second time changes nothing."""

import csv
from pathlib import Path
from typing import Any

import pytest

from articles.models import Article, Redirect
from comments.models import Comment
from syndication.models import Imported
from syndication.wordpress.outline import outline_of
from syndication.wordpress.report import READ
from syndication.wordpress.text_stream import NotReadableError
from tests.wordpress import move_file

EXPORTS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "wordpress-exports"
pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason="the collection of exports is not here"),
]

REFUSED = {
    "comment-exports/isso-disqus.xml": "first element is <disqus>",
    "wordpress-importer/malformed.xml": "<notachanneltag> stands where <channel> should",
}
BROKEN_OFF = {"wordpress-importer/malformed-simple.xml": "line 14"}
MENDED = {"ghost-migrate/sample.xml": "ampersands that stand alone"}


def table() -> list[dict[str, Any]]:
    """What each file holds."""
    if not EXPORTS.is_dir():
        return []
    with (EXPORTS / "contents.tsv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


READABLE = [row for row in table() if row["file"] not in REFUSED and row["file"] not in BROKEN_OFF]


@pytest.mark.parametrize("row", READABLE, ids=lambda row: row["file"])
def test_every_export_is_taken_in_with_all_it_holds_and_only_once(row: dict[str, Any]) -> None:
    path = EXPORTS / row["file"]
    with path.open("rb") as file:
        outline = outline_of(file, lambda _at: None)
    outline.close()
    own = set(outline.types) - {"attachment", "nav_menu_item", "page"}
    report = move_file(path, pages="archive", types=frozenset(own))
    assert report.read == {name: int(row[name]) for name in READ}
    assert report.posts["refused"] == 0
    assert report.posts["created"] == Article.objects.count() == sum(outline.types[kind] for kind in {*own, "page"})
    assert Comment.objects.count() == int(row["comments"])
    assert Comment.objects.exclude(answers=None).count() == int(row["replies"])
    assert not report.fault
    assert (row["well_formed"] == "yes") or MENDED[row["file"]] in report.mended
    before = (Article.objects.count(), Comment.objects.count(), Redirect.objects.count(), Imported.objects.count())
    again = move_file(path, pages="archive", types=frozenset(own))
    assert (again.posts["created"], again.posts["known"]) == (0, report.posts["created"])
    assert before == (
        Article.objects.count(),
        Comment.objects.count(),
        Redirect.objects.count(),
        Imported.objects.count(),
    )


@pytest.mark.parametrize(("name", "why"), REFUSED.items())
def test_what_is_no_export_is_refused_in_words_and_nothing_is_written(name: str, why: str) -> None:
    with pytest.raises(NotReadableError, match=why):
        move_file(EXPORTS / name)
    assert not Imported.objects.exists()


@pytest.mark.parametrize(("name", "where"), BROKEN_OFF.items())
def test_a_file_that_breaks_off_says_where(name: str, where: str) -> None:
    report = move_file(EXPORTS / name)
    assert where in report.fault
    assert not Article.objects.exists()  # its only item is not whole
