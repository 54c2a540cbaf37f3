"""The API tells what readers see, and nothing else; every question is answered in words."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import search
from articles.models import Article, Section, Status
from comments.models import State
from products.models import Placement
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_image,
    make_product,
    make_section,
    make_source,
    suggest,
)

pytestmark = pytest.mark.django_db

API = "/api/v1/"


def told(client: Client, path: str, status: int = 200, **query: Any) -> Any:
    """What is answered, which must have this status."""
    response = client.get(API + path, query)
    assert response.status_code == status, response.content
    kind = "application/json; charset=utf-8" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == kind
    return response.json()


def _from(cursor: str) -> dict[str, Any]:
    return {"cursor": cursor} if cursor else {}


def full(headline: str = "The tram is late", **fields: Any) -> Article:
    """A public story with all that can hang on one."""
    article = make_article(
        headline, source=make_source(f"Agency {headline}", feeds="full"), lead_picture=make_image(), **fields
    )
    give_byline(article)
    give_tags(article, "trams", "rain")
    return article


def test_an_article_is_told_whole(client: Client) -> None:
    article = full(standfirst="Again.", source_url="https://agency.example/1")
    found = told(client, f"articles/{article.pk}/")
    assert found["url"] == f"http://127.0.0.1:8000{article.get_absolute_url()}"
    assert found["body_html"] == "<p>It is late again.</p>"
    assert found["bylines"] == [{"slug": "ines-maren", "name": "Ines Maren", "role": "words"}]
    assert [tag["name"] for tag in found["tags"]] == ["rain", "trams"]
    assert found["source"]["credit_line"].startswith("© Agency")
    assert found["picture"]["renditions"][0]["url"].startswith("http://")
    assert found["comments_open"] is True


@pytest.mark.parametrize("terms", ["summary", "full"])
def test_an_agencys_words_are_handed_on_where_its_terms_allow(client: Client, terms: str) -> None:
    article = make_article(source=make_source(feeds=terms))
    found = told(client, f"articles/{article.pk}/")
    assert (found["body_text"] == "") == found["body_withheld"] == (terms != "full")
    assert b"It is late again" in client.get(article.get_absolute_url()).content, "readers get the whole story"


@pytest.mark.parametrize("terms", ["summary", "full"])
def test_search_quotes_an_agencys_words_where_its_terms_allow(client: Client, terms: str) -> None:
    for article in (make_article("Theirs", source=make_source(feeds=terms)), make_article("Ours")):
        search.index(article)
    found = told(client, "search/", q="late")["items"]
    quoted = {item["article"]["headline"]: "<mark>late</mark>" in item["snippet_html"] for item in found}
    assert quoted == {"Theirs": terms == "full", "Ours": True}


def test_pages_of_what_is_found_are_full_though_stories_are_left_out(client: Client) -> None:
    silent = make_source(feeds="none")
    for number in range(4):
        search.index(make_article(f"Ours {number}"))
        search.index(make_article(f"Theirs {number}", source=silent))
    seen, cursor = [], ""
    for _page in range(2):
        found = told(client, "search/", q="late", limit=2, **_from(cursor))
        seen += [item["article"]["headline"] for item in found["items"]]
        cursor = found["next"]
    assert (sorted(seen), found["total"], cursor) == ([f"Ours {number}" for number in range(4)], 4, "")
    listed = told(client, "articles/", source=silent.slug)
    assert (listed["items"], listed["next"]) == ([], "")


def test_a_list_runs_on_page_by_page_and_neither_skips_nor_repeats(client: Client) -> None:
    moment = timezone.now() - timedelta(hours=2)
    made = [make_article(f"Story {number}", publish_at=moment).pk for number in range(7)]
    seen: list[int] = []
    cursor = ""
    for _page in range(4):
        found = told(client, "articles/", limit=2, **_from(cursor))
        seen += [item["id"] for item in found["items"]]
        cursor = found["next"]
    assert seen == made[::-1]
    assert cursor == ""


PAGED = ["sections/", "tags/", "authors/", "products/", "articles/{pk}/comments/", "search/"]


@pytest.mark.parametrize("list_name", PAGED)
def test_every_list_has_pages(client: Client, list_name: str) -> None:
    for number in range(3):
        article = make_article(f"Tram {number}", section=make_section(f"Section{number}"), body_text="tram")
        give_byline(article, f"Author {number}")
        give_tags(article, f"tag {number}")
        Placement.objects.create(product=make_product(f"Pot {number}"), article=article)
        search.index(article)
    for number in range(3):
        make_comment(article, f"Comment {number}")
    address = list_name.format(pk=article.pk)
    query: dict[str, Any] = {"q": "tram"} if list_name == "search/" else {}
    seen, cursor = [], ""
    for _page in range(3):
        found = told(client, address, limit=1, **query, **_from(cursor))
        seen += [json.dumps(item, sort_keys=True) for item in found["items"]]
        cursor = found["next"]
    assert len(set(seen)) == 3
    assert cursor == ""


def test_a_cursor_of_another_list_or_of_nobody_is_refused(client: Client) -> None:
    for number in range(3):
        make_article(f"Story {number}")
    cursor = told(client, "articles/", limit=1)["next"]
    assert told(client, "articles/", limit=1, cursor=cursor)["items"], "the control"
    for wrong in (cursor[:-1], f"x{cursor}", "nonsense", "WzFd.", cursor.replace(".", ":")):
        assert "cursor" in told(client, "articles/", 400, cursor=wrong)["detail"]
    told(client, "articles/", 400, cursor=cursor, section="city")
    told(client, "sections/", 400, cursor=cursor)


def test_filters_narrow_the_list(client: Client) -> None:
    first = full("First", kind="guide", section=make_section("Sport"))
    make_article("Second", publish_at=timezone.now() - timedelta(days=3))
    queries: tuple[dict[str, Any], ...] = (
        *({"section": "sport"}, {"tag": "trams"}, {"author": "ines-maren"}, {"source": "agency-first"}),
        *({"kind": "guide"}, {"since": (timezone.now() - timedelta(days=1)).isoformat()}),
    )
    for query in queries:
        assert [item["id"] for item in told(client, "articles/", **query)["items"]] == [first.pk], query
    before = told(client, "articles/", until=(timezone.now() - timedelta(days=1)).isoformat())
    assert [item["headline"] for item in before["items"]] == ["Second"]


@pytest.mark.parametrize(
    ("path", "query", "word"),
    [
        ("articles/", {"foo": "1"}, "foo"),
        ("articles/", {"limit": ["1", "2"]}, "more than once"),
        ("articles/", {"limit": "0"}, "limit"),
        ("articles/", {"limit": "101"}, "limit"),
        ("articles/", {"limit": "many"}, "limit"),
        ("articles/", {"section": "nowhere"}, "nowhere"),
        ("articles/", {"tag": "secret-topic"}, "secret-topic"),
        ("articles/", {"kind": "gossip"}, "kind"),
        ("articles/", {"since": "yesterday"}, "since"),
        ("articles/", {"since": "0001-01-01T00:00:00+14:00"}, ""),
        ("articles/", {"section": "a\0b"}, "character"),
        ("search/", {}, "q"),
        ("search/", {"q": "x" * 5000}, "q"),
        ("sections/", {"q": "x"}, "q"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(
    client: Client, path: str, query: dict[str, Any], word: str
) -> None:
    hidden = make_article("Hidden", status=Status.DRAFT, first_published_at=None)
    give_tags(hidden, "secret topic")
    response = client.get(API + path, query)
    if word == "":
        assert response.status_code in {200, 400}
        return
    assert response.status_code == 400
    problem = response.json()
    assert problem["title"] == "Bad Request"
    assert word in json.dumps(problem["errors"])


@pytest.mark.parametrize("pk", ["0", "-1", "abc", "9" * 18, "9" * 30, "1e3", "1/nonsense"])
def test_an_unknown_article_is_a_problem_in_words(client: Client, pk: str, db: None) -> None:
    for rest in ("", "related/", "comments/", "products/"):
        assert told(client, f"articles/{pk}/{rest}", 404)["detail"]


def test_a_cursor_takes_any_name(client: Client, db: None) -> None:
    for name in ("@odd", "at", "{}"):
        Section.objects.create(name=name, slug=f"s-{len(name)}-{ord(name[0])}")
    cursor, seen = "", []
    for _page in range(3):
        found = told(client, "sections/", limit=1, **_from(cursor))
        seen += [item["name"] for item in found["items"]]
        cursor = found["next"]
    assert sorted(seen) == ["@odd", "at", "{}"]


@pytest.mark.parametrize("path", ["/api/v1/articles/\0/", "/api/v1/articles", "/api/", "/api/v2/articles/"])
def test_whatever_is_wrong_with_an_address_is_told_as_a_problem(client: Client, path: str, db: None) -> None:
    response = client.get(path)
    assert response.status_code in {301, 404}
    if response.status_code == 404:
        assert response["Content-Type"] == "application/problem+json"


def test_what_breaks_on_our_side_is_told_as_a_problem_too(client: Client, monkeypatch: Any, db: None) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("syndication.api.reading.page_of", lambda *_args, **_more: 1 / 0)
    response = client.get(f"{API}sections/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert b"division" not in response.content


def test_what_readers_saw_once_is_gone_and_a_draft_was_never_there(client: Client) -> None:
    once = make_article("Once", status=Status.KILLED)
    never = make_article("Never", status=Status.DRAFT, first_published_at=None, publish_at=None)
    assert told(client, f"articles/{once.pk}/", 410)["status"] == 410
    assert told(client, f"articles/{never.pk}/", 404) == told(client, "articles/999999/", 404)


def test_comments_are_the_approved_ones_without_their_writers_addresses(client: Client) -> None:
    article = make_article()
    shown = make_comment(article, "Seen\u202e by all", email="ana@example.org")
    for state in (State.PENDING, State.REJECTED, State.SPAM, State.WITHDRAWN):
        make_comment(article, f"Hidden {state}", state=state)
    answer = client.get(f"{API}articles/{article.pk}/comments/")
    assert [item["id"] for item in answer.json()["items"]] == [shown.pk]
    assert "\u202e" not in answer.json()["items"][0]["text"]
    assert b"ana@example.org" not in answer.content


def test_related_stories_come_without_the_desks_reasons(client: Client) -> None:
    article, other = make_article("One"), make_article("Two")
    suggest(article, other)
    found = told(client, f"articles/{article.pk}/related/")
    assert [item["id"] for item in found["items"]] == [other.pk]
    assert "reason" not in json.dumps(found)


def test_products_are_those_that_stand_somewhere_public(client: Client) -> None:
    article = make_article()
    hidden = make_article("Hidden", status=Status.DRAFT, first_published_at=None)
    Placement.objects.create(product=make_product("Shown pot"), article=article)
    Placement.objects.create(product=make_product("Secret pot"), article=hidden)
    make_product("Unplaced pot")
    assert [item["name"] for item in told(client, "products/")["items"]] == ["Shown pot"]
    (pot,) = told(client, f"articles/{article.pk}/products/")["items"]
    assert (pot["price"], pot["currency"], pot["rel"]) == ("74.90", "EUR", "sponsored nofollow noopener")


LISTS = ["articles/", "tags/", "authors/", "sections/", "search/?q=tram", "products/", "articles/{pk}/comments/"]


@pytest.mark.once
@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_at_any_size(client: Client, path: str) -> None:
    article = _grown(1)
    address = API + path.format(pk=article.pk)
    few = _queries(client, address)
    for number in range(2, 9):
        _grown(number)
        make_comment(article)
    assert _queries(client, address) == few <= 9


@pytest.mark.once
def test_products_of_an_article_cost_the_same_however_many_they_are(client: Client) -> None:
    article = make_article()
    address = f"{API}articles/{article.pk}/products/"
    found = []
    for number in range(6):
        picture = make_image(caption="Cast iron", credit="Harl")
        Placement.objects.create(product=make_product(f"Pot {number}", picture=picture), article=article)
        if number in {0, 5}:
            found.append(_queries(client, address))
    assert found[0] == found[1]


def _grown(number: int) -> Article:
    article = full(f"Tram {number}", section=make_section(f"Section{number}"))
    give_byline(article, f"Author {number}")
    give_tags(article, f"tag {number}")
    Placement.objects.create(product=make_product(f"Pot {number}", picture=make_image()), article=article)
    make_comment(article)
    search.index(article)
    return article


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
