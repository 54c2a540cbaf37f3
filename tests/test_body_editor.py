"""What the rich-text editor gets from the server, and what its form field makes of a text."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import body
from articles.editor import BodyField
from images.models import Image
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article

pytestmark = pytest.mark.once

PICTURES = "/admin/articles/article/editor/pictures/"
ARTICLES = "/admin/articles/article/editor/articles/"
CLEAN = "/admin/articles/article/editor/clean/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_image(title: str, **fields: Any) -> Image:
    return Image.objects.create(title=title, width=10, height=10, bytes=1, checksum=title, **fields)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.editor)


def test_pictures_are_found_by_all_the_words_wherever_they_stand(desk: Client) -> None:
    make_image("Harbour", caption="At dawn")
    make_image("Harbour at noon")
    found = desk.get(PICTURES, {"q": "DAWN harb"}).json()
    assert [picture["title"] for picture in found["pictures"]] == ["Harbour"]
    assert found["more"] is False


def test_pictures_come_newest_first_and_page_by_page(desk: Client) -> None:
    for number in range(30):
        make_image(f"Picture {number:02}")
    first = desk.get(PICTURES).json()
    second = desk.get(PICTURES, {"page": "2"}).json()
    titles = [picture["title"] for picture in first["pictures"] + second["pictures"]]
    assert titles == sorted(titles, reverse=True)
    assert len(titles) == 30
    assert (first["more"], second["more"]) == (True, False)


def test_pictures_in_a_story_are_described_by_their_ids(desk: Client) -> None:
    image = make_image("Harbour", alt="Boats", caption="At dawn", credit="Ines Marau")
    found = desk.get(PICTURES, {"ids": f"{image.pk},999999,x,-1,{'9' * 40}"}).json()["pictures"]
    assert len(found) == 1
    described = {name: found[0][name] for name in ("id", "title", "alt", "caption", "credit", "expired")}
    assert described == {
        "id": image.pk,
        "title": "Harbour",
        "alt": "Boats",
        "caption": "At dawn",
        "credit": "Ines Marau",
        "expired": False,
    }


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "", "٣", "1.5", "%00"])
@pytest.mark.parametrize("query", ["", "%", "_" * 5_000, "a " * 500, "'; --"])
def test_nonsense_finds_something_or_nothing_but_never_fails(desk: Client, page: str, query: str) -> None:
    make_image("Harbour")
    assert desk.get(PICTURES, {"page": page, "q": query}).status_code == 200
    assert desk.get(ARTICLES, {"q": query}).status_code == 200


@pytest.mark.parametrize("address", [PICTURES, ARTICLES])
def test_a_question_with_a_nul_makes_no_sense(desk: Client, address: str) -> None:
    assert desk.get(address, {"q": "\x00"}).status_code == 400


def test_only_articles_that_readers_may_see_are_offered_for_links(desk: Client) -> None:
    seen = make_article("The tram is late", slug="the-tram-is-late")
    make_article("The tram is secret", slug="the-tram-is-secret", status="draft")
    found = desk.get(ARTICLES, {"q": "tram the"}).json()["articles"]
    assert [article["headline"] for article in found] == ["The tram is late"]
    assert found[0]["url"] == seen.get_absolute_url()
    assert body.clean_href(found[0]["url"]) == found[0]["url"]
    assert desk.get(ARTICLES, {"q": " "}).json() == {"articles": []}


def test_a_paste_is_cleaned_as_the_story_would_be(desk: Client) -> None:
    answer = desk.post(CLEAN, {"html": "<h1>A</h1><script>x</script>"})
    assert answer.json() == {"html": "<h2>A</h2>"}


def test_a_paste_that_is_too_long_is_refused_in_words(desk: Client) -> None:
    answer = desk.post(CLEAN, {"html": "a" * (body.MAX_LENGTH + 1)})
    assert answer.status_code == 400
    assert "500000" in answer.json()["error"]


def test_only_those_who_write_may_ask(cast: Cast) -> None:
    moderator, nobody = signed_in(cast.moderator), Client()
    for address in (ARTICLES, PICTURES):
        assert moderator.get(address).status_code == 403
        assert nobody.get(address).status_code == 302
        assert signed_in(cast.contributor).get(address).status_code == 200
    assert moderator.post(CLEAN, {"html": "x"}).status_code == 403
    assert nobody.post(CLEAN, {"html": "x"}).status_code == 302


def test_a_paste_is_not_cleaned_for_another_site(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor)
    assert client.post(CLEAN, {"html": "x"}).status_code == 403


class StoryForm(forms.Form):
    story = BodyField(required=False)


def test_the_field_gives_the_clean_source() -> None:
    form = StoryForm({"story": "<h1>A</h1><p onclick=x>b</p>"})
    assert form.is_valid()
    assert form.cleaned_data["story"] == "<h2>A</h2>\n<p>b</p>"


def test_the_field_says_why_it_refuses_and_keeps_the_text() -> None:
    text = "<div>" * 2_000 + "mine"
    form = StoryForm({"story": text})
    assert "nested too deeply" in str(form.errors["story"])
    assert "mine" in str(form["story"])
    with pytest.raises(ValidationError):
        BodyField().clean("a" * (body.MAX_LENGTH + 1))


def test_the_field_knows_a_change_from_another_way_of_writing_the_same() -> None:
    field = BodyField()
    assert not field.has_changed("<p>a</p>\n<p>b</p>", "<p>a</p><p>b</p>")
    assert field.has_changed("<p>a</p>", "<p>b</p>")
    assert field.has_changed("", "<div>" * 2_000)


def test_the_widget_holds_no_inline_script_or_style() -> None:
    shown = str(StoryForm({"story": '"><script>alert(1)</script>'})["story"]) + str(StoryForm().media)
    assert "<script>" not in shown
    assert "style=" not in shown
    assert 'type="module"' in shown


def test_many_bodies_are_rendered_with_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    images = [make_image(f"Picture {number}") for number in range(6)]
    sources = {image.pk: f'<figure data-image="{image.pk}"></figure>' for image in images}
    with django_assert_num_queries(1):
        rendered = body.render_many(sources)
    assert {pk: one.image_ids for pk, one in rendered.items()} == {image.pk: (image.pk,) for image in images}
    with django_assert_num_queries(0):
        assert body.render_many({1: "<p>No picture</p>"})[1].keys == frozenset()
