"""The taste guard, and the check for conflicts, with hostile eyes."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from articles import publishing, revisions
from articles.models import Article, Waiver
from articles.readiness import check
from articles.readiness.waivers import waive, withdraw_waiver
from articles.state import WorkingState
from outbox.models import AuditEntry
from people.leaving import deactivate, left_by
from products import placing
from products.before_publishing import names_what_is_sold
from products.candidates import SENSITIVE
from products.models import Match
from products.placing import Showing
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_merchant, make_product, make_section
from tests.wsgi_client import ask, make_door

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REASON = "The guide helps people who were flooded."

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def story(cast: Cast) -> Article:
    """A public story beside which products stand from everywhere: its own, its section's, its tag's, its words'."""
    state = WorkingState(headline="Flood", section=make_section().pk, body="<p>Words.</p>", tags=("water",))
    article = revisions.create(state, actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    places = {"Own": article, "Section": article.section, "Tag": article.tagged.get().tag}
    for name, place in places.items():
        placing.place(make_product(name), place, actor=None, showing=Showing())
    Match.objects.create(article=article, product=make_product("Word"), rank=1, phrase="words")
    return article


def be_sensitive(article: Article, cast: Cast, *, sensitive: bool = True) -> None:
    article.refresh_from_db()
    state = WorkingState.of(article).with_(sensitive=sensitive)
    revisions.save(article, state, actor=cast.editor)
    publishing.publish(article, actor=cast.editor)


def offered(article: Article) -> list[bool]:
    """Whether a shop is offered: on the page, asked twice, for programs, and to machines in the page's data."""
    door = make_door()
    pages = [ask(door, article.get_absolute_url()).body.decode() for _turn in range(2)]
    told = Client().get(f"/api/v1/articles/{article.pk}/products/").content.decode()
    return ["/go/" in pages[0], "/go/" in pages[1], "/go/" in told, '"Offer"' in pages[1], "disclosure" in pages[1]]


ALL, NONE = [True] * 5, [False] * 5


def test_a_story_that_becomes_sensitive_loses_what_stood_beside_it_already(story: Article, cast: Cast) -> None:
    assert offered(story) == ALL
    be_sensitive(story, cast)
    assert offered(story) == NONE
    placing.place(make_product("Later"), story, actor=cast.editor)
    placing.place(make_product("A campaign"), make_section(), actor=None, showing=Showing(ends=NOON.replace(hour=20)))
    assert offered(story) == NONE
    be_sensitive(story, cast, sensitive=False)
    assert offered(story) == ALL


def test_a_waiver_that_is_withdrawn_or_outlived_takes_the_boxes_along(story: Article, cast: Cast) -> None:
    be_sensitive(story, cast)
    waive(story, SENSITIVE, REASON, actor=cast.editor)
    assert offered(story) == ALL
    withdraw_waiver(story, SENSITIVE, actor=cast.chief)
    assert offered(story) == NONE
    waive(story, SENSITIVE, REASON, actor=cast.editor)
    be_sensitive(story, cast, sensitive=False)
    be_sensitive(story, cast)
    assert offered(story) == NONE, "somebody answered for another time"


def test_nobody_answers_for_boxes_once_whoever_did_has_left(story: Article, cast: Cast) -> None:
    be_sensitive(story, cast)
    waive(story, SENSITIVE, REASON, actor=cast.editor)
    told = [(str(part.words), part.rows) for part in left_by(cast.editor, told=cast.chief)]
    assert ("lines of checklists they answer for, which count again", [("Flood", admin_address(story))]) in told
    deactivate(cast.editor, actor=cast.administrator)
    assert offered(story) == NONE
    entry = AuditEntry.objects.filter(verb="withdrew waiver").latest("pk")
    assert entry.actor == cast.administrator
    assert entry.details["code"] == SENSITIVE
    assert not Waiver.objects.filter(withdrawn_at=None).exists()


def admin_address(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def test_whoever_lost_the_right_answers_for_nothing_and_withdraws_nothing(story: Article, cast: Cast) -> None:
    be_sensitive(story, cast)
    waive(story, SENSITIVE, REASON, actor=cast.chief)
    cast.editor.groups.clear()
    editor = type(cast.editor).objects.get(pk=cast.editor.pk)
    with pytest.raises(PermissionDenied):
        withdraw_waiver(story, SENSITIVE, actor=editor)
    assert offered(story) == ALL
    withdraw_waiver(story, SENSITIVE, actor=cast.chief)
    with pytest.raises(PermissionDenied):
        waive(story, SENSITIVE, REASON, actor=editor)
    assert offered(story) == NONE


def test_paid_links_in_the_words_of_a_sensitive_story_are_told(cast: Cast) -> None:
    make_merchant("Shop", url="https://shop.example/")
    links = "".join(
        f'<p><a href="{url}">x</a></p>' for url in ("https://SHOP.example/x", "/go/7/", "https://free.example/")
    )
    article = revisions.create(WorkingState(headline="Flood", section=make_section().pk, body=links), actor=cast.editor)

    def told(*, sensitive: bool) -> list[str]:
        state = WorkingState.of(article).with_(sensitive=sensitive)
        return [str(found.message) for found in check(article, state) if found.code == "products-paid-links"]

    assert told(sensitive=True) == ["The story is marked sensitive and holds 2 links that may pay us."]
    assert told(sensitive=False) == []


# Conflicts

NAMED = [
    ("Lumen", "Lumen", True),
    ("LUMEN’S", "Lumen", True),
    ("ｌｕｍｅｎ", "Lumen", True),
    ("Lúmen", "Lumen", True),
    ("the Lumen-Werke", "Lumen", True),
    ("Lumens", "Lumen", False),
    ("the Boschs of this world", "Bosch", False),
    ("Harbour and Hearth", "Harbour & Hearth", True),
    ("Harbour Hearth", "Harbour & Hearth", True),
    ("Lumen", "Lumen GmbH & Co. KG", True),
    ("HP", "HP Inc.", True),
    ("3M", "3M", True),
    ("東芝", "東芝", True),
]


@pytest.mark.parametrize(("text", "brand", "loud"), NAMED)
def test_a_brand_is_found_however_the_story_writes_it(text: str, brand: str, loud: bool) -> None:
    article = make_article("Here")
    placing.place(make_product("Lamp", brand=brand), article, actor=None)
    state = {"section": article.section_id, "headline": f"Why {text} closes", "body": "<p>Words.</p>"}
    (found,) = names_what_is_sold(article, state)
    assert found.required == loud
    assert brand in str(found.message)
    (found,) = names_what_is_sold(article, {**state, "headline": "Why it closes", "body": f"<p>It is {text}.</p>"})
    assert not found.required


@pytest.mark.parametrize(
    ("text", "brand"), [("lumenate", "Lumen"), ("hp sauce", "HP"), ("Sharply", "Sharp"), ("x", "")]
)
def test_the_control_is_that_other_words_are_no_brand(text: str, brand: str) -> None:
    article = make_article("Here")
    placing.place(make_product("Lamp", brand=brand), article, actor=None)
    state = {"section": article.section_id, "headline": f"Why {text} closes", "body": f"<p>{text}</p>"}
    assert names_what_is_sold(article, state) == []


def test_a_product_placed_after_publication_is_told_beside_the_story(cast: Cast, client: Client) -> None:
    article = make_article("Lumen closes its works")
    give_tags(article, "work")
    client.force_login(cast.editor)
    address = reverse("admin:products_beside", args=[article.pk])
    assert "names “Lumen”" not in client.get(address).content.decode()
    placing.place(make_product("Lamp", brand="Lumen"), article.tagged.get().tag, actor=None)
    assert "names “Lumen”" in client.get(address).content.decode()
