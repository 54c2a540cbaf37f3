"""Finding articles: what is found, what never is, and in which order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import search
from articles.models import Article, Byline, SearchEntry, Status, TaggedArticle
from articles.search import CANDIDATES, databases
from pagecache.writing import writing
from people.models import Author
from tests.factories import give_tags, make_article

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2026-03-04T12:00:00+00:00")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def indexed(headline: str, body: str = "", tags: tuple[str, ...] = (), **fields: Any) -> Article:
    """An article that search knows."""
    article = make_article(headline, body_text=body, **fields)
    give_tags(article, *tags)
    search.index(article)
    return article


def found(text: str) -> list[str]:
    """The headlines a search finds, best first."""
    return [hit.article.headline for hit in search.find(text).hits]


def test_words_are_found_wherever_they_stand() -> None:
    article = indexed("The tram is late", "Snow fell on the bridge.", ("Public transport",), standfirst="A cold day")
    author = Author.objects.create(name="Ines Müller", slug="ines")
    Byline.objects.create(article=article, author=author)
    search.index(article)
    for text in ("tram", "SNOW", "transport", "cold", "muller", "Müller bridge", "tra", "brid*", '"public transport"'):
        assert found(text) == ["The tram is late"], text
    assert found("bus") == []


def test_accents_and_case_do_not_matter_either_way() -> None:
    indexed("Élan", "Die Straße nach Łódź")
    for text in ("elan", "ÉLAN", "e\u0301lan", "strasse", "STRAßE", "lodz", "Łodz"):
        assert found(text) == ["Élan"], text


def test_writing_without_blanks_is_found_by_any_neighbours() -> None:
    indexed("東京都の電車", "電車が遅れています。")
    for text in ("東京", "京都の", "電車", "遅れて", "京"):
        assert found(text) == ["東京都の電車"], text
    assert found("京東") == []


def test_phrases_must_stand_side_by_side_within_one_field() -> None:
    indexed("Night bus", "The bus at night was late", ("Tram line", "Seven"))
    assert found('"night bus"') == ["Night bus"]
    assert found('"bus night"') == []
    assert found('"line seven"') == []
    assert found('"bus the"') == []
    assert found("bus-the") == []


def test_minus_leaves_out_and_or_takes_either() -> None:
    indexed("Tram strike", "In the old town")
    indexed("Bus strike", "In the harbour")
    assert found("strike -harbour") == ["Tram strike"]
    assert found('strike -"old town"') == ["Bus strike"]
    assert set(found("tram OR bus")) == {"Tram strike", "Bus strike"}
    assert found("-harbour") == []


def test_the_headline_counts_more_than_tags_standfirst_and_story() -> None:
    filler = "other words stand here too"
    indexed("Four", f"{filler} harbour {filler}", standfirst="Nothing of note")
    indexed("Three", filler, standfirst="About the harbour")
    indexed("Two", filler, ("Harbour",))
    indexed("One harbour", filler)
    for number in range(8):
        indexed(f"Noise {number}", filler)
    assert found("harbour") == ["One harbour", "Two", "Three", "Four"]


def test_of_two_equal_stories_the_newer_comes_first_but_relevance_counts_more() -> None:
    indexed("Harbour plans", "Words of the story", publish_at=NOW - timedelta(days=900))
    indexed("Harbour works", "Words of the story", publish_at=NOW - timedelta(days=1))
    indexed("Ferry", "A story that names the harbour once", publish_at=NOW - timedelta(hours=1))
    for number in range(5):
        indexed(f"Noise {number}", "Words of the story")
    assert found("harbour") == ["Harbour works", "Harbour plans", "Ferry"]


HIDDEN: list[dict[str, Any]] = [
    {"status": Status.DRAFT},
    {"status": Status.IN_REVIEW},
    {"status": Status.ARCHIVED},
    {"status": Status.SCHEDULED, "publish_at": NOW + timedelta(minutes=1)},
    {"embargo_until": NOW + timedelta(minutes=1)},
    {"expire_at": NOW},
]


@pytest.mark.parametrize("fields", HIDDEN, ids=str)
def test_what_readers_may_not_see_is_never_found(fields: dict[str, Any]) -> None:
    indexed("Merger in the harbour", "The harbour is sold", **fields)
    assert search.find("harbour").total == 0
    assert search.find("harbuor").spelling == ""
    assert list(search.matching(Article.objects.public(), "harbour")) == []


def test_the_same_story_is_found_when_it_is_public() -> None:
    indexed("Merger in the harbour", "The harbour is sold")
    assert found("harbour") == ["Merger in the harbour"]
    assert search.find("harbuor").spelling == "harbour"
    assert search.matching(Article.objects.public(), "harbour").count() == 1


def test_a_scheduled_story_is_found_from_its_minute_on_without_any_worker() -> None:
    indexed("Tram opens", status=Status.SCHEDULED, publish_at=NOW + timedelta(minutes=5))
    with time_machine.travel(NOW + timedelta(minutes=5, seconds=-1), tick=False):
        assert found("tram") == []
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert found("tram") == ["Tram opens"]


def test_an_expired_story_is_no_longer_found_at_its_second() -> None:
    indexed("Tram opens", expire_at=NOW + timedelta(minutes=5))
    assert found("tram") == ["Tram opens"]
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert found("tram") == []


def test_indexing_again_replaces_the_words() -> None:
    article = indexed("Tram", "harbour")
    with writing():
        Article.objects.filter(pk=article.pk).update(headline="Bus", publish_at=NOW - timedelta(days=3))
    TaggedArticle.objects.all().delete()
    article.refresh_from_db()
    search.index(article)
    search.index(article)
    assert found("tram") == []
    assert found("bus") == ["Bus"]
    assert SearchEntry.objects.count() == 1


def test_what_is_removed_or_deleted_leaves_no_words_behind() -> None:
    one, two = indexed("Tram", "harbour"), indexed("Bus", "harbour")
    search.remove(one.pk)
    assert found("harbour") == ["Bus"]
    two.delete()
    assert not SearchEntry.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM articles_searchindex")
            assert cursor.fetchone() == (0,)


def test_a_failed_publication_leaves_the_index_as_it_was() -> None:
    article = make_article("Tram")
    with transaction.atomic():
        search.index(article)
        transaction.set_rollback(True)
    assert found("tram") == []


def test_pages_of_results_neither_skip_nor_repeat() -> None:
    for number in range(7):
        indexed(f"Tram {number}", publish_at=NOW - timedelta(days=number))
    pages = [search.find("tram", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert len({hit.article.pk for page in pages for hit in page.hits}) == 7
    assert {page.total for page in pages} == {7}


def test_only_the_newest_matches_are_ranked_but_headlines_reach_further_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "CANDIDATES", 3)
    monkeypatch.setattr(search, "CANDIDATES", 3)
    indexed("The harbour of old", "Words", publish_at=NOW - timedelta(days=99))
    for number in range(6):
        indexed(f"Story {number}", "At the harbour", publish_at=NOW - timedelta(days=number))
    results = search.find("harbour")
    assert results.more
    assert [hit.article.headline for hit in results.hits] == ["The harbour of old", "Story 0", "Story 1", "Story 2"]
    assert CANDIDATES >= 100


HOSTILE = [
    "NEAR(a b, 5)",
    "headline:tram",
    "{headline} : tram",
    "tram AND NOT bus",
    '"tram',
    'tram"" ""',
    "tram & | ! <-> :* ()",
    "'; DROP TABLE articles_article; --",
    "tram\x00bus",
    "\x00",
    "tram' OR 1=1",
    "\\'tram\\",
    "%s %(x)s {0} %",
    "tram^2 +bus ~3",
    "🙂🚋",
    "\ud800",
    "-" * 200,
    '"' * 200,
    "* " * 100,
    "OR " * 60,
    "a OR " * 40,
    "tram " * 40,
    "é" * 200,
    "京" * 200,
    "\u0301" * 200,
    "ﷺ" * 200,
    "٣ ½ ①",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_query_is_an_error(text: str) -> None:
    indexed("The tram", "and the bus", ("京" * 30,))
    results = search.find(text)
    assert results.total <= 1
    assert search.matching(Article.objects.public(), text).count() <= 1


def test_a_story_of_any_size_and_alphabet_can_be_indexed() -> None:
    huge = " ".join(f"{number}字{'é' * 40}ﷺ" for number in range(60_000))
    indexed("Huge", huge)
    indexed("Long words", "x" * 300_000 + " " + "京" * 100_000)
    indexed("Nothing", "")
    assert found("huge") == ["Huge"]
    assert found("x" * 199) == ["Long words"]


@pytest.mark.parametrize("text", ["tram", "zzzqq", '"the tram" -bus'])
def test_a_search_asks_the_same_number_of_queries_at_any_size(text: str) -> None:
    counts = []
    for size in (3, 30):
        for number in range(size):
            indexed(f"The tram {number}", "words about it")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            search.find(text)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_the_time_of_publication_gives_the_place_even_far_off() -> None:
    for year in (1, 1969, 2026, 9999):
        article = indexed(f"Year {year}", publish_at=datetime(year, 6, 1, tzinfo=UTC))
        assert 0 <= SearchEntry.objects.get(article=article).place < 2**63
