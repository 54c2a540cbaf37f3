"""No paid link without its mark, and no page with one that does not say so: wherever it was typed."""

from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.checks import run_checks
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils.safestring import mark_safe

from articles import body
from articles.body import links
from articles.models import Article
from pages.models import MenuItem, StaticPage
from products import affiliate_links, placing
from products.affiliate_links import SPONSORED, has_paid_link, link_rule, story_has_paid_link
from products.boxes import ProductCard
from products.markup import card_markup
from products.placing import Showing
from tests.factories import make_article, make_image, make_merchant, make_product, make_source

pytestmark = pytest.mark.django_db

PAID = "https://harbourandhearth.example/pot"
TYPED = [
    f'<p><a href="{PAID}">a pot</a></p>',
    f'<p><a href="{PAID.upper()}">a pot</a></p>',
    '<p><a href="https://www.harbourandhearth.example:443/pot?tag=us" rel="me">a pot</a></p>',
    f'<ul><li><strong><a href="{PAID}">a pot</a></strong></li></ul>',
    f'<table><tbody><tr><td><a href="{PAID}">a pot</a></td></tr></tbody></table>',
    '<blockquote><p><a href="//harbourandhearth.example/pot">a pot</a></p></blockquote>',
]


class Links(HTMLParser):
    """The links that lead to a shop of ours, straight or through us, with their ``rel`` words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rels: list[set[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        href = given.get("href", "").lower()
        if tag == "a" and ("harbourandhearth.example" in href or href.startswith("/go/")):
            self.rels.append(set(given.get("rel", "").split()))


@pytest.fixture(autouse=True)
def _shop() -> None:
    make_merchant("Harbour & Hearth", url="https://harbourandhearth.example/")


def page_of(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()


def story(typed: str, **fields: Any) -> Article:
    return make_article("Story", body=typed, body_html=body.render(typed).html, **fields)


@pytest.mark.parametrize("source", TYPED)
def test_a_paid_link_in_a_story_is_marked_and_disclosed_before_it(source: str) -> None:
    html = page_of(story(source))
    if "//harbour" in source.replace("https://", ""):
        assert "harbourandhearth" not in html or Links(html).rels
    for rel in Links(html).rels:
        assert rel >= SPONSORED
    if Links(html).rels:
        assert 0 < html.index('class="disclosure"') < html.lower().index("harbourandhearth")


def test_a_picture_that_is_a_paid_link_is_marked() -> None:
    picture = make_image()
    html = page_of(story(f'<figure data-image="{picture.pk}"></figure><p><a href="{PAID}">x</a></p>'))
    assert Links(html).rels == [SPONSORED]


@pytest.mark.parametrize("layout", ["row", "list", "single"])
def test_every_link_of_a_box_is_marked_its_picture_included(layout: str) -> None:
    article = story("<p>Nothing.</p>")
    product = make_product(picture=make_image(), rating=4, pros="Even", cons="Heavy")
    placing.place(product, article, actor=None, showing=Showing(layout))
    html = page_of(article)
    assert Links(html).rels == [SPONSORED]
    assert html.index('class="disclosure"') < html.index("/go/")


def test_a_paid_credit_line_menu_or_static_page_is_marked_and_disclosed() -> None:
    article = story("<p>Nothing.</p>", source=make_source(), source_url=PAID)
    html = page_of(article)
    assert Links(html).rels == [SPONSORED]
    assert 'class="disclosure"' in html
    assert story_has_paid_link(article)
    page = StaticPage.objects.create(title="Shop", slug="shop", body=f'<p><a href="{PAID}">x</a></p>')
    html = Client().get(page.get_absolute_url()).content.decode()
    assert Links(html).rels == [SPONSORED]
    assert html.index('class="disclosure"') < html.index(PAID)
    MenuItem.objects.create(menu="main", label="Shop", url=PAID)
    assert Links(page_of(story("<p>None.</p>", slug="other"))).rels == [SPONSORED] * 2  # above, and in the footer


def test_a_page_without_paid_links_discloses_nothing() -> None:
    article = story('<p><a href="https://library.example/">x</a></p>')
    assert 'class="disclosure"' not in page_of(article)
    assert not story_has_paid_link(article)
    assert not has_paid_link('<p rel="sponsored">sponsored</p>')


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_links_cost_one_query_however_many_and_ask_no_cache(
    settings: Any, django_assert_num_queries: Any, monkeypatch: Any, backend: str, count: int
) -> None:
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    asked: list[str] = []
    monkeypatch.setattr(type(caches["default"]), "get", lambda _cache, key, *_more: asked.append(key))
    links = "".join(f'<p><a href="https://shop-{number}.example/">x</a></p>' for number in range(count))
    with django_assert_num_queries(1):
        body.render(links)
    with django_assert_num_queries(0):
        body.render(links)
    assert asked == []


def test_a_process_soon_hears_of_a_new_merchant_and_at_once_when_told(monkeypatch: Any) -> None:
    now = 1_000.0
    monkeypatch.setattr(affiliate_links, "time", SimpleNamespace(monotonic=lambda: now))
    assert not link_rule("https://late.example/")
    make_merchant("Late", url="https://late.example/")
    assert not link_rule("https://late.example/"), "the control: it remembers"
    now += affiliate_links.HOSTS_KEPT
    assert link_rule("https://late.example/") == SPONSORED
    make_merchant("Later", url="https://later.example/")
    affiliate_links.forget_hosts()
    assert link_rule("https://later.example/") == SPONSORED


def test_paper_keeps_the_disclosure() -> None:
    css = (Path(settings.BASE_DIR) / "static/site/site.css").read_text(encoding="utf-8")
    paper = css[css.index("@media print") :]
    assert "display: none" in paper
    assert ".disclosure" not in paper


# The checks, and that they can fail


def ids() -> set[str]:
    return {str(found.id) for found in run_checks() if str(found.id).startswith("products.")}


def test_the_checks_find_nothing_amiss() -> None:
    assert ids() == set()


def test_a_rule_that_nobody_registered_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "link_rules", [])
    monkeypatch.setattr("products.checks.link_rules", [])
    assert "products.E001" in ids()


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        (
            "products/box.html",
            ("{% product_groups groups %}", '{% product_groups groups %}<a href="/go/1/">See it</a>'),
            "products.E002",
        ),
        ("products/box.html", ("{% product_groups groups %}", ""), "products.E002"),
        ("pages/article.html", ("{% affiliate_disclosure %}", ""), "products.E003"),
        ("products/framed.html", ('{% include "products/disclosure.html" %}', ""), "products.E003"),
    ],
)
def test_a_template_that_forgets_mark_or_disclosure_fails_the_check(
    name: str, change: tuple[str, str], found: str, tmp_path: Path
) -> None:
    ours = Path(settings.BASE_DIR) / "templates" / name
    text = ours.read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    with override_settings(TEMPLATES=[engine]):
        assert found in ids()
    assert found not in ids()


def test_a_card_that_forgets_the_mark_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(card: ProductCard) -> str:
        return mark_safe(card_markup(card).replace("sponsored ", ""))

    assert "products.E002" not in ids()
    monkeypatch.setattr("products.templatetags.product_boxes.card_markup", forgetful)
    assert "products.E002" in ids()


def test_the_disclosure_says_what_we_may_earn() -> None:
    assert "earn a commission" in render_to_string("products/disclosure.html", {"paid": True})
    assert link_rule(PAID) == SPONSORED
