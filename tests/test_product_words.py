"""Words in a story: what stands in too many of them is refused, with the reason beside the field."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import search
from articles.models import Status
from products.common_words import COMMON_AT_LEAST, refuse_common
from products.models import Product
from tests.conftest import Cast
from tests.factories import make_article, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def archive(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve stories about water, one of which names a dripping tap; more than two of twelve is a lot here."""
    monkeypatch.setattr("products.common_words.COMMON_AT_LEAST", 2)
    articles = [make_article(f"Water number {number}", body_text="The Élan of water.") for number in range(11)]
    articles.append(make_article("A dripping tap", body_text="Water drips from a dripping tap."))
    articles += [make_article(f"Secret valve {number}", status=Status.DRAFT, publish_at=None) for number in range(5)]
    search.index_many(articles)


def taken(typed: str) -> bool:
    """Whether the form takes these words."""
    try:
        refuse_common(typed)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("typed", ["water", "WATER", "dripping tap, Water", "élan", "of water"])
def test_words_that_stand_in_too_many_stories_are_refused_by_name_and_number(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        refuse_common(typed)
    (told,) = refused.value.messages
    assert typed.rsplit(", ", maxsplit=1)[-1] in told
    assert "more than 2 of 12 stories" in told


@pytest.mark.parametrize("typed", ["", ",, ,", "dripping tap", "tap, drips", "valve", "\0", '"', "*", "never said"])
def test_the_control_is_that_particular_words_are_taken(typed: str) -> None:
    assert taken(typed)


def test_a_young_paper_cannot_tell_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("products.common_words.COMMON_AT_LEAST", COMMON_AT_LEAST)
    assert taken("water")


def test_the_form_keeps_what_was_typed_and_says_why(cast: Cast, client: Client) -> None:
    product = make_product("Filter", price=None, words="seal")
    client.force_login(cast.editor)
    address = reverse("admin:products_product_change", args=[product.pk])
    empty = {f"{prefix}-{name}_FORMS": 0 for prefix in ("offers", "placements") for name in ("TOTAL", "INITIAL")}
    sent = {"name": "Filter", "slug": product.slug, **empty}
    answer = client.post(address, {**sent, "words": "dripping tap, water"})
    html = answer.content.decode()
    assert "“water” stands in more than 2 of 12 stories" in html
    assert 'value="dripping tap, water"' in html
    assert Product.objects.get().words == "seal"
    assert client.post(address, {**sent, "words": "dripping tap"}).status_code == 302
    assert Product.objects.get().words == "dripping tap"


def test_words_of_before_hold_nobody_up(cast: Cast, client: Client) -> None:
    product = make_product("Filter", price=None, words="water")
    client.force_login(cast.editor)
    empty = {f"{prefix}-{name}_FORMS": 0 for prefix in ("offers", "placements") for name in ("TOTAL", "INITIAL")}
    sent = {"name": "Sieve", "slug": product.slug, "words": "water", **empty}
    assert client.post(reverse("admin:products_product_change", args=[product.pk]), sent).status_code == 302
    assert Product.objects.get().name == "Sieve"


def test_it_costs_a_query_for_each_phrase_whatever_the_archive() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            refuse_common("dripping tap, valve")
        return len(captured)

    few = cost()
    search.index_many([make_article(f"More {number}") for number in range(20)])
    assert cost() == few <= 6


def test_hostile_words_are_refused_as_words(monkeypatch: Any) -> None:
    monkeypatch.setattr("products.common_words.COMMON_AT_LEAST", 0)
    with pytest.raises(ValidationError) as refused:
        refuse_common("water&<>")
    assert "“water&<>” stands in" in refused.value.messages[0]
