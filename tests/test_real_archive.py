"""Real articles, imported and browsed: all taken in or refused with a reason, no page breaks or costs more."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import search
from articles.importing import Importer
from articles.models import Article, Section, Tag
from people.models import Author

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "related"
BUDGETS = {"article": 12, "list": 8, "archive": 10, "search": 10}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason="the real articles (shared/data/related) are not beside the project"),
]


def lines_of(name: str, most: int | None = None) -> Iterator[str]:
    with gzip.open(DATA / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if most is not None and number >= most:
                return
            yield line


def take_in(name: str, most: int | None = None) -> Importer:
    importer = Importer(actor=None)
    lines: Any = lines_of(name, most)
    for _batch in importer.run(lines):
        pass
    return importer


def visit(address: str, budget: int) -> None:
    """One page as a reader gets it: it answers, within its budget, and leaves no cookie."""
    with CaptureQueriesContext(connection) as queries:
        response = Client().get(address)
    assert response.status_code == 200, address
    assert len(queries) <= budget, address
    assert not response.cookies


def browse(every: int) -> None:
    """Every section, the largest tags and authors, each ``every``-th article, the archive and search."""
    articles = Article.objects.public().select_related("section").order_by("pk")
    for article in list(articles)[::every]:
        visit(article.get_absolute_url(), BUDGETS["article"])
    for section in Section.objects.all():
        visit(section.get_absolute_url(), BUDGETS["list"])
    for tag in Tag.objects.annotate(size=Count("tagged")).filter(size__gt=0).order_by("-size")[:20]:
        visit(tag.get_absolute_url(), BUDGETS["list"])
    for author in Author.objects.annotate(size=Count("bylines")).order_by("-size")[:20]:
        visit(author.get_absolute_url(), BUDGETS["list"])
    for query in ("the", "government", '"white house"', "data -election", "gove", "zzyzx", "presidnet"):
        visit(f"/search/?q={query}", BUDGETS["search"])
        visit(f"/archive/?q={query}", BUDGETS["archive"])
    visit("/", BUDGETS["archive"])


def test_a_sample_of_real_articles_is_taken_in_and_can_be_browsed() -> None:
    importer = take_in("digitalgov", 60)
    assert importer.report.created == 60
    assert importer.report.refused == []
    browse(every=10)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["digitalgov", "18f", "allsides"])
def test_every_real_article_is_taken_in_or_refused_with_its_reason(name: str) -> None:
    importer = take_in(name)
    report = importer.report
    total = sum(1 for _line in lines_of(name))
    assert report.created + len(report.refused) == total
    assert all(reason for _number, _identity, reason in report.refused)
    assert len(report.refused) <= total // 500
    newest = json.loads(next(lines_of(name)))
    assert search.find(newest["title"]).hits
    browse(every=max(1, total // 400))
