"""Waivers: who may answer for a line of the checklist, for how long, and on which screens."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, DeskRole, Waiver
from articles.models.source import CanonicalRule
from articles.readiness import check
from articles.readiness.waivers import LONGEST_REASON, waive, withdraw_waiver
from articles.state import WorkingState
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import give_place, make_article, make_section, make_source

pytestmark = pytest.mark.django_db

CODE = "placeholder:headline:tk"
REASON = "TK is the name of the shop."


@pytest.fixture
def draft(cast: Cast) -> Article:
    """A draft of the contributor's that a word holds back."""
    state = WorkingState(headline="The TK shop closes for good", section=make_section().pk, body="<p>It does.</p>")
    return revisions.create(state, actor=cast.contributor)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(article: Article, name: str = "waiver") -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def standing(article: Article) -> list[Waiver]:
    return list(Waiver.objects.filter(article=article, withdrawn_at=None))


def test_a_waived_line_lets_the_story_out_and_keeps_name_and_reason(cast: Cast, draft: Article) -> None:
    with pytest.raises(publishing.NotReadyError):
        publishing.publish(draft, actor=cast.editor)
    waiver = waive(draft, CODE, f"  {REASON} ", actor=cast.editor)
    assert (waiver.made_by, waiver.reason, waiver.revision) == (cast.editor, REASON, draft.latest)
    publishing.publish(draft, actor=cast.editor)
    assert Article.objects.public().exists()
    entry = AuditEntry.objects.get(verb="waived")
    assert entry.details["code"] == CODE
    assert entry.details["reason"] == REASON
    assert standing(draft) == [waiver]


def test_the_line_counts_again_once_the_waiver_is_withdrawn(cast: Cast, draft: Article) -> None:
    waive(draft, CODE, REASON, actor=cast.editor)
    assert waive(draft, CODE, "Another reason for it.", actor=cast.chief).reason == REASON
    withdraw_waiver(draft, CODE, actor=cast.chief)
    withdraw_waiver(draft, CODE, actor=cast.chief)
    assert AuditEntry.objects.filter(verb="withdrew waiver").count() == 1
    with pytest.raises(publishing.NotReadyError):
        publishing.publish(draft, actor=cast.editor)


def test_a_waiver_ends_with_its_line(cast: Cast, draft: Article) -> None:
    waive(draft, CODE, REASON, actor=cast.editor)
    state = WorkingState.of(draft)
    revisions.save(draft, state.with_(standfirst="More words."), actor=cast.editor)
    assert standing(draft)  # another revision, the same line
    revisions.save(draft, state.with_(headline="The shop closes for good"), actor=cast.editor)
    publishing.publish(draft, actor=cast.editor)
    assert not standing(draft)
    revisions.save(draft, state, actor=cast.editor)
    with pytest.raises(publishing.NotReadyError):
        publishing.publish(draft, actor=cast.editor)


@pytest.mark.parametrize("reason", ["", "why not", " " * 40, "x" * (LONGEST_REASON + 1), "Because \0 of this one."])
def test_a_reason_says_something(cast: Cast, draft: Article, reason: str) -> None:
    with pytest.raises(ValidationError):
        waive(draft, CODE, reason, actor=cast.editor)
    assert not standing(draft)


@pytest.mark.parametrize("code", ["section-missing", "headline-short", "nonsense", "", "\0", "lead-missing"])
def test_what_is_not_there_or_has_to_be_mended_is_not_waived(cast: Cast, draft: Article, code: str) -> None:
    revisions.save(draft, WorkingState.of(draft).with_(section=None), actor=cast.editor)
    with pytest.raises(ValidationError):
        waive(draft, code, REASON, actor=cast.chief)
    assert not standing(draft)


@pytest.mark.parametrize(
    ("who", "may"),
    [("contributor", False), ("editor", True), ("chief", True), ("moderator", False), ("administrator", True)],
)
def test_who_may_waive(cast: Cast, draft: Article, who: str, may: bool) -> None:
    person = getattr(cast, who)
    client = signed_in(person)
    if not may:
        with pytest.raises(PermissionDenied):
            waive(draft, CODE, REASON, actor=person)
        assert client.get(address(draft), {"code": CODE}).status_code in {403, 404}
        assert client.post(address(draft), {"code": CODE, "reason": REASON}).status_code in {403, 404}
        waive(draft, CODE, REASON, actor=cast.editor)
        assert client.post(address(draft, "waiver_withdrawal"), {"code": CODE}).status_code in {403, 404}
        assert standing(draft)
        return
    assert client.get(address(draft), {"code": CODE}).status_code == 200
    client.post(address(draft), {"code": CODE, "reason": REASON})
    assert [waiver.made_by for waiver in standing(draft)] == [person]
    client.post(address(draft, "waiver_withdrawal"), {"code": CODE})
    assert not standing(draft)


def test_what_a_contract_asks_only_those_waive_who_answer_for_it(cast: Cast, draft: Article) -> None:
    source = make_source(canonical=CanonicalRule.AGENCY)
    revisions.save(draft, WorkingState.of(draft).with_(source=source.pk), actor=cast.editor)
    with pytest.raises(PermissionDenied):
        waive(draft, "source-address", "They agreed by telephone.", actor=cast.editor)
    waive(draft, "source-address", "They agreed by telephone.", actor=cast.chief)


def test_strangers_are_asked_to_sign_in(client: Client, draft: Article) -> None:
    for name in ("waiver", "waiver_withdrawal", "checklist"):
        for send in (client.get, client.post):
            response = send(address(draft, name))
            assert response.status_code in {302, 405}
            assert "TK" not in response.content.decode()


def test_a_reason_that_is_refused_stays_in_its_field(cast: Cast, draft: Article) -> None:
    response = signed_in(cast.editor).post(address(draft), {"code": CODE, "reason": "<b>no\0</b>"})
    assert response.status_code == 400
    assert "&lt;b&gt;no&lt;/b&gt;" in response.content.decode()
    answer = signed_in(cast.editor).post(
        address(draft), {"code": CODE, "reason": "no"}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, "10 to 500" in answer.json()["error"]) == (400, True)


def test_a_line_mended_meanwhile_is_said_and_nothing_is_written(cast: Cast, draft: Article) -> None:
    client = signed_in(cast.editor)
    response = client.post(address(draft), {"code": "lead-alt", "reason": REASON}, follow=True)
    assert "on the checklist no longer" in response.content.decode()
    answer = client.post(address(draft), {"code": "lead-alt", "reason": REASON}, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert not standing(draft)


@pytest.mark.parametrize("pk", [999_999, 2**63, 10**30])
def test_numbers_that_are_none_are_not_found(cast: Cast, pk: int) -> None:
    client = signed_in(cast.editor)
    for page in ("checklist/", "waiver/?code=x"):
        assert client.get(f"/admin/articles/article/{pk}/{page}").status_code == 404


def test_the_form_tells_who_waived_what_and_why(cast: Cast, draft: Article) -> None:
    waive(draft, CODE, "TK & <b>Sons</b> is its name.", actor=cast.editor)
    page = signed_in(cast.editor).get(reverse("admin:articles_article_change", args=[draft.pk])).content.decode()
    assert "Waived by Edda Editor" in page
    assert "TK &amp; &lt;b&gt;Sons&lt;/b&gt; is its name." in page
    assert "revision 1" in page


def test_a_writer_sees_what_stands_in_the_way_of_review_and_of_publishing(cast: Cast, draft: Article) -> None:
    revisions.save(draft, WorkingState.of(draft).with_(body=""), actor=cast.contributor)
    own = signed_in(cast.contributor).get(address(draft, "checklist")).content.decode()
    assert "Needed for review:</strong>" in own
    assert "Needed before it is published:</strong>" in own
    assert "data-waive>" not in own
    assert "data-waive>" in signed_in(cast.editor).get(address(draft, "checklist")).content.decode()


def test_only_those_who_may_change_a_story_see_its_checklist(cast: Cast) -> None:
    story = publishing.publish(
        revisions.create(WorkingState(headline="Out", section=make_section().pk, body="<p>.</p>"), actor=cast.editor),
        actor=cast.editor,
    )
    revisions.save(story, WorkingState.of(story).with_(headline="Secret TK words"), actor=cast.editor)
    for who in ("contributor", "moderator"):
        client = signed_in(getattr(cast, who))
        assert client.get(address(story, "checklist")).status_code in {403, 404}
        page = client.get(reverse("admin:articles_article_change", args=[story.pk]))
        assert "Secret" not in page.content.decode()
        assert 'id="checklist"' not in page.content.decode()


@pytest.mark.once
def test_the_form_costs_the_same_however_much_there_is(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast.editor)

    def costs(size: int) -> int:
        links = "".join(f'<p><a href="{make_article(f"A {n}").get_absolute_url()}">Words</a></p>' for n in range(size))
        tags = tuple(f"Tag TK{n}" for n in range(size))
        state = WorkingState(headline="The TK shop", section=make_section().pk, body=f"<p>TK</p>{links}", tags=tags)
        article = revisions.create(state, actor=cast.editor)
        for finding in check(article, state):
            if finding.waivable_by:
                waive(article, finding.code, REASON, actor=cast.chief)
        for number in range(size):
            later = timezone.now() + timedelta(days=number + 1)
            revisions.save(article, state.with_(expire_at=later), actor=cast.editor)
        page = reverse("admin:articles_article_change", args=[article.pk])
        client.get(page)
        with django_assert_max_num_queries(70) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    costs(30)  # so that both find a full front page
    assert costs(2) == costs(20)


def test_a_place_on_the_desk_says_who_answers_there_as_it_says_who_publishes(cast: Cast, draft: Article) -> None:
    city = make_section()
    writes = give_place(cast.editor, city, DeskRole.WRITER)
    with pytest.raises(PermissionDenied):
        waive(draft, CODE, REASON, actor=writes)
    seated = give_place(cast.contributor, city)
    waive(draft, CODE, REASON, actor=seated)
    with pytest.raises(PermissionDenied):
        withdraw_waiver(draft, CODE, actor=writes)
    withdraw_waiver(draft, CODE, actor=seated)
    assert standing(draft) == []
