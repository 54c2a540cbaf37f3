"""Whole lists: what they do not name is sold out, told before, and never more than half of a shop."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outbox.models import AuditEntry
from pagecache.models import Key
from products import placing
from products.deliveries.applying import apply, rehearse
from products.deliveries.reporting import Report, stored_report
from products.deliveries.sheet import Unreadable
from products.models import Delivery, Merchant, Offer, SeenHow
from tests import test_product_feeds
from tests.conftest import Cast
from tests.factories import make_article, make_merchant, make_product
from tests.fetch_servers import giving
from tests.test_product_feeds import NOON, fetched

pytestmark = pytest.mark.django_db


clock = test_product_feeds.clock


@pytest.fixture
def shop(db: None) -> Merchant:
    """A shop with four offers: three by number, one by bar code; a fifth has none, a sixth is another shop's."""
    shop = make_merchant("Shop", url="https://shop.example/")
    for number, price in (("A-1", "10.00"), ("A-2", "20.00"), ("A-3", "30.00"), ("", "40.00")):
        gtin = "" if number else "4006381333931"
        offer = make_product(f"Thing {number or gtin}", price=price, merchant=shop, gtin=gtin).offers.get()
        offer.sku, offer.seen_at = number, NOON - timedelta(days=2)
        offer.save()
    make_product("Typed by hand", merchant=shop)
    other = make_product("Elsewhere", merchant=make_merchant("Other", url="https://other.example/")).offers.get()
    other.sku = "A-3"
    other.save()
    return shop


def listed(*rows: str) -> bytes:
    return "\n".join(("sku,gtin,price,available", *rows, "")).encode()


THREE = listed("A-1,,10.00,", "A-2,,22.00,", ",4006381333931,40.00,")


def delivery_of(shop: Merchant, content: bytes, *, whole: bool = True, **fields: Any) -> Delivery:
    return Delivery(merchant=shop, how=SeenHow.FILE, name="list.csv", content=content, whole=whole, **fields)


def bring(shop: Merchant, content: bytes, **fields: Any) -> Report:
    delivery = delivery_of(shop, content, **fields)
    told = rehearse(delivery)
    delivery.save()
    assert apply(delivery, actor=None) == told
    return told


def available(shop: Merchant) -> set[str]:
    offers = Offer.objects.filter(merchant=shop, available=True)
    return set(offers.values_list("product__name", flat=True))


def test_what_a_whole_list_does_not_name_is_sold_out_told_before_audited_and_off_every_page(shop: Merchant) -> None:
    article = make_article("Here")
    gone = Offer.objects.get(merchant=shop, sku="A-3")
    placing.place(gone.product, article, actor=None)
    before = Key.objects.get(name=f"product:{gone.product_id}").version
    report = bring(shop, THREE)
    assert (report.changed, report.same, report.gone) == (1, 2, 1)
    assert report.gone_lines == [["", "Thing A-3", "€30.00"]]
    assert available(shop) == {"Thing A-1", "Thing A-2", "Thing 4006381333931", "Typed by hand"}
    assert Offer.objects.get(merchant__name="Other").available
    gone.refresh_from_db()
    assert (gone.seen_at, gone.seen_how) == (NOON, "file")
    assert Key.objects.get(name=f"product:{gone.product_id}").version > before
    entry = AuditEntry.objects.get(verb="sold out")
    assert entry.details["before"] == "30.00 EUR"
    assert AuditEntry.objects.get(verb="applied price list").details["gone"] == 1


def test_the_control_is_that_a_list_that_is_not_whole_takes_nothing_away(shop: Merchant) -> None:
    assert bring(shop, THREE, whole=False).gone == 0
    assert bring(shop, listed("A-1,,10.00,"), whole=False).gone == 0
    assert len(available(shop)) == 5


def test_what_is_named_again_can_be_had_again(shop: Merchant, clock: Any) -> None:
    bring(shop, THREE)
    clock.shift(timedelta(days=1))
    again = listed("A-1,,10.00,", "A-2,,22.00,no", "A-3,,30.00,", ",4006381333931,40.00,")
    assert bring(shop, again).gone == 0
    assert "Thing A-3" in available(shop)
    assert "Thing A-2" not in available(shop), "the list itself says so"


def test_a_refused_row_names_its_offer_all_the_same(shop: Merchant) -> None:
    report = bring(shop, listed("A-1,,10.00,", "A-2,,22.00,", "A-3,,a lot,", ",4006381333931,40.00,"))
    assert (report.refused, report.gone) == (1, 0)


@pytest.mark.parametrize("broken", ["A-3,,30,00,", "A-3", "A\u202e-3,,30.00,", ",400638133393\ufeff1,40.00,"])
def test_a_row_that_may_name_any_product_takes_nothing_away_and_says_so(shop: Merchant, broken: str) -> None:
    report = bring(shop, listed("A-1,,10.00,", "A-2,,22.00,", broken))
    assert (report.changed, report.refused, report.gone) == (1, 1, 0)
    assert report.notes == ["Nothing is taken for sold out, as a row that cannot be read may name any product: line 4."]
    assert len(available(shop)) == 5


def test_a_row_with_an_endless_cell_names_its_offer_by_the_others(shop: Merchant) -> None:
    report = bring(shop, listed("A-1,,10.00,", "A-2,,22.00,", f"A-3,,30.00,{'x' * 10_001}"))
    assert (report.refused, report.gone_lines) == (1, [["", "Thing 4006381333931", "€40.00"]])


def test_a_price_somebody_saw_later_than_the_list_stays(shop: Merchant, clock: Any) -> None:
    clock.shift(timedelta(hours=2))
    offer = Offer.objects.get(merchant=shop, sku="A-3")
    offer.seen_at = NOON + timedelta(hours=1)
    offer.save()
    assert bring(shop, THREE, as_of=NOON).gone == 0


@pytest.mark.parametrize("rows", [["A-1,,10.00,"], ["X-1,,10.00,"]])
def test_more_than_half_is_never_taken_away(shop: Merchant, rows: list[str], cast: Cast, client: Client) -> None:
    before = list(Offer.objects.order_by("pk").values())
    with pytest.raises(Unreadable, match="of the shop’s 4 offers would be sold out"):
        rehearse(delivery_of(shop, listed(*rows)))
    delivery = delivery_of(shop, listed(*rows))
    delivery.save()
    with pytest.raises(Unreadable):
        apply(delivery, actor=None)
    client.force_login(cast.editor)
    sent = {"merchant": shop.pk, "file": SimpleUploadedFile("l.csv", listed(*rows)), "whole": "on"}
    answer = client.post(reverse("admin:products_product_import"), sent)
    assert answer.status_code == 400
    assert "more than half" in answer.content.decode()
    assert Delivery.objects.count() == 1
    assert list(Offer.objects.order_by("pk").values()) == before
    assert not AuditEntry.objects.exists()


def test_half_is_still_believed(shop: Merchant) -> None:
    assert bring(shop, listed("A-1,,10.00,", "A-2,,20.00,")).gone == 2


def test_the_editor_ticks_it_sees_what_it_takes_away_and_applies(shop: Merchant, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    sent = {"merchant": shop.pk, "file": SimpleUploadedFile("l.csv", THREE), "whole": "on"}
    page = client.post(reverse("admin:products_product_import"), sent, follow=True)
    html = " ".join(page.content.decode().split())
    assert "Sold out, as the list does not name them" in html
    assert "Thing A-3" in html
    assert len(available(shop)) == 5, "nothing is written yet"
    client.post(page.request["PATH_INFO"])
    assert "Thing A-3" not in available(shop)
    assert stored_report(Delivery.objects.get().report).gone == 1
    assert stored_report({"created": 2}).gone == 0, "reports of before know nothing of it"


def test_a_feed_takes_away_what_it_lacks_only_where_the_desk_says_it_is_whole(shop: Merchant) -> None:
    fetched(shop, giving(THREE, Content_Type="text/csv"))
    assert len(available(shop)) == 5
    shop.feed.delete()
    feed = fetched(shop, giving(THREE, Content_Type="text/csv"), whole=True)
    assert feed.trouble == ""
    assert "Thing A-3" not in available(shop)
    shop.feed.delete()
    feed = fetched(shop, giving(listed("A-1,,10.00,"), Content_Type="text/csv"), whole=True)
    assert "more than half" in feed.trouble
    assert len(available(shop)) == 4


def test_the_command_says_how_many_are_sold_out(shop: Merchant, tmp_path: Any) -> None:
    file, out = tmp_path / "l.csv", StringIO()
    file.write_bytes(THREE)
    call_command("import_prices", str(file), merchant=shop.slug, whole=True, dry_run=True, stdout=out)
    assert "1 sold out as not named" in out.getvalue()
    assert len(available(shop)) == 5


@pytest.mark.once
def test_taking_away_costs_the_same_for_few_and_many(shop: Merchant) -> None:
    def cost(extra: int) -> int:
        rows = ["A-1,,10.00,", "A-2,,20.00,", ",4006381333931,40.00,"]
        for number in range(extra):
            for kept in (True, False):
                sku = f"{extra}-{number}-{kept}"
                offer = make_product(sku, merchant=shop).offers.get()
                offer.sku, offer.seen_at = sku, NOON - timedelta(days=2)
                offer.save()
                rows += [f"{sku},,74.90,"] if kept else []
        delivery = delivery_of(shop, listed(*rows))
        delivery.save()
        with CaptureQueriesContext(connection) as captured:
            apply(delivery, actor=None)
        return len(captured)

    assert cost(3) == cost(30)
