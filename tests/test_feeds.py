"""Feeds and ninjs: what stands in them in every form, what a source's terms leave out, and where they are found."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import corrections, redirects
from articles.models import Article, CorrectionKind, Section
from articles.models.source import FeedTerms
from comments.models import State
from outbox import effects
from pagecache.writing import writing
from products.models import HOSTS_FRESH_AFTER
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_image,
    make_merchant,
    make_section,
    make_source,
)
from tests.wsgi_client import ask, make_door

pytestmark = pytest.mark.django_db

XML_FORMS = ("rss.xml", "atom.xml")
FORMS = (*XML_FORMS, "feed.json", "ninjs.json")
TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "ninjs.json": "application/json; charset=utf-8",
}
HOSTILE = "]]><script>&\x01\x0b\u202eevil\u2028\ufffe"


def told(client: Client, address: str) -> str:
    """The document at an address as one text, after it was parsed: so it is well-formed."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    if address.partition("?")[0].endswith("json"):
        return json.dumps(json.loads(response.content), ensure_ascii=False)
    root = ET.fromstring(response.content)
    return "\n".join(part for node in root.iter() for part in (node.text or "", *node.attrib.values()))


def lists(*, form: str) -> list[str]:
    """The addresses of every list that the story of ``story()`` stands in."""
    return [f"/feeds/{one}{form}" for one in ("", "section/city/", "tag/trams/", "author/ines-maren/")]


def story(**fields: Any) -> Article:
    """A story with everything a feed tells."""
    picture = make_image(alt="A tram.", caption="The tram", credit="Jo Lens")
    values = {"body": "<p>Late <a href='/city/'>again</a>.</p>", "standfirst": "Ten minutes.", **fields}
    article = make_article("Trams are late", lead_picture=picture, **values)
    give_byline(article)
    give_tags(article, "Trams")
    return article


@pytest.mark.parametrize("form", FORMS)
def test_every_list_tells_the_story_in_every_form(client: Client, form: str) -> None:
    article = story()
    for address in lists(form=form):
        text = told(client, address)
        for expected in (
            *("Trams are late", "Ten minutes.", "Ines Maren", "Trams", "City", "Jo Lens", "-1600.jpg"),
            *(f"http://127.0.0.1:8000{article.get_absolute_url()}", "http://127.0.0.1:8000/city/", "© Newsroom"),
        ):
            assert expected in text, (address, expected)
        response = client.get(address)
        assert response.headers["Content-Type"] == TYPES[form]
        assert f'<http://127.0.0.1:8000{address}>; rel="self"' in response.headers["Link"]


@pytest.mark.parametrize("form", FORMS)
def test_a_source_says_how_much_of_its_stories_is_handed_on(client: Client, form: str) -> None:
    source = make_source(credit="© Wire {year}")
    article = story(source=source)
    own = f"/feeds/article/{article.pk}/ninjs.json"
    for terms, summary, whole in (
        (FeedTerms.NONE, False, False),
        (FeedTerms.SUMMARY, True, False),
        (FeedTerms.FULL, True, True),
    ):
        source.feeds = terms
        source.save()
        for text in [told(client, address) for address in lists(form=form)]:
            assert ("Ten minutes." in text) == summary
            assert ("again" in text) == whole
        assert client.get(own).status_code == (200 if summary else 404)
        assert client.get(own.replace("ninjs.json", "comments/rss.xml")).status_code == (200 if summary else 404)
    assert "© Wire" in told(client, lists(form=form)[0])


def test_other_terms_change_a_stored_feed_at_once() -> None:
    source = make_source(feeds=FeedTerms.FULL)
    story(source=source)
    door = make_door()
    assert b"Trams are late" in ask(door, "/feeds/rss.xml").body
    assert ask(door, "/feeds/rss.xml").was_stored
    source.feeds = FeedTerms.NONE
    source.save()
    assert b"Trams are late" not in ask(door, "/feeds/rss.xml").body
    source.feeds = FeedTerms.FULL
    source.save()
    assert b"Trams are late" in ask(door, "/feeds/rss.xml").body


def test_a_stored_feed_is_not_sent_twice_to_whoever_has_it() -> None:
    story()
    door = make_door()
    first = ask(door, "/feeds/atom.xml")
    again = ask(door, "/feeds/atom.xml", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("form", FORMS)
def test_where_the_site_says_so_only_the_summary_is_told(client: Client, settings: Any, form: str) -> None:
    settings.FEED_TEXT = "summary"
    story()
    text = told(client, f"/feeds/{form}")
    assert "Ten minutes." in text
    assert "again" not in text


def test_a_paid_link_is_disclosed_in_the_entry(client: Client) -> None:
    shop = make_merchant(affiliate=True)
    story(body=f'<p><a href="{shop.url}pot">Buy it</a></p>')
    for form in FORMS:
        text = told(client, f"/feeds/{form}")
        assert "affiliate links" in text
        assert "sponsored" in text
    Article.objects.get().delete()
    story()
    assert "affiliate links" not in told(client, "/feeds/rss.xml"), "the control"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", ["full", "summary"])
def test_a_paid_address_of_the_original_is_disclosed_whole_or_in_short(settings: Any, form: str, length: str) -> None:
    settings.FEED_TEXT = length
    shop = make_merchant(affiliate=True)
    story(source_url=f"{shop.url}story", source=make_source(feeds=FeedTerms.FULL))
    door, place = make_door(), f"/feeds/{form}"
    text = ask(door, place).body.decode()
    assert "affiliate links" in text
    assert text.index("affiliate links") < text.index("Ten minutes.") or length == "full"
    assert ask(door, place).was_stored
    shop.affiliate = False
    shop.save()
    with time_machine.travel(timezone.now() + 2 * HOSTS_FRESH_AFTER, tick=False):
        effects.run_due()
    assert "affiliate links" not in ask(door, place).body.decode(), "the control"


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_break_no_document(client: Client, settings: Any, form: str) -> None:
    settings.SITE_NAME = f"Paper \ud800 {HOSTILE}"
    settings.SITE_TAGLINE = HOSTILE
    article = story(source=make_source(HOSTILE, credit=HOSTILE, feeds=FeedTerms.FULL), lead_caption=HOSTILE)
    picture = article.lead_picture
    assert picture is not None
    picture.alt = picture.credit = picture.caption = HOSTILE
    picture.save()
    for field in ("headline", "standfirst"):
        setattr(article, field, HOSTILE)
    article.body = f"<p>{'<![CDATA['}]]&gt;\x01\ufffe\u202e</p>"
    article.save()
    make_comment(article, HOSTILE, name=HOSTILE)
    talk = [] if form == "ninjs.json" else [f"/feeds/article/{article.pk}/comments/{form}"]
    for address in [*lists(form=form), *talk]:
        text = told(client, address)
        assert "evil" in text
        assert not {"\x01", "\x0b", "\ufffe", "\ud800"} & set(text)


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_leaves_with_its_licence_and_not_before(form: str) -> None:
    article = story()
    inner = make_image(credit="Wire Photo", usable_until=timezone.now() + timedelta(hours=1))
    with writing():
        Article.objects.filter(pk=article.pk).update(body=f'<figure data-image="{inner.pk}"></figure>')
    lead = article.lead_picture
    assert lead is not None
    lead.usable_until = inner.usable_until
    lead.save()
    door = make_door()
    names = [picture.renditions[0]["name"].encode() for picture in (lead, inner)]
    assert all(name in ask(door, f"/feeds/{form}").body for name in names)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert not any(name in ask(door, f"/feeds/{form}").body for name in names)


@pytest.mark.once
@pytest.mark.parametrize("form", FORMS)
def test_a_feed_costs_as_many_queries_for_one_story_as_for_many(client: Client, form: str) -> None:
    counts = []
    for number in (1, 12):
        for _one in range(number):
            story(source=make_source(f"Wire {number} {_one}", feeds=FeedTerms.FULL))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/feeds/section/city/{form}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_feed_holds_the_newest_and_no_more_than_the_setting(client: Client, settings: Any) -> None:
    settings.FEED_ITEMS = 2
    for hours in (3, 1, 2):
        make_article(f"Story {hours}", publish_at=timezone.now() - timedelta(hours=hours))
    titles = [item["title"] for item in json.loads(client.get("/feeds/feed.json").content)["items"]]
    assert titles == ["Story 1", "Story 2"]


def test_an_empty_newsroom_has_well_formed_feeds(client: Client, settings: Any) -> None:
    for form in FORMS:
        assert settings.SITE_NAME in told(client, f"/feeds/{form}")


def test_a_hub_is_named_where_the_operator_has_one_by_feeds_it_hears_of(client: Client, settings: Any) -> None:
    settings.WEBSUB_HUB = "https://hub.example.org/"
    for form in FORMS[:3]:
        assert "https://hub.example.org/" in told(client, f"/feeds/{form}")
        assert '<https://hub.example.org/>; rel="hub"' in client.get(f"/feeds/{form}").headers["Link"]
        talk = f"/feeds/article/{story().pk}/comments/{form}"
        assert "hub.example.org" not in told(client, talk) + client.get(talk).headers["Link"]


def test_the_comments_on_a_story_are_a_feed_of_what_readers_see(client: Client) -> None:
    article = story()
    shown = make_comment(article, "I was on it.\n\nTwice. https://example.org/", name="Mara")
    make_comment(article, "Not yet judged.", state=State.PENDING)
    for form in FORMS[:3]:
        text = told(client, f"/feeds/article/{article.pk}/comments/{form}")
        assert "I was on it." in text
        assert f"/comments/at/{shown.pk}/" in text
        assert "Not yet" not in text
        assert shown.email not in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/feed/", "/feeds/rss.xml"),
        ("/feed/atom/", "/feeds/atom.xml"),
        ("/city/feed/", "/feeds/section/city/rss.xml"),
        ("/category/news/city/feed/", "/feeds/section/city/rss.xml"),
        ("/tag/trams/feed/atom/", "/feeds/tag/trams/atom.xml"),
        ("/author/ines-maren/feed/rss2/", "/feeds/author/ines-maren/rss.xml"),
        ("/town/feed/", "/feeds/section/city/rss.xml"),
    ],
)
def test_subscribers_from_wordpress_are_led_to_our_feeds(client: Client, old: str, new: str) -> None:
    story()
    redirects.lead("/town/", to="/city/", actor=None)
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_a_storys_old_feed_is_the_feed_of_its_comments(client: Client) -> None:
    article = story()
    response = client.get(f"{article.get_absolute_url()}feed/")
    assert response.headers["Location"] == f"/feeds/article/{article.pk}/comments/rss.xml"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/feed/",
        "/a/b/c/feed/",
        "/category//feed/",
        "/feeds/section/none/rss.xml",
        "/feeds/section/a.b/rss.xml",
        "/feeds/author/ö/atom.xml",
        "/feeds/tag/x y/rss.xml",
    ],
)
def test_a_feed_of_nothing_is_unknown(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_where_a_page_moved_its_feeds_moved(client: Client) -> None:
    story()
    redirects.lead("/town/", to="/city/", actor=None)
    response = client.get("/feeds/section/town/feed.json")
    assert (response.status_code, response.headers["Location"]) == (301, "/feeds/section/city/feed.json")


def test_a_search_is_handed_on_best_first(client: Client) -> None:
    response = client.get("/feeds/search/ninjs.json", {"q": "word " * 500})
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/plain")
    assert json.loads(client.get("/feeds/search/ninjs.json").content)["associations"] == []


def test_pages_name_their_feeds(client: Client) -> None:
    article = story()
    for page, address in (
        ("/", "/feeds/atom.xml"),
        ("/city/", "/feeds/section/city/rss.xml"),
        ("/tag/trams/", "/feeds/tag/trams/feed.json"),
        ("/author/ines-maren/", "/feeds/author/ines-maren/atom.xml"),
        (article.get_absolute_url(), f"/feeds/article/{article.pk}/comments/rss.xml"),
        ("/feeds/", "/feeds/section/city/feed.json"),
    ):
        assert f'href="{address}"' in client.get(page).content.decode(), page


def test_a_correction_makes_a_new_version_of_the_story(client: Client) -> None:
    article = story()
    before = json.loads(client.get(f"/feeds/article/{article.pk}/ninjs.json").content)
    corrections.add(article, CorrectionKind.CORRECTION, "It was line 3.", actor=None)
    after = json.loads(client.get(f"/feeds/article/{article.pk}/ninjs.json").content)
    assert after["versionCreated"] > before["versionCreated"]
    assert "line 3" in after["edNote"]


@pytest.mark.parametrize("slug", ["feed", "feeds"])
def test_no_section_takes_the_place_of_the_feeds(slug: str) -> None:
    with pytest.raises(ValidationError):
        Section(name="Feeds", slug=slug).full_clean()
    assert make_section().pk
