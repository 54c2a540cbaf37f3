"""Tags and authors readers may know of: those of something public, found by the first of their stories."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.listing import is_public, shown_authors, shown_tags
from articles.models import Article, Byline, BylineRole, Status
from people.models import Author
from tests.factories import give_byline, give_tags, make_article, make_author, make_section

pytestmark = pytest.mark.django_db


def names() -> tuple[list[str], list[str]]:
    """The tags and the authors that are shown."""
    tags, authors = shown_tags().order_by("name"), shown_authors().order_by("name")
    return [tag.name for tag in tags], [author.name for author in authors]


def sign(tag: str, author: str, **fields: Any) -> None:
    article = make_article(**fields)
    give_tags(article, tag)
    give_byline(article, author)


def test_one_public_story_among_hidden_ones_is_enough_and_shows_its_names_once() -> None:
    sign("early", "Ada Early")
    for _turn in range(2):
        sign("early", "Ada Early", status=Status.DRAFT)
        sign("late", "Bo Late", status=Status.DRAFT)
        sign("late", "Bo Late")
    assert names() == (["early", "late"], ["Ada Early", "Bo Late"])


def test_names_of_hidden_stories_and_of_none_are_not_shown() -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    make_author("Nobody Yet")
    for hidden in ({"status": Status.DRAFT}, {"embargo_until": now + hour}, {"expire_at": now - hour / 2}):
        sign("hidden", "Cy Hidden", **hidden)
    assert names() == ([], [])


def stops_at_the_first(rows: QuerySet[Any]) -> bool:
    """Whether an author's bylines are read one after the other, in the order of their index."""
    plan = rows.order_by("slug")[:21].explain()
    return "byline_of_author" in plan and "Bitmap" not in plan


@pytest.fixture
def busy() -> None:
    """Two authors of so many bylines that the database chooses its plan by them."""
    common = {"section": make_section(), "slug": "a", "status": Status.PUBLISHED, "publish_at": timezone.now()}
    articles = Article.objects.bulk_create(Article(headline="A", **common) for _number in range(400))
    Byline.objects.bulk_create(
        Byline(article=article, author=make_author(name), role=role)
        for name in ("Ada Early", "Bo Late")
        for article in articles
        for role in BylineRole.values
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("busy")
def test_of_an_author_with_many_stories_the_first_is_enough() -> None:
    assert stops_at_the_first(shown_authors())


@pytest.mark.postgres
@pytest.mark.usefixtures("busy")
def test_the_control_is_that_all_of_them_would_be_collected() -> None:
    signed = Byline.objects.filter(is_public("article"), author=OuterRef("pk"))
    assert not stops_at_the_first(Author.objects.filter(Exists(signed)))
