"""The sessions of an account: seen, ended one by one, everywhere, and by an administrator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.crypto import salted_hmac

from outbox.models import AuditEntry
from people import browsers, sessions
from people.models import User
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
HOME = "/admin/account/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user: User, agent: str = FIREFOX, **extra: Any) -> Client:
    client = Client(headers={"User-Agent": agent}, **extra)
    client.post("/admin/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_ones_sessions_are_listed_with_browser_address_and_time(cast: Cast) -> None:
    signed_in(cast.editor, IPHONE, REMOTE_ADDR="198.51.100.7")
    page = signed_in(cast.editor).get(HOME).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "198.51.100.7" in page
    assert "4 May 2026, 12:00" in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox on Linux"), (IPHONE, "Safari on iPhone"), ("", "an unknown browser"),
     ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
     ("curl/8.0", "an unknown browser"), ("<script>Firefox/</script>", "Firefox")],
)  # fmt: skip
def test_browsers_have_names(agent: str, words: str) -> None:
    assert browsers.in_words(agent) == words


def test_one_is_ended_from_another(cast: Cast) -> None:
    phone, here = signed_in(cast.editor, IPHONE), signed_in(cast.editor)
    number = UserSession.objects.get(user_agent=IPHONE).pk
    assert here.post(f"{HOME}sessions/{number}/end/")["Location"] == HOME
    assert (is_in(phone), is_in(here)) == (False, True)
    assert AuditEntry.objects.filter(verb="ended a session").count() == 1
    assert "had ended already" in here.get(here.post(f"{HOME}sessions/{number}/end/")["Location"]).content.decode()


def test_nobody_ends_a_session_of_somebody_else_that_way(cast: Cast) -> None:
    other = signed_in(cast.chief)
    number = UserSession.objects.get(user=cast.chief).pk
    signed_in(cast.editor).post(f"{HOME}sessions/{number}/end/")
    assert is_in(other)


def test_signing_out_everywhere_else_leaves_this_one(cast: Cast) -> None:
    clients = [signed_in(cast.editor) for _browser in range(3)]
    unknown = Client()
    unknown.force_login(cast.editor)  # a session nobody keeps track of
    clients[0].post(f"{HOME}sessions/others/end/")
    assert [is_in(client) for client in (*clients, unknown)] == [True, False, False, False]
    assert is_in(signed_in(cast.editor))
    assert len(sessions.of(cast.editor)) == 2


def test_an_administrator_ends_the_sessions_of_a_colleague(cast: Cast) -> None:
    colleague, admin = signed_in(cast.editor), signed_in(cast.administrator)
    page = f"/admin/people/user/{cast.editor.pk}/access/"
    assert "Firefox on Linux" in admin.get(page).content.decode()
    assert admin.post(f"{page}sessions/end/")["Location"] == page
    assert (is_in(colleague), is_in(admin)) == (False, True)
    entry = AuditEntry.objects.get(verb="ended all sessions")
    assert (entry.actor, entry.object_id) == (cast.administrator, str(cast.editor.pk))


@pytest.mark.parametrize("who", ["contributor", "editor", "chief", "moderator"])
def test_nobody_else_may_look_at_a_colleagues_access(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    page = f"/admin/people/user/{cast.administrator.pk}/access/"
    assert client.get(page).status_code == 403
    assert client.post(f"{page}sessions/end/").status_code == 403
    assert client.get(page.replace("access", "deactivation")).status_code == 403
    assert client.post(page.replace("access", "reactivation")).status_code == 403


def test_a_new_password_ends_the_others(cast: Cast) -> None:
    here, other = signed_in(cast.editor), signed_in(cast.editor)
    new = "nine quiet herons at low tide"
    here.post("/admin/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(other)) == (True, False)
    assert AuditEntry.objects.filter(verb="changed the password").count() == 1


def test_looking_writes_when_a_session_was_seen_at_most_every_five_minutes(cast: Cast) -> None:
    client = signed_in(cast.editor)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        client.get("/admin/", REMOTE_ADDR="198.51.100.8")
    row = UserSession.objects.get()
    assert (row.ip, row.last_seen_at) == ("198.51.100.8", NOW + timedelta(minutes=6))


def test_readers_pages_know_of_no_session(cast: Cast) -> None:
    client = signed_in(cast.editor)
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert "session" not in str([query["sql"] for query in queries])


def test_sign_ins_and_sign_outs_stand_in_the_history(cast: Cast) -> None:
    editor, client = signed_in(cast.editor), Client()
    for email in (cast.editor.email, "nobody-known@example.org"):
        client.post("/admin/account/login/", {"login": email, "password": "wrong"})
    for _press in range(2):
        editor.post("/admin/logout/")
    told = list(AuditEntry.objects.order_by("id").values_list("verb", "object_label"))
    assert told == [
        ("signed in", "Edda Editor"),
        ("failed to sign in", "Edda Editor"),
        ("failed to sign in", "an unknown account"),
        ("signed out", "Edda Editor"),
    ]
    assert "nobody-known" not in str(AuditEntry.objects.values())
    assert "wrong" not in str(AuditEntry.objects.values())


@pytest.mark.once
def test_a_wrong_password_costs_as_many_questions_whoever_is_named(cast: Cast) -> None:
    counts = []
    for email in (cast.editor.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            Client().post("/admin/account/login/", {"login": email, "password": "wrong"})
        counts.append(len([query for query in queries if "auditentry" in query["sql"]]))
    assert counts == [1, 1]


def test_the_own_account_is_changed_in_words(cast: Cast) -> None:
    client = signed_in(cast.editor)
    assert client.post(HOME, {"name": "Edda Edited"})["Location"] == HOME
    cast.editor.refresh_from_db()
    assert cast.editor.name == "Edda Edited"
    assert AuditEntry.objects.first().details == {"changes": {"name": ["Edda Editor", "Edda Edited"]}}  # type: ignore[union-attr]
    answer = client.post(HOME, {"name": "E" * 121, "email": "other@example.org", "is_superuser": "1"})
    assert answer.status_code == 400
    assert "at most 120" in answer.content.decode()
    cast.editor.refresh_from_db()
    assert (cast.editor.email, cast.editor.is_superuser) == ("edda.editor@example.org", False)


def test_an_upgrade_signs_nobody_out(cast: Cast) -> None:
    """The number is part of the hash only once sessions were ended."""
    digest = salted_hmac(SALT, cast.editor.password, algorithm="sha256").hexdigest()
    assert cast.editor.get_session_auth_hash() == digest
    cast.editor.sessions_ended = 1
    assert cast.editor.get_session_auth_hash() != digest
