"""Desks given along with an invitation: chosen by who manages them, there when it is taken up."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import revisions
from articles.desks import is_limited
from articles.models import DeskMembership, DeskRole, InvitedPlace, Section
from articles.permissions import may_edit
from articles.state import WorkingState
from outbox.models import AuditEntry
from people import invitations, roles
from people.models import Invitation, User
from tests.conftest import Cast
from tests.factories import give_place, make_section
from tests.test_invitations import ADD, LIST, NEW, join, mailed, recruiter, role, signed_in
from wastebin import bin  # noqa: A004

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> Section:
    return make_section("City")


@pytest.fixture
def sport(db: None) -> Section:
    return make_section("Sport")


def posted(*desks: Section, given: str = roles.EDITOR, desk_role: str = "editor", **changes: Any) -> dict[str, Any]:
    return {
        "name": "Nina New",
        "email": NEW,
        "roles": [role(given).pk],
        "desks": [desk.pk for desk in desks],
        "desk_role": desk_role,
        **changes,
    }


def invite(actor: User, *desks: Section, given: str = roles.EDITOR, desk_role: str = DeskRole.EDITOR) -> Invitation:
    further = {"desks": desks, "desk_role": desk_role}
    return invitations.invite(NEW, "Nina New", [role(given)], actor=actor, further=further)


def limited(*desks: Section) -> User:
    """Somebody who invites and gives places, and edits some desks only."""
    user = User.objects.create_staff("rita@example.org", "Rita Recruiter", "x")
    user.groups.add(role(roles.EDITOR))
    names = ["add_invitation", "view_invitation", "change_invitation", "add_deskmembership"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    for desk in desks:
        give_place(user, desk)
    return User.objects.get(pk=user.pk)


def seats(email: str = NEW) -> set[tuple[str, str]]:
    rows = DeskMembership.objects.filter(user__email=email).select_related("section")
    return {(row.section.name, row.role) for row in rows}


def test_who_joins_has_the_desks_that_were_chosen(cast: Cast, city: Section, sport: Section) -> None:
    client = signed_in(cast.administrator)
    make_section("Culture")
    assert client.post(ADD, posted(city, sport)).status_code == 302
    assert "City, Sport: edits and publishes" in client.get(LIST).content.decode()
    assert AuditEntry.objects.get(verb="invited").details["desks"] == ["City", "Sport"]
    assert seats() == set()
    assert join(mailed()).status_code == 302
    assert seats() == {("City", "editor"), ("Sport", "editor")}
    assert AuditEntry.objects.get(verb="accepted an invitation").details["desks"] == ["City", "Sport"]


def test_without_a_desk_they_work_where_their_role_allows(cast: Cast, city: Section) -> None:
    assert signed_in(cast.administrator).post(ADD, posted()).status_code == 302
    join(mailed())
    assert seats() == set()
    assert not InvitedPlace.objects.exists()


def test_who_gives_no_places_is_asked_for_none_and_may_not_forge_any(cast: Cast, city: Section) -> None:
    rita = recruiter()
    client = signed_in(rita)
    assert 'name="desks"' not in client.get(ADD).content.decode()
    assert 'name="desks"' in signed_in(cast.administrator).get(ADD).content.decode(), "the control"
    assert client.post(ADD, posted(city, given=roles.CONTRIBUTOR)).status_code == 302
    assert not InvitedPlace.objects.exists()
    invitations.revoke(Invitation.objects.get(), actor=rita)
    with pytest.raises(PermissionDenied):
        invite(rita, city, given=roles.CONTRIBUTOR)


def test_who_edits_some_desks_gives_those_and_never_the_whole_house(cast: Cast, city: Section, sport: Section) -> None:
    rita = limited(city)
    client = signed_in(rita)
    answer = client.post(ADD, posted(sport))
    assert (answer.status_code, NEW in answer.content.decode()) == (400, True)
    assert "only places on desks you manage" in answer.content.decode()
    answer = client.post(ADD, posted())
    assert answer.status_code == 400
    assert "choose which of them they join (City)" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        invite(rita, city, sport)
    assert not Invitation.objects.exists()
    assert client.post(ADD, posted(city)).status_code == 302, "the control"


def test_a_link_sent_again_by_who_may_not_give_its_desks_is_not(cast: Cast, city: Section, sport: Section) -> None:
    row = invite(cast.administrator, sport)
    with pytest.raises(PermissionDenied):
        invitations.resend(row, actor=limited(city))
    assert signed_in(User.objects.get(name="Rita Recruiter")).post(f"{LIST}{row.pk}/resend/").status_code == 403
    invitations.resend(row, actor=cast.administrator)


def test_an_administrator_with_a_desk_works_on_every_desk_and_the_list_says_so(
    cast: Cast, city: Section, sport: Section
) -> None:
    client = signed_in(cast.administrator)
    story = revisions.create(WorkingState(headline="Away", section=sport.pk), actor=cast.editor)
    for given, boundless in ((roles.ADMINISTRATOR, True), (roles.EDITOR, False)):
        assert client.post(ADD, posted(city, given=given)).status_code == 302
        listed = client.get(LIST).content.decode()
        assert "City: edits and publishes" in listed
        assert ("City: edits and publishes, and works on every desk" in listed) is boundless
        assert join(mailed()).status_code == 302
        joined = User.objects.get(email=NEW)
        assert [group.name for group in joined.groups.all()] == [given]
        assert seats() == {("City", "editor")}
        assert is_limited(joined) is not boundless
        assert may_edit(joined, story) is boundless
        assert (signed_in(joined).get(f"/admin/articles/article/{story.pk}/change/").status_code == 200) is boundless
        Invitation.objects.all().delete()
        joined.delete()


def test_a_desk_is_for_who_works_on_articles(cast: Cast, city: Section) -> None:
    answer = signed_in(cast.administrator).post(ADD, posted(city, given=roles.MODERATOR))
    assert answer.status_code == 400
    assert "Only who works on articles has a desk" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_whose_only_desk_is_gone_does_not_work_everywhere_instead(cast: Cast, city: Section, sport: Section) -> None:
    invite(cast.administrator, city)
    link = mailed()
    bin.put(city, actor=cast.chief)
    assert "a desk that is gone" in signed_in(cast.administrator).get(LIST).content.decode()
    answer = join(link)
    assert "This invitation has ended." in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    with pytest.raises(ValidationError):
        invitations.resend(Invitation.objects.get(), actor=cast.administrator)


def test_a_desk_that_is_left_is_given(cast: Cast, city: Section, sport: Section) -> None:
    invite(cast.administrator, city, sport)
    link = mailed()
    bin.put(city, actor=cast.chief)
    join(link)
    assert seats() == {("Sport", "editor")}


@pytest.mark.parametrize("desks", [["x"], ["-1"], ["9" * 30], ["4711"]])
def test_desks_that_are_none_are_refused_and_what_was_typed_stays(cast: Cast, city: Section, desks: list[str]) -> None:
    answer = signed_in(cast.administrator).post(ADD, posted() | {"desks": desks})
    assert (answer.status_code, NEW in answer.content.decode()) == (400, True)
    answer = signed_in(cast.administrator).post(ADD, posted() | {"roles": desks})
    assert answer.status_code == 400
    answer = signed_in(cast.administrator).post(ADD, posted(city, desk_role="queen"))
    assert answer.status_code == 400
    with pytest.raises(ValidationError):
        invite(cast.administrator, city, desk_role="queen")
    assert not Invitation.objects.exists()


@pytest.mark.once
def test_the_list_costs_the_same_however_many_desks(cast: Cast, city: Section, sport: Section) -> None:
    client, counts = signed_in(cast.administrator), []
    for number in range(2):
        for one in range(1 + 4 * number):
            further = {"desks": [city, sport][: 1 + number]}
            email = f"n{number}{one}@example.org"
            editor = [Group.objects.get(name=roles.EDITOR)]
            invitations.invite(email, "N", editor, actor=cast.administrator, further=further)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]
