"""The newsroom that measurements invent holds what one written through the models would hold."""

from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.db.models import F

from articles import search
from articles.models import Article, Revision, SearchEntry
from articles.search.fields import place_of
from articles.state import WorkingState
from bench.invented import loading, newspaper
from bench.invented.world import AT_ONCE, World
from comments.models import Comment
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db

ARTICLES = 30


@pytest.fixture
def _newsroom() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    newspaper._surroundings()
    newspaper._articles(ARTICLES)
    newspaper._comments(ARTICLES)


def indexes(table: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(loading.INDEXES[connection.vendor], [table])
        return set(cursor.fetchall())


def test_rows_are_what_the_models_would_have_written() -> None:
    said: dict[str, Any] = {
        "article": make_article(),
        "name": "Ödön",
        "email": "o@example.org",
        "text": "Hm.",
        "state": "pending",
        "findings": [{"a": 1}],
    }
    kept = make_comment(**said)
    loading.insert([Comment(**said)])
    (written,) = Comment.objects.exclude(pk=kept.pk)
    times = {"created_at", "waiting_since", "rank_at"}
    for field in Comment._meta.concrete_fields:
        if field.attname not in {"id", "receipt", *times}:
            assert getattr(written, field.attname) == getattr(kept, field.attname), field.attname
    assert all(getattr(written, name) >= getattr(kept, name) for name in times)


def test_indexes_are_back_when_the_rows_are_there() -> None:
    before = indexes(Comment._meta.db_table)
    with loading.indexed_after(Comment):
        assert not indexes(Comment._meta.db_table), "the control"
    assert indexes(Comment._meta.db_table) == before != set()


@pytest.mark.usefixtures("_newsroom")
def test_articles_are_whole_and_found() -> None:
    written = dict(World(ARTICLES).articles())
    entries = dict(SearchEntry.objects.values_list("article_id", "place"))
    for article in Article.objects.public():
        assert WorkingState.of(article) == WorkingState.of_article(article)
        assert entries.pop(article.pk) == place_of(article)
        for words in (article.headline, article.body_text.split()[-1], str(article.tags.first())):
            assert article.pk in {hit.article.pk for hit in search.find(words, limit=ARTICLES).hits}
        assert article.tagged.count() == len(written.pop(article.pk).tags)
    assert not entries
    assert not written
    assert not Revision.objects.exclude(pk=F("article_id")).exists()


@pytest.mark.usefixtures("_newsroom")
def test_answers_stand_under_approved_comments_of_their_article() -> None:
    answers = Comment.objects.filter(parent__isnull=False)
    assert answers.filter(depth=1).count() == answers.count() > 0
    assert not answers.exclude(parent__article=F("article"), parent__state="approved").exists()
    assert not Comment.objects.filter(name_key=None).exists()


def test_a_world_is_the_same_every_time() -> None:
    once, again = (list(World(AT_ONCE + 5).articles()) for _time in range(2))
    assert [pk for pk, _one in once] == list(range(1, AT_ONCE + 6))
    assert all(np.array_equal(one.words, other.words) for (_pk, one), (_other, other) in zip(once, again, strict=True))
    days = [one.published for _pk, one in once]
    assert days[0] < days[AT_ONCE // 2] < days[-1]
    assert len({one.tags for _pk, one in once}) > AT_ONCE // 10
