"""The order by urgency follows a formula that can be told in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.models import Article
from comments import submission, urgency
from comments.models import Comment
from tests.factories import make_article

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rank(appeared: timedelta = timedelta(days=9), **fields: Any) -> timedelta:
    """How much longer than its real wait a comment counts as waiting."""
    article = Article(publish_at=NOON - appeared)
    return NOON - urgency.rank(Comment(article=article, waiting_since=NOON, **fields))


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({}, 0 * HOUR),
        ({"open_reports": 1}, 6 * HOUR),
        ({"open_reports": 4}, 24 * HOUR),
        ({"open_reports": 400}, 24 * HOUR),
        ({"appealed_at": NOON}, 4 * HOUR),
        ({"answers_id": 7}, HOUR),
        ({"appeared": timedelta(hours=23)}, 2 * HOUR),
        ({"appeared": timedelta(hours=24)}, 0 * HOUR),
        ({"score": 0.5}, 0 * HOUR),
        ({"score": 0.75}, -6 * HOUR),
        ({"score": 1.0}, -12 * HOUR),
        ({"score": 0.1}, 0 * HOUR),
        ({"open_reports": 2, "appealed_at": NOON, "answers_id": 7, "score": 0.75}, 11 * HOUR),
    ],
)
def test_the_wait_it_counts_as_having(fields: dict[str, Any], more: timedelta) -> None:
    assert rank(**fields) == more


def test_a_comment_is_ranked_when_it_comes_in(db: None) -> None:
    article = make_article()
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org"}

    comment = submission.submit(article, typed)

    assert comment.rank_at == comment.waiting_since - urgency.FRESH
    assert list(Comment.objects.by_urgency()) == [comment]
