"""What a search reads is bounded; what is rare is found wherever it stands, and the page says where it stopped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles import search
from articles.models import Article, Status
from articles.search import beginnings, databases
from articles.search.query import Phrase, Query
from articles.search.relevance import relevances
from tests.factories import make_article

pytestmark = pytest.mark.django_db

ON_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite sees in its index what is adjacent"
)


def indexed(headline: str, body: str = "", **fields: Any) -> Article:
    article = make_article(headline, body_text=body, **fields)
    search.index(article)
    return article


def found(text: str) -> set[str]:
    return {hit.article.headline for hit in search.find(text).hits}


def test_a_rare_word_is_found_in_any_year() -> None:
    years = [1, 1970, 1999, 2024, 2025, 2026]
    for year in years:
        indexed(f"Harbour of {year}", "a ferry", publish_at=datetime(year, 1, 2, tzinfo=UTC))
    assert found("harbour") == found("ferr") == found('"a ferry"') == {f"Harbour of {year}" for year in years}
    assert not search.find("harbour").more


def test_the_newest_are_taken_first_across_the_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "CANDIDATES", 3)
    for days in (900, 0, 40, 41, 300):
        indexed(f"{days} days", "At the harbour", publish_at=timezone.now() - timedelta(days=days, hours=1))
    assert found("harbour") == {"0 days", "40 days", "41 days"}
    assert search.find("harbour").more


def test_hidden_stories_take_no_place_among_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "CANDIDATES", 2)
    for number in range(4):
        indexed(f"Hidden {number}", "At the harbour", status=Status.DRAFT)
    indexed("Open", "At the harbour", publish_at=timezone.now() - timedelta(days=99))
    assert found("harbour") == {"Open"}
    assert not search.find("harbour").more


@ON_POSTGRESQL
def test_words_side_by_side_are_looked_for_in_the_newest(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed("Old", "the harbour bridge", publish_at=timezone.now() - timedelta(days=99))
    for number in range(3):
        indexed(f"New {number}", "the bridge, far from the harbour")
    assert found('"harbour bridge"') == {"Old"}
    assert not search.find('"harbour bridge"').more
    monkeypatch.setattr(databases, "EXAMINED", 3)
    results = search.find('"harbour bridge"')
    assert (results.total, results.more) == (0, True)
    content = client.get("/search/", {"q": '"harbour bridge"'}).content.decode()
    assert "Only the newest stories with these words were looked at." in content
    assert 'href="/archive/?q=%22harbour%20bridge%22"' in content
    assert found("harbour bridge") == {"Old", "New 0", "New 1", "New 2"}


def test_of_a_beginning_the_shortest_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("trams", "tramway", "tramlines"):
        indexed(word, "a word")
    assert found("tram") == found("tram*") == {"trams", "tramway", "tramlines"}
    assert not search.find("tram").more
    monkeypatch.setattr(beginnings, "MOST", 2)
    assert found("tram") == {"trams", "tramway"}
    assert search.find("tram").more
    assert found("tramli") == {"tramlines"}


def test_many_beginnings_share_the_words_that_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("trams", "tramway", "bustling", "bus"):
        indexed(word, "a word")
    assert found("tram* OR bus*") == {"trams", "tramway", "bustling", "bus"}
    monkeypatch.setattr(beginnings, "TOGETHER", 2)
    assert found("tram* OR bus*") == {"trams", "bus"}
    assert search.find("tram* OR bus*").more
    assert found("bus*") == {"bustling", "bus"}


@ON_POSTGRESQL
def test_fifty_years_are_asked_for_in_a_few_steps() -> None:
    for year in range(1976, 2027):
        for month in (1, 5, 9):
            indexed(f"Harbour of {month} {year}", publish_at=datetime(year, month, 2, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute(f"{databases.Postgresql.before} SELECT count(*) FROM steps WHERE newest IS NOT NULL")
        assert cursor.fetchone()[0] < 20
    years = {hit.article.publish_at.year for hit in search.find("harbour", limit=200).hits if hit.article.publish_at}
    assert years == set(range(1976, 2027))


def test_beginnings_of_any_kind_of_word_are_known() -> None:
    indexed("covid19", "in 2026ff 京都の x" + "y" * 38)
    for text in ("covid1", "202*", "京", "xyyyyyyyyyyyyyyyyyyyyyyyyyyy*", "x-cov*"):
        assert found(text) == ({"covid19"} if text != "x-cov*" else set()), text


def test_a_beginning_may_be_left_out_or_end_several_words() -> None:
    indexed("One", "night trams run")
    indexed("Two", "night buses run")
    assert found("night -tram*") == {"Two"}
    assert found("night-tra*") == {"One"}


def test_relevance_grows_with_what_is_said_where_and_in_how_few_words() -> None:
    query = Query(((Phrase(("tram",)), Phrase(("tram",), prefix=True)),))
    weights = (10.0, 1.0)
    once, twice = ("late", "the tram was late today"), ("late", "the tram and the tram")
    in_headline, longer = ("tram", "it was late"), ("late", "the tram was late today" + " again" * 40)
    trams, trolley = ("late", "the trams were late today"), ("late", "the trolley was late today")
    scores = relevances([in_headline, twice, once, longer, trolley], weights, query)
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0
    assert relevances([trams], weights, query) == pytest.approx(relevances([once], weights, query), rel=0.1)


def listed(text: str, since: datetime | None = None, until: datetime | None = None) -> set[str]:
    names = search.newest(text, since, until)
    assert names is not None
    return set(Article.objects.filter(pk__in=names.ids).values_list("headline", flat=True))


def test_a_list_by_date_has_the_newest_with_the_words_and_says_how_far_it_looked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(databases, "NEWEST", 3)
    now = timezone.now().replace(microsecond=0)
    for days in (900, 0, 40, 41, 300):
        indexed(f"{days} days", "At the harbour", publish_at=now - timedelta(days=days, hours=1))
    indexed("Elsewhere", "At the bridge", publish_at=now)
    assert listed("harbour") == {"0 days", "40 days", "41 days"}
    found = search.newest("harbour")
    assert found is not None
    assert found.oldest == now - timedelta(days=41, hours=1)
    assert listed("harbour", until=found.oldest) == {"300 days", "900 days"}
    assert listed("harbour", until=found.oldest + timedelta(seconds=1)) == {"41 days", "300 days", "900 days"}


def test_a_list_by_date_keeps_to_its_moments() -> None:
    now = timezone.now().replace(microsecond=0)
    for days in range(4):
        indexed(f"{days} days", "At the harbour", publish_at=now - timedelta(days=days))
    since, until = now - timedelta(days=2), now
    assert listed("harbour", since, until) == {"1 days", "2 days"}
    assert listed("harbour", since) == {"0 days", "1 days", "2 days"}
    found = search.newest("harbour", since, until)
    assert found is not None
    assert found.oldest is None
    assert search.newest(" ,; ") is None


def test_a_list_by_date_knows_what_is_side_by_side_and_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    indexed("Old", "the harbour bridge", publish_at=timezone.now() - timedelta(days=99))
    for number in range(3):
        indexed(f"New {number}", f"the bridge, far from the harbour {number}")
    assert listed('"harbour bridge"') == {"Old"}
    assert listed('bridge -"harbour 1" -"harbour bridge"') == {"New 0", "New 2"}
    assert listed("-2 bridg") == {"Old", "New 0", "New 1"}
    monkeypatch.setattr(databases, "EXAMINED", 3)
    found = search.newest('"harbour bridge"')
    assert found is not None
    assert (len(found.ids), found.oldest is not None) == (
        (0, True) if connection.vendor == "postgresql" else (1, False)
    )


def test_a_list_by_date_says_that_more_words_begin_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("trams", "tramway", "tramlines"):
        indexed(word, "a word")
    monkeypatch.setattr(beginnings, "MOST", 2)
    found = search.newest("tram")
    assert found is not None
    assert found.is_cut
    assert listed("tram") == {"trams", "tramway"}
