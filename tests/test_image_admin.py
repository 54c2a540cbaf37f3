"""The picture library's screens."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from images import publicity
from images.deletion import ImageInUse, delete_image
from images.models import Image
from images.uploads import add_image
from images.uses import Use
from outbox import effects
from outbox.models import AuditEntry
from people.models import Author, User
from tests.conftest import Cast
from tests.factories import make_article
from tests.picture_files import content, drawn, upload
from wastebin import bin  # noqa: A004
from wastebin.models import Binned

pytestmark = pytest.mark.django_db

LIST = "/admin/images/image/"
ADD = "/admin/images/image/add/"
SEVERAL = "/admin/images/image/several/"


def make_image(title: str = "Harbour", number: int = 0, **words: Any) -> Image:
    data = content(drawn((300, 200), colour=(number % 250, len(title), 70)), "PNG")  # every pixel counts: no duplicates
    return add_image(upload(data), actor=None, title=title, **words)


@pytest.fixture
def image(db: None) -> Image:
    return make_image()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def only(user: User, *codenames: str) -> Client:
    """Somebody with exactly these permissions on pictures."""
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames, content_type__app_label="images"))
    return signed_in(User.objects.get(pk=user.pk))


def page_of(image: Image, screen: str) -> str:
    return f"/admin/images/image/{image.pk}/{screen}/"


SCREENS = [
    ("GET", LIST, "view_image"),
    ("GET", ADD, "add_image"),
    ("POST", ADD, "add_image"),
    ("GET", SEVERAL, "add_image"),
    ("POST", SEVERAL, "add_image"),
    ("GET", "change", "view_image"),
    ("POST", "change", "change_image"),
    ("GET", "delete", "delete_image"),
    ("POST", "delete", "delete_image"),
    ("GET", "history", "view_image"),
    ("GET", "preview", "view_image"),
    ("GET", "preview/NAME", "view_image"),
]


def call(client: Client, method: str, screen: str, image: Image) -> Any:
    address = screen if screen.startswith("/") else f"/admin/images/image/{image.pk}/{screen}/"
    if screen == "preview/NAME":
        address = f"/admin/images/image/{image.pk}/preview/{image.renditions[0]['name']}"
    return client.get(address) if method == "GET" else client.post(address, {"post": "yes"})


@pytest.mark.parametrize(("method", "screen", "permission"), SCREENS)
def test_every_screen_opens_for_who_may(method: str, screen: str, permission: str, image: Image, cast: Cast) -> None:
    allowed = only(cast.moderator, permission, "view_image")
    assert call(allowed, method, screen, image).status_code in {200, 302}


@pytest.mark.parametrize(("method", "screen", "permission"), SCREENS)
def test_every_screen_is_closed_to_who_may_not(
    method: str, screen: str, permission: str, image: Image, cast: Cast
) -> None:
    everything_else = {"view_image", "add_image", "change_image", "delete_image"} - {permission}
    if permission == "view_image":
        everything_else -= {"change_image"}  # who may change may look
    assert call(only(cast.moderator, *everything_else), method, screen, image).status_code == 403
    assert call(signed_in(cast.moderator), method, screen, image).status_code == 403
    anonymous = call(Client(), method, screen, image)
    assert anonymous.status_code == 302
    assert "/login/" in anonymous.headers["Location"]
    assert Image.objects.count() == 1


def test_a_preview_shows_what_readers_cannot_see(image: Image, cast: Cast) -> None:
    client = signed_in(cast.contributor)
    named = client.get(page_of(image, "preview") + image.renditions[0]["name"])
    assert named.headers["Content-Type"] == "image/jpeg"
    assert named.headers["Cache-Control"] == "private, max-age=3600"
    assert named.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("admin:images_image_preview", args=[image.pk])).status_code == 200


def test_a_preview_gives_renditions_of_that_picture_and_nothing_else(image: Image, cast: Cast) -> None:
    client = signed_in(cast.editor)
    other = make_image("Other", 9)
    for name in [str(image.original), other.renditions[0]["name"], "../../x", "x" * 300, "%00"]:
        assert client.get(page_of(image, "preview") + name).status_code == 404
    assert client.get("/admin/images/image/999999/preview/").status_code == 404
    storages["private"].delete(image.renditions[0]["name"])
    assert client.get(page_of(image, "preview") + image.renditions[0]["name"]).status_code == 404


@pytest.mark.once
def test_the_wall_costs_the_same_however_many_pictures_hang_there(cast: Cast) -> None:
    client = signed_in(cast.editor)
    counts = []
    for number in (2, 12):
        for index in range(number):
            make_image(f"Picture {number} {index}", index)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_the_wall_shows_pictures_and_what_they_lack(cast: Cast) -> None:
    publicity.show([make_image("<script>alert(1)</script>", 1).pk])
    make_image("Soon", 2, alt="x", usable_until=timezone.now() + timedelta(days=9))
    make_image("Over", 3, alt="x", usable_until=timezone.now() - timedelta(days=9))
    page = signed_in(cast.editor).get(LIST).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("no alternative text") == 1
    assert "licence until" in page
    assert "licence ended" in page
    assert page.count("mark--public") == 1
    assert "/preview/" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("alt_text=missing", {"bare"}),
        ("alt_text=written", {"mine", "soon", "over", "portrait"}),
        ("licence_end=soon", {"soon"}),
        ("licence_end=ended", {"over"}),
        ("licence_end=open", {"bare", "mine", "portrait"}),
        ("use=none", {"bare", "mine", "soon", "over"}),
        ("use=linked", {"portrait"}),
        ("use=public", {"portrait"}),
        ("by=me", {"mine"}),
        ("q=lighthouse", {"mine"}),
        ("use=nonsense&licence_end=%01&by=x&alt_text=", {"bare", "mine", "soon", "over", "portrait"}),
    ],
)
def test_filters_answer_what_editors_ask(query: str, expected: set[str], cast: Cast) -> None:
    now = timezone.now()
    make_image("bare", 1)
    add_image(upload(content(drawn(colour=(9, 9, 9)))), actor=cast.editor, title="mine", alt="A lighthouse")
    make_image("soon", 2, alt="x", usable_until=now + timedelta(days=29))
    make_image("over", 3, alt="x", usable_until=now - timedelta(days=1))
    portrait = make_image("portrait", 4, alt="x")
    Author.objects.create(name="Ana", slug="ana", portrait=portrait)
    publicity.show([portrait.pk])
    answer = signed_in(cast.editor).get(f"{LIST}?{query}")
    assert {image.title for image in answer.context["cl"].result_list} == expected


@pytest.mark.parametrize("query", ["p=99999", "p=x", "q=%00", "o=9.9.-9", "uploaded_at__gte=never", "nonsense=1"])
def test_nonsense_in_the_address_is_no_error(query: str, image: Image, cast: Cast) -> None:
    assert signed_in(cast.editor).get(f"{LIST}?{query}").status_code in {200, 302, 400}


def test_uploading_one_picture_leads_to_its_page(cast: Cast) -> None:
    words = {"title": "Quay", "alt": "A quay", "credit": "Ana", "last_day": "2026-12-31"}
    answer = signed_in(cast.contributor).post(ADD, {"file": upload(), **words})
    image = Image.objects.get()
    assert answer.headers["Location"] == f"/admin/images/image/{image.pk}/change/"
    assert (image.title, image.alt, image.credit, image.uploaded_by) == ("Quay", "A quay", "Ana", cast.contributor)
    assert image.usable_until is not None
    assert timezone.localdate(image.usable_until).isoformat() == "2026-12-31"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"file": b"no picture at all"}, "not a picture"),
        ({"file": b"II*\x00 and so on"}, "TIFF"),
        ({}, "This field is required"),
        ({"file": b""}, "empty"),
        ({"file": None, "last_day": "9999-12-31"}, "less than or equal"),
        ({"file": None, "last_day": "0001-01-01"}, "greater than or equal"),
        ({"file": None, "last_day": "soon"}, "valid date"),
        ({"file": None, "credit": "x" * 161}, "at most 160"),
        ({"file": None, "caption": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(fields: dict[str, Any], words: str, cast: Cast) -> None:
    data = {"alt": "My careful words", **fields}
    if "file" in fields:
        data["file"] = upload(fields["file"])
    answer = signed_in(cast.editor).post(ADD, data)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "My careful words" in page
    assert not Image.objects.exists()


def test_a_file_that_is_there_already_is_pointed_to(image: Image, cast: Cast) -> None:
    answer = signed_in(cast.editor).post(ADD, {"file": upload(storages["private"].open(str(image.original)).read())})
    assert answer.status_code == 200
    assert f'<a href="/admin/images/image/{image.pk}/change/">' in answer.content.decode()


def test_a_popup_hands_the_picture_to_the_form_that_opened_it(cast: Cast) -> None:
    client = signed_in(cast.editor)
    assert 'name="_popup"' in client.get(f"{ADD}?_popup=1").content.decode()
    for _again in range(2):  # the second time the library has it, and it is simply chosen
        answer = client.post(ADD, {"file": upload(), "_popup": "1"})
        assert answer.status_code == 200
        assert f"&quot;value&quot;: &quot;{Image.objects.get().pk}&quot;" in answer.content.decode()


def test_many_files_each_get_their_answer(image: Image, cast: Cast) -> None:
    known = storages["private"].open(str(image.original)).read()
    chosen = [upload(content(drawn()), "new.jpg"), upload(known, "old.jpg"), upload(b"text", "notes.txt")]
    answer = signed_in(cast.editor).post(SEVERAL, {"pictures": chosen, "credit": "Ana"})
    page = answer.content.decode()
    assert [page.count(f'class="outcome outcome--{state}"') for state in ("added", "known", "refused")] == [1, 1, 1]
    assert all(name in page for name in ("new.jpg", "old.jpg", "notes.txt", "not a picture"))
    assert 'value="Ana"' in page
    assert Image.objects.get(title="new").credit == "Ana"


def test_the_script_gets_the_outcome_alone(cast: Cast) -> None:
    answer = signed_in(cast.editor).post(SEVERAL, {"pictures": upload(name="<b>.jpg"), "part": "outcomes"})
    page = answer.content.decode()
    assert page.strip().startswith("<li class=")
    assert "&lt;b&gt;.jpg" in page
    assert "<html" not in page


def test_no_file_and_too_many_files_are_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.editor)
    assert "This field is required" in client.post(SEVERAL, {"credit": "Ana"}).content.decode()
    monkeypatch.setattr("images.admin_views.SEVERAL", 1)
    page = client.post(SEVERAL, {"pictures": [upload(), upload(content(drawn(colour=(5, 5, 5))))]}).content.decode()
    assert "at most 1 files" in page
    assert Image.objects.count() == 1


WORDS = {"title": "Harbour", "alt": "", "caption": "", "credit": "", "licence": "", "last_day": ""}


def test_words_are_changed_and_nothing_else(image: Image, cast: Cast) -> None:
    renditions = image.renditions
    data = {**WORDS, "alt": "Boats", "focal_left": "50.0", "focal_top": "50.0", "last_day": "2027-01-01"}
    answer = signed_in(cast.contributor).post(page_of(image, "change"), data)
    assert answer.status_code == 302
    image.refresh_from_db()
    assert (image.alt, image.renditions) == ("Boats", renditions)
    assert image.usable_until is not None
    entry = AuditEntry.objects.get(verb="described")
    assert (entry.actor, entry.details) == (cast.contributor, {"fields": ["alt", "usable_until"]})


def test_the_focal_point_is_moved_by_numbers_without_script(image: Image, cast: Cast) -> None:
    crops = {made["name"] for made in image.renditions if made["ratio"] != "full"}
    data = {**WORDS, "focal_left": "12.5", "focal_top": "100"}
    answer = signed_in(cast.editor).post(page_of(image, "change"), data, follow=True)
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (0.125, 1.0), [str(message) for message in answer.context["messages"]]
    assert not crops & {made["name"] for made in image.renditions}


@pytest.mark.parametrize("value", ["-1", "101", "nan", "inf", "left", "", "1e999"])
def test_a_focal_point_outside_is_said_beside_its_field(value: str, image: Image, cast: Cast) -> None:
    data = {**WORDS, "alt": "Typed", "focal_left": value, "focal_top": "50"}
    answer = signed_in(cast.editor).post(page_of(image, "change"), data)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "errorlist" in page
    assert "Typed" in page
    image.refresh_from_db()
    assert (image.alt, image.focal_x) == ("", 0.5)


def test_a_picture_without_its_original_says_so(image: Image, cast: Cast) -> None:
    storages["private"].delete(str(image.original))
    data = {**WORDS, "focal_left": "1", "focal_top": "50"}
    answer = signed_in(cast.editor).post(page_of(image, "change"), data, follow=True)
    assert "original cannot be read" in answer.content.decode()


def test_the_page_of_a_picture_says_where_it_is_used(image: Image, cast: Cast) -> None:
    make_article("Ferry returns", lead_picture=image)
    Author.objects.create(name="Ana", slug="ana", portrait=image)
    page = signed_in(cast.editor).get(page_of(image, "change")).content.decode()
    assert "Ferry returns" in page
    assert "Ana" in page
    assert "Nowhere yet" not in page


@pytest.mark.once
def test_the_page_of_a_picture_costs_the_same_however_often_it_is_used(image: Image, cast: Cast) -> None:
    client = signed_in(cast.editor)
    counts = []
    for number in (1, 5):
        for index in range(number):
            make_article(f"Story {number} {index}", lead_picture=image)
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(image, "change"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_used_picture_is_not_deleted_and_its_uses_are_named(method: str, image: Image, cast: Cast) -> None:
    make_article("Ferry returns", lead_picture=image)
    answer = getattr(signed_in(cast.editor), method)(page_of(image, "delete"), {"post": "yes"})
    assert answer.status_code == 200
    assert "is in use" in answer.content.decode()
    assert "Ferry returns" in answer.content.decode()
    assert Image.objects.exists()


def test_a_picture_wanted_by_something_without_a_link_is_kept_too(
    image: Image, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("images.uses.unlinked_uses", [lambda _image: [Use("A draft")]])
    assert "A draft" in signed_in(cast.editor).post(page_of(image, "delete"), {"post": "yes"}).content.decode()
    assert Image.objects.exists()


def test_an_unused_picture_goes_into_the_bin_and_for_good_with_its_files(image: Image, cast: Cast) -> None:
    names = [str(image.original), *(made["name"] for made in image.renditions)]
    answer = signed_in(cast.editor).post(page_of(image, "delete"), {"post": "yes"})
    assert answer.status_code == 302
    assert not Image.objects.exists()
    assert AuditEntry.objects.get(verb="deleted").object_label == "Harbour"
    effects.run_due()
    assert all(storages["private"].exists(name) for name in names)
    bin.delete_for_good(Binned.objects.get(), actor=cast.chief)
    effects.run_due()
    assert not any(storages["private"].exists(name) for name in names)


def test_a_picture_that_comes_into_use_at_the_last_moment_is_kept(
    image: Image, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Author.objects.create(name="Ana", slug="ana", portrait=image)
    monkeypatch.setattr("images.admin.where_used", lambda _image: [])  # the question came too early
    answer = signed_in(cast.editor).post(page_of(image, "delete"), {"post": "yes"}, follow=True)
    assert "was not deleted" in answer.content.decode()
    assert Image.objects.exists()
    with pytest.raises(ImageInUse):
        delete_image(image, actor=None)


def test_deleting_several_keeps_all_while_one_is_used(cast: Cast) -> None:
    used, unused = make_image("Used", 1), make_image("Unused", 2)
    Author.objects.create(name="Ana", slug="ana", portrait=used)
    client = signed_in(cast.editor)
    action = {"action": "delete_selected", "post": "yes"}
    answer = client.post(LIST, {**action, "_selected_action": [used.pk, unused.pk]})
    assert "Ana" in answer.content.decode()
    assert Image.objects.count() == 2
    assert client.post(LIST, {**action, "_selected_action": [unused.pk]}).status_code == 302
    assert list(Image.objects.all()) == [used]


def test_our_screens_need_no_inline_script_or_style(image: Image, cast: Cast) -> None:
    client = signed_in(cast.editor)
    for address in (LIST, ADD, SEVERAL, page_of(image, "change"), page_of(image, "delete")):
        page = client.get(address).content.decode()
        assert "style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        assert "<script>" not in page
