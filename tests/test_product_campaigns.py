"""When and how products stand: campaigns, layouts, the switch of one story, the waiver of a sensitive one."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from articles import publishing, revisions
from articles.models import Article
from articles.readiness.waivers import waive, withdraw_waiver
from articles.registries import revision_parts
from articles.state import WorkingState
from outbox.models import AuditEntry
from pagecache.reading import recording
from products import placing, pricing
from products.boxes import boxes
from products.candidates import SENSITIVE
from products.models import ArticleBoxes, Layout, Match, Offer, Placement
from products.placing import Showing
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_image, make_merchant, make_product, make_section
from tests.test_product_boxes import render, shown
from tests.wsgi_client import ask, make_door

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REASON = "The guide helps people who were flooded."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def article() -> Article:
    article = make_article("Here")
    give_tags(article, "kitchen")
    return article


def boundary(article: Article) -> datetime | None:
    with recording() as record:
        boxes(Article.objects.for_page().get(pk=article.pk))
    return record.boundary


# Campaigns


@pytest.mark.parametrize("where", ["article", "section", "tag"])
def test_a_campaign_begins_and_ends_by_itself_on_every_page(where: str, article: Article, clock: Any) -> None:
    places = {"article": article, "section": make_section(), "tag": article.tagged.get().tag}
    placing.place(make_product("Always"), article, actor=None)
    times = Showing(starts=NOON + HOUR, ends=NOON + 2 * HOUR)
    placing.place(make_product("Campaign"), places[where], actor=None, showing=times)
    door, seen = make_door(), []
    for _hour in range(3):
        answers = [ask(door, article.get_absolute_url()) for _turn in range(2)]
        assert [answer.was_stored for answer in answers] == [False, True]
        seen.append(b"Campaign" in answers[1].body)
        clock.shift(HOUR)
    assert seen == [False, True, False]


def test_the_boundary_is_the_nearest_change_of_all_places(article: Article) -> None:
    assert boundary(article) is None
    for number, where in enumerate((make_section(), article.tagged.get().tag, article), start=1):
        later = Showing(starts=NOON + (5 - number) * HOUR)
        placing.place(make_product(f"P{number}"), where, actor=None, showing=later)
    assert boundary(article) == NOON + 2 * HOUR
    placing.place(make_product("Ends"), make_section(), actor=None, showing=Showing(ends=NOON + HOUR))
    assert boundary(article) == NOON + HOUR


def test_a_time_that_ends_before_it_begins_is_refused(article: Article, cast: Cast) -> None:
    product = make_product()
    backwards = Showing(starts=NOON + HOUR, ends=NOON)
    with pytest.raises(ValidationError, match="end after it begins"):
        placing.place(product, article, actor=cast.editor, showing=backwards)
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(product=product, article=article, starts=NOON, ends=NOON)
    assert not Placement.objects.exists()


def test_campaigns_that_are_over_are_cleared_away_after_a_while(article: Article, clock: Any) -> None:
    over, running = make_product("Over"), make_product("Running")
    placing.place(over, make_section(), actor=None, showing=Showing(ends=NOON + HOUR))
    placing.place(running, make_section(), actor=None, showing=Showing(ends=NOON + 90 * 24 * HOUR))
    for days, left in ((1, 2), (60, 1)):
        clock.move_to(NOON + timedelta(days=days))
        placing.clear_ended()
        assert Placement.objects.count() == left
    assert AuditEntry.objects.filter(verb="withdrew product", actor=None).count() == 1


# How a product stands


def test_each_layout_has_its_own_place_in_the_box(article: Article) -> None:
    rated = make_product("Rated", rating=Decimal("4.6"), pros="Even heat\nLasts", cons="<b>Heavy</b>")
    placing.place(rated, article, actor=None, showing=Showing(Layout.SINGLE))
    for number in range(2):
        placing.place(make_product(f"Line {number}"), article, actor=None, showing=Showing(Layout.LIST))
    html = render(article, '{% products "top" %}')
    assert re.findall(r"product-box__list--(\w+) ", html) == ["single", "list"]
    assert 'width="46"' in html
    assert "4.6 of 5" in html
    assert "<li>Even heat</li><li>Lasts</li>" in html
    assert "<li>&lt;b&gt;Heavy&lt;/b&gt;</li>" in html
    assert "style=" not in html


def test_pros_of_a_product_among_others_are_not_shown(article: Article) -> None:
    placing.place(make_product(pros="Even heat"), article, actor=None)
    assert "Even heat" not in re.sub(r"<script.*?</script>", "", render(article, '{% products "top" %}'))


def test_a_changed_layout_is_audited_and_kept_by_revisions(article: Article, cast: Cast) -> None:
    product = make_product()
    placing.place(product, article, actor=cast.editor, showing=Showing(Layout.SINGLE, ends=NOON + HOUR))
    copy = json.loads(json.dumps(revision_parts["placements"].dump(article)))
    placing.place(product, article, actor=cast.editor, showing=Showing(Layout.LIST))
    entry = AuditEntry.objects.get(verb="showed product otherwise")
    assert entry.details["after"] == {"layout": "list"}
    now = revision_parts["placements"].dump(article)
    assert [change.kind for change in revision_parts["placements"].diff(copy, now, cast.editor)] == ["changed"]
    revision_parts["placements"].restore(article, copy, actor=cast.editor)
    assert Showing.of(Placement.objects.get()) == Showing(Layout.SINGLE, ends=NOON + HOUR)
    revision_parts["placements"].restore(article, [{"product": product.pk}], actor=cast.editor)  # an older copy
    assert Showing.of(Placement.objects.get()) == Showing()


# Off, and sensitive


@pytest.mark.parametrize(("who", "allowed"), [("contributor", False), ("moderator", False), ("editor", True)])
def test_only_editors_switch_the_boxes_of_a_story(article: Article, cast: Cast, who: str, allowed: bool) -> None:
    placing.place(make_product(), make_section(), actor=None)
    if allowed:
        placing.switch(article, off=True, actor=getattr(cast, who))
    else:
        with pytest.raises(PermissionDenied):
            placing.switch(article, off=True, actor=getattr(cast, who))
    assert (shown(article) == ([], [])) is allowed
    placing.switch(article, off=False, actor=None)
    assert shown(article) == (["Cast-iron pot"], [])
    assert shown(make_article("Other")) == (["Cast-iron pot"], [])


def test_the_switch_reaches_the_stored_page_at_once(article: Article) -> None:
    placing.place(make_product(), make_section(), actor=None)
    door, address = make_door(), article.get_absolute_url()
    for off in (True, False):
        assert (b"Cast-iron pot" in ask(door, address).body) is off
        placing.switch(article, off=off, actor=None)
    assert b"Cast-iron pot" in ask(door, address).body


def test_a_sensitive_story_has_boxes_only_while_somebody_answers_for_them(article: Article, cast: Cast) -> None:
    revisions.save(article, WorkingState.of(article).with_(sensitive=True), actor=cast.editor)
    publishing.publish(Article.objects.get(pk=article.pk), actor=None)
    placing.place(make_product(), article, actor=None)
    door, address = make_door(), Article.objects.get(pk=article.pk).get_absolute_url()
    assert b"Cast-iron pot" not in ask(door, address).body
    for actor in (cast.contributor, cast.moderator):
        with pytest.raises(PermissionDenied):
            waive(article, SENSITIVE, REASON, actor=actor)
    with pytest.raises(ValidationError):
        waive(article, SENSITIVE, " ", actor=cast.editor)
    waiver = waive(article, SENSITIVE, REASON, actor=cast.editor)
    assert (waiver.made_by, waiver.reason) == (cast.editor, REASON)
    assert AuditEntry.objects.filter(verb="waived", details__code=SENSITIVE).count() == 1
    assert b"Cast-iron pot" in ask(door, address).body
    withdraw_waiver(article, SENSITIVE, actor=cast.editor)
    assert b"Cast-iron pot" not in ask(door, address).body


# Through the page cache


def test_a_price_change_reaches_every_page_that_shows_it_at_once() -> None:
    product = make_product("Pot", price="80.00")
    city, sport = make_section("City"), make_section("Sport")
    by_section = [make_article(f"City {number}", section=city) for number in range(2)]
    by_choice, elsewhere = make_article("Chosen", section=sport), make_article("Elsewhere", section=sport)
    placing.place(product, city, actor=None)
    placing.place(product, by_choice, actor=None)
    door = make_door()
    addresses = [story.get_absolute_url() for story in (*by_section, by_choice)]
    for address in (*addresses, elsewhere.get_absolute_url()):
        ask(door, address)
        assert ask(door, address).was_stored
    offer = Offer.objects.get()
    offer.price = Decimal("61.00")
    pricing.note_offer(offer, actor=None)
    for address in addresses:
        answer = ask(door, address)
        assert not answer.was_stored
        assert "€61.00".encode() in answer.body
        assert "€80.00".encode() not in answer.body
    assert ask(door, elsewhere.get_absolute_url()).was_stored  # control


# What machines are told


def told_of(html: str) -> list[dict[str, Any]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [node for block in blocks for node in json.loads(block)["@graph"]]


def test_each_box_tells_machines_products_offers_and_our_review(article: Article) -> None:
    picture = make_image()
    product = make_product("Pot", brand="Fendal", rating=Decimal("4.5"), pros="Even", cons="Heavy", picture=picture)
    placing.place(product, article, actor=None)
    (said,) = told_of(render(article, '{% products "top" %}'))
    assert (said["@type"], said["name"], said["brand"]["name"]) == ("Product", "Pot", "Fendal")
    assert said["image"].startswith("http")
    assert said["offers"]["price"] == "74.90"
    assert said["offers"]["priceCurrency"] == "EUR"
    assert said["review"]["reviewRating"]["ratingValue"] == "4.5"
    assert said["review"]["positiveNotes"]["itemListElement"] == [{"@type": "ListItem", "position": 1, "name": "Even"}]


def test_a_product_nobody_of_us_tried_has_no_review(article: Article) -> None:
    placing.place(make_product(pros="Said the maker"), article, actor=None)
    assert "review" not in told_of(render(article, '{% products "top" %}'))[0]


def test_hostile_words_cannot_leave_the_data_block(article: Article) -> None:
    hostile = "</script><script>alert(1)</script><!--\u2028&lt;"
    shop = make_merchant("</ScRiPt >")
    product = make_product(hostile, brand=hostile, description=hostile, pros=hostile, rating=1, merchant=shop)
    placing.place(product, article, actor=None)
    html = render(article, '{% products "top" %}')
    assert html.lower().count("<script") == html.lower().count("</script") == 1
    assert "<!--" not in html
    assert told_of(html)[0]["name"] == hostile


# On the desk


def test_the_page_of_a_storys_boxes_tells_why_each_stands_there(article: Article, cast: Cast, client: Client) -> None:
    chosen, ruled, tagged, called = (make_product(name) for name in ("Chosen", "Ruled", "Tagged", "Called"))
    placing.place(chosen, article, actor=None, showing=Showing(ends=NOON + HOUR))
    placing.place(ruled, make_section(), actor=None)
    placing.place(tagged, article.tagged.get().tag, actor=None)
    placing.place(make_product("Nobody sells", price=None), article, actor=None)
    Match.objects.create(article=article, product=called, rank=1, phrase="dripping tap")
    client.force_login(cast.editor)
    page = client.get(reverse("admin:products_beside", args=[article.pk]))
    lines = [(line.card.product.name, line.reason) for line in (*page.context["top"], *page.context["bottom"])]
    assert lines == [
        ("Chosen", "chosen for this story"),
        ("Ruled", "stands beside every story in City"),
        ("Tagged", "stands beside every story about kitchen"),
        ("Called", "the story’s own words: “dripping tap”"),
    ]
    assert "until Mon 2 March 2026, 13:00" in page.content.decode()
    assert "Nobody sells" in page.content.decode()


def test_the_frame_shows_the_boxes_as_readers_get_them(article: Article, cast: Cast, client: Client) -> None:
    placing.place(make_product("Pot"), article, actor=None)
    client.force_login(cast.editor)
    answer = client.get(reverse("admin:products_boxes", args=[article.pk]))
    html = answer.content.decode()
    assert 'class="disclosure"' in html
    assert 'rel="sponsored nofollow noopener"' in html
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_switch_on_the_desk_asks_for_a_plain_word(article: Article, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    address = reverse("admin:products_switch", args=[article.pk])
    assert client.post(address, {"to": "maybe"}).status_code == 400
    assert client.get(address).status_code == 405
    assert client.post(address, {"to": "off"}).status_code == 302
    assert ArticleBoxes.objects.get().off


def test_drafts_of_others_are_not_told_of(cast: Cast, client: Client) -> None:
    draft = revisions.create(WorkingState(headline="Secret", section=make_section().pk), actor=cast.editor)
    client.force_login(cast.contributor)
    for name in ("admin:products_beside", "admin:products_boxes"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404
    assert client.post(reverse("admin:products_switch", args=[draft.pk]), {"to": "off"}).status_code == 404
    assert client.get(reverse("admin:products_beside", args=[10**30])).status_code == 404
