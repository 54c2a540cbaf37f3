"""A reader opens an article."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.models import Article, BylineRole, Correction, Kind, Status
from articles.models.source import CanonicalRule
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_image,
    make_section,
    make_source,
    suggest,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def everything(number: int = 1) -> Article:
    """An article that has one or ``number`` of all that can stand on its page."""
    article = make_article(
        "The tram is late",
        standfirst="And it rains.",
        lead_picture=make_image(),
        source=make_source(f"Northline {number}"),
        revised_at=timezone.now(),
        body_keys=["image:77"],
    )
    for index in range(number):
        give_byline(article, f"Writer {index}")
        give_tags(article, f"tag {number} {index}")
        Correction.objects.create(article=article, text=f"It was {index}.")
        make_comment(article)
        suggest(article, make_article(f"Another {index}", lead_picture=make_image(), slug="another"))
    return article


def get(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()


def essence(response: Any) -> tuple[int, bytes, dict[str, str]]:
    """All a stranger can tell two answers apart by."""
    assert isinstance(response, HttpResponse)
    return response.status_code, response.content, dict(response.headers)


def test_the_parts_stand_in_the_order_of_the_page() -> None:
    article = everything()
    html = get(article)
    parts = [
        'class="kicker__section"',
        'class="story__headline"',
        'class="story__standfirst"',
        'class="bylines"',
        "Published",
        "Updated",
        "1 comment",
        'class="story__lead"',
        "It is late again.",
        'class="corrections"',
        'class="story__credit"',
        'class="related"',
        'class="ledger topics"',
        'id="comments"',
    ]
    body = html[html.index("<main") :]
    places = [body.index(part) for part in parts]
    assert places == sorted(places)


def test_a_plain_article_leaves_no_empty_part() -> None:
    html = get(make_article())
    for part in (
        "story__standfirst",
        "bylines",
        "Updated",
        "story__lead",
        'class="corrections"',
        "story__credit",
        "topics",
    ):
        assert part not in html


def test_updated_appears_only_when_the_words_were_revised() -> None:
    article = make_article()
    assert "Updated" not in get(article)
    article.revised_at = timezone.now()
    article.save()
    assert "Updated" in get(article)


def test_bylines_say_who_did_what() -> None:
    article = make_article()
    give_byline(article, "Ines Maren")
    give_byline(article, "Jonas Ferrant", BylineRole.PHOTOS)
    html = get(article)
    assert html.index("Ines Maren") < html.index("Jonas Ferrant") < html.index("Photos")


def test_an_agency_story_carries_its_credit_with_the_year_it_appeared() -> None:
    source = make_source("Northline", credit="© {name} {year}")
    article = make_article(source=source, publish_at=datetime(2024, 3, 1, tzinfo=UTC))
    assert "© Northline 2024" in get(article)


def test_the_canonical_address_is_the_agencys_where_its_rule_says_so() -> None:
    source = make_source(canonical=CanonicalRule.AGENCY)
    article = make_article(source=source, source_url="https://northline.example/tram")
    assert '<link rel="canonical" href="https://northline.example/tram">' in get(article)


def test_the_canonical_address_is_ours_otherwise() -> None:
    article = make_article(source=make_source(), source_url="https://northline.example/tram")
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{article.get_absolute_url()}">' in get(article)


def test_the_head_tells_search_engines_and_sharing() -> None:
    article = make_article(
        search_title="Tram", search_description="Late & wet.", noindex=True, lead_picture=make_image()
    )
    html = get(article)
    assert "<title>Tram · Newsroom</title>" in html
    assert '<meta name="description" content="Late &amp; wet.">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'property="og:image" content="http://127.0.0.1:8000/media/' in html


def test_the_picture_for_sharing_goes_before_the_lead_picture() -> None:
    article = make_article(lead_picture=make_image("Lead."), social_picture=make_image("Shared."))
    assert '<meta property="og:image:alt" content="Shared.">' in get(article)


def test_an_article_that_is_not_marked_is_open_to_search_engines() -> None:
    assert 'name="robots"' not in get(make_article())


@pytest.mark.parametrize("section", ["city", "elsewhere"])
@pytest.mark.parametrize("slug", ["the-tram-is-late", "wrong", ""])
def test_any_other_spelling_moves_to_the_right_address(section: str, slug: str) -> None:
    article = make_article()
    address = f"/{section}/{slug}-{article.pk}/"
    response = Client().get(address)
    if address == article.get_absolute_url():
        assert response.status_code == 200
        return
    assert response.status_code == 301
    assert response["Location"] == article.get_absolute_url()
    assert response["Cache-Control"] == "public, max-age=3600"


def test_the_query_survives_the_move() -> None:
    article = make_article()
    response = Client().get(f"/city/old-{article.pk}/?utm=a%26b")
    assert response["Location"] == f"{article.get_absolute_url()}?utm=a%26b"


HIDDEN: dict[str, dict[str, Any]] = {
    "draft": {"status": Status.DRAFT, "publish_at": None, "first_published_at": None},
    "in review": {"status": Status.IN_REVIEW, "publish_at": None, "first_published_at": None},
    "scheduled": {"status": Status.SCHEDULED, "publish_at": NOON + HOUR, "first_published_at": None},
    "embargoed": {"embargo_until": NOON + HOUR, "first_published_at": None},
    "archived unseen": {"status": Status.ARCHIVED, "first_published_at": None},
}


@pytest.mark.parametrize("state", HIDDEN)
@pytest.mark.parametrize("slug", ["the-tram-is-late", "wrong"])
def test_what_was_never_public_answers_byte_for_byte_as_an_unknown_address(state: str, slug: str) -> None:
    article = make_article(**HIDDEN[state])
    client = Client()
    assert essence(client.get(f"/city/{slug}-{article.pk}/")) == essence(client.get(f"/city/{slug}-999999/"))


def test_control_a_public_article_answers_otherwise() -> None:
    article = make_article()
    client = Client()
    assert essence(client.get(f"/city/wrong-{article.pk}/")) != essence(client.get("/city/wrong-999999/"))


@pytest.mark.parametrize("fields", [{"status": Status.ARCHIVED}, {"expire_at": NOON - HOUR / 2}])
@pytest.mark.parametrize("slug", ["the-tram-is-late", "wrong"])
def test_what_was_public_once_is_gone_with_nothing_of_it(fields: dict[str, Any], slug: str) -> None:
    article = make_article("Secret headline", **fields)
    response = Client().get(f"/city/{slug}-{article.pk}/")
    assert response.status_code == 410
    assert b"Secret" not in response.content
    assert b"late again" not in response.content


def test_a_scheduled_article_appears_at_its_minute_without_any_worker() -> None:
    article = make_article(status=Status.SCHEDULED, publish_at=NOON + HOUR, first_published_at=None)
    with time_machine.travel(NOON + HOUR, tick=False):
        assert Client().get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 30, "1e3", "٣", "1%00"])
def test_nonsense_in_place_of_the_number_is_not_found(pk: str) -> None:
    assert Client().get(f"/city/x-{pk}/").status_code == 404


def test_only_reading_is_answered() -> None:
    article = make_article()
    assert Client().post(article.get_absolute_url()).status_code == 405
    assert Client().head(article.get_absolute_url()).status_code == 200


def test_the_page_depends_on_exactly_what_it_shows() -> None:
    article = everything()
    other = Article.objects.get(headline="Another 0")
    [tag], [byline] = article.tag_list, article.bylines.all()
    response = Client().get(article.get_absolute_url())
    keys = set(response["Surrogate-Key"].split())
    assert other.section_id is not None
    assert other.lead_picture_id is not None
    ours = {
        f"article:{article.pk}",
        f"section:{article.section_id}",
        f"source:{article.source_id}",
        f"image:{article.lead_picture_id}",
        f"author:{byline.author_id}",
        f"tag:{tag.pk}",
        "image:77",
        "menus",
        "sections",
    }
    boxes = {f"products:{article.pk}", f"products-section:{article.section_id}", f"products-tag:{tag.pk}"}
    related = {
        f"related:{article.pk}",
        f"article:{other.pk}",
        f"image:{other.lead_picture_id}",
        "campaigns",
        f"campaigns:section:{article.section_id}",
        f"campaigns:tag:{tag.pk}",
    }
    assert keys == ours | boxes | related | {f"comments:{article.pk}", "comments-promise"}


def test_an_article_costs_at_most_twelve_queries_whatever_it_carries(
    django_assert_max_num_queries: Any,
) -> None:
    small, large = everything(1), everything(8)
    with django_assert_max_num_queries(12) as first:
        get(small)
    with django_assert_max_num_queries(12) as second:
        get(large)
    assert len(first) == len(second)


def test_a_live_story_says_so() -> None:
    assert "kicker--live" in get(make_article(kind=Kind.LIVE))


def test_no_cookie_is_set_and_none_changes_a_byte() -> None:
    article = make_article()
    plain = Client().get(article.get_absolute_url())
    signed = Client(headers={"cookie": "sessionid=abc; csrftoken=def"}).get(article.get_absolute_url())
    assert not plain.cookies
    assert plain.content == signed.content
    assert "Cookie" not in plain.get("Vary", "")


def test_the_section_of_the_article_is_marked_in_the_menu() -> None:
    article = make_article(section=make_section("City"))
    assert 'href="/city/" aria-current="true"' in get(article)
