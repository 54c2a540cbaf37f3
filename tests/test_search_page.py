"""The search page."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import search
from articles.models import Article, Status
from pages import finding
from tests.factories import give_tags, make_article, make_section
from tests.test_search_find import HOSTILE

pytestmark = pytest.mark.django_db


def story(headline: str, *tags: str, **fields: Any) -> Article:
    """A story that search knows."""
    article = make_article(headline, **fields)
    give_tags(article, *tags)
    search.index(article)
    return article


def test_results_are_cards_with_marks(client: Client) -> None:
    article = story("The <b>tram</b> is late", body_text="Snow fell on the tram.")
    content = client.get("/search/", {"q": "tram"}).content.decode()
    assert "The &lt;b&gt;<mark>tram</mark>&lt;/b&gt; is late" in content
    assert "Snow fell on the <mark>tram</mark>." in content
    assert f'href="{article.get_absolute_url()}"' in content
    assert "1 story" in content
    assert 'value="tram"' in content


def test_the_empty_search_page_explains_itself(client: Client) -> None:
    make_section("Sport")
    response = client.get("/search/")
    assert response.status_code == 200
    assert "Nothing found" not in response.content.decode()
    assert "/sport/" in response.content.decode()


def test_nothing_found_offers_a_spelling_topics_and_sections(client: Client) -> None:
    make_section("Travel")
    story("Government shutdown", "Government of the town")
    give_tags(make_article("Secret", status=Status.DRAFT), "Government secret")
    content = client.get("/search/", {"q": "goverment travle"}).content.decode()
    assert "Nothing found for “goverment travle”." in content
    content = client.get("/search/", {"q": "goverment"}).content.decode()
    assert '<a href="?q=government"><strong>government</strong></a>' in content
    assert "Government of the town" in content
    assert "Government secret" not in content
    content = client.get("/search/", {"q": "travle"}).content.decode()
    assert 'finding__links"><li><a href="/travel/">Travel</a></li></ul>' in content


def test_what_readers_may_not_see_is_not_on_the_page(client: Client) -> None:
    story("Hidden harbour", status=Status.SCHEDULED, publish_at=timezone.now() + timedelta(hours=1))
    assert "Hidden" not in client.get("/search/", {"q": "harbour"}).content.decode()
    story("Open harbour")
    assert "Open <mark>harbour</mark>" in client.get("/search/", {"q": "harbour"}).content.decode()


def test_an_overlong_query_is_refused_in_words_and_kept(client: Client) -> None:
    response = client.get("/search/", {"q": "tram " * 2000})
    assert response.status_code == 400
    assert "Please search for 200 characters at most." in response.content.decode()
    assert "tram tram" in response.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_query_is_an_error_of_ours(client: Client, text: str) -> None:
    story("The tram", "Bus")
    address = quote(text, errors="surrogatepass")
    assert client.get(f"/search/?q={address}").status_code in {200, 400}


@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "", "1e3", "9" * 5000, "%00", "%ff", "١", "2", "999", "1.5", "%F0%9F%9A%8B"]
)
def test_a_page_that_is_none_is_unknown(client: Client, page: str) -> None:
    story("The tram")
    assert client.get(f"/search/?q=tram&page={page}").status_code == 404


def test_pages_lead_to_one_another(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PER_PAGE", 2)
    for number in range(5):
        story(f"Tram & bus {number}")
    first = client.get("/search/?q=tram+%26+bus").content.decode()
    assert 'href="?q=tram%20%26%20bus&amp;page=2"' in first
    assert "Previous page" not in first
    last = client.get("/search/?q=tram+%26+bus&page=3").content.decode()
    assert 'href="?q=tram%20%26%20bus&amp;page=2"' in last
    assert "Next page" not in last


def test_more_matches_than_are_ranked_lead_to_the_archive(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    monkeypatch.setattr(search.databases, "CANDIDATES", 2)
    for number in range(4):
        story(f"Tram {number}")
    content = client.get("/search/?q=tram").content.decode()
    assert "The best 2 of many stories" in content
    assert 'href="/archive/?q=tram"' in content


@pytest.mark.parametrize("text", ["tram", "trma", "zzzz", ""])
def test_the_page_asks_the_same_few_queries_at_any_size(client: Client, text: str) -> None:
    counts = []
    for size in (5, 40):
        for number in range(size):
            story(f"Tram {number}", f"Tram tag {size} {number}", section=make_section(f"S{size}{number}"))
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": text})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_the_page_names_what_it_depends_on_and_sets_no_cookie(client: Client) -> None:
    article = story("Tram")
    response = client.get("/search/?q=tram")
    keys = {f"article:{article.pk}", f"section:{article.section_id}", "archive", "menus", "sections"}
    assert set(response["Surrogate-Key"].split()) == keys
    assert response.cookies == {}
    assert "noindex" in response.content.decode()


@pytest.mark.parametrize("address", ["/search/", "/archive/"])
def test_only_reading_is_possible(client: Client, address: str) -> None:
    assert client.post(address, {"q": "tram"}).status_code == 405
    assert client.head(address).status_code == 200
