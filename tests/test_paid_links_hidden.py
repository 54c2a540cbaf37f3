"""Paid links that somebody could miss: spelt otherwise, copied from a box, through a network, where no box stands."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import body, corrections
from articles.listing import everything
from articles.models import CorrectionKind
from outbox import effects
from pages.models import MenuItem
from products import placing
from products.affiliate_links import SPONSORED, has_paid_link, link_rule
from products.models import Merchant, host_of
from syndication.published import stories
from tests.conftest import Cast
from tests.factories import make_comment, make_image, make_merchant, make_product, make_source
from tests.test_paid_links import page_of, story

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHOP = "https://bücher.example/"
ONE_SHOP = [
    "https://bücher.example/x",
    "https://BÜCHER.example/x",
    "https://xn--bcher-kva.example/x",
    "HTTPS://XN--BCHER-KVA.EXAMPLE/x",
    "https://shop.bücher.example:8443/x",
    "https://www.bücher.example./x",
    "https://bu\u0308cher.example/x",
    "https://ｂücher.example/x",
    "https://büc\u200bher.example/x",
    "  https://bücher.example/x ",
    "https://bücher.exam\nple/x",
]
ANOTHER = [
    "https://bucher.example/",
    "https://bücher.example.org/",
    "https://mybücher.example/",
    "mailto:a@bücher.example",
]
THROUGH_US = ["/go/7/", "/go/7/?a=1&p=2", "http://testserver/go/7/", "/./go/7/", "/city/../go/7/", "/%67o/7/"]
NETWORKS = [
    "https://amzn.to/3xyz",
    "https://www.awin1.com/cread.php?awinmid=1",
    "https://click.linksynergy.com/deeplink?id=1",
    "https://www.amazon.co.uk/dp/B000?psc=1&tag=gazette-21",
]
FREE = ["https://www.amazon.de/dp/B000", "https://amazonas.example/?tag=x", "/going/7/", "/city/go/7/", "/", "tel:123"]


@pytest.mark.parametrize("typed", [*ONE_SHOP, *THROUGH_US, *NETWORKS])
def test_however_it_is_spelt_a_paid_link_is_marked_and_disclosed(typed: str, settings: Any) -> None:
    settings.BASE_URL = "http://testserver"
    make_merchant("Bücher", url=SHOP)
    source = f'<p><a href="{typed}">look</a></p>'
    rendered = body.render(source)
    if "href" not in rendered.html:
        pytest.fail("The link is gone: what is asked here was not tried.")
    assert 'rel="sponsored nofollow noopener"' in rendered.html
    html = page_of(story(source))
    assert html.index('class="disclosure"') < html.index(">look<")


@pytest.mark.parametrize("typed", [*ANOTHER, *FREE])
def test_the_control_is_that_other_links_are_left_alone(typed: str) -> None:
    make_merchant("Bücher", url=SHOP)
    assert not has_paid_link(body.render(f'<p><a href="{typed}">look</a></p>').html)


@pytest.mark.parametrize("url", ["https://shop.example./", "https://WWW.SHOP.example/", "https://shop.example:443/de/"])
def test_a_shops_own_spelling_is_no_way_round(url: str) -> None:
    make_merchant("Shop", url=url)
    assert link_rule("https://shop.example/x") == SPONSORED
    assert host_of(url) == "shop.example"


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "https://", "https://[::1", "//[::1", "/[", "https://exa mple/", "//", "https://\ud800.example/"],
)
def test_what_is_no_address_has_no_host_and_is_no_paid_link(url: str) -> None:
    Merchant.objects.bulk_create([Merchant(name="Odd", slug="odd", url="https://.")])
    assert link_rule(url) == set()


def test_our_own_addresses_ask_nobody_and_others_once(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert [link_rule(url) for url in ("/city/", "/go/7/", "mailto:a@shop.example", "#end")].count(SPONSORED) == 1
    with django_assert_num_queries(1):
        assert [link_rule(f"https://free{number}.example/") for number in range(9)] == [set()] * 9


def test_stories_that_spell_a_shop_either_way_are_rendered_when_it_begins_to_pay() -> None:
    shop = make_merchant("Bücher", url=SHOP, affiliate=False)
    typed = [story(f'<p><a href="{url}">x</a></p>', slug=f"s{at}") for at, url in enumerate(ONE_SHOP[::2][:2])]
    shop.affiliate = True
    with time_machine.travel(NOON, tick=False) as clock:
        shop.save()
        clock.shift(timedelta(minutes=1))
        effects.run_due()
    for article in typed:
        article.refresh_from_db()
        assert "sponsored" in article.body_html, article.body


# Where else somebody types an address


def test_words_that_are_no_html_hold_no_link_wherever_they_stand(cast: Cast) -> None:
    make_merchant("Bücher", url=SHOP)
    typed = f'Read {SHOP} or <a href="{SHOP}">this</a>'
    picture = make_image(caption=typed, credit=typed)
    figure = f'<figure data-image="{picture.pk}"></figure>'
    article = story(figure, standfirst=typed, lead_caption=typed, lead_picture=picture)
    corrections.add(article, CorrectionKind.CORRECTION, typed, actor=cast.editor)
    for page in (article.get_absolute_url(), "/corrections/", "/city/", "/", "/feeds/rss.xml"):
        html = Client().get(page).content.decode()
        assert page == "/" or "this" in html, page
        assert "sponsored" not in html
        assert '<a href="https://b' not in html


def test_a_colleagues_paid_link_in_a_comment_is_marked_and_disclosed_where_it_stands(cast: Cast) -> None:
    make_merchant("Bücher", url=SHOP)
    article = story("<p>Nothing.</p>")
    make_comment(article, f"Reader: {SHOP}x")
    free = Client().get(article.get_absolute_url()).content.decode()
    assert f'<a href="{SHOP}x" rel="ugc nofollow noopener">' in free
    assert "comment__paid" not in free
    make_comment(article, f"Ours: {SHOP}x", staff=cast.editor)
    paid = Client().get(article.get_absolute_url()).content.decode()
    assert paid.count('rel="sponsored ugc nofollow noopener"') == paid.count('class="comment__paid"') == 1
    told = Client().get(f"/feeds/article/{article.pk}/comments/rss.xml").content.decode()
    assert "sponsored ugc nofollow noopener" in told
    assert "we may earn a commission" in told


@pytest.mark.parametrize("ours", ["http://testserver", "HTTP://TestServer"])
def test_a_readers_copy_of_our_own_paid_address_is_marked(ours: str, settings: Any) -> None:
    settings.BASE_URL = "http://testserver"
    article = story("<p>Nothing.</p>")
    make_comment(article, f"I bought {ours}/go/7/?a=1&p=2 at once, see {ours}/city/")
    html = Client().get(article.get_absolute_url()).content.decode()
    assert html.count('rel="sponsored ugc nofollow noopener"') == 1


def test_a_paid_link_in_a_menu_says_so_in_its_own_words() -> None:
    make_merchant("Bücher", url=SHOP)
    MenuItem.objects.create(menu="main", label="Shop", url=SHOP)
    MenuItem.objects.create(menu="main", label="Library", url="https://library.example/")
    html = Client().get("/").content.decode()
    assert f'href="{SHOP}" rel="sponsored nofollow noopener">Shop (affiliate link)</a>' in html
    assert ">Library</a>" in html


def test_programs_are_told_what_readers_are_told() -> None:
    make_merchant("Bücher", url=SHOP)
    plain, paid = story("<p>Nothing.</p>"), story(f'<p><a href="{SHOP}">x</a></p>', slug="paid")
    credited = story("<p>Nothing.</p>", slug="credited", source=make_source(feeds="full"), source_url=SHOP)

    def told(path: str) -> Any:
        return json.loads(Client().get(f"/api/v1/{path}").content)

    sentence = "Some links on this page are affiliate links."
    assert told(f"articles/{plain.pk}/")["disclosure"] == ""
    for article in (paid, credited):
        assert told(f"articles/{article.pk}/")["disclosure"].startswith(sentence)
    assert told("products/")["disclosure"] == told(f"articles/{plain.pk}/products/")["disclosure"] == ""
    placing.place(make_product(), plain, actor=None)
    assert told("products/")["disclosure"].startswith(sentence)
    assert told(f"articles/{plain.pk}/products/")["disclosure"].startswith(sentence)


def test_a_price_that_needs_a_look_is_told_as_such() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = story("<p>Nothing.</p>")
        placing.place(make_product(), article, actor=None)
        seen = []
        for _days in range(2):
            (item,) = json.loads(Client().get(f"/api/v1/articles/{article.pk}/products/").content)["items"]
            seen.append(item["check_price"])
            clock.shift(timedelta(days=31))
    assert seen == [False, True]


def test_a_feed_discloses_a_paid_credit_line() -> None:
    make_merchant("Bücher", url=SHOP)
    source = make_source(feeds="full")
    article = story("<p>Nothing.</p>", source=source, source_url=SHOP)
    (told,) = stories.newest(everything())
    assert "affiliate links" in told.html
    article.source_url = "https://agency.example/1"
    article.save()
    (told,) = stories.newest(everything())
    assert "affiliate links" not in told.html, "the control"
