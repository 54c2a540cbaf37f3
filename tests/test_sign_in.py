"""Signing in and out, passwords forgotten and changed, and who has no desk."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from people.models import User
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db

LOGIN = "/admin/account/login/"
RESET = "/admin/account/password/reset/"
NEW_PASSWORD = "nine quiet herons at low tide"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def test_the_admin_asks_strangers_to_sign_in_and_remembers_where_they_wanted_to_go() -> None:
    answer = Client().get("/admin/articles/article/?whose=mine", follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?next=/admin/articles/article/%3Fwhose%3Dmine"
    assert "Sign in to the desk" in answer.content.decode()


def test_somebody_who_signs_in_lands_where_they_wanted_to_go(cast: Cast) -> None:
    answer = sign_in(Client(), cast.editor.email, next="/admin/articles/article/?whose=mine")
    assert answer["Location"] == "/admin/articles/article/?whose=mine"


def test_without_a_wish_they_land_on_the_start_page(cast: Cast) -> None:
    assert sign_in(Client(), cast.editor.email)["Location"] == "/admin/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(cast: Cast, target: str) -> None:
    assert sign_in(Client(), cast.editor.email, next=target)["Location"] == "/admin/"
    stranger = Client().get("/admin/login/", {"next": target})
    assert stranger["Location"] == f"{LOGIN}?next=/admin/"
    client = Client()
    client.force_login(cast.editor)
    assert client.get("/admin/login/", {"next": target})["Location"] == "/admin/"


def test_the_admins_own_login_address_never_leads_in_circles(cast: Cast) -> None:
    assert Client().get("/admin/login/")["Location"] == f"{LOGIN}?next=/admin/"
    client = Client()
    client.force_login(cast.editor)
    answer = client.get("/admin/login/?next=/admin/login/", follow=True)
    assert answer.status_code == 200
    assert len(answer.redirect_chain) <= 3


def test_a_wrong_password_is_said_plainly_and_the_address_stays(cast: Cast) -> None:
    answer = sign_in(Client(), cast.editor.email, "wrong")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "not correct" in page
    assert cast.editor.email in page
    unknown = sign_in(Client(), "nobody@example.org", "wrong").content.decode()
    assert "not correct" in unknown


def test_too_many_attempts_have_to_wait(cast: Cast) -> None:
    assert "oo many" not in sign_in(Client(), cast.editor.email, "wrong").content.decode()  # the control
    for _attempt in range(11):
        sign_in(Client(), cast.editor.email, "wrong")
    answer = sign_in(Client(), cast.editor.email, PASSWORD)
    assert answer.status_code in {200, 429}
    assert "oo many" in answer.content.decode()


def test_an_account_without_a_desk_is_told_so_and_can_sign_out() -> None:
    User.objects.create_user("reader", "reader@example.org", PASSWORD)
    client = Client()
    assert sign_in(client, "reader@example.org")["Location"] == "/admin/"
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "No desk for this account" in answer.content.decode()
    assert "reader@example.org" in answer.content.decode()
    assert client.post("/admin/account/logout/")["Location"] == LOGIN


def test_a_closed_account_cannot_sign_in(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    client = Client()
    sign_in(client, cast.editor.email)
    assert client.get("/admin/").status_code == 302


def test_signing_out_takes_a_click_not_a_link(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.editor)
    assert "Sign out?" in client.get("/admin/account/logout/").content.decode()
    assert client.get("/admin/").status_code == 200
    client.post("/admin/account/logout/")
    assert client.get("/admin/").status_code == 302


def test_nobody_signs_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().get("/admin/account/signup/").status_code in {302, 404}
    assert "sign up" not in Client().get(LOGIN).content.decode().lower()


def test_a_forgotten_password_is_replaced_through_the_mail(cast: Cast) -> None:
    client = Client()
    answer = client.post(RESET, {"email": cast.editor.email}, follow=True)
    assert "Look into your inbox" in answer.content.decode()
    assert mail.outbox[0].to == [cast.editor.email]
    link = re.search(r"http://testserver(/admin/account/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    assert "Choose a new password" in form.content.decode()
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True
    )
    assert "Your password is changed" in answer.content.decode()
    assert sign_in(Client(), cast.editor.email, NEW_PASSWORD)["Location"] == "/admin/"
    assert sign_in(Client(), cast.editor.email).status_code == 200
    again = Client().get(link[1], follow=True)
    assert "This link has ended" in again.content.decode()


def test_a_weak_new_password_is_refused_with_its_reason(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.editor)
    data = {"oldpassword": PASSWORD, "password1": "12345678901", "password2": "12345678901"}
    page = client.post("/admin/account/password/change/", data).content.decode()
    assert "entirely numeric" in page


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast) -> None:
    known = Client().post(RESET, {"email": cast.editor.email})
    unknown = Client().post(RESET, {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_a_broken_reset_link_says_so() -> None:
    answer = Client().get("/admin/account/password/reset/key/zz-nonsense/", follow=True)
    assert "This link has ended" in answer.content.decode()


def test_the_password_is_changed_at_the_desk(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.editor)
    assert 'href="/admin/account/"' in client.get("/admin/").content.decode()
    assert "/admin/account/password/change/" in client.get("/admin/account/").content.decode()
    assert client.get("/admin/password_change/")["Location"] == "/admin/account/password/change/"
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/admin/account/password/change/", data).status_code == 302
    assert sign_in(Client(), cast.editor.email, NEW_PASSWORD)["Location"] == "/admin/"
