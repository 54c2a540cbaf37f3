"""Importing: every line becomes an article once, or is refused with its reason."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Section, Tag
from people.models import Author

GOOD = {
    "id": "a-1",
    "title": "Ferry returns",
    "body": "It is back.\n\nTwice a day.",
    "section": "City",
    "tags": ["ferry", "Ferry", "harbour"],
    "published": "2024-05-01",
    "authors": ["Ines Maren"],
    "source": "Northline",
}


def run(tmp_path: Path, *records: Any, **options: Any) -> tuple[str, str, bool]:
    """Output, errors, and whether it failed."""
    file = tmp_path / "in.jsonl"
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    file.write_bytes(b"\n".join(lines) + b"\n")
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", str(file), stdout=out, stderr=err, **options)
    except CommandError:
        return out.getvalue(), err.getvalue(), True
    return out.getvalue(), err.getvalue(), False


@pytest.mark.django_db
def test_a_line_becomes_a_public_article_with_everything_it_names(tmp_path: Path) -> None:
    out, _err, failed = run(tmp_path, GOOD)
    assert not failed
    assert "1 created, 0 updated, 0 unchanged, 0 refused" in out
    article = Article.objects.public().get()
    assert (article.import_id, article.headline, article.slug) == ("a-1", "Ferry returns", "ferry-returns")
    assert article.body == "<p>It is back.</p>\n<p>Twice a day.</p>"
    assert article.section is not None
    assert article.section.name == "City"
    assert article.source is not None
    assert article.source.name == "Northline"
    assert sorted(tag.key for tag in article.tags.all()) == ["ferry", "harbour"]
    assert [byline.author.name for byline in article.bylines.all()] == ["Ines Maren"]
    assert article.publish_at is not None
    assert article.publish_at.date().isoformat() == "2024-05-01"


@pytest.mark.django_db
def test_importing_again_repeats_nothing_and_updates_what_changed(tmp_path: Path) -> None:
    run(tmp_path, GOOD)
    out, _err, _failed = run(tmp_path, GOOD)
    assert "0 created, 0 updated, 1 unchanged" in out
    out, _err, _failed = run(tmp_path, GOOD | {"title": "Ferry returns early"})
    assert "0 created, 1 updated, 0 unchanged" in out
    assert Article.objects.public().get().headline == "Ferry returns early"
    assert (Section.objects.count(), Author.objects.count(), Tag.objects.count()) == (1, 1, 2)


@pytest.mark.django_db
def test_a_dry_run_judges_every_line_and_writes_nothing(tmp_path: Path) -> None:
    out, err, failed = run(tmp_path, GOOD, {"id": "b"}, dry_run=True)
    assert failed
    assert "nothing written: 1 created, 0 updated, 0 unchanged, 1 refused" in out
    assert "line 2 (?): title: missing" in err
    assert not Article.objects.exists()
    assert not Section.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (GOOD | {"id": None}, "id: missing"),
        (GOOD | {"id": "x" * 201}, "id: longer"),
        (GOOD | {"title": ""}, "title: missing"),
        (GOOD | {"title": 7}, "title: not a text"),
        (GOOD | {"title": "x" * 161}, "title: 161 characters"),
        (GOOD | {"body": "  "}, "body: missing"),
        (GOOD | {"body": "a\x00b"}, "NUL"),
        (GOOD | {"body": "<p>" + "x" * 900_000}, "characters"),
        (GOOD | {"tags": "ferry"}, "tags: not a list"),
        (GOOD | {"tags": [f"t{n}" for n in range(31)]}, "tags: 31"),
        (GOOD | {"published": "yesterday"}, "not an ISO 8601 date"),
        (GOOD | {"published": 12}, "published: not a date"),
        (GOOD | {"section": "admin"}, "cannot be the address"),
        (GOOD | {"section": "!!!"}, "cannot be the address"),
        (GOOD | {"authors": ["???"]}, "no letters"),
        (b'{"id": "x", "title": "\\ud800", "body": "b"}', "broken character"),
        (b'{"id": "x", "title": "\xff", "body": "b"}', "broken character"),
        (GOOD | {"body": "<script>alert(1)</script>"}, "The story is empty"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_the_others_come_in(tmp_path: Path, record: Any, reason: str) -> None:
    out, err, failed = run(tmp_path, record, GOOD)
    assert failed
    assert reason in err
    assert "1 created" in out
    assert Article.objects.get().import_id == "a-1"


@pytest.mark.django_db
def test_html_bodies_are_cleaned(tmp_path: Path) -> None:
    hostile = GOOD | {"body": "<p onclick='x()'>Hi<script>alert(1)</script></p>", "title": "<img src=x onerror=a()>"}
    run(tmp_path, hostile)
    article = Article.objects.get()
    assert article.body == "<p>Hi</p>"
    assert article.headline == "<img src=x onerror=a()>"


@pytest.mark.django_db
def test_refusals_are_written_to_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.tsv"
    run(tmp_path, {"id": "b"}, GOOD, report=str(report))
    assert report.read_text() == "1\t?\ttitle: missing or empty\n"


@pytest.mark.django_db
def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_articles", str(tmp_path / "none.jsonl"))
