"""However many stories a tag or an author has, its lists hold the same; SQLite reads no more of them than it must."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from articles import listing, ways
from articles.listing import Owner
from articles.models import Article, Status, Tag, TaggedArticle
from articles.ways import Way
from comments.models import Comment, State
from pages.lists import read
from tests.factories import give_byline, give_tags, make_article, make_author
from tests.test_pages_lists import shown

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATHS = ("/tag/trams/", "/author/ines-maren/")
ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by itself")


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def story(headline: str, **fields: Any) -> Article:
    """A story of our tag and author."""
    article = make_article(headline, **fields)
    give_tags(article, "trams")
    give_byline(article)
    return article


@pytest.fixture
def stories() -> list[Article]:
    """Three public ones, the newest first, among others."""
    story("Hidden", status=Status.DRAFT)
    story("Coming", publish_at=NOON + HOUR)
    make_article("Of nobody", publish_at=NOON - HOUR * 2)
    return [story(f"Story {hours}", publish_at=NOON - HOUR * hours) for hours in (1, 3, 5)]


def reading(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "way_of", lambda _numbers, _owner: way)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_shows_the_same_whichever_way_it_is_read(
    stories: list[Article], way: Way, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(way, monkeypatch)
    assert shown(Client().get(path).content.decode()) == [article.pk for article in stories]


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("path", PATHS)
def test_a_feed_holds_the_same_whichever_way_it_is_read(
    stories: list[Article], way: Way, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(way, monkeypatch)
    items = Client().get(f"/feeds{path}feed.json").json()["items"]
    assert [item["title"] for item in items] == [article.headline for article in stories]


@pytest.mark.parametrize("owner", [Owner.TAG, Owner.AUTHOR])
def test_what_is_to_come_ends_a_page_in_time(stories: list[Article], owner: Owner) -> None:
    numbers = {Owner.TAG: Tag.objects.get().pk, Owner.AUTHOR: make_author().pk}
    assert listing.Scope(owner, numbers[owner]).next_change() == NOON + HOUR


def way_to(tag: Tag) -> Way:
    return ways.way_of(ways.numbered(Tag.objects.all(), lambda tag: TaggedArticle.objects.filter(tag=tag)), [tag.pk])


@ON_SQLITE
@pytest.mark.parametrize(("number", "way"), [(0, Way.FEW), (2, Way.FEW), (3, Way.SOME), (4, Way.SOME), (5, Way.MANY)])
def test_the_way_is_chosen_by_how_many_there_are(number: int, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "A_FEW", 2)
    monkeypatch.setattr(ways, "MANY", 4)
    give_tags(make_article(), "trams")
    tag = Tag.objects.get()
    TaggedArticle.objects.all().delete()
    for place in range(number):
        give_tags(make_article(f"Story {place}"), "trams")
    assert way_to(tag) == way


@ON_SQLITE
@pytest.mark.parametrize("owner", [Owner.TAG, Owner.AUTHOR])
def test_only_some_are_noted_and_only_a_few_are_sorted(owner: Owner) -> None:
    plans = {way: _newest(owner, way) for way in Way}
    assert [way for way in Way if "LIST SUBQUERY" in plans[way] and "article_newest" in plans[way]] == [Way.SOME]
    assert [way for way in Way if "ORDER BY" in plans[way]] == [Way.FEW]


def _newest(owner: Owner, way: Way) -> str:
    return listing.FOUND[owner, way](1).public().newest_first()[:21].explain()


@ON_SQLITE
def test_a_list_is_read_with_one_query_more(stories: list[Article], django_assert_num_queries: Any) -> None:
    scope = listing.of_tag(Tag.objects.get())
    with django_assert_num_queries(2):
        read(scope).newest()


def plan(rows: QuerySet[Any]) -> str:
    """How SQLite reads it with bound values, as pages do."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return " ".join(row[3] for row in cursor.fetchall())


@ON_SQLITE
@pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
def test_what_is_not_published_is_found_by_its_status(status: Status) -> None:
    assert "article_unpublished (status=?" in plan(Article.objects.for_desk().filter(status=status).order_by("-id"))


@ON_SQLITE
def test_the_control_is_that_several_statuses_in_one_are_not_seen_through() -> None:
    assert "article_unpublished" not in plan(Article.objects.filter(status__in=[Status.DRAFT, Status.KILLED]))


@ON_SQLITE
def test_stories_are_counted_without_a_look_at_their_rows() -> None:
    assert "COVERING INDEX article_newest" in plan(Article.objects.public().order_by().values("pk")[:9])


@ON_SQLITE
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (Comment.objects.pending(), "comment_pending"),
        (Comment.objects.by_urgency(), "comment_urgent"),
        (Comment.objects.pending().values("waiting_since")[:9], "COVERING INDEX comment_pending"),
        (Comment.objects.filter(state=State.SPAM).order_by("-created_at"), "comment_decided (state=?)"),
    ],
)
def test_the_queue_is_read_in_its_order(rows: QuerySet[Comment], index: str) -> None:
    how = plan(rows)
    assert index in how
    assert "TEMP B-TREE" not in how.replace("TEMP B-TREE FOR RIGHT PART", "")
