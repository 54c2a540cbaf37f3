"""Shops' feeds: fetched when they are due and from public addresses only, applied like any list, trouble told."""

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from outbox import effects
from outbox.models import Effect
from products.deliveries import feeds
from products.deliveries.applying import rehearse
from products.models import Delivery, Merchant, MerchantFeed, Offer, SeenHow
from tests.conftest import Cast
from tests.factories import make_merchant, make_product
from tests.fetch_servers import ALLOWED, SINK, Answering, giving, serving

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIST = b"sku,name,url,price\nA-1,Kettle,https://shop.example/kettle,30.00\nNEW,Pan,https://shop.example/pan,12.00\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Any:
    settings.PRODUCT_FEEDS, settings.FETCH_ALLOWED_PRIVATE = True, ALLOWED
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def offer(db: None) -> Offer:
    offer = make_product("Kettle", price="34.50", merchant=make_merchant("Shop")).offers.get()
    offer.sku, offer.seen_at = "A-1", NOON - timedelta(days=20)
    offer.save()
    return offer


def feed_of(shop: Merchant, url: str, **fields: Any) -> MerchantFeed:
    return MerchantFeed.objects.create(merchant=shop, url=url, **fields)


def turn() -> int:
    """What a worker does when it looks."""
    asked = feeds.ask_due()
    while effects.run_due():
        pass
    return int(asked)


def fetched(shop: Merchant, answering: Answering, **fields: Any) -> MerchantFeed:
    """A feed after one turn."""
    with serving(answering) as server:
        feed = feed_of(shop, f"{server.url}/feed", **fields)
        assert turn() == 1
    assert not Effect.objects.filter(done_at=None, kind=feeds.FETCH).exists()
    feed.refresh_from_db()
    return feed


def test_a_feed_renews_the_prices_we_have_and_takes_over_nothing_else(offer: Offer) -> None:
    feed = fetched(offer.merchant, giving(gzip.compress(LIST)))
    offer.refresh_from_db()
    assert (offer.price, offer.seen_how, offer.seen_at, offer.seen_by) == (Decimal("30.00"), SeenHow.FEED, NOON, None)
    assert (feed.answered_at, feed.trouble) == (NOON, "")
    assert Offer.objects.count() == 1
    delivery = Delivery.objects.get()
    assert (delivery.how, delivery.report["changed"], delivery.report["unknown"]) == ("feed", 1, 1)


def test_a_feed_may_take_over_new_products_where_the_desk_wants_it(offer: Offer) -> None:
    fetched(offer.merchant, giving(LIST), creates=True)
    assert Offer.objects.get(sku="NEW").product.name == "Pan"


def test_an_unchanged_feed_confirms_its_prices_and_is_not_sent_again(offer: Offer, clock: Any) -> None:
    typed = make_product("Typed", merchant=offer.merchant).offers.get()
    with serving(giving(LIST, ETag='"one"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT")) as server:
        feed_of(offer.merchant, server.url)
        turn()
        server.answering = giving(b"", 304)
        clock.shift(timedelta(hours=24))
        turn()
        assert server.asked[1][1]["if-none-match"] == '"one"'
        assert server.asked[1][1]["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"
    offer.refresh_from_db()
    typed.refresh_from_db()
    assert (offer.seen_at, typed.seen_at) == (NOON + timedelta(days=1), NOON)
    assert offer.check_from == NOON + timedelta(days=31)


def test_a_feed_is_asked_when_it_is_due_and_by_one_worker(offer: Offer, clock: Any, settings: Any) -> None:
    with serving(giving(LIST)) as server:
        feed = feed_of(offer.merchant, server.url, hours=6)
        stale = MerchantFeed.objects.get(pk=feed.pk)
        assert [turn(), turn()] == [1, 0]
        assert not feeds._claim(stale)
        clock.shift(timedelta(hours=6))
        assert turn() == 1
        settings.PRODUCT_FEEDS = False
        clock.shift(timedelta(hours=7))
        assert turn() == 0
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answering", "words"),
    [
        (giving(b"", 404), "status 404"),
        (giving(b"nonsense"), "No column"),
        (giving(b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>'), "document type"),
        (giving(gzip.compress(b"\0" * 20_000_000)), "larger than"),
        (giving(b"", 302, Location=f"http://{SINK}/"), SINK),
    ],
)
def test_trouble_is_told_on_the_desk_and_leaves_prices_alone(
    offer: Offer, cast: Cast, answering: Answering, words: str
) -> None:
    feed = fetched(offer.merchant, answering)
    assert words in feed.trouble
    offer.refresh_from_db()
    assert (offer.price, Delivery.objects.count()) == (Decimal("34.50"), 0)
    client = Client()
    client.force_login(cast.chief)
    page = client.get(reverse("admin:products_merchant_change", args=[offer.merchant_id]))
    assert "Trouble: " in page.content.decode()
    assert "Trouble with" in client.get(reverse("admin:products_product_prices")).content.decode()


def test_a_feed_at_a_private_address_is_never_connected_to(offer: Offer) -> None:
    with serving(giving(LIST), SINK) as sink:
        feed_of(offer.merchant, sink.url)
        turn()
        assert sink.asked == []
    assert SINK in MerchantFeed.objects.get().trouble


def test_only_who_may_change_the_shop_sees_or_sets_its_feed(offer: Offer, cast: Cast) -> None:
    feed_of(offer.merchant, "https://shop.example/feed?key=secret")
    for who, sees in (("editor", False), ("chief", True)):
        client = Client()
        client.force_login(getattr(cast, who))
        page = client.get(reverse("admin:products_merchant_change", args=[offer.merchant_id]))
        assert ("key=secret" in page.content.decode()) is sees


def test_another_address_is_asked_anew_and_hostile_ones_are_refused(offer: Offer, cast: Cast) -> None:
    shop = offer.merchant
    feed = feed_of(shop, "https://shop.example/feed", etag="x", asked_at=NOON, trouble="T")
    client = Client()
    client.force_login(cast.chief)
    sent = {"name": shop.name, "slug": shop.slug, "url": shop.url, "price_days": "30", "affiliate": "on"}
    sent |= {
        "feed-TOTAL_FORMS": "1",
        "feed-INITIAL_FORMS": "1",
        "feed-0-id": str(feed.pk),
        "feed-0-merchant": str(shop.pk),
    }
    sent |= {"feed-0-kind": "xml", "feed-0-hours": "6", "feed-0-currency": "eur"}
    address = reverse("admin:products_merchant_change", args=[shop.pk])
    for wrong in ("javascript:alert(1)", "https://me:word@shop.example/", "//shop.example/"):
        assert client.post(address, sent | {"feed-0-url": wrong}).status_code == 200
    assert client.post(address, sent | {"feed-0-url": "https://shop.example/new"}).status_code == 302
    feed.refresh_from_db()
    assert (feed.url, feed.etag, feed.asked_at, feed.trouble) == ("https://shop.example/new", "", None, "")


def test_lists_are_forgotten_after_a_while(offer: Offer, clock: Any) -> None:
    for applied in (None, NOON):
        Delivery.objects.create(merchant=offer.merchant, how=SeenHow.FILE, name="x", content=LIST, applied_at=applied)
    clock.shift(timedelta(days=8))
    feeds.forget_old_deliveries()
    assert [row.applied_at for row in Delivery.objects.all()] == [NOON]
    clock.shift(timedelta(days=90))
    call_command("work", once=True)
    assert not Delivery.objects.exists()


def test_the_control_is_that_the_list_itself_is_sound(offer: Offer) -> None:
    assert rehearse(Delivery(merchant=offer.merchant, how=SeenHow.FEED, name="x", content=LIST)).created == 1
