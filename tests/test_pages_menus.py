"""Menus and static pages, arranged in the admin."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.body import BodyRefused
from articles.models import Section
from pages.menus import Link, menus
from pages.models import Menu, MenuItem, StaticPage
from tests.conftest import PASSWORD, Cast
from tests.factories import make_section

pytestmark = pytest.mark.django_db


def make_page(title: str = "About", **fields: Any) -> StaticPage:
    values: dict[str, Any] = {"slug": title.lower(), "body": "<p>Who we are.</p>", **fields}
    page: StaticPage = StaticPage.objects.create(title=title, **values)
    return page


def test_without_items_the_menus_fill_themselves() -> None:
    make_section("Politics", position=2)
    make_section("City", position=1)
    make_page("About")
    make_page("Secret", published=False)
    found = menus()
    assert list(found.main) == [Link("City", "/city/"), Link("Politics", "/politics/")]
    assert list(found.footer) == [Link("About", "/about/")]


def test_items_replace_what_would_be_there_and_keep_their_order() -> None:
    city = make_section("City")
    MenuItem.objects.create(menu=Menu.MAIN, position=2, section=city, label="Our city")
    MenuItem.objects.create(menu=Menu.MAIN, position=1, page=make_page("About"))
    MenuItem.objects.create(menu=Menu.MAIN, position=3, url="https://shop.example/", label="Shop")
    assert list(menus().main) == [
        Link("About", "/about/"),
        Link("Our city", "/city/"),
        Link("Shop", "https://shop.example/", "noopener"),
    ]


def test_an_item_for_a_hidden_page_is_left_out() -> None:
    MenuItem.objects.create(menu=Menu.FOOTER, page=make_page("Secret", published=False))
    assert not menus().footer


def test_the_menus_cost_one_query(django_assert_num_queries: Any) -> None:
    for number in range(5):
        make_section(f"Section{number}")
    with django_assert_num_queries(1):
        menus()


def test_the_page_one_is_on_is_marked() -> None:
    make_section("City")
    assert 'href="/city/" aria-current="page"' in Client().get("/city/").content.decode()


def test_a_menu_item_has_exactly_one_target() -> None:
    with pytest.raises(ValidationError):
        MenuItem(menu=Menu.MAIN).clean()
    with pytest.raises(ValidationError):
        MenuItem(menu=Menu.MAIN, section=make_section(), url="https://shop.example/", label="Both").clean()
    with pytest.raises(ValidationError):
        MenuItem(menu=Menu.MAIN, url="https://shop.example/").clean()


def test_a_static_page_is_read_under_its_address() -> None:
    page = make_page()
    response = Client().get("/about/")
    assert "Who we are." in response.content.decode()
    assert set(response["Surrogate-Key"].split()) == {f"page:{page.pk}", "menus", "sections"}


def test_an_unpublished_page_answers_as_an_unknown_address() -> None:
    make_page("Secret", published=False)
    hidden, unknown = Client().get("/secret/"), Client().get("/unknown/")
    assert (hidden.status_code, hidden.content) == (404, unknown.content)
    assert dict(hidden.headers) == dict(unknown.headers)


def test_hostile_text_of_a_page_is_cleaned_however_it_is_saved() -> None:
    page = make_page(body='<p onclick="steal()">Hello<script>steal()</script></p>')
    assert "script" not in page.body
    assert b"steal" not in Client().get("/about/").content


def test_text_that_cannot_be_taken_is_refused() -> None:
    with pytest.raises(BodyRefused):
        make_page(body="<div>" * 50_000)


@pytest.mark.parametrize("slug", ["archive", "city"])
def test_an_address_that_is_taken_is_refused(slug: str) -> None:
    make_section("City")
    with pytest.raises(ValidationError):
        StaticPage(title="About", slug=slug, body="").clean()


def test_a_static_page_costs_at_most_four_queries(django_assert_max_num_queries: Any) -> None:
    make_page()
    with django_assert_max_num_queries(4):
        Client().get("/about/")


def test_an_administrator_makes_a_page_and_a_menu_item(cast: Cast) -> None:
    client = Client()
    assert client.login(email=cast.administrator.email, password=PASSWORD)
    form = {"title": "Imprint", "slug": "imprint", "body": "<p>Estuary Press</p>", "published": "on"}
    assert client.post("/admin/pages/staticpage/add/", form).status_code == 302
    page = StaticPage.objects.get()
    item = {"menu": "footer", "page": page.pk, "label": "", "url": "", "position": 0}
    assert client.post("/admin/pages/menuitem/add/", item).status_code == 302
    assert list(menus().footer) == [Link("Imprint", "/imprint/")]
    assert client.get("/admin/pages/menuitem/").status_code == 200


def test_a_section_goes_before_a_page_of_the_same_address() -> None:
    make_page("City", slug="city")
    Section.objects.create(name="City news", slug="city")
    assert "City news" in Client().get("/city/").content.decode()
