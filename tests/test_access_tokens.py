"""Access tokens: shown once, hashed at rest, and at an end with whatever ends their owner's way in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from outbox.models import AuditEntry
from people import access, leaving, tokens
from people.models import AccessToken, User
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db

PAGE = "/admin/account/tokens/"


def make(user: User, **fields: Any) -> tuple[AccessToken, str]:
    """A token to read with, for a month."""
    return tokens.make(**{"name": "Script", "scopes": ["desk:read"], "days": 30, "actor": user, **fields})


def signed_in(user: User) -> Client:
    """Somebody who has just typed their password, twice."""
    client = Client()
    client.post("/admin/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/admin/account/reauthenticate/", {"password": PASSWORD})
    return client


def test_a_secret_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    client = signed_in(cast.editor)
    sent = {"name": "Election night", "scopes": ["drafts:write"], "days": "7"}
    made = client.post(PAGE, sent)
    row = AccessToken.objects.get()
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert tokens.find(secret) == row
    assert "no-store" in made["Cache-Control"]
    again = client.get(PAGE).content.decode()
    assert "Election night" in again
    assert secret not in again
    assert secret not in str(list(AccessToken.objects.values())) + str(list(AuditEntry.objects.values()))


def test_making_and_revoking_stand_in_the_history(cast: Cast) -> None:
    row, _secret = make(cast.editor)
    tokens.revoke(row, actor=cast.administrator)
    told = AuditEntry.objects.filter(object_type="people.accesstoken").order_by("id")
    assert [(entry.actor, entry.verb) for entry in told] == [
        (cast.editor, "made an access token"),
        (cast.administrator, "revoked an access token"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "a\0b"},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": 3650},
        {"days": "soon"},
    ],
)
def test_a_token_that_makes_no_sense_is_refused_in_words(cast: Cast, wrong: dict[str, Any]) -> None:
    client = signed_in(cast.editor)
    response = client.post(PAGE, {"name": "Script", "scopes": ["desk:read"], "days": "7", **wrong})
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()
    assert not AccessToken.objects.exists()


def test_nobody_has_more_than_twenty(cast: Cast) -> None:
    for _number in range(tokens.MOST):
        make(cast.editor)
    with pytest.raises(ValidationError):
        make(cast.editor)
    tokens.revoke(AccessToken.objects.all()[0], actor=cast.editor)
    make(cast.editor)


def test_a_token_ends_with_its_time(cast: Cast) -> None:
    _row, secret = make(cast.editor, days=7)
    assert tokens.find(secret) is not None
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert tokens.find(secret) is None


def test_a_token_ends_with_the_account_and_does_not_come_back(cast: Cast) -> None:
    _row, secret = make(cast.editor)
    leaving.deactivate(cast.editor, actor=cast.administrator)
    leaving.reactivate(cast.editor, actor=cast.administrator)
    assert tokens.find(secret) is None


def test_a_closed_account_opens_nothing_however_it_was_closed(cast: Cast) -> None:
    _row, secret = make(cast.editor)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert tokens.find(secret) is None


def test_a_token_ends_with_all_sessions(cast: Cast) -> None:
    _row, secret = make(cast.editor)
    access.end_sessions(cast.editor, actor=cast.administrator)
    assert tokens.find(secret) is None


def test_only_its_owner_and_those_who_manage_accounts_revoke_it(cast: Cast) -> None:
    row, secret = make(cast.editor)
    with pytest.raises(PermissionDenied):
        tokens.revoke(row, actor=cast.chief)
    assert signed_in(cast.chief).post(f"{PAGE}{row.pk}/revocation/").status_code == 403
    assert tokens.find(secret) is not None, "the control"
    assert signed_in(cast.administrator).post(f"{PAGE}{row.pk}/revocation/").status_code == 302
    assert tokens.find(secret) is None


def test_administrators_see_everybodys_and_nobody_else_does(cast: Cast) -> None:
    make(cast.editor, name="Night script")
    assert b"Night script" in signed_in(cast.administrator).get(f"{PAGE}all/").content
    assert signed_in(cast.chief).get(f"{PAGE}all/").status_code == 403
    assert b"Night script" not in signed_in(cast.chief).get(PAGE).content


def test_nobody_makes_a_token_without_the_factor_they_need(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_MFA = "publishers"
    assert make(cast.contributor)
    with pytest.raises(PermissionDenied):
        make(cast.chief)
    assert signed_in(cast.chief).post(PAGE, {"name": "x", "scopes": ["desk:read"], "days": "7"}).status_code == 403


def test_a_session_that_is_not_fresh_asks_for_the_password_first(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.editor)
    response = client.get(PAGE)
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_the_day_of_its_last_use_is_noted_once_a_day(cast: Cast, django_assert_num_queries: Any) -> None:
    _row, secret = make(cast.editor)
    found = tokens.find(secret)
    assert found is not None
    with django_assert_num_queries(1):
        tokens.note_use(found)
    found.refresh_from_db()
    assert found.last_used_on == timezone.localdate()
    with django_assert_num_queries(0):
        tokens.note_use(found)
