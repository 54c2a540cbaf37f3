"""A colleague is invited by mail: who may, into which roles, and how the link behaves."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from outbox import effects
from outbox.models import AuditEntry, Effect
from people import invitations, leaving, roles
from people.models import Invitation, User
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADD = "/admin/people/invitation/add/"
LIST = "/admin/people/invitation/"
NEW = "nina.new@example.org"
PASSWORD = "nine quiet herons at low tide"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def invite(actor: User, email: str = NEW, name: str = "Nina New", *given: str) -> Invitation:
    return invitations.invite(email, name, [role(one) for one in given or (roles.EDITOR,)], actor=actor)


def mailed() -> str:
    """The path of the link in the newest letter."""
    effects.run_due()
    found = re.search(r"https?://[^/]+(/admin/account/invitation/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def join(path: str, **changes: str) -> Any:
    client = Client()
    answer = client.post(path, {"name": "Nina New", "password": PASSWORD} | changes)
    answer.client = client
    return answer


def test_somebody_invited_chooses_a_password_and_is_in(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    data = {"name": "Nina New", "email": NEW, "roles": [str(role(roles.EDITOR).pk)]}
    assert client.post(ADD, data)["Location"] == LIST
    path = mailed()
    assert mail.outbox[0].to == [NEW]
    assert "Ada Administrator invites you" in mail.outbox[0].subject
    assert NEW in Client().get(path).content.decode()
    answer = join(path)
    assert answer["Location"] == "/admin/"
    assert answer.client.get("/admin/").status_code == 200
    user = User.objects.get(email=NEW)
    assert (user.name, user.is_staff, user.is_superuser) == ("Nina New", True, False)
    assert list(user.groups.values_list("name", flat=True)) == [roles.EDITOR]
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs >= {"invited", "accepted an invitation", "signed in"}


def test_with_a_second_factor_required_they_are_led_to_it(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_MFA = "publishers"
    invite(cast.administrator)
    client = join(mailed()).client
    assert client.get("/admin/")["Location"] == "/admin/account/secure/"
    assert client.get("/admin/account/factors/app/").status_code == 200  # they proved themselves a moment ago


def test_the_secret_is_stored_nowhere(cast: Cast) -> None:
    row = invite(cast.administrator)
    secret = invitations.secret_of(row)
    stored = f"{Effect.objects.values()} {Invitation.objects.values()} {AuditEntry.objects.values()}"
    assert secret in mailed()  # the control: it is the secret that is mailed
    assert secret not in stored


@pytest.mark.parametrize("ended", ["forged", "used", "too old", "revoked", "sent again", "account made"])
def test_a_link_that_opens_nothing_says_always_the_same(cast: Cast, ended: str) -> None:
    row = invite(cast.administrator)
    path = mailed()
    assert Client().get(path).status_code == 200  # the control
    later = NOW + timedelta(minutes=1)
    if ended == "forged":
        path = path[:-2] + ("0" if path[-2] != "0" else "1") + "/"
    elif ended == "used":
        join(path)
    elif ended == "too old":
        later = NOW + timedelta(days=7, seconds=1)
    elif ended == "revoked":
        invitations.revoke(row, actor=cast.administrator)
    elif ended == "sent again":
        with time_machine.travel(later, tick=False):
            invitations.resend(row, actor=cast.administrator)
    elif ended == "account made":
        User.objects.create_staff(NEW, "Somebody", "x")
    with time_machine.travel(later, tick=False):
        people = User.objects.count()
        said = {(answer.status_code, "This invitation has ended" in answer.content.decode())
                for answer in (*([] if ended == "account made" else [Client().get(path)]), join(path))}  # fmt: skip
    assert said in ({(404, True)}, {(400, True)})
    assert User.objects.count() == people


def test_sent_again_it_lasts_seven_days_from_then(cast: Cast) -> None:
    row = invite(cast.administrator)
    former = mailed()
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        signed_in(cast.administrator).post(f"{LIST}{row.pk}/resend/")
        path = mailed()
        assert path != former
        assert join(path).status_code == 302


def test_an_invitation_that_was_revoked_is_not_mailed(cast: Cast) -> None:
    row = invite(cast.administrator)
    invitations.revoke(row, actor=cast.administrator)
    effects.run_due()
    assert not mail.outbox


@pytest.mark.parametrize("who", ["contributor", "editor", "chief", "moderator"])
def test_only_administrators_invite(cast: Cast, who: str) -> None:
    row = invite(cast.administrator)
    actor = getattr(cast, who)
    client = signed_in(actor)
    assert [client.get(LIST).status_code, client.get(ADD).status_code] == [403, 403]
    for address in (ADD, f"{LIST}{row.pk}/resend/", f"{LIST}{row.pk}/revoke/"):
        assert client.post(address, {"name": "N", "email": "n@example.org"}).status_code == 403
    with pytest.raises(PermissionDenied):
        invite(actor, "n@example.org")
    for verb in (invitations.resend, invitations.revoke):
        with pytest.raises(PermissionDenied):
            verb(row, actor=actor)


def recruiter() -> User:
    """Somebody who may invite and change accounts, and write; no more."""
    user = User.objects.create_staff("recruiter@example.org", "Rita Recruiter", "x")
    user.groups.add(role(roles.CONTRIBUTOR))
    names = ["add_invitation", "view_invitation", "change_invitation", "change_user", "view_user"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def test_nobody_gives_a_role_that_may_more_than_they_may(cast: Cast) -> None:
    rita = recruiter()
    with pytest.raises(ValidationError):
        invite(rita, NEW, "N", roles.EDITOR)
    data = {"name": "N", "email": NEW, "roles": [str(role(roles.EDITOR).pk)]}
    answer = signed_in(rita).post(ADD, data)
    assert answer.status_code == 400
    assert "nothing beyond your own" in answer.content.decode()
    assert NEW in answer.content.decode()  # what was typed stays
    data["roles"] = [str(role(roles.CONTRIBUTOR).pk)]
    assert signed_in(rita).post(ADD, data).status_code == 302  # the control


def test_nobody_changes_the_account_of_who_may_more_than_they_may(cast: Cast) -> None:
    rita = signed_in(recruiter())
    for user, status in ((cast.editor, 403), (cast.contributor, 302)):
        data = {"email": user.email, "name": "Other", "groups": [str(role(roles.CONTRIBUTOR).pk)]}
        assert rita.post(f"/admin/people/user/{user.pk}/change/", data).status_code == status
    data = {"email": cast.contributor.email, "name": "Other", "groups": [str(role(roles.ADMINISTRATOR).pk)]}
    assert rita.post(f"/admin/people/user/{cast.contributor.pk}/change/", data).status_code == 200
    assert list(cast.contributor.groups.values_list("name", flat=True)) == [roles.CONTRIBUTOR]


def test_an_address_that_has_an_account_is_told_to_the_inviter_only(cast: Cast) -> None:
    data = {"name": "N", "email": cast.editor.email.upper(), "roles": [str(role(roles.EDITOR).pk)]}
    answer = signed_in(cast.administrator).post(ADD, data)
    assert answer.status_code == 400
    assert "an account with this address already" in answer.content.decode()
    invite(cast.administrator)
    with pytest.raises(ValidationError):
        invite(cast.administrator, NEW.upper())


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "too short"), ("12345678901", "entirely numeric"), ("", "required"), ("x" * 201, "at most 200"),
     ("nina.new@example.org", "too similar")],
)  # fmt: skip
def test_a_weak_password_is_refused_and_the_name_stays(cast: Cast, password: str, why: str) -> None:
    invite(cast.administrator)
    answer = join(mailed(), name="Nina Niente", password=password)
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert "Nina Niente" in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("name", ["", "N" * 121, "a\0b", "<script>alert(1)</script>"])
def test_odd_names_are_refused_or_stay_words(cast: Cast, name: str) -> None:
    invite(cast.administrator)
    answer = join(mailed(), name=name)
    assert answer.status_code in {302, 400}
    assert "<script>alert" not in answer.content.decode()


def test_guessing_links_soon_has_to_wait(cast: Cast) -> None:
    client = Client()
    statuses = [client.post(f"/admin/account/invitation/{'0' * 64}/", {}).status_code for _guess in range(22)]
    assert statuses[:20] == [404] * 20
    assert statuses[-1] == 429


def test_a_session_somebody_had_before_does_not_become_theirs(cast: Cast) -> None:
    invite(cast.administrator)
    path = mailed()
    client = Client()
    client.force_login(cast.contributor)
    before = client.session.session_key
    assert client.post(path, {"name": "Nina New", "password": PASSWORD}).status_code == 302
    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(User.objects.get(email=NEW).pk)


def test_joining_is_asked_for_from_our_own_page_only(cast: Cast) -> None:
    invite(cast.administrator)
    client = Client(enforce_csrf_checks=True)
    assert client.post(mailed(), {"name": "N", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_unknown_invitations_are_not_found(cast: Cast, pk: str) -> None:
    for verb in ("resend", "revoke"):
        assert signed_in(cast.administrator).post(f"{LIST}{pk}/{verb}/").status_code == 404


def test_invitations_of_who_leaves_end(cast: Cast) -> None:
    invite(cast.administrator)
    path = mailed()
    root = User.objects.create_superuser("root", "root@example.org", "x")
    leaving.deactivate(cast.administrator, actor=root)
    assert Client().get(path).status_code == 404


def test_the_list_says_what_became_of_each(cast: Cast) -> None:
    invite(cast.administrator)
    join(mailed())
    revoked = invite(cast.administrator, "second@example.org", "Second")
    invitations.revoke(revoked, actor=cast.administrator)
    invite(cast.administrator, "third@example.org", "Third")
    page = signed_in(cast.administrator).get(LIST).content.decode()
    assert [word in page for word in ("taken up", "revoked", "open")] == [True] * 3
    with pytest.raises(ValidationError):
        invitations.revoke(revoked, actor=cast.administrator)
