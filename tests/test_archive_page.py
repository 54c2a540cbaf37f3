"""The archive: filters in the address, chips, pages, and what nonsense gets."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import listing, search
from articles.listing import Owner
from articles.models import Article, Byline, Kind, Source, Status, Tag
from articles.search import beginnings, databases
from articles.ways import Way
from pages import finding, keyset
from people.models import Author
from tests.factories import give_tags, make_article, make_section

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2026-03-04T12:00:00+00:00")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: Client, **values: Any) -> Any:
    """The archive with these filters."""
    return client.get("/archive/", values)


def shown(response: Any) -> list[str]:
    """The headlines on the page, in order."""
    return [article.headline for article in response.context["page"].articles]


def story(headline: str, *, days: float = 1, tags: tuple[str, ...] = (), **fields: Any) -> Article:
    """A story of some days ago that search knows."""
    article = make_article(headline, publish_at=NOW - timedelta(days=days), **fields)
    give_tags(article, *tags)
    search.index(article)
    return article


@pytest.fixture
def world() -> None:
    """Two stories that differ in everything."""
    tram = story("Tram", tags=("Élan vital",), section=make_section("City"), body_text="Snow on the bridge")
    bus = story(
        "Bus",
        days=40,
        tags=("Buses",),
        section=make_section("Sport"),
        kind=Kind.OPINION,
        source=Source.objects.create(name="North Wire", slug="north-wire"),
        body_text="Rain on the road",
    )
    for article, name in ((tram, "Ines Müller"), (bus, "Odo Park")):
        author = Author.objects.create(name=name, slug=name.split(maxsplit=1)[0].lower())
        Byline.objects.create(article=article, author=author)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("values", "headlines"),
    [
        ({}, ["Tram", "Bus"]),
        ({"section": "sport"}, ["Bus"]),
        ({"tag": "ÉLAN  VITAL"}, ["Tram"]),
        ({"tag": "élan-vital"}, ["Tram"]),
        ({"author": "Odo Park"}, ["Bus"]),
        ({"author": "ines"}, ["Tram"]),
        ({"author": "müller"}, ["Tram"]),
        ({"source": "north"}, ["Bus"]),
        ({"kind": "opinion"}, ["Bus"]),
        ({"since": "2026-03-01"}, ["Tram"]),
        ({"until": "2026-03-01"}, ["Bus"]),
        ({"since": "2026-03-03", "until": "2026-03-03"}, ["Tram"]),
        ({"q": "snow"}, ["Tram"]),
        ({"q": "on the -rain"}, ["Tram"]),
        ({"q": "the", "section": "sport", "kind": "opinion", "tag": "buses", "author": "odo"}, ["Bus"]),
        ({"q": "snow", "section": "sport"}, []),
        ({"unknown": "parameter"}, ["Tram", "Bus"]),
        ({"q": " ", "tag": "  "}, ["Tram", "Bus"]),
    ],
)
def test_filters_narrow_the_list(client: Client, values: dict[str, str], headlines: list[str]) -> None:
    response = page(client, **values)
    assert response.status_code == 200
    assert shown(response) == headlines
    assert response.context["count"] == len(headlines)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_days_are_those_of_the_site(client: Client, settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    make_article("Late", publish_at=datetime.fromisoformat("2026-03-01T11:30:00+00:00"))
    day = {"Pacific/Auckland": "2026-03-02", "America/Los_Angeles": "2026-03-01"}[zone]
    assert shown(page(client, since=day, until=day)) == ["Late"]


@pytest.mark.usefixtures("world")
def test_every_filter_in_use_can_be_taken_away(client: Client) -> None:
    response = page(client, q="on the", section="city", since="2026-03-01")
    chips = {chip.label: (chip.value, chip.without) for chip in response.context["chips"]}
    assert chips == {
        "Words": ("on the", "section=city&since=2026-03-01"),
        "Section": ("City", "q=on+the&since=2026-03-01"),
        "From": ("1 Mar 2026", "q=on+the&section=city"),
    }
    assert 'href="/archive/?q=on+the&amp;section=city"' in response.content.decode()
    assert page(client).context["chips"] == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("section", "nowhere", "nowhere"),
        ("kind", "<b>", "&lt;b&gt;"),
        ("tag", "nothing", "No story carries the tag “nothing”."),
        ("author", "Nobody <x>", "No story is by an author called “Nobody &lt;x&gt;”."),
        ("source", "nobody", "No story comes from a source called “nobody”."),
        ("tag", "x" * 121, "at most 120 characters"),
        ("tag", "a\x00b", "Null characters"),
        ("q", "a\x00b", "Null characters"),
        ("q", "tram " * 60, "200 characters at most"),
        ("since", "yesterday", "Enter a valid date"),
        ("until", "2026-02-30", "Enter a valid date"),
        ("since", "0001-01-01", "1900"),
        ("until", "9999-12-31", "2200"),
        ("since", "9" * 5000, "Enter a valid date"),
    ],
)
def test_nonsense_gets_words_and_keeps_what_was_typed(client: Client, name: str, value: str, message: str) -> None:
    response = page(client, **{name: value})
    content = response.content.decode()
    assert response.status_code == 400
    assert message in content
    assert shown(response) == []
    if name not in {"section", "kind"}:
        assert response.context["filters"].form[name].value() == value


def test_days_in_the_wrong_order_get_words(client: Client) -> None:
    response = page(client, since="2026-03-02", until="2026-03-01")
    assert response.status_code == 400
    assert "The last day is before the first one." in response.content.decode()


@pytest.mark.parametrize(
    "name", ["q", "section", "kind", "tag", "author", "source", "since", "until", "before", "after"]
)
@pytest.mark.parametrize("value", ["\ud800", "%00", "'; --", "🙂", "-1", "[]", "١٢", "x" * 5000, "\udcff\x01"])
def test_no_value_is_an_error_of_ours(client: Client, name: str, value: str) -> None:
    query = urlencode({name: value}, errors="surrogatepass")
    assert client.get(f"/archive/?{query}").status_code in {200, 400, 404}


def test_bytes_that_are_no_text_are_no_error_either(client: Client) -> None:
    for name in ("q", "tag", "section", "before"):
        assert client.get(f"/archive/?{name}=%ff%fe%00").status_code in {200, 400, 404}


def test_a_tag_of_hidden_stories_answers_as_an_unknown_one(client: Client) -> None:
    give_tags(make_article("Merger", status=Status.SCHEDULED, publish_at=NOW + timedelta(days=1)), "Merger")
    assert Tag.objects.filter(key="merger").exists()
    known, unknown = (page(client, tag=name).content.decode() for name in ("merger", "xerger"))
    assert known.replace("merger", "xerger") == unknown
    assert page(client, tag="merger").status_code == 400
    give_tags(make_article("Talks"), "Merger")
    assert shown(page(client, tag="merger")) == ["Talks"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.DRAFT},
        {"status": Status.ARCHIVED},
        {"status": Status.SCHEDULED, "publish_at": NOW + timedelta(seconds=1)},
        {"embargo_until": NOW + timedelta(seconds=1)},
        {"expire_at": NOW},
    ],
    ids=str,
)
def test_what_readers_may_not_see_is_not_in_the_archive(client: Client, fields: dict[str, Any]) -> None:
    hidden = make_article("Hidden harbour", **fields)
    search.index(hidden)
    story("Open harbour")
    for values in ({}, {"q": "harbour"}, {"section": "city"}):
        assert shown(page(client, **values)) == ["Open harbour"]


def test_pages_keep_the_filters_and_neither_skip_nor_repeat(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PER_PAGE", 3)
    for number in range(8):
        story(f"Tram {number}", days=1 + number // 2, tags=("Rails",))
        story(f"Bus {number}", days=1 + number // 2)
    seen: list[str] = []
    address = "?tag=rails&q=tram"
    while address:
        response: Any = client.get(f"/archive/{address}")
        assert response.context["count"] == 8
        seen += shown(response)
        address = response.context["page"].older
        assert not address or "q=tram&tag=rails" in address
    assert seen == [f"Tram {number}" for number in (1, 0, 3, 2, 5, 4, 7, 6)]


def test_a_long_list_is_not_counted_to_its_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PER_PAGE", 2)
    monkeypatch.setattr(finding, "COUNTED_TO", 3)
    for number in range(5):
        story(f"Tram {number}")
    assert "More than 3 stories" in page(client).content.decode()


FULL = {"q": "tram", "section": "city", "kind": "news", "tag": "rails", "author": "ines", "source": "wire"}


@pytest.mark.once
@pytest.mark.parametrize("values", [{}, FULL, {"author": "nobody"}], ids=["plain", "full", "wrong"])
def test_the_archive_asks_the_same_few_queries_at_any_size(client: Client, values: dict[str, str]) -> None:
    author = Author.objects.create(name="Ines", slug="ines")
    source = Source.objects.create(name="Wire", slug="wire")
    counts = []
    for size in (25, 60):
        for number in range(size):
            article = make_article(f"Tram {number}", source=source)
            give_tags(article, "Rails", f"Tag {size} {number}")
            Byline.objects.create(article=article, author=author)
            search.index(article)
            Author.objects.create(name=f"Author {size} {number}", slug=f"a-{size}-{number}")
        with CaptureQueriesContext(connection) as queries:
            page(client, **values)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_page_names_what_it_depends_on(client: Client) -> None:
    article = story("Tram", tags=("Rails",))
    response = page(client, tag="rails")
    tag = Tag.objects.get()
    expected = {f"article:{article.pk}", f"section:{article.section_id}", f"tag:{tag.pk}"}
    assert set(response["Surrogate-Key"].split()) == expected | {
        "archive",
        "authors",
        "menus",
        "sections",
        "sources",
        "tags",
    }
    assert response.cookies == {}


def test_a_filtered_archive_is_not_for_search_engines(client: Client) -> None:
    story("Tram")
    assert "noindex" not in page(client).content.decode()
    assert "noindex" in page(client, section="city").content.decode()


def test_words_are_looked_for_in_the_newest_and_further_back_on_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "NEWEST", 3)
    for days in (1, 2, 3, 4, 5):
        story(f"Tram {days}", days=days, tags=("Rails",))
    first = page(client, q="tram", tag="rails")
    assert shown(first) == ["Tram 1", "Tram 2", "Tram 3"]
    html = first.content.decode()
    assert "3 stories, looked for back to 1 Mar 2026" in html
    assert html.count("Look further back") == 2
    further = first.context["further_back"]
    assert "q=tram&tag=rails&until=2026-03-01" in further
    second: Any = client.get(f"/archive/?{further}")
    assert shown(second) == ["Tram 3", "Tram 4", "Tram 5"]
    third: Any = client.get(f"/archive/?{second.context['further_back']}")
    assert shown(third) == ["Tram 5"]
    assert "Look further back" not in third.content.decode()


def test_what_stands_further_back_is_said_where_nothing_of_the_newest_fits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "NEWEST", 2)
    story("Tram of old", days=9, tags=("Rails",))
    for days in (1, 2):
        story(f"Tram {days}", days=days)
    html = page(client, q="tram", tag="rails").content.decode()
    assert "No story back to 2 Mar 2026 matches all of this." in html
    assert "Look further back" in html


def test_behind_a_day_with_more_than_can_be_looked_at_stands_the_day_before(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "NEWEST", 2)
    for number in range(3):
        story(f"Tram {number}", days=2 + number / 100)
    story("Tram of old", days=9)
    response = page(client, q="tram", until="2026-03-02")
    assert shown(response) == ["Tram 0", "Tram 1"]
    assert response.context["further_back"] == "q=tram&until=2026-03-01"
    assert shown(client.get(f"/archive/?{response.context['further_back']}")) == ["Tram of old"]
    for since in ("2026-03-02", "2026-03-01"):
        further = page(client, q="tram", until="2026-03-02", since=since).context["further_back"]
        assert bool(further) == (since == "2026-03-01")


@pytest.mark.parametrize("values", [{}, {"since": "1950-01-01"}, {"until": "1960-01-01"}, {"until": "1970-01-01"}])
def test_words_are_found_in_stories_from_before_1970(client: Client, values: dict[str, str]) -> None:
    article = make_article("Tram of old", publish_at=datetime.fromisoformat("1955-01-02T12:00:00+00:00"))
    search.index(article)
    assert shown(page(client, q="tram", **values)) == ["Tram of old"]
    assert shown(page(client, q="tram", since="1956-01-01")) == []


def test_that_more_words_begin_so_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("trams", "tramway"):
        story(word)
    assert "Very many words begin like your last one." not in page(client, q="tram").content.decode()
    monkeypatch.setattr(beginnings, "MOST", 1)
    assert "Very many words begin like your last one." in page(client, q="tram").content.decode()


def test_stories_that_meet_several_demands_are_counted_to_the_end_of_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PER_PAGE", 2)
    source = Source.objects.create(name="Wire", slug="wire")
    for number in range(keyset.PER_PAGE + 1):
        story(f"Tram {number}", tags=("Rails",), source=source)
    assert "21 stories" in page(client, tag="rails").content.decode()
    assert "More than 2 stories" in page(client, tag="rails", source="wire").content.decode()


WAYS = list(product(Way, repeat=2))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("of_tags", "of_authors"), WAYS, ids=str)
def test_tag_and_author_find_the_same_however_many_stories_they_have(
    client: Client, of_tags: Way, of_authors: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {listing._NUMBERED[Owner.TAG]: of_tags, listing._NUMBERED[Owner.AUTHOR]: of_authors}
    monkeypatch.setattr(listing, "way_of", lambda numbers, _owners: ways[numbers])
    assert shown(page(client, tag="buses", author="odo")) == ["Bus"]
    assert shown(page(client, tag="buses", author="ines")) == []
    assert shown(page(client, tag="buses")) == ["Bus"]
    assert shown(page(client, author="ines")) == ["Tram"]
