"""A moment that passes while a list is read counts: the page that was made is not kept for the time after it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from pages import lists, sections, views
from tests.factories import make_article, make_author, make_section
from tests.wsgi_client import ask, make_door

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize("address", ["/", "/city/", "/tag/trams/", "/author/ines-maren/"])
def test_a_story_that_ends_while_a_list_is_read_is_gone_with_the_next_request(
    address: str, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, ines = make_section("City"), make_author("Ines Maren")
    for headline, end in (("A short tram", NOON + timedelta(seconds=1)), ("A long tram", None)):
        article = make_article(headline, section=city, expire_at=end, publish_at=NOON - timedelta(hours=1))
        article.tags.add("trams")
        article.bylines.create(author=ines)
    for module in (lists, sections, views):
        shown = module.show_signed
        monkeypatch.setattr(module, "show_signed", lambda *rows, shown=shown: (clock.shift(2), shown(*rows))[1])
    door = make_door()
    assert b"A short tram" in ask(door, address).body, "it was read before its end"
    after = ask(door, address).body
    assert b"A short tram" not in after
    assert b"A long tram" in after
