"""What makes a first story short: a form that knows its writer, and a lead picture put in from there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, DeskMembership
from articles.state import WorkingState
from images.models import Image
from people.models import Author, User
from tests.conftest import Cast
from tests.factories import make_author, make_section
from tests.picture_files import upload

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
TAKE_IN = "/admin/images/image/taking-in/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begun(client: Client) -> tuple[Any, Any]:
    """The section and the author that a new article's form begins with."""
    context = client.get(ADD).context
    bylines = context["inline_admin_formsets"][0].formset.forms
    return context["adminform"].form.initial.get("section"), bylines[0].initial.get("author")


def test_a_new_article_begins_on_its_writers_desk(cast: Cast) -> None:
    city, sport = make_section("City"), make_section("Sport")
    client = signed_in(cast.contributor)
    assert begun(client) == (None, None)
    DeskMembership.objects.create(user=cast.contributor, section=sport)
    assert begun(client)[0] == sport.pk
    DeskMembership.objects.create(user=cast.contributor, section=city)
    assert begun(client)[0] is None


def test_a_paper_with_one_section_has_nothing_to_choose(cast: Cast) -> None:
    only = make_section("City")
    assert begun(signed_in(cast.editor))[0] == only.pk


def test_a_new_article_begins_with_its_writers_name_and_keeps_it(cast: Cast) -> None:
    section, own = make_section(), make_author("Cora Contributor", user=cast.contributor)
    client = signed_in(cast.contributor)
    assert begun(client)[1] == own.pk
    data = {
        "headline": "My first story",
        "section": section.pk,
        "body": "<p>It is short.</p>",
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "0",
        "bylines-0-position": "",
        "bylines-0-author": own.pk,
        "bylines-0-role": "words",
        "_continue": "1",
    }
    client.post(ADD, data)
    assert [credit.author for credit in WorkingState.of(Article.objects.get()).bylines] == [own.pk]
    client.post(ADD, data | {"bylines-0-author": "", "headline": "Without a name"})
    assert WorkingState.of(Article.objects.latest("pk")).bylines == ()
    assert Author.objects.count() == 1


def test_a_picture_taken_in_is_answered_with_its_number(cast: Cast) -> None:
    client = signed_in(cast.contributor)
    answer = client.post(TAKE_IN, {"file": upload(), "alt": "A <b>harbour</b>", "credit": "Ines Maren"})
    image = Image.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"id": image.pk, "title": "harbour", "alt": "A <b>harbour</b>"}
    assert (image.credit, image.uploaded_by) == ("Ines Maren", cast.contributor)
    again = client.post(TAKE_IN, {"file": upload(), "alt": "Other words"})
    assert (again.status_code, again.json()["id"], again.json()["known"]) == (200, image.pk, True)
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"file": "no file"},
        {"file": b"<svg/>"},
        {"file": b""},
        {"file": None, "alt": "x" * 301},
        {"file": None, "alt": "with \0"},
        {"file": None, "last_day": "yesterday"},
    ],
)
def test_a_picture_that_cannot_be_taken_is_refused_in_words(cast: Cast, sent: dict[str, Any]) -> None:
    data = dict(sent)
    if "file" in data and not isinstance(data["file"], str):
        data["file"] = upload(data["file"])
    answer = signed_in(cast.editor).post(TAKE_IN, data)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Image.objects.exists()


def test_who_may_take_pictures_in(cast: Cast, client: Client) -> None:
    for who, status in (
        ("contributor", 201),
        ("editor", 200),
        ("chief", 200),
        ("administrator", 200),
        ("moderator", 403),
    ):
        person = signed_in(getattr(cast, who))
        assert person.post(TAKE_IN, {"file": upload()}).status_code == status, who
        assert person.get(TAKE_IN).status_code == 405
    assert client.post(TAKE_IN, {"file": upload()}).status_code == 302


def test_only_who_may_add_pictures_is_offered_to(cast: Cast) -> None:
    make_section()
    assert "data-upload" in signed_in(cast.contributor).get(ADD).content.decode()
    assert reverse("admin:images_image_take_in") == TAKE_IN
