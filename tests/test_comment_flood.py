"""A flood in small: what is over a limit is refused in words, what was accepted is stored, and nothing else happens.

The large one is ``bench/comment_flood.py``.
"""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments import tokens
from comments.models import Comment, SpentToken
from tests.concurrency import at_once
from tests.factories import make_article

ADDRESSES, EACH = 6, 15


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_in_a_flood_limits_answer_in_words_and_nothing_is_lost() -> None:
    articles = [make_article(f"Part {number}").pk for number in range(3)]
    answers: list[Any] = []

    def sender(address: str) -> None:
        client = Client(REMOTE_ADDR=address, headers={"Origin": "http://testserver", "Accept": "application/json"})
        for number in range(EACH):
            typed = {
                "text": f"Comment {number} from {address}",
                "name": "Ana",
                "email": f"reader{number}.{address}@example.org",
                "token": tokens.issue(tokens.Origin.SCRIPT),
            }
            answers.append(client.post(reverse("comments:article", args=[articles[number % 3]]), typed))

    errors = at_once([lambda n=n: sender(f"203.0.113.{n // 2}") for n in range(ADDRESSES * 2)])  # type: ignore[misc]

    assert errors == []
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {201, 409, 429}, "two connections behind each address say the same, too"
    assert statuses[201] + statuses[409] == ADDRESSES * 10
    assert sum(statuses.values()) == ADDRESSES * 2 * EACH
    assert Comment.objects.count() == SpentToken.objects.count() == statuses[201]
    assert all(answer.json()["message"] for answer in answers)
    late = [answer for answer in answers if answer.status_code == 429]
    assert all(0 < int(answer["Retry-After"]) <= 600 for answer in late)
