"""Staff accounts in the admin."""

import pytest
from django.test import Client

from people.models import User
from tests.conftest import Cast

ADD = "/admin/people/user/add/"
LONG = "a" * 60 + "@" + "b" * 60 + "." + "c" * 50 + ".example.org"


def account(email: str) -> dict[str, str]:
    password = "a-long-password-77"
    return {"email": email, "name": "New", "usable_password": "true", "password1": password, "password2": password}


@pytest.mark.parametrize(("email", "made"), [("new@example.org", True), (LONG, False)])
def test_an_address_that_does_not_fit_is_refused_in_words(cast: Cast, email: str, made: bool) -> None:
    client = Client()
    client.force_login(cast.administrator)
    response = client.post(ADD, account(email))
    assert User.objects.filter(email=email).exists() is made
    if not made:
        assert "At most 150 characters fit." in response.content.decode()


def test_a_longer_address_is_refused_on_change_too(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.administrator)
    address = f"/admin/people/user/{cast.editor.pk}/change/"
    response = client.post(address, {"email": LONG, "name": "Edda", "is_active": "on"})
    assert "At most 150 characters fit." in response.content.decode()
    cast.editor.refresh_from_db()
    assert cast.editor.email != LONG
