"""``/go/<id>/`` leads to the stored link and nowhere else, and is counted per day and place: of nobody."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles.models import Article, Status
from outbox.spreadsheets import csv_file
from products import placing
from products.clicks import Clicks, clicks, forget_old
from products.models import ClickCount, Offer
from tests.conftest import Cast
from tests.factories import make_article, make_product

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Key = tuple[int, int, int, date, int]


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Noon, nothing gathered, and no timer: tests write themselves."""
    monkeypatch.setattr(Clicks, "_arrange", lambda _self: None)
    clicks.forget()
    with time_machine.travel(NOON, tick=False):
        yield
    clicks.forget()


@pytest.fixture
def offer() -> Offer:
    return make_product("Pot").offers.get()


@pytest.fixture
def story() -> Article:
    return make_article("Here")


def go(offer: Offer, query: str = "", method: str = "get", address: str = "192.0.2.1", **headers: str) -> Any:
    request = getattr(Client(), method)
    given = {"User-Agent": FIREFOX, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return request(f"/go/{offer.pk}/{query}", headers=given, REMOTE_ADDR=address)


def stored() -> list[Key]:
    clicks.flush()
    return list(
        ClickCount.objects.order_by("article", "place").values_list("product", "article", "place", "day", "clicks")
    )


def test_it_leads_where_the_stored_offer_leads_whatever_the_query_says(offer: Offer) -> None:
    answer = go(offer, "?url=https://evil.example/&to=//evil.example&a=https://evil.example&p=../..&next=/admin/")
    assert (answer.status_code, answer["Location"]) == (302, offer.url)
    assert answer["Referrer-Policy"] == "no-referrer-when-downgrade"
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "-1", "1e3", "x", "%00", "१", "1.0", "1%2F..%2F2"])
def test_what_never_was_an_offer_is_not_found(number: str, offer: Offer) -> None:
    answer = Client().get(f"/go/{number}/")
    assert (answer.status_code, answer.get("Location")) == (404, None)


def test_an_offer_that_has_ended_is_gone(offer: Offer) -> None:
    offer.available = False
    offer.save()
    answer = go(offer)
    assert (answer.status_code, answer.get("Location"), answer["Cache-Control"]) == (410, None, "no-store")
    assert stored() == []


def test_nothing_can_be_sent_there(offer: Offer) -> None:
    assert go(offer, method="post").status_code == 405


def test_clicks_are_counted_by_day_article_and_place(offer: Offer, story: Article) -> None:
    for number, query in enumerate((f"?a={story.pk}&p=1", f"?a={story.pk}&p=1", f"?a={story.pk}&p=12")):
        go(offer, query, address=f"192.0.{number}.1")
    day = date(2026, 5, 4)
    product = offer.product_id
    assert stored() == [(product, story.pk, 1, day, 2), (product, story.pk, 12, day, 1)]


@pytest.mark.parametrize("query", ["", "?a=0&p=0", "?a=999&p=1", "?a=x&p=99", f"?a={'9' * 40}&p=-1", "?a=1&a=2&p=%00"])
def test_an_article_or_place_that_is_none_counts_as_not_known(query: str, offer: Offer) -> None:
    assert go(offer, query).status_code == 302
    assert [row[1:3] for row in stored()] == [(0, 0)]


def test_an_article_that_readers_may_not_see_is_not_named(offer: Offer) -> None:
    draft = make_article("Draft", status=Status.DRAFT)
    go(offer, f"?a={draft.pk}&p=1")
    assert [row[1] for row in stored()] == [0]


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("head", {}),
        ("get", {"User_Agent": ""}),
        ("get", {"User_Agent": "Googlebot/2.1"}),
        ("get", {"User_Agent": "curl/8.0"}),
        ("get", {"Sec_Purpose": "prefetch;prerender"}),
        ("get", {"Purpose": "prefetch"}),
        ("get", {"Sec_GPC": "1"}),
        ("get", {"DNT": "1"}),
    ],
)
def test_machines_looks_ahead_and_whoever_objects_are_led_on_and_not_counted(
    method: str, headers: dict[str, str], offer: Offer
) -> None:
    assert go(offer, method=method, **headers).status_code == 302
    assert stored() == []
    go(offer)  # control
    assert len(stored()) == 1


def test_a_flood_from_one_network_counts_three_times(offer: Offer, story: Article) -> None:
    for _turn in range(20):
        go(offer, f"?a={story.pk}&p=1")
    assert [row[4] for row in stored()] == [3]


def test_a_click_costs_one_query(offer: Offer, story: Article, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        go(offer, f"?a={story.pk}&p=1")


def test_old_counts_are_forgotten(offer: Offer) -> None:
    for days in (0, 799, 801):
        day = date(2026, 5, 4) - timedelta(days=days)
        ClickCount.objects.create(product=offer.product, day=day, clicks=1)
    forget_old()
    assert ClickCount.objects.count() == 2


# The report


@pytest.fixture
def counted(offer: Offer, story: Article) -> None:
    other = make_product("=HYPERLINK(1)")
    for product, article, place, days, number in (
        (offer.product, story.pk, 1, 0, 5),
        (offer.product, story.pk, 11, 3, 2),
        (other, 0, 0, 1, 9),
        (other, story.pk, 2, 60, 100),
    ):
        day = date(2026, 5, 4) - timedelta(days=days)
        ClickCount.objects.create(product=product, article=article, place=place, day=day, clicks=number)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("product", [("=HYPERLINK(1)", 9), ("Pot", 7)]),
        ("article", [("not known", 9), ("Here", 7)]),
        ("place", [("not known", 9), ("above the story, 1", 5), ("below the story, 1", 2)]),
    ],
)
def test_the_report_sums_up_a_period(
    by: str, rows: list[tuple[str, int]], counted: None, cast: Cast, client: Client
) -> None:
    client.force_login(cast.editor)
    page = client.get(reverse("admin:products_clicks"), {"by": by})
    assert [(row.name, row.clicks) for row in page.context["rows"]] == rows
    assert page.context["total"] == 16
    later = client.get(reverse("admin:products_clicks"), {"by": by, "first": "2026-05-04", "last": "2026-05-04"})
    assert later.context["total"] == 5


def test_the_file_holds_every_row_and_no_formula(counted: None, story: Article, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    answer = client.get(reverse("admin:products_clicks_export"), {"first": "2020-01-01"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    heads, *rows = list(csv.reader(io.StringIO(text)))
    assert heads[1] == "product"
    assert [row[1:2] + row[3:] for row in rows] == [
        ["Pot", "Here", "above the story, 1", "5"],
        ["Pot", "Here", "below the story, 1", "2"],
        ["'=HYPERLINK(1)", "not known", "not known", "9"],
        ["'=HYPERLINK(1)", "Here", "above the story, 2", "100"],
    ]


def test_a_file_that_grows_too_long_says_where_it_was_cut() -> None:
    rows = [[str(number)] for number in range(6)]
    assert list(csv_file(["no."], iter(rows), most=6))[-1].strip() == "5"
    assert "Cut after 5 rows" in list(csv_file(["no."], iter(rows), most=5))[-1]


@pytest.mark.parametrize("query", ["?first=x", "?first=2026-05-04&last=2026-05-01", "?by=user", "?first=9999999-1-1"])
def test_a_period_that_makes_no_sense_is_refused_in_words(query: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    for name in ("admin:products_clicks", "admin:products_clicks_export"):
        assert client.get(reverse(name) + query).status_code == 400


@pytest.mark.parametrize(("who", "status"), [("contributor", 403), ("moderator", 403), ("editor", 200), ("chief", 200)])
def test_only_who_places_products_reads_the_report(who: str, status: int, cast: Cast, client: Client) -> None:
    client.force_login(getattr(cast, who))
    for name in ("admin:products_clicks", "admin:products_clicks_export"):
        assert client.get(reverse(name)).status_code == status


def test_the_links_in_the_boxes_carry_article_and_place(story: Article) -> None:
    for number in range(5):
        placing.place(make_product(f"P{number}"), story, actor=None)
    html = Client().get(story.get_absolute_url()).content.decode()
    offers = list(Offer.objects.order_by("pk").values_list("pk", flat=True))
    for pk, place in zip(offers, (1, 2, 3, 11, 12), strict=True):
        assert f'href="/go/{pk}/?a={story.pk}&amp;p={place}" rel="sponsored nofollow noopener"' in html
