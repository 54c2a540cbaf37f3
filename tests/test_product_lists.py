"""Price lists: rehearsed, refused in words, applied as one, and the same the second time."""

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from products.deliveries import applying
from products.deliveries.formats import read
from products.deliveries.reporting import Report
from products.deliveries.sheet import MOST_BYTES, MOST_ROWS, Unreadable
from products.models import WORDS_CHANGED, Delivery, Merchant, Offer, Product, SeenHow, web_address
from tests.conftest import Cast
from tests.factories import make_merchant, make_product

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ATTACKS = Path(__file__).resolve().parents[2] / "shared" / "data" / "attacks"
HEAD = "sku,name,url,price,currency,available\n"
GOOD = HEAD + "A-1,Kettle,https://shop.example/kettle,34.50,EUR,yes\nA-2,Pan,https://shop.example/pan,12.00,EUR,no\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def shop(db: None) -> Merchant:
    return make_merchant("Shop", url="https://shop.example/")


def delivered(shop: Merchant, content: str | bytes, **fields: Any) -> Delivery:
    sent = content.encode() if isinstance(content, str) else content
    return Delivery(**{"merchant": shop, "how": SeenHow.FILE, "name": "list.csv", "content": sent, **fields})


def bring(shop: Merchant, content: str | bytes, **fields: Any) -> Report:
    delivery = delivered(shop, content, **fields)
    rehearsed = applying.rehearse(delivery)
    delivery.save()
    applied = applying.apply(delivery, actor=None)
    assert applied == rehearsed
    return applied


def world() -> list[Any]:
    """Everything a list may write, but for dates and numbers of rows."""
    offers = Offer.objects.order_by("sku", "id").values_list("sku", "price", "currency", "url", "available")
    return [*offers, *Product.objects.order_by("name").values_list("name", "brand", "gtin")]


def refusals(report: Report) -> dict[int, str]:
    return {line: reason for line, _label, reason in report.refused_lines}


def test_a_list_makes_products_and_offers_and_the_second_time_only_dates_them(shop: Merchant, clock: Any) -> None:
    report = bring(shop, GOOD)
    assert (report.created, report.changed, report.same, report.refused) == (2, 0, 0, 0)
    assert Effect.objects.filter(kind=WORDS_CHANGED).count() == 2
    kettle = Offer.objects.get(sku="A-1")
    assert (kettle.price, kettle.available, kettle.seen_how, kettle.seen_at) == (Decimal("34.50"), True, "file", NOON)
    assert kettle.check_from == NOON + timedelta(days=30)
    once = world()
    clock.shift(timedelta(days=2))
    report = bring(shop, GOOD, as_of=NOON + timedelta(days=1))
    assert (report.created, report.changed, report.same, report.refused) == (0, 0, 2, 0)
    assert world() == once
    kettle.refresh_from_db()
    assert kettle.seen_at == NOON + timedelta(days=1)


def test_a_changed_price_is_told_audited_and_reaches_every_page(shop: Merchant, clock: Any) -> None:
    bring(shop, GOOD)
    offer = Offer.objects.select_related("product").get(sku="A-1")
    offer.product.name = "Our own words"
    offer.product.save()
    before = Key.objects.get(name=f"product:{offer.product_id}").version
    clock.shift(timedelta(hours=1))
    report = bring(shop, GOOD.replace("34.50", "29,90").replace(",29,90,", ',"29,90",'))
    assert report.changed_lines == [[2, "Our own words", "€34.50 → €29.90"]]
    assert Key.objects.get(name=f"product:{offer.product_id}").version > before
    entry = AuditEntry.objects.filter(verb="noted price").latest("id")
    assert entry.details == {"merchant": "Shop", "before": "34.50 EUR", "after": "29.90 EUR"}


def test_the_same_thing_in_two_shops_is_one_product_told_by_its_gtin(shop: Merchant) -> None:
    pot = make_product("Pot", gtin="4006381333931")
    report = bring(shop, "sku,ean,name,url,price\nX,4006381333931,Other words,https://shop.example/pot,70\n")
    assert (report.created, Product.objects.count(), pot.offers.count()) == (1, 1, 2)


@pytest.mark.once
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("B,Pot,https://shop.example/,-3,EUR,yes", "is not a price"),
        ("B,Pot,https://shop.example/,NaN,EUR,yes", "is not a price"),
        ("B,Pot,https://shop.example/,1e999,EUR,yes", "is not a price"),
        ("B,Pot,https://shop.example/,1.234,EUR,yes", "two prices"),
        ("B,Pot,https://shop.example/,999999999999,EUR,yes", "higher than any"),
        ("B,Pot,https://shop.example/,0,EUR,yes", "price of 0"),
        ("B,Pot,https://shop.example/,,EUR,yes", "is not a price"),
        ("B,Pot,https://shop.example/,3,Euro,yes", "no currency"),
        ("B,Pot,https://shop.example/,3 USD,EUR,yes", "the currency EUR"),
        ("B,Pot,https://shop.example/,3,EUR,perhaps", "does not say whether"),
        ("B,Pot,javascript:alert(1),3,EUR,yes", "begins with https"),
        ("B,Pot,data:text/html;base64,3,EUR,yes", "begins with https"),
        ("B,Pot,//evil.example/,3,EUR,yes", "begins with https"),
        ("B,Pot,https://me:word@shop.example/,3,EUR,yes", "begins with https"),
        ("B,Pot,https://shоp.example/,3,EUR,yes", "several scripts"),
        ("B,Pot,https://xn--80ak6aa92e.com/,3,EUR,yes", "another name"),
        ("B,Pot,,3,EUR,yes", "no link"),
        ("B,,https://shop.example/,3,EUR,yes", "no name"),
        (",Pot,https://shop.example/,3,EUR,yes", "neither article number"),
        ("B,P\u202eot,https://shop.example/,3,EUR,yes", "nobody sees"),
        (f"B,{'P' * 161},https://shop.example/,3,EUR,yes", "longer than 160"),
        (f"{'B' * 65},Pot,https://shop.example/,3,EUR,yes", "longer than 64"),
        (f"B,Pot,https://shop.example/{'x' * 500},3,EUR,yes", "longer than 500"),
        ("B,Pot,https://shop.example/,3,EUR", "5 cells"),
        ("B,Pot,https://shop.example/,3,EUR,yes,more", "7 cells"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_reason_and_the_others_are_taken(
    shop: Merchant, row: str, said: str
) -> None:
    report = bring(shop, f"{GOOD}\n{row}\n")
    assert report.created == 2
    assert list(refusals(report)) == [5]
    assert said in refusals(report)[5]
    assert Product.objects.count() == 2


def test_numbers_that_stand_twice_or_mean_two_things_are_refused(shop: Merchant) -> None:
    other = make_product("Pot", gtin="4006381333931")
    bring(shop, GOOD)
    head = "sku,gtin,name,url,price\n"
    twice = bring(shop, head + "T,,Tray,https://shop.example/t,5\nT,,Tray,https://shop.example/t,6\n")
    assert refusals(twice) == dict.fromkeys((2, 3), "“T” stands on lines 2, 3; leave one.")
    clash = bring(shop, head + "A-1,4006381333931,Kettle,https://shop.example/kettle,34.50\n")
    assert "“Kettle”, the GTIN to “Pot”" in refusals(clash)[2]
    bring(shop, head + f"P,{other.gtin},Pot,https://shop.example/pot,70\n")
    again = bring(shop, head + f"P2,{other.gtin},Pot,https://shop.example/pot,71\n")
    assert "under the article number “P”" in refusals(again)[2]
    both = bring(shop, head + f"P,,Pot,https://shop.example/pot,71\n,{other.gtin},Pot,https://shop.example/pot,72\n")
    assert refusals(both) == {3: "It means the same offer as line 2."}


def test_leaps_and_older_lists_are_left_to_a_person(shop: Merchant) -> None:
    bring(shop, GOOD)
    assert "€34.50 to €3,450.00" in refusals(bring(shop, GOOD.replace("34.50", "3450.00")))[2]
    late = bring(shop, GOOD, as_of=NOON - timedelta(days=1))
    assert set(refusals(late).values()) == {"We have a price that was seen later than this list."}


# Files as they come


@pytest.mark.parametrize(
    "content",
    [
        ("\n\n" + GOOD).encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").replace("\n", "\r\n").encode(),
        GOOD.replace(",", "|").replace("\n", "\r").encode(),
        GOOD.replace("Kettle", '"Kettle"').encode(),
        gzip.compress(GOOD.encode()),
        GOOD.replace("sku", "Artikelnummer").replace("price", " PRICE ").replace("available", "in_stock").encode(),
        GOOD.replace("\n", ",ignored\n").encode(),
        (
            b"<rss xmlns:g='http://base.google.com/ns/1.0'><channel><title>Shop</title>"
            b"<item><g:id>A-1</g:id><title>Kettle</title><link>https://shop.example/kettle</link>"
            b"<g:price>34.50 EUR</g:price><g:availability>in stock</g:availability></item>"
            b"<item><g:id>A-2</g:id><title><![CDATA[Pan]]></title><link>https://shop.example/pan</link>"
            b"<g:price>12.00 EUR</g:price><g:availability>out_of_stock</g:availability></item></channel></rss>"
        ),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><sku>A-1</sku><title>Kettle</title>"
            b"<link href='https://shop.example/kettle'/><price>34.50</price></entry>"
            b"<entry><sku>A-2</sku><title>Pan</title><link href='https://shop.example/pan'/><price>12</price>"
            b"<availability>https://schema.org/OutOfStock</availability></entry></feed>"
        ),
    ],
    ids=range(11),
)
def test_every_usual_encoding_separator_and_quoting_reads_the_same(shop: Merchant, content: bytes) -> None:
    bring(shop, content)
    assert world() == [
        ("A-1", Decimal("34.50"), "EUR", "https://shop.example/kettle", True),
        ("A-2", Decimal("12.00"), "EUR", "https://shop.example/pan", False),
        ("Kettle", "", ""),
        ("Pan", "", ""),
    ]


def test_a_list_that_is_not_utf8_is_read_as_windows_wrote_it_and_says_so(shop: Merchant) -> None:
    report = bring(shop, GOOD.replace("Kettle", "Küche “neu”").encode("cp1252"))
    assert "Windows-1252" in report.notes[0]
    assert Product.objects.filter(name="Küche “neu”").exists()


def test_a_quoted_cell_with_line_ends_and_separators_keeps_the_count_of_lines(shop: Merchant) -> None:
    content = 'sku,name,url,price,description\nA,"Pot, ""big""",https://shop.example/,3,"two\nlines"\nB,Pan,x,3,d\n'
    report = bring(shop, content)
    assert Product.objects.get().name == 'Pot, "big"'
    assert list(refusals(report)) == [4]


BAD_XML = [
    '<!DOCTYPE x [<!ENTITY a "b">]><rss><item><id>A</id><price>&a;</price></item></rss>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.2/x.dtd"><rss><item><id>A</id><price>3</price></item></rss>',
    "<rss><item><id>A</id><price>3</price></item>",
    "<rss><item><id>&undefined;</id><price>3</price></item></rss>",
    "<rss>" + "<a>" * 200_000,
    "<rss/>",
    "<rss><item><id>A</id></item></rss>",
    "<?xml version='1.0' encoding='nonsense'?><rss/>",
    f"<rss>{'<item><id>A</id><price>3</price></item>' * (MOST_ROWS + 1)}</rss>",
]


@pytest.mark.once
@pytest.mark.parametrize(
    "content",
    [
        "",
        "  \n ",
        "name,price\nPot,3\n",
        "sku,name\nA,Pot\n",
        "sku,price,preis\nA,3,4\n",
        'sku,price\nA,"3\n',
        "sku,price\nA,3\x00\n",
        "sku,price\n" + "A,3\n" * (MOST_ROWS + 1),
        "sku,price\nA," + "3" * 200_000,
        "sku,price," + "x," * 300,
        b"\x81\x8d\x8f",
        b"sku,price\n" + b"x" * MOST_BYTES,
        gzip.compress(b"\0" * (MOST_BYTES + 1)),
        b"\x1f\x8bnonsense",
        b"\xff\xfea",
        b"PK\x03\x04 a spreadsheet",
        *BAD_XML,
    ],
    ids=range(16 + len(BAD_XML)),
)
def test_what_is_no_price_list_is_refused_as_a_whole_in_words(shop: Merchant, content: str | bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content.encode() if isinstance(content, str) else content)
    assert len(str(refused.value)) > 15


@pytest.mark.skipif(not ATTACKS.exists(), reason="the attack lists (shared/data/attacks) are not beside the project")
def test_no_known_attack_on_readers_of_xml_or_on_links_gets_through() -> None:
    for attack in (ATTACKS / "xxe" / "xml-attacks.txt").read_text().splitlines():
        assert _taken(f"{attack}<rss><item><id>A</id><price>3</price></item></rss>") in (
            [],
            [{"sku": "A", "price": "3"}],
        )
    redirects = (ATTACKS / "open-redirect" / "Open-Redirect-payloads.txt").read_text().splitlines()
    let_through = {url for url in redirects if _passes(url)}
    assert all(url.startswith(("http://", "https://")) and "@" not in urlsplit(url).netloc for url in let_through)
    assert _passes("https://shop.example/kettle")


def _taken(content: str) -> list[Any]:
    """What was read of it; nothing where it was refused."""
    try:
        return [row.fields for row in read(content.encode()).rows]
    except Unreadable:
        return []


def _passes(url: str) -> bool:
    try:
        web_address(url)
    except ValidationError:
        return False
    return True


# All or nothing


def test_nothing_is_half_written_when_applying_fails(shop: Merchant, monkeypatch: Any) -> None:
    bring(shop, GOOD)
    before = world()
    delivery = delivered(shop, GOOD.replace("34.50", "30.00") + "A-3,Cup,https://shop.example/cup,3,EUR,yes\n")
    delivery.save()
    monkeypatch.setattr("products.deliveries.applying._create", _failing)
    with pytest.raises(RuntimeError):
        applying.apply(delivery, actor=None)
    assert world() == before
    delivery.refresh_from_db()
    assert (delivery.applied_at, bool(delivery.content)) == (None, True)


def _failing(*_args: Any) -> Any:
    raise RuntimeError


def test_a_list_is_applied_once(shop: Merchant, cast: Cast) -> None:
    delivery = delivered(shop, GOOD)
    delivery.save()
    applying.apply(delivery, actor=cast.editor)
    with pytest.raises(ValidationError, match="applied already"):
        applying.apply(delivery, actor=cast.editor)
    delivery.refresh_from_db()
    assert (bytes(delivery.content), delivery.report["created"]) == (b"", 2)
    with pytest.raises(PermissionDenied):
        applying.apply(delivery, actor=cast.contributor)


@pytest.mark.once
def test_a_long_list_costs_questions_by_the_hundred_not_by_the_row(shop: Merchant) -> None:
    def costs(rows: int) -> int:
        lines = (f"S{number},Thing {number},https://shop.example/{number},{number + 1}" for number in range(rows))
        delivery = delivered(shop, "sku,name,url,price\n" + "\n".join(lines))
        delivery.save()
        with CaptureQueriesContext(connection) as queries:
            applying.apply(delivery, actor=None)
        return len(queries)

    assert costs(4) <= costs(300) <= costs(4) + 20


# The screens


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, shop: Merchant, content: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile("<b>list</b>.csv", content)
    return client.post(reverse("admin:products_product_import"), {"merchant": shop.pk, "file": file, **fields})


def test_a_list_is_shown_before_it_is_applied(shop: Merchant, cast: Cast) -> None:
    client = signed_in(cast.editor)
    hostile = "H,<script>alert(1)</script>,https://shop.example/h,3,EUR,yes\n"
    response = send(client, shop, (GOOD + hostile + "B,Pot,javascript:alert(1),3,EUR,yes\n").encode())
    assert response.status_code == 302
    assert not Product.objects.exists()
    page = client.get(response["Location"])
    words = page.content.decode()
    assert (page.context["report"].created, page.context["report"].refused) == (3, 1)
    assert "<script>alert" not in words
    assert "<b>list" not in words
    assert client.post(response["Location"]).status_code == 302
    assert Product.objects.count() == 3
    assert Offer.objects.filter(seen_by=cast.editor).count() == 3
    assert client.get(response["Location"]).context["report"].created == 3
    assert client.post(response["Location"]).status_code == 409
    assert "list" in client.get(reverse("admin:products_product_import")).content.decode()


def test_a_list_of_which_nothing_would_be_written_is_not_offered_to_be_applied(shop: Merchant, cast: Cast) -> None:
    client = signed_in(cast.editor)
    for row, offered in (("A,Pot,https://shop.example/pot,a lot,EUR,yes\n", False), ("", True)):
        page = client.get(send(client, shop, ((HEAD + row) if row else GOOD).encode())["Location"])
        words = page.content.decode()
        assert ("Apply it" in words) is offered
        assert ("There is nothing in it to apply." in words) is not offered
        assert ("Bring in another list" in words) is not offered
        assert page.context["report"].writes is offered


@pytest.mark.parametrize(
    "wrong",
    [
        {"merchant": ""},
        {"merchant": "x"},
        {"merchant": 2**70},
        {"currency": "Euro"},
        {"as_of": "2027-01-01"},
        {"as_of": "never"},
        {"file": ""},
        {"file": SimpleUploadedFile("x.csv", b"name\nPot\n")},
        {"file": SimpleUploadedFile("x.csv", b"")},
    ],
    ids=str,
)
def test_a_wrong_upload_is_refused_in_words(shop: Merchant, cast: Cast, wrong: dict[str, Any]) -> None:
    response = send(signed_in(cast.editor), shop, GOOD.encode(), **wrong)
    assert response.status_code == 400
    assert response.context["form"].errors
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_those_who_price_products_bring_in_lists(shop: Merchant, cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    delivery = delivered(shop, GOOD)
    delivery.save()
    one = reverse("admin:products_product_delivery", args=[delivery.pk])
    for answer in (client.get(one), client.post(one), client.get(reverse("admin:products_product_import"))):
        assert answer.status_code == 403
    assert send(client, shop, GOOD.encode()).status_code == 403
    assert not Product.objects.exists()


def test_the_command_rehearses_applies_and_names_what_it_refused(shop: Merchant, tmp_path: Path) -> None:
    file, said, told = tmp_path / "list.csv", StringIO(), StringIO()
    file.write_text(GOOD)
    call_command("import_prices", str(file), merchant="shop", dry_run=True, stdout=said)
    assert (said.getvalue().startswith("Dry run, nothing written: 2 created"), Offer.objects.count()) == (True, 0)
    call_command("import_prices", str(file), merchant="shop", stdout=said)
    assert Offer.objects.count() == 2
    file.write_text(GOOD + "B,Pot,ftp://x,3,EUR,yes\n")
    with pytest.raises(CommandError, match="refused"):
        call_command("import_prices", str(file), merchant="shop", stdout=said, stderr=told)
    assert "line 4 (Pot): Enter an address" in told.getvalue()
    for wrong in ({"merchant": "none"}, {"merchant": "shop", "as_of": "x"}, {"merchant": "shop", "currency": "E"}):
        with pytest.raises(CommandError):
            call_command("import_prices", str(file), stdout=said, **wrong)
