"""What somebody may know of is asked article by article, never by reading the whole archive first."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from articles.known import known_to
from articles.models import Article
from curation.campaign_reach import preview
from curation.campaigns import Reach
from curation.inward import inward
from tests.conftest import Cast
from tests.factories import make_article

ASKED: dict[str, Callable[[Cast, Article], Any]] = {
    "a contributor's few": lambda cast, article: list(known_to(cast.contributor).filter(pk__in=[article.pk])),
    "where an article stands": lambda _cast, article: inward(article),
    "what a campaign changes": lambda _cast, article: preview(Reach(), article),
}


ARCHIVE_READ = re.compile(r"LIST SUBQUERY \d+'\), \([\d, ]+'(SEARCH|SCAN) \w+ USING [A-Z ]*INDEX article_newest")
"""What SQLite calls making a list of all public articles before it looks for the few."""


def reads_the_archive(ask: Callable[[], Any]) -> bool:
    """Whether SQLite does so for what ``ask`` asks for."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {one['sql']}").fetchall() for one in asked.captured_queries]
    return bool(ARCHIVE_READ.search(str(plans)))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs what is cheaper")
@pytest.mark.parametrize("what", ASKED)
def test_no_list_of_all_public_articles_is_made_for(cast: Cast, what: str) -> None:
    article = make_article()
    assert not reads_the_archive(lambda: ASKED[what](cast, article))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs what is cheaper")
def test_the_control_is_that_such_a_list_would_be_seen(db: None) -> None:
    public: QuerySet[Article] = Article.objects.public()
    assert reads_the_archive(lambda: list(Article.objects.filter(pk__in=public.values("pk"), headline="x")))
