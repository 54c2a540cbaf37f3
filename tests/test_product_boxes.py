"""Which products stand above and below a story, and what readers are told about them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles import body
from articles.models import Article
from articles.page_plan import PagePlan
from images.models import Image
from images.publicity import shown_now
from outbox import effects
from pagecache.models import Key
from pagecache.reading import recording
from products import placing
from products.boxes import boxes
from products.models import Offer, Placement
from products.prices import price_text
from tests.factories import give_tags, make_article, make_merchant, make_product, make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

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


def shown(article: Article, *exclude: int) -> tuple[list[str], list[str]]:
    page = Article.objects.for_page().get(pk=article.pk)
    top, bottom = boxes(page, exclude)
    return [card.product.name for card in top], [card.product.name for card in bottom]


def test_the_editors_choice_comes_first_then_the_section_then_the_tags(article: Article) -> None:
    placing.place(make_product("By tag"), article.tagged.get().tag, actor=None)
    placing.place(make_product("By section"), make_section(), actor=None)
    placing.place(make_product("Second choice"), article, actor=None)
    placing.place(make_product("First choice"), article, actor=None, position=0)
    assert shown(article) == (["First choice", "Second choice"], ["By section", "By tag"])


def test_few_products_make_one_box_and_more_make_two_without_repeating(article: Article) -> None:
    for number in range(1, 9):
        product = make_product(f"P{number}")
        placing.place(product, article, actor=None)
        placing.place(product, make_section(), actor=None)
        top, bottom = shown(article)
        assert len(set(top + bottom)) == len(top + bottom) == min(number, 6)
        assert (len(top), len(bottom)) == {1: (1, 0), 2: (2, 0), 3: (3, 0), 4: (2, 2), 5: (3, 2)}.get(number, (3, 3))


def test_the_cheapest_available_offer_is_shown(article: Article) -> None:
    product = make_product("Pot", price="80.00")
    for name, price, available in (("Cheap", "60.00", True), ("Sold out", "10.00", False)):
        merchant = make_merchant(name)
        Offer.objects.create(product=product, merchant=merchant, price=price, url=merchant.url, available=available)
    placing.place(product, article, actor=None)
    page = Article.objects.for_page().get(pk=article.pk)
    assert boxes(page).top[0].offer.price == Decimal("60.00")


def test_products_without_an_available_offer_drop_out_and_come_back(article: Article) -> None:
    gone = make_product("Gone")
    placing.place(gone, article, actor=None)
    placing.place(make_product("Never offered", price=None), article, actor=None)
    placing.place(make_product("There"), article, actor=None)
    offer = gone.offers.get()
    offer.available = False
    offer.save()
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        assert [card.product.name for card in boxes(page).top] == ["There"]
    assert f"product:{gone.pk}" in record.keys


def test_a_sensitive_article_has_no_boxes(article: Article) -> None:
    placing.place(make_product(), article, actor=None)
    assert shown(article) == (["Cast-iron pot"], [])
    article.sensitive = True
    article.save()
    assert shown(article) == ([], [])


def test_products_shown_elsewhere_on_the_page_are_left_out(article: Article) -> None:
    first, second = make_product("First"), make_product("Second")
    for product in (first, second):
        placing.place(product, article, actor=None)
    assert shown(article, first.pk) == (["Second"], [])


def _queries(article: Article) -> int:
    page = Article.objects.for_page().get(pk=article.pk)
    context = Context({"article": page, "plan": PagePlan()})
    template = Template('{% load product_boxes %}{% affiliate_disclosure %}{% products "top" %}{% products "bottom" %}')
    with CaptureQueriesContext(connection) as queries:
        assert "Products You May Like" in template.render(context)
    return len(queries)


@pytest.mark.once
def test_both_boxes_and_the_disclosure_cost_two_queries_whatever_the_size(article: Article) -> None:
    placing.place(make_product(), article, actor=None)
    small = _queries(article)
    tag = article.tagged.get().tag
    for number in range(40):
        product = make_product(f"P{number}")
        for where in (make_section(), tag):
            Placement.objects.create(product=product, position=number, **{str(where._meta.model_name): where})
        if number < 10:
            placing.place(product, article, actor=None)
    assert _queries(article) == small == 2


def test_the_page_is_made_anew_when_anything_in_the_boxes_changes(article: Article) -> None:
    product = make_product()
    placing.place(product, article, actor=None)
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        boxes(page)
    assert record.keys == {
        f"article:{article.pk}",
        f"products:{article.pk}",
        f"products-section:{article.section_id}",
        f"products-tag:{article.tagged.get().tag_id}",
        f"product:{product.pk}",
        f"merchant:{product.offers.get().merchant_id}",
    }


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


def test_a_changed_price_reaches_every_page_that_shows_the_product(article: Article) -> None:
    product = make_product()
    before = version(f"product:{product.pk}")
    offer = product.offers.get()
    offer.price = Decimal("70.00")
    offer.save()
    assert version(f"product:{product.pk}") > before


def test_placements_refresh_the_boxes_of_their_place(article: Article) -> None:
    product, tag = make_product(), article.tagged.get().tag
    placing.place(product, article, actor=None)
    placing.place(product, make_section(), actor=None)
    placing.place(product, tag, actor=None)
    for key in (f"products:{article.pk}", f"products-section:{make_section().pk}", f"products-tag:{tag.pk}"):
        assert version(key) == 1
    product.delete()
    for key in (f"products:{article.pk}", f"products-section:{make_section().pk}", f"products-tag:{tag.pk}"):
        assert version(key) == 2


# What readers get


def render(article: Article, source: str, plan: PagePlan | None = None) -> str:
    page = Article.objects.for_page().get(pk=article.pk)
    context = Context({"article": page, "plan": plan or PagePlan()})
    return Template("{% load product_boxes %}" + source).render(context)


def test_a_box_shows_price_date_and_merchant_and_marks_its_link(article: Article) -> None:
    product = make_product("Cast-iron pot", brand="Fendal", description="Heavy and even.")
    placing.place(product, article, actor=None)
    plan = PagePlan()
    html = render(article, '{% products "top" %}', plan)
    assert "€74.90" in html
    assert '<time datetime="2026-03-02T12:00:00+00:00">2 Mar 2026</time>' in html
    assert "at Harbour &amp; Hearth" in html
    assert html.count("<a ") == html.count('rel="sponsored nofollow noopener"') == 1
    assert plan.product_ids == {product.pk}
    assert render(article, '{% products "bottom" %}').strip() == ""


def test_a_merchant_that_pays_nothing_is_not_called_sponsored(article: Article) -> None:
    placing.place(make_product(merchant=make_merchant("Library", affiliate=False)), article, actor=None)
    html = render(article, '{% affiliate_disclosure %}{% products "top" %}')
    assert 'rel="nofollow noopener"' in html
    assert "sponsored" not in html
    assert "affiliate" not in html


def test_names_and_descriptions_with_markup_stay_words(article: Article) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    shop = make_merchant(hostile)
    placing.place(make_product(hostile, brand=hostile, description=hostile, merchant=shop), article, actor=None)
    html = render(article, '{% products "top" %}')
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 4


def test_the_disclosure_follows_from_paid_links_in_boxes_or_body(article: Article) -> None:
    assert render(article, "{% affiliate_disclosure %}").strip() == ""
    make_merchant("Harbour & Hearth", url="https://harbourandhearth.example/")
    article.body_html = body.render('<p><a href="https://www.harbourandhearth.example/pot">A pot</a></p>').html
    article.save()
    assert 'class="disclosure"' in render(article, "{% affiliate_disclosure %}")
    article.sensitive = True
    article.save()
    assert 'class="disclosure"' in render(article, "{% affiliate_disclosure %}")


@pytest.mark.parametrize(
    ("url", "paid"),
    [
        ("https://harbourandhearth.example/pot", True),
        ("https://shop.harbourandhearth.example/", True),
        ("https://HARBOURANDHEARTH.example:443/", True),
        ("https://notharbourandhearth.example/", False),
        ("https://harbourandhearth.example.evil.test/", False),
        ("https://library.example/", False),
    ],
)
def test_links_to_paying_merchants_are_marked_wherever_they_are_typed(url: str, paid: bool) -> None:
    make_merchant("Harbour & Hearth", url="https://www.harbourandhearth.example/")
    make_merchant("Library", url="https://library.example/", affiliate=False)
    html = body.render(f'<p><a href="{url}">x</a></p>').html
    assert ("sponsored nofollow" in html) is paid


def test_a_body_full_of_links_asks_for_the_merchants_once() -> None:
    make_merchant()
    links = "".join(f'<a href="https://x{number}.example/">x</a>' for number in range(30))
    with CaptureQueriesContext(connection) as queries:
        body.render(f"<p>{links}</p>")
    assert len([query for query in queries if "products_merchant" in query["sql"]]) == 1


def test_stories_are_rendered_anew_when_a_merchant_begins_to_pay(clock: Any) -> None:
    merchant = make_merchant("Harbour & Hearth", url="https://harbourandhearth.example/", affiliate=False)
    source = '<p><a href="https://harbourandhearth.example/">x</a></p>'
    story = make_article("Story", body=source, body_html=body.render(source).html)
    assert "sponsored" not in story.body_html
    merchant.affiliate = True
    merchant.save()
    clock.shift(timedelta(minutes=1))
    effects.run_due()
    story.refresh_from_db()
    assert "sponsored nofollow" in story.body_html


@pytest.mark.parametrize(
    ("language", "currency", "text"),
    [
        ("en-gb", "EUR", "€1,234.50"),
        ("en-gb", "SEK", "SEK\u00a01,234.50"),
        ("en-gb", "JPY", "¥1,235"),
        ("de", "EUR", "1.234,50\u00a0€"),
        ("fr", "CHF", "1\u202f234,50\u00a0CHF"),
    ],
)
def test_prices_are_written_as_readers_of_the_language_write_them(language: str, currency: str, text: str) -> None:
    with translation.override(language):
        written = price_text(Decimal("1234.50"), currency)
    assert written.replace("\u00a0", " ").replace("\u202f", " ") == text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_products_picture_is_public_while_the_product_is_placed(article: Article) -> None:
    picture = Image.objects.create(title="Pot", alt="A pot", width=600, height=600, bytes=1, checksum="c" * 64)
    product = make_product(picture=picture)
    assert shown_now({picture.pk}) == set()
    placing.place(product, article, actor=None)
    picture.refresh_from_db()
    assert picture.public_since == NOON
    assert shown_now({picture.pk}) == {picture.pk}
    placing.withdraw(product, article, actor=None)
    effects.run_due()
    picture.refresh_from_db()
    assert picture.public_since is None
