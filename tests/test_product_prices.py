"""What products cost: as of when, how long that holds, and who looks again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from articles.page_plan import PagePlan
from outbox.models import AuditEntry
from pagecache.models import Key
from pagecache.reading import recording
from products import placing, pricing
from products.models import Offer, Product, SeenHow
from products.price_reading import read_price
from tests.conftest import Cast
from tests.factories import make_article, make_merchant, make_product

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRICES = "admin:products_product_prices"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


def box(article: Article) -> tuple[str, datetime | None]:
    """What readers see, and until when."""
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        html = Template('{% load product_boxes %}{% products "top" %}').render(
            Context({"article": page, "plan": PagePlan()})
        )
    return " ".join(html.split()), record.boundary


def placed(**fields: Any) -> tuple[Article, Offer]:
    article, product = make_article("Here"), make_product(**fields)
    placing.place(product, article, actor=None)
    return article, product.offers.get()


def test_a_price_reads_check_price_by_itself_at_the_end_of_its_shops_rule(clock: Any) -> None:
    article, offer = placed(merchant=make_merchant("Quick", price_days=7))
    html, until = box(article)
    assert "€74.90" in html
    assert until == offer.check_from == NOON + timedelta(days=7)
    clock.move_to(until - timedelta(seconds=1))
    assert "€74.90" in box(article)[0]
    clock.move_to(until)
    html, until = box(article)
    assert ("€74.90" not in html, "Check price" in html, "as of" not in html, until) == (True, True, True, None)
    assert reverse("products:go", args=[offer.pk]) in html


def test_the_desk_shows_an_old_price_as_readers_do_with_what_it_was_and_when(
    cast: Cast, client: Client, clock: Any
) -> None:
    article, offer = placed(merchant=make_merchant("Quick", price_days=7))
    client.force_login(cast.editor)
    screens = [reverse("admin:products_beside", args=[article.pk]), reverse("admin:products_product_changelist")]

    def said() -> list[str]:
        return [" ".join(client.get(screen).content.decode().split()) for screen in screens]

    assert all("€74.90" in html and "check price" not in html for html in said())
    clock.move_to(offer.check_from)
    beside, listed = said()
    assert '<span class="badge badge--changes">check price</span> €74.90 on 2 Mar 2026 · Quick' in beside
    assert '<span class="badge badge--changes">check price</span> €74.90</td>' in listed
    assert '<td class="field-price_seen nowrap">2 Mar 2026, 12:00</td>' in listed


def test_a_price_that_holds_comes_before_a_cheaper_one_that_needs_a_look(clock: Any) -> None:
    article, offer = placed(price="50.00")
    clock.shift(timedelta(days=40))
    dearer = make_merchant("Dear")
    Offer.objects.create(product=offer.product, merchant=dearer, price="60.00", url=dearer.url)
    assert "€60.00" in box(article)[0]
    pricing.look(offer.pk, saw=pricing.as_seen(offer), actor=None)
    assert "€50.00" in box(article)[0]


def test_an_offer_that_ends_leaves_by_itself_and_so_does_a_product_without_another(clock: Any) -> None:
    article, offer = placed()
    offer.ends_at = NOON + timedelta(hours=1)
    offer.save()
    assert box(article)[1] == offer.ends_at
    clock.move_to(offer.ends_at)
    assert box(article)[0] == ""


def test_a_new_rule_of_a_shop_holds_for_the_prices_there_are(clock: Any) -> None:
    article, offer = placed()
    other = make_merchant("Other")
    Offer.objects.create(product=offer.product, merchant=other, price="80.00", url=other.url)
    before = Key.objects.get(name=f"product:{offer.product_id}").version
    offer.merchant.price_days = 2
    offer.merchant.save()
    offer.refresh_from_db()
    assert offer.check_from == NOON + timedelta(days=2)
    assert Key.objects.get(name=f"product:{offer.product_id}").version > before
    clock.shift(timedelta(days=3))
    assert "€80.00" in box(article)[0]


# Looking again


def as_user(user: Any) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def old_offer(**fields: Any) -> Offer:
    with time_machine.travel(NOON - timedelta(days=60), tick=False):
        return make_product(**fields).offers.get()


def answer(client: Client, offer: Offer, **sent: Any) -> Any:
    address = reverse("admin:products_product_sighting", args=[offer.pk])
    return client.post(address, {"saw": pricing.as_seen(offer), "price": str(offer.price), **sent})


def test_prices_to_look_at_stand_on_the_start_page_and_in_a_list_oldest_first(cast: Cast) -> None:
    old_offer(name="Old")
    with time_machine.travel(NOON - timedelta(days=90), tick=False):
        make_product("Older")
    make_product("Fresh")
    ended = old_offer(name="Ended")
    ended.ends_at = NOON
    ended.save()
    client = as_user(cast.editor)
    lists = client.get(reverse("admin:index")).context["desk"].work
    assert [row.headline for row in next(one for one in lists if one.name == "prices").rows] == ["Older", "Old"]
    assert [line.offer.product.name for line in client.get(reverse(PRICES)).context["lines"]] == ["Older", "Old"]
    page = client.get(reverse("admin:products_product_changelist") + "?price=old")
    assert {row.name for row in page.context["cl"].result_list} == {"Older", "Old"}
    page = client.get(reverse("admin:products_product_changelist") + "?price=none")
    assert {row.name for row in page.context["cl"].result_list} == {"Ended"}


def test_the_list_of_products_is_counted_without_asking_what_each_costs(cast: Cast) -> None:
    make_product()
    client = as_user(cast.editor)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("admin:products_product_changelist"))
    counts = [query["sql"] for query in asked if "COUNT(*)" in query["sql"] and "products_product" in query["sql"]]
    assert len(counts) == 1
    assert "products_offer" not in counts[0]


@pytest.mark.parametrize(
    ("sent", "price", "available", "verb"),
    [
        ({"answer": "same"}, "74.90", True, "confirmed price"),
        ({"answer": "new", "price": "1.070,5"}, "1070.50", True, "noted price"),
        ({"answer": "new", "price": "€70"}, "70.00", True, "noted price"),
        ({"answer": "sold-out"}, "74.90", False, "sold out"),
    ],
)
def test_an_answer_dates_the_price_and_names_who_looked(
    cast: Cast, sent: dict[str, str], price: str, available: bool, verb: str
) -> None:
    offer = old_offer()
    assert answer(as_user(cast.editor), offer, **sent).status_code == 302
    offer.refresh_from_db()
    assert (offer.price, offer.available, offer.seen_at) == (Decimal(price), available, NOON)
    assert (offer.seen_by, offer.seen_how) == (cast.editor, SeenHow.TYPED)
    assert AuditEntry.objects.get().verb == verb
    assert not Offer.objects.to_look_at().exists()


@pytest.mark.parametrize("typed", ["", "-3", "NaN", "1e999", "1,234", "999999999", "70 USD", "<b>", "\x00", "9" * 5000])
def test_what_is_no_price_is_refused_in_words_and_stays_typed(cast: Cast, typed: str) -> None:
    offer = old_offer()
    response = answer(as_user(cast.editor), offer, answer="new", price=typed)
    assert response.status_code == 400
    assert response.context["lines"][0].problem
    if typed.isprintable() and 0 < len(typed) < 40:
        assert response.context["lines"][0].typed == typed
    offer.refresh_from_db()
    assert offer.price == Decimal("74.90")


def test_the_second_of_two_answers_is_told_of_the_first(cast: Cast) -> None:
    offer = old_offer()
    assert answer(as_user(cast.editor), offer, answer="new", price="70").status_code == 302
    response = answer(as_user(cast.chief), offer, answer="same")
    assert (response.status_code, "A colleague has changed" in response.content.decode()) == (400, True)
    offer.refresh_from_db()
    assert offer.price == Decimal("70.00")


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_editors_answer(cast: Cast, who: str) -> None:
    offer, client = old_offer(), as_user(getattr(cast, who))
    assert client.get(reverse(PRICES)).status_code == 403
    assert answer(client, offer, answer="same").status_code == 403
    with pytest.raises(PermissionDenied):
        pricing.look(offer.pk, saw=pricing.as_seen(offer), actor=getattr(cast, who))
    assert "Prices to look at" not in client.get(reverse("admin:index")).content.decode()


def test_an_unknown_offer_or_answer_is_nothing_to_answer(cast: Cast) -> None:
    client, offer = as_user(cast.editor), old_offer()
    for number in (offer.pk + 1, 2**70):
        assert client.post(f"{reverse(PRICES)}{number}/sighting/", {"answer": "same"}).status_code == 404
    for sent in ({"answer": "free"}, {"answer": "same", "saw": ""}, {"answer": "same", "saw": "x\x00"}):
        assert answer(client, offer, **sent).status_code == 400


@pytest.mark.once
def test_the_page_of_prices_costs_the_same_whatever_waits(cast: Cast) -> None:
    client, counts = as_user(cast.editor), []
    for number in (1, 30):
        for made in range(number):
            old_offer(name=f"P{number}-{made}", merchant=make_merchant(f"M{number}-{made}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PRICES))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# Numbers


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("74.90", "74.90", ""),
        ("74,9", "74.90", ""),
        ("1.234,50", "1234.50", ""),
        ("1,234.50", "1234.50", ""),
        ("1 234,50 €", "1234.50", "EUR"),
        ("1\u202f234", "1234", ""),
        ("12.00 chf", "12.00", "CHF"),
        ("1.234.567", "1234567", ""),
        ("1'234.50", "1234.50", ""),
    ],
)
def test_prices_are_read_as_people_write_them(text: str, amount: str, currency: str) -> None:
    assert read_price(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["1,234", "1.234", "12.5.7", "1,2,3", "1,234,56", "٣", "５", "1e5", "inf", "-1", "1 2"]
)
def test_what_could_mean_two_prices_or_none_is_not_guessed(text: str) -> None:
    with pytest.raises(ValidationError):
        read_price(text)


def test_numbers_of_the_trade_are_checked_and_taken_once(cast: Cast) -> None:
    Product(name="Pot", slug="pot", gtin="4006381333931").full_clean()
    for wrong in ("4006381333932", "40063813339", "400638133393a", "٤٠٠٦٣٨١٣٣٣٩٣١"):
        with pytest.raises(ValidationError):
            Product(name="Pot", slug="pot", gtin=wrong).full_clean()
    make_product(gtin="4006381333931")
    with pytest.raises(ValidationError, match="Another product has this GTIN"):
        Product(name="Other", slug="other", gtin="4006381333931").full_clean()
    first = make_product("First").offers.get()
    first.sku = "A-1"
    first.save()
    with pytest.raises(ValidationError, match="another offer with this article number"):
        Offer(
            product=make_product("Second", price=None),
            merchant=first.merchant,
            sku="A-1",
            price=1,
            url=first.url,
            check_from=NOON,
        ).full_clean()


def test_a_product_is_found_by_its_numbers(cast: Cast) -> None:
    offer = make_product("Numbered", gtin="4006381333931").offers.get()
    offer.sku = "A-1"
    offer.save()
    make_product("Other")
    client = as_user(cast.editor)
    for query in ("4006381333931", "A-1", "numb"):
        page = client.get(reverse("admin:products_product_changelist"), {"q": query})
        assert [row.name for row in page.context["cl"].result_list] == ["Numbered"], query
