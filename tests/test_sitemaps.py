"""Sitemaps and the files that stand at known places: what search engines are told, and what they are not."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Section
from articles.models.source import CanonicalRule
from images.renditions import address_of, best
from newsroom.outward import contacts, end_of_day, web_address
from pages.models import StaticPage
from syndication.addresses import absolute
from syndication.sitemaps.files import CLOSED
from syndication.sitemaps.news import MOST
from syndication.sitemaps.parts import places
from tests.document_checks import json_findings, needs_schemas, sitemap_findings
from tests.factories import give_byline, give_tags, make_article, make_image, make_source
from tests.wsgi_client import ask, make_door

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
PARTS = ("pages", "news", "stories-0", "topics-0", "authors-0")


def listed(client: Client, address: str) -> list[str]:
    """The addresses that a sitemap names."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return [found.removeprefix(BASE) for found in re.findall(r"<loc>([^<]*)</loc>", response.content.decode())]


def test_the_sitemap_names_every_public_page(client: Client) -> None:
    article = make_article(lead_picture=make_image())
    give_byline(article)
    give_tags(article, "Trams")
    StaticPage.objects.create(title="About", slug="about", body="<p>Us</p>")
    named = [one for part in listed(client, "/sitemap.xml") for one in listed(client, part)]
    assert {
        "/",
        "/archive/",
        "/city/",
        "/about/",
        "/tag/trams/",
        "/author/ines-maren/",
        article.get_absolute_url(),
    } == {*named} - {"/corrections/"}
    assert all(client.get(one).status_code == 200 for one in named)
    whole = client.get("/sitemaps/stories-0.xml").content.decode()
    assert "-1600.jpg</image:loc>" in whole
    assert timezone.localtime(article.publish_at).isoformat(timespec="seconds") in whole


def test_what_search_engines_are_not_to_find_here_is_not_named(client: Client) -> None:
    agency = make_source(canonical=CanonicalRule.AGENCY)
    shown = make_article("Kept", source=agency)
    make_article("Hidden", noindex=True)
    make_article("The agency's own", source=agency, source_url="https://agency.example/1")
    assert listed(client, "/sitemaps/stories-0.xml") == [shown.get_absolute_url()]
    assert listed(client, "/sitemaps/news.xml") == [shown.get_absolute_url()]


def test_parts_hold_ranges_of_ids_and_only_those_with_something_in_them(client: Client) -> None:
    ids = [5, 25, 26, 47]
    for pk in ids:
        make_article(pk=pk)
    with patch("syndication.sitemaps.parts.PART", 10):
        parts = [one for one in listed(client, "/sitemap.xml") if "stories" in one]
        assert parts == [f"/sitemaps/stories-{number}.xml" for number in (0, 2, 4)]
        found = [int(one.split("-")[-1].strip("/")) for part in parts for one in listed(client, part)]
        assert found == ids
        assert client.get("/sitemaps/stories-1.xml").status_code == 404
        assert client.get("/sitemaps/stories-999999999.xml").status_code == 404


@pytest.mark.once
def test_a_part_names_the_address_last_change_and_picture_each_story_has(client: Client) -> None:
    hour = timedelta(hours=1)
    plain, changed, lapsed = make_article(), make_article(lead_picture=make_image()), make_article()
    changed.revised_at = timezone.now() + hour
    changed.save()
    lapsed.lead_picture = make_image(usable_until=timezone.now() - hour)
    lapsed.save()

    found = {place.address: place for place in places("stories", 0)}

    assert list(found) == [absolute(one.get_absolute_url()) for one in (plain, changed, lapsed)]
    assert [place.changed for place in found.values()] == [plain.publish_at, changed.revised_at, lapsed.publish_at]
    made = best(changed.lead_picture, "full", 1200)
    assert made
    assert [place.picture for place in found.values()] == ["", absolute(address_of(made)), ""]


def test_a_part_costs_as_many_queries_for_one_story_as_for_many(client: Client) -> None:
    counts = []
    for number in (1, 12):
        for _one in range(number):
            article = make_article(lead_picture=make_image())
            give_byline(article)
            give_tags(article, f"Topic {article.pk}")
        with CaptureQueriesContext(connection) as queries:
            for part in PARTS:
                client.get(f"/sitemaps/{part}.xml")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_a_stored_part_follows_what_it_names() -> None:
    article = make_article(lead_picture=make_image(usable_until=timezone.now() + timedelta(hours=1)))
    door = make_door()
    assert b"image:loc" in ask(door, "/sitemaps/stories-0.xml").body
    assert ask(door, "/sitemaps/stories-0.xml").was_stored
    section = Section.objects.get()
    section.slug = "town"
    section.save()
    assert b"/town/" in ask(door, "/sitemaps/stories-0.xml").body
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert b"image:loc" not in ask(door, "/sitemaps/stories-0.xml").body
    picture = article.lead_picture
    assert picture is not None
    picture.usable_until = timezone.now() - timedelta(hours=1)
    picture.save()
    assert b"image:loc" not in ask(door, "/sitemaps/stories-0.xml").body


def test_news_are_two_days_old_and_a_thousand_at_most(client: Client) -> None:
    make_article("Old", publish_at=timezone.now() - timedelta(days=2, seconds=1))
    fresh = make_article("Fresh", publish_at=timezone.now() - timedelta(days=2) + timedelta(minutes=1))
    door = make_door()
    assert fresh.get_absolute_url().encode() in ask(door, "/sitemaps/news.xml").body
    assert b"<news:title>Old" not in ask(door, "/sitemaps/news.xml").body
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        assert b"<news:title>" not in ask(door, "/sitemaps/news.xml").body
    assert MOST == 1_000
    make_article("Newer")
    with patch("syndication.sitemaps.news.MOST", 1):
        assert len(listed(client, "/sitemaps/news.xml")) == 1


def test_sitemaps_and_feeds_are_valid_whatever_the_words(client: Client, tmp_path: Path) -> None:
    needs_schemas()
    article = make_article(
        "]]>\x01\u202e<&",
        lead_picture=make_image(credit="\x02<"),
        section=Section.objects.create(name="& <b>\x01", slug="odd"),
    )
    give_byline(article)
    give_tags(article, "<&>")
    for part in PARTS:
        assert sitemap_findings(client.get(f"/sitemaps/{part}.xml").content, tmp_path) == []
    assert sitemap_findings(client.get("/sitemap.xml").content, tmp_path, "siteindex.xsd") == []
    assert json_findings(client.get("/feeds/feed.json").content, "jsonfeed") == []
    for address in ("/feeds/ninjs.json", f"/feeds/article/{article.pk}/ninjs.json"):
        assert json_findings(client.get(address).content, "ninjs") == []


def test_control_the_schemas_find_what_is_wrong(tmp_path: Path) -> None:
    needs_schemas()
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>{}</url></urlset>'
    assert sitemap_findings(urlset.format("<lastmod>x</lastmod>").encode(), tmp_path)
    assert json_findings(b'{"version": "2", "items": [{}]}', "jsonfeed")
    assert json_findings(json.dumps({"uri": "https://x/", "headline": "old"}).encode(), "ninjs")


def test_robots_are_kept_out_of_where_no_page_is(client: Client) -> None:
    response = client.get("/robots.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert {"/admin/", "/go/", "/preview/", "/comments/receipt/", "/comments/yours/"} <= set(CLOSED)
    assert all(f"Disallow: {path}\n" in text for path in CLOSED)
    assert f"Sitemap: {BASE}/sitemap.xml\nSitemap: {BASE}/sitemaps/news.xml\n" in text


def test_a_closed_site_tells_search_engines_nothing(client: Client, settings: Any) -> None:
    settings.SEARCH_ENGINES = False
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    for address in ("/sitemap.xml", *(f"/sitemaps/{part}.xml" for part in PARTS)):
        assert client.get(address).status_code == 404


def test_security_txt_says_whom_to_tell_until_it_expires(client: Client, settings: Any) -> None:
    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    settings.SECURITY_CONTACT = ["mailto:security@example.org"]
    assert client.get(address).status_code == 404, "a file without its end is none"
    settings.SECURITY_EXPIRES = datetime(2027, 3, 1, tzinfo=UTC)
    with time_machine.travel(datetime(2027, 2, 28, tzinfo=UTC), tick=False):
        text = client.get(address).content.decode()
        assert "Contact: mailto:security@example.org\nExpires: 2027-03-01T00:00:00Z\n" in text
        assert f"Canonical: {BASE}{address}\n" in text
    door = make_door()
    with time_machine.travel(datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC), tick=False):
        assert ask(door, address).status == 200
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        assert ask(door, address).status == 404
    assert client.get("/security.txt").headers["Location"] == address


def test_language_models_are_told_only_where_the_operator_wants_it(client: Client, settings: Any) -> None:
    make_article()
    assert client.get("/llms.txt").status_code == 404
    settings.LLMS_TXT = True
    assert f"- [City]({BASE}/city/)" in client.get("/llms.txt").content.decode()


@pytest.mark.parametrize("address", ["/wp-sitemap.xml", "/sitemap_index.xml"])
def test_search_engines_that_knew_wordpress_find_the_sitemap(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == "/sitemap.xml"


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        (contacts, "security@example.org"),
        (contacts, "http://example.org/"),
        (contacts, "mailto:a@b\nPolicy: x"),
        (web_address, "javascript:alert(1)"),
        (web_address, "https://hub.example/\r\nX: y"),
        (end_of_day, "soon"),
    ],
)
def test_settings_that_would_break_the_files_are_refused(parse: Any, raw: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(raw)


def test_control_good_settings_are_taken() -> None:
    assert contacts("mailto:a@b.example, https://b.example/") == ["mailto:a@b.example", "https://b.example/"]
    assert web_address("https://hub.example/") == "https://hub.example/"
    assert end_of_day("2027-05-31") == datetime(2027, 5, 31, 23, 59, 59, tzinfo=UTC)
    assert Article.objects.count() == 0
