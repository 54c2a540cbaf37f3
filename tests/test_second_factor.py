"""The second factor: set up, asked for, required of roles that publish, lost and reset."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from outbox import effects
from outbox.models import AuditEntry
from people import access, second_factor
from people.adapters import FactorAdapter
from people.models import User
from tests.conftest import PASSWORD, Cast
from tests.test_urls import ADMIN, DOORS, OWN, written

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOGIN = "/admin/account/login/"
SECOND = "/admin/account/login/second/"
APP = "/admin/account/factors/app/"
KEY = "/admin/account/factors/passkeys/add/"
NOW = 1_780_000_000.0
HALF_MINUTE = 30

really = pytest.mark.django_db(transaction=True)
"""For what allauth does once the transaction is committed."""


@pytest.fixture(autouse=True)
def _one_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sign_in(client: Client, user: User) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD})


def confirm(client: Client) -> None:
    """The password once more."""
    client.post("/admin/account/reauthenticate/", {"password": PASSWORD})


def give_app(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return str(secret)


def code(secret: str, at: float = NOW) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at) // HALF_MINUTE)))


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True))


@really
def test_an_app_is_set_up_and_asked_for_from_then_on(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, cast.editor)
        assert client.get(APP)["Location"].startswith("/admin/account/reauthenticate/")
        confirm(client)
        page = client.get(APP)
        secret = page.context["form"].secret
        assert secret in page.content.decode()
        assert client.post(APP, {"code": "000000"}).status_code == 200
        answer = client.post(APP, {"code": code(secret)})
        assert answer["Location"] == "/admin/account/factors/codes/"
        assert "Recovery codes" in client.get(answer["Location"]).content.decode()
        assert is_in(client)
        other = Client()
        assert sign_in(other, cast.editor)["Location"] == SECOND
        assert not is_in(other)
    with time_machine.travel(NOW + HALF_MINUTE, tick=False):
        assert other.post(SECOND, {"code": code(secret, NOW + HALF_MINUTE)}).status_code == 302
        assert is_in(other)
    assert "added a second factor" in verbs()
    assert verbs()[-1] == "signed in"


def test_the_secret_is_stored_under_a_key_and_each_code_counts_once(cast: Cast) -> None:
    secret = give_app(cast.editor)
    row = Authenticator.objects.get()
    assert secret not in json.dumps(row.data)
    with time_machine.travel(NOW, tick=False):
        first, second = Client(), Client()
        for client in (first, second):
            sign_in(client, cast.editor)
            client.post(SECOND, {"code": code(secret)})
    assert is_in(first)
    assert not is_in(second)


@pytest.mark.parametrize(("late", "right"), [(0, True), (30, True), (-30, True), (90, False), (-90, False)])
def test_a_clock_may_be_off_by_half_a_minute(cast: Cast, late: int, right: bool) -> None:
    secret = give_app(cast.editor)
    client = Client()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, cast.editor)
        client.post(SECOND, {"code": code(secret, NOW + late)})
    assert is_in(client) is right


def test_a_secret_no_key_fits_any_more_opens_nothing(cast: Cast, settings: Any) -> None:
    secret = give_app(cast.editor)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5
    stored = Authenticator.objects.get().data["secret"]
    assert FactorAdapter().decrypt(stored) == secret  # the control: the former key is known
    settings.SECRET_KEY_FALLBACKS = []
    assert FactorAdapter().decrypt(stored) not in {secret, "", FactorAdapter().decrypt(stored)}


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "9" * 5000, "１２３４５６", "\U0001f511", " "])
def test_a_wrong_code_is_said_plainly_and_noted(cast: Cast, wrong: str) -> None:
    give_app(cast.editor)
    client = Client()
    sign_in(client, cast.editor)
    answer = client.post(SECOND, {"code": wrong})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not is_in(client)


def test_guessing_codes_soon_has_to_wait(cast: Cast) -> None:
    secret = give_app(cast.editor)
    client = Client()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, cast.editor)
        for guess in range(5):
            client.post(SECOND, {"code": f"{guess:06}"})
        answer = client.post(SECOND, {"code": code(secret)})
        assert "oo many" in answer.content.decode()
        assert not is_in(client)
        stranger = Client(REMOTE_ADDR="198.51.100.9")  # from elsewhere too: the account is counted
        sign_in(stranger, cast.editor)
        stranger.post(SECOND, {"code": code(secret)})
        assert not is_in(stranger)
    assert verbs().count("failed the second step") == 5


def test_guessing_recovery_codes_counts_the_same(cast: Cast) -> None:
    give_app(cast.editor)
    right = RecoveryCodes.activate(cast.editor).get_unused_codes()[0]
    client = Client()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, cast.editor)
        for guess in range(5):
            client.post(SECOND, {"code": f"{guess:08}"})
        client.post(SECOND, {"code": right})
    assert not is_in(client)


def test_a_recovery_code_opens_the_desk_once(cast: Cast) -> None:
    give_app(cast.editor)
    right = RecoveryCodes.activate(cast.editor).get_unused_codes()[0]
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client, cast.editor)
        client.post(SECOND, {"code": right})
    assert [is_in(client) for client in clients] == [True, False]


def test_the_session_gets_a_new_key_at_each_step_in(cast: Cast) -> None:
    secret = give_app(cast.editor)
    client = Client()
    with time_machine.travel(NOW, tick=False):
        client.get(LOGIN)
        sign_in(client, cast.editor)
        before = client.session.session_key
        client.post(SECOND, {"code": code(secret)})
    assert is_in(client)
    assert client.session.session_key != before


@really
def test_with_the_first_factor_sessions_that_never_showed_it_end(cast: Cast) -> None:
    owner, thief = Client(), Client()
    with time_machine.travel(NOW, tick=False):
        for client in (owner, thief):
            sign_in(client, cast.editor)
        assert is_in(thief)
        confirm(owner)
        secret = owner.get(APP).context["form"].secret
        owner.post(APP, {"code": code(secret)})
    assert is_in(owner)
    assert not is_in(thief)


@pytest.mark.parametrize(
    "page", [APP, KEY, "/admin/account/factors/codes/", "/admin/account/factors/app/remove/",
             "/admin/account/factors/codes/new/", "/admin/account/factors/codes/download/"]
)  # fmt: skip
def test_factors_are_changed_only_by_who_just_proved_themselves(cast: Cast, page: str) -> None:
    secret = give_app(cast.editor)
    if page == APP:
        Authenticator.objects.all().delete()
    RecoveryCodes.activate(cast.editor)
    client = Client()
    client.force_login(cast.editor)
    assert client.get(page)["Location"].startswith("/admin/account/reauthenticate/")
    confirm(client)
    answer = client.get(page)
    assert answer.status_code == 200
    assert secret not in answer.content.decode()


@really
def test_a_change_is_told_to_the_person_by_mail(cast: Cast) -> None:
    client = Client()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, cast.editor)
        confirm(client)
        secret = client.get(APP).context["form"].secret
        client.post(APP, {"code": code(secret)})
        effects.run_due()
    (letter,) = mail.outbox
    assert letter.to == [cast.editor.email]
    assert "added a second factor (authenticator app)" in " ".join(letter.body.split())
    assert secret not in letter.body


# Who must have one


@pytest.mark.parametrize(
    ("policy", "musts"),
    [
        ("off", set()),
        ("publishers", {"editor", "chief", "administrator"}),
        ("all", {"contributor", "editor", "chief", "moderator", "administrator"}),
    ],
)
def test_who_must_have_one_is_a_setting(cast: Cast, settings: Any, policy: str, musts: set[str]) -> None:
    settings.REQUIRE_MFA = policy
    assert {name for name, user in vars(cast).items() if second_factor.must_have(user)} == musts


def test_who_must_and_has_none_is_led_there_from_every_address(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_MFA = "publishers"
    client = Client()
    client.force_login(cast.administrator)
    inside = [(name, prefix, entry) for name, prefix, entry in ADMIN if name not in DOORS.keys() | OWN]
    assert len(inside) > 100
    for name, prefix, entry in inside:
        address = written(prefix, entry)
        answer = client.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, "/admin/account/secure/"), name
        assert client.post(address).status_code == 403, name
        assert client.get(address, headers={"Sec-Fetch-Dest": "empty"}).status_code == 403, name
    give_app(cast.administrator)  # the control: with one the same pages open
    assert is_in(client)
    seen = [client.get(written(prefix, entry)).status_code for _name, prefix, entry in inside[:40]]
    assert seen.count(200) > 5


@really
def test_the_way_to_it_is_open_and_ends_at_the_desk(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_MFA = "publishers"
    client = Client()
    with time_machine.travel(NOW, tick=False):
        assert sign_in(client, cast.editor)["Location"] == "/admin/"
        page = client.get("/admin/", follow=True)
        assert "A second factor, please" in page.content.decode()
        assert client.get("/admin/account/").status_code == 200
        confirm(client)
        secret = client.get(APP).context["form"].secret
        client.post(APP, {"code": code(secret)})
    assert is_in(client)
    assert client.get("/admin/account/secure/")["Location"] == "/admin/account/"


def test_who_must_have_one_keeps_the_last(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_MFA = "publishers"
    client = Client()
    client.force_login(cast.editor)
    confirm(client)
    give_app(cast.editor)
    remove = "/admin/account/factors/app/remove/"
    assert "this is your last one" in client.get(remove).content.decode()
    client.post(remove)
    assert Authenticator.objects.filter(user=cast.editor).exists()
    settings.REQUIRE_MFA = "off"  # the control
    client.post(remove)
    assert not Authenticator.objects.filter(user=cast.editor).exists()


def test_recovery_codes_alone_are_no_second_factor(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_MFA = "publishers"
    RecoveryCodes.activate(cast.editor)
    assert second_factor.is_missing(cast.editor)


# A lost device


def reset(client: Client, user: User) -> Any:
    return client.post(f"/admin/people/user/{user.pk}/access/factors/reset/")


@pytest.mark.parametrize("who", ["contributor", "editor", "chief", "moderator"])
def test_only_administrators_reset_a_factor(cast: Cast, who: str) -> None:
    give_app(cast.editor)
    client = Client()
    client.force_login(getattr(cast, who))
    assert reset(client, cast.editor).status_code == 403
    assert Authenticator.objects.exists()


def test_a_lost_device_is_forgiven_by_an_administrator(cast: Cast) -> None:
    give_app(cast.editor)
    RecoveryCodes.activate(cast.editor)
    colleague, client = Client(), Client()
    colleague.force_login(cast.editor)
    client.force_login(cast.administrator)
    told = client.get(f"/admin/people/user/{cast.editor.pk}/access/").content.decode()
    assert ("Authenticator app" in told, "Recovery codes" in told, "TOTP" in told) == (True, True, False)
    assert f'<a href="/admin/people/user/{cast.editor.pk}/change/">Edda Editor</a>' in told
    assert reset(client, cast.editor).status_code == 302
    assert not Authenticator.objects.exists()
    assert not is_in(colleague)
    entry = AuditEntry.objects.get(verb="reset the second factor")
    assert (entry.actor, entry.object_id) == (cast.administrator, str(cast.editor.pk))
    effects.run_due()
    assert [letter.to for letter in mail.outbox] == [[cast.editor.email]]
    assert "Ada Administrator reset" in mail.outbox[0].body
    told = client.get(f"/admin/people/user/{cast.editor.pk}/access/").content.decode()
    assert "The second factor is reset: Edda Editor signs in with the password" in told
    assert "has no second factor" in client.get(reset(client, cast.editor)["Location"]).content.decode()


def test_nobody_resets_their_own_and_only_a_superuser_a_superusers(cast: Cast) -> None:
    root = User.objects.create_superuser("root", "root@example.org", "x", name="Root")
    for user in (cast.administrator, root):
        give_app(user)
        with pytest.raises(PermissionDenied):
            access.reset_factors(user, actor=cast.administrator)
    access.reset_factors(cast.administrator, actor=root)  # the control
    with pytest.raises(ValidationError):
        access.reset_factors(cast.administrator, actor=root)
    assert Authenticator.objects.filter(user=root).exists()


# Made-up answers of keys


HOSTILE = ["", "x", "[]", "{}", "null", "1", '"x"', "[" * 15_000, "x" * 30_000, '{"response": []}', '{"response": {}}',
           '{"id": 1, "rawId": 2, "type": "public-key", "response": {"clientDataJSON": "!", "attestationObject": "o"}}',
           ('{"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {}, "response": '
           '{"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA", '
           '"userHandle": "AA"}}')]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_made_up_answers_of_keys_are_refused(cast: Cast, answer: str) -> None:
    give_app(cast.editor)
    stranger = Client()
    stranger.get("/admin/account/login/passkey/", headers={"Accept": "application/json"})
    assert stranger.post("/admin/account/login/passkey/", {"credential": answer}).status_code == 302
    sign_in(stranger, cast.editor)
    stranger.get(SECOND)
    assert stranger.post(SECOND, {"credential": answer}).status_code == 200
    assert not is_in(stranger)
    inside = Client()
    inside.force_login(cast.editor)
    confirm(inside)
    inside.get(KEY)
    assert inside.post(KEY, {"name": "x", "credential": answer}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.parametrize("pk", [0, 1, 2**70])
def test_keys_of_others_are_nobodys(cast: Cast, pk: int) -> None:
    client = Client()
    client.force_login(cast.editor)
    confirm(client)
    for page in ("remove", "name"):
        assert client.get(f"/admin/account/factors/passkeys/{pk}/{page}/").status_code == 404


# What the pages may load


def test_only_the_page_with_the_qr_code_may_show_a_picture_in_its_text(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.editor)
    confirm(client)
    for page in (APP, KEY, "/admin/account/", "/admin/account/password/change/", "/admin/"):
        answer = client.get(page)
        assert answer.status_code == 200
        policy = answer["Content-Security-Policy"]
        assert ("data:" in policy) is (page == APP), page
        assert "unsafe" not in policy
        text = answer.content.decode()
        assert "style=" not in text
        assert "<script>" not in text
        assert " onclick" not in text
