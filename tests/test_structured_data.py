"""What pages say of themselves to search engines and social networks."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import corrections
from articles.models import BylineRole, CorrectionKind
from articles.models.source import CanonicalRule
from tests.factories import give_byline, give_tags, make_article, make_author, make_comment, make_image, make_source

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def things(client: Client, address: str) -> dict[str, Any]:
    """The things the page describes, by their type."""
    found = [json.loads(block) for block in BLOCK.findall(client.get(address).content.decode())]
    assert {thing["@context"] for thing in found} == {"https://schema.org"}
    return {thing["@type"]: thing for thing in found}


def test_a_story_says_everything_search_engines_ask_for(client: Client) -> None:
    source = make_source(url="https://wire.example/", canonical=CanonicalRule.AGENCY)
    article = make_article(
        lead_picture=make_image(credit="Jo Lens"),
        source=source,
        source_url="https://wire.example/1",
        revised_at=timezone.now(),
        standfirst="Late.",
    )
    give_byline(article)
    give_byline(article, "Jo Lens", BylineRole.PHOTOS)
    give_tags(article, "Trams")
    make_comment(article)
    corrections.add(article, CorrectionKind.CORRECTION, "It was line 3.", actor=None)
    story = things(client, article.get_absolute_url())["NewsArticle"]
    assert story["headline"] == "The tram is late"
    assert [(one["width"], one["height"]) for one in story["image"]] == [(1200, 628), (800, 533), (240, 240)]
    for name in ("datePublished", "dateModified"):
        assert datetime.fromisoformat(story[name]).utcoffset() is not None
    assert story["dateModified"] > story["datePublished"]
    assert story["author"] == [{"@type": "Person", "name": "Ines Maren", "url": f"{BASE}/author/ines-maren/"}]
    assert story["contributor"][0]["name"] == "Jo Lens"
    assert story["publisher"]["name"] == "Newsroom"
    assert story["publisher"]["logo"]["url"].startswith(BASE)
    assert story["mainEntityOfPage"] == story["isBasedOn"] == "https://wire.example/1"
    assert story["sourceOrganization"]["url"] == "https://wire.example/"
    assert story["correction"][0]["text"] == "It was line 3."
    assert story["commentCount"] == 1
    assert story["keywords"] == ["Trams"]


def test_a_story_without_a_byline_is_the_papers_or_the_agencys(client: Client) -> None:
    own, wired = make_article(), make_article(source=make_source())
    for article, name in ((own, "Newsroom"), (wired, "Northline")):
        assert things(client, article.get_absolute_url())["NewsArticle"]["author"][0]["name"] == name


def test_the_way_to_a_page_is_told(client: Client) -> None:
    article = make_article()
    give_tags(article, "Trams")
    way = things(client, article.get_absolute_url())["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["item"]) for step in way] == [
        (1, f"{BASE}/"),
        (2, f"{BASE}/city/"),
        (3, f"{BASE}{article.get_absolute_url()}"),
    ]
    for page in ("/city/", "/tag/trams/"):
        assert things(client, page)["BreadcrumbList"]["itemListElement"][-1]["item"] == f"{BASE}{page}"
    assert things(client, "/")["WebSite"]["publisher"]["name"] == "Newsroom"


def test_an_authors_page_says_who_they_are(client: Client) -> None:
    author = make_author(title="Reporter", bio="Rides trams.", portrait=make_image())
    person = things(client, author.get_absolute_url())["ProfilePage"]["mainEntity"]
    assert (person["@type"], person["name"], person["jobTitle"]) == ("Person", "Ines Maren", "Reporter")
    assert person["url"] == f"{BASE}/author/ines-maren/"
    assert len(person["image"]) == 3


def test_a_picture_is_named_as_long_as_it_may_be_shown(client: Client) -> None:
    ended = timezone.now() - timedelta(seconds=1)
    article = make_article(lead_picture=make_image(usable_until=ended))
    author = make_author(portrait=make_image(usable_until=ended))
    assert "image" not in things(client, article.get_absolute_url())["NewsArticle"]
    assert "image" not in things(client, author.get_absolute_url())["ProfilePage"]["mainEntity"]


def test_hostile_words_stay_words(client: Client) -> None:
    headline = "</script><script>alert(1)</script> \u2028 & <!--"
    article = make_article(headline, lead_picture=make_image(credit="</script>"))
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    story = things(client, article.get_absolute_url())["NewsArticle"]
    assert story["headline"].startswith("</script><script>alert(1)</script>")
    assert story["image"][0]["creditText"] == "</script>"


def test_social_networks_are_told_what_to_show(client: Client) -> None:
    article = make_article(lead_picture=make_image("A tram in the rain."), standfirst="Late.")
    page = client.get(article.get_absolute_url()).content.decode()
    for name, content in (
        ("og:type", "article"),
        ("og:title", "The tram is late"),
        ("og:description", "Late."),
        ("og:image:alt", "A tram in the rain."),
        ("og:image:width", "1200"),
    ):
        assert f'<meta property="{name}" content="{content}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert '<meta name="twitter:card" content="summary">' in client.get("/city/").content.decode()
