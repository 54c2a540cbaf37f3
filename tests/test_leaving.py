"""A colleague leaves: the account closes at once, the bylines stay, the work goes to somebody."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import publishing, revisions
from articles.models import Article, EditorialNote, Status
from articles.state import WorkingState
from outbox.models import AuditEntry
from people import leaving
from people.models import User
from tests.conftest import PASSWORD, Cast
from tests.factories import give_byline, make_author, make_section

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def state(headline: str) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>")


def page_of(user: User, name: str = "deactivation") -> str:
    return f"/admin/people/user/{user.pk}/{name}/"


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def drafts(cast: Cast) -> list[Article]:
    """Two drafts of the contributor's, one of them in review, and a story of theirs that is out."""
    first, second = (revisions.create(state(name), actor=cast.contributor) for name in ("First draft", "In review"))
    publishing.submit_for_review(second, actor=cast.contributor)
    out = publishing.publish(revisions.create(state("Out already"), actor=cast.contributor), actor=cast.chief)
    return [first, second, out]


def test_the_account_closes_at_once_and_for_good(cast: Cast) -> None:
    leaver = signed_in(cast.editor)
    assert is_in(leaver)
    admin = signed_in(cast.administrator)
    assert admin.post(page_of(cast.editor), {})["Location"] == f"/admin/people/user/{cast.editor.pk}/change/"
    assert not is_in(leaver)
    fresh = Client()
    fresh.post("/admin/account/login/", {"login": cast.editor.email, "password": PASSWORD})
    assert not is_in(fresh)
    admin.post(page_of(cast.editor, "reactivation"))
    assert not is_in(leaver)  # no session of before comes back
    fresh.post("/admin/account/login/", {"login": cast.editor.email, "password": PASSWORD})
    assert is_in(fresh)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs >= {"deactivated", "reactivated", "ended all sessions"}


@pytest.mark.parametrize("hide", [True, False])
def test_bylines_and_profile_stay_public(cast: Cast, hide: bool) -> None:
    author = make_author("Edda Editor", user=cast.editor)
    story = publishing.publish(revisions.create(state("Hers"), actor=cast.editor), actor=cast.editor)
    give_byline(story, "Edda Editor")
    signed_in(cast.administrator).post(page_of(cast.editor), {"hide_author": "on"} if hide else {})
    author.refresh_from_db()
    assert (author.active, author.user) == (not hide, cast.editor)
    assert Client().get(author.get_absolute_url()).status_code == 200
    assert "Edda Editor" in Client().get(story.get_absolute_url()).content.decode()


def test_the_page_lists_what_waits(cast: Cast, drafts: list[Article]) -> None:
    EditorialNote.objects.create(article=drafts[0], text="Check the year.", made_by=cast.contributor)
    page = signed_in(cast.administrator).get(page_of(cast.contributor)).content.decode()
    assert ["First draft" in page, "In review" in page, "Out already" in page] == [True, True, False]
    assert "Open notes: 1" in page


def test_the_work_goes_to_a_colleague_and_the_trail_says_so(cast: Cast, drafts: list[Article]) -> None:
    signed_in(cast.administrator).post(page_of(cast.contributor), {"to": str(cast.editor.pk)})
    owners = [Article.objects.get(pk=draft.pk).created_by for draft in drafts]
    assert owners == [cast.editor, cast.editor, cast.contributor]
    assert [Article.objects.get(pk=draft.pk).status for draft in drafts[:2]] == [Status.DRAFT, Status.IN_REVIEW]
    entries = AuditEntry.objects.filter(verb="handed over")
    assert {entry.object_id for entry in entries} == {str(draft.pk) for draft in drafts[:2]}
    assert entries[0].details["changes"]["created_by"] == ["Cora Contributor", "Edda Editor"]


def test_without_a_taker_the_work_stays(cast: Cast, drafts: list[Article]) -> None:
    leaving.deactivate(cast.contributor, actor=cast.administrator)
    assert Article.objects.get(pk=drafts[0].pk).created_by == cast.contributor


def test_who_may_not_read_drafts_neither_sees_nor_takes_them(cast: Cast, drafts: list[Article]) -> None:
    clerk = User.objects.create_staff("clerk@example.org", "Clara Clerk", "x")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    plain = User.objects.create_staff("plain@example.org", "Paul Plain", "x")
    Article.objects.filter(pk=drafts[0].pk)
    for draft in drafts[:2]:
        draft.created_by = plain
        draft.save(update_fields=["created_by"])
    page = signed_in(clerk).get(page_of(plain))
    assert page.status_code == 200
    assert "First draft" not in page.content.decode()
    assert signed_in(clerk).post(page_of(plain), {"to": str(clerk.pk)}).status_code == 403
    plain.refresh_from_db()
    assert plain.is_active
    assert Article.objects.get(pk=drafts[0].pk).created_by == plain


@pytest.mark.parametrize("to", ["moderator", "leaver", "closed", "nonsense"])
def test_work_goes_only_to_somebody_who_can_do_it(cast: Cast, drafts: list[Article], to: str) -> None:
    User.objects.filter(pk=cast.chief.pk).update(is_active=False)
    chosen: dict[str, Any] = {"moderator": cast.moderator.pk, "leaver": cast.contributor.pk, "closed": cast.chief.pk}
    answer = signed_in(cast.administrator).post(page_of(cast.contributor), {"to": str(chosen.get(to, "x"))})
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    cast.contributor.refresh_from_db()
    assert cast.contributor.is_active
    assert Article.objects.get(pk=drafts[0].pk).created_by == cast.contributor


def test_nobody_closes_their_own_or_a_higher_account(cast: Cast) -> None:
    root = User.objects.create_superuser("root", "root@example.org", "x")
    with pytest.raises(ValidationError):
        leaving.deactivate(cast.administrator, actor=cast.administrator)
    with pytest.raises(PermissionDenied):
        leaving.deactivate(root, actor=cast.administrator)
    with pytest.raises(PermissionDenied):
        leaving.deactivate(cast.contributor, actor=cast.chief)
    leaving.deactivate(cast.administrator, actor=root)  # the control
    with pytest.raises(ValidationError):
        leaving.deactivate(cast.administrator, actor=root)


def test_nothing_is_closed_when_the_work_cannot_be_handed_over(cast: Cast, drafts: list[Article]) -> None:
    with pytest.raises(ValidationError):
        leaving.deactivate(cast.contributor, actor=cast.administrator, to=cast.moderator)
    cast.contributor.refresh_from_db()
    assert (cast.contributor.is_active, cast.contributor.sessions_ended) == (True, 0)


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_unknown_colleagues_are_not_found(cast: Cast, pk: str) -> None:
    admin = signed_in(cast.administrator)
    for name in ("access", "deactivation"):
        assert admin.get(f"/admin/people/user/{pk}/{name}/").status_code == 404
