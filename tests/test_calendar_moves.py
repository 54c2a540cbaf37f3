"""Moving an entry of the calendar: who may, what follows, and when somebody else was faster."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import publishing, revisions
from articles.models import Article, Revision, ScheduledChange, Status
from articles.schedule import later
from articles.schedule.moving import move
from articles.state import WorkingState
from outbox import effects
from outbox.models import AuditEntry
from people.models import User
from tests.concurrency import at_once
from tests.conftest import Cast, make_cast
from tests.factories import make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 18, tzinfo=UTC)
SATURDAY = FRIDAY + timedelta(days=1)


def state(headline: str = "The tram is late", **fields: Any) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>").with_(**fields)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scheduled(cast: Cast, clock: Any) -> Article:
    return publishing.publish(revisions.create(state(publish_at=FRIDAY), actor=cast.editor), actor=cast.editor)


@pytest.fixture
def draft(cast: Cast, clock: Any) -> Article:
    return revisions.create(state(publish_at=FRIDAY), actor=cast.contributor)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: User, article: Article, **data: Any) -> Any:
    headers = {"accept": "application/json"}
    return signed_in(user).post(f"/admin/articles/article/{article.pk}/move/", data, headers=headers)


def test_a_drafts_plan_becomes_a_new_revision(cast: Cast, draft: Article) -> None:
    move(draft, SATURDAY, actor=cast.contributor, seen=FRIDAY)
    assert WorkingState.of(Article.objects.get()).publish_at == SATURDAY
    assert draft.revisions.count() == 2
    assert Article.objects.get().publish_at is None, "a plan is no release"


def test_a_scheduled_article_appears_at_its_new_minute_and_not_before(
    cast: Cast, scheduled: Article, clock: Any
) -> None:
    move(scheduled, SATURDAY, actor=cast.editor, seen=FRIDAY)
    clock.move_to(FRIDAY)
    effects.run_due()
    assert not Article.objects.public().exists()
    clock.move_to(SATURDAY)
    assert Article.objects.public().exists()
    effects.run_due()
    row = Article.objects.get()
    assert (row.status, row.first_published_at) == (Status.PUBLISHED, SATURDAY)
    assert AuditEntry.objects.filter(verb="appeared").count() == 1


def test_words_find_it_on_its_new_day(cast: Cast, scheduled: Article, clock: Any) -> None:
    move(scheduled, SATURDAY, actor=cast.editor, seen=FRIDAY)
    clock.move_to(SATURDAY)
    effects.run_due()
    for since, number in (("2026-11-21", 1), ("2026-11-22", 0)):
        response: Any = Client().get("/archive/", {"q": "tram", "since": since})
        assert len(response.context["page"].articles) == number


def test_it_may_move_to_an_earlier_minute_too(cast: Cast, scheduled: Article, clock: Any) -> None:
    earlier = FRIDAY - timedelta(days=1)
    move(scheduled, earlier, actor=cast.editor)
    move(scheduled, FRIDAY, actor=cast.editor)
    move(scheduled, earlier, actor=cast.editor)
    clock.move_to(earlier)
    effects.run_due()
    assert Article.objects.get().status == Status.PUBLISHED


def test_words_nobody_released_stay_unreleased(cast: Cast, scheduled: Article, clock: Any) -> None:
    revisions.save(scheduled, state("Unreleased words", publish_at=FRIDAY), actor=cast.editor)
    move(scheduled, SATURDAY, actor=cast.editor)
    clock.move_to(SATURDAY)
    effects.run_due()
    row = Article.objects.get()
    assert row.headline == "The tram is late"
    assert row.live_id != row.latest_id
    assert WorkingState.of(row).publish_at == SATURDAY


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_who_may_publish_moves_what_is_scheduled(cast: Cast, scheduled: Article, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        move(scheduled, SATURDAY, actor=actor)
    assert post(actor, scheduled, when="2026-11-21T18:00").status_code in (403, 404)
    assert Article.objects.get().publish_at == FRIDAY


def test_a_plan_of_anothers_draft_moves_only_by_editors(cast: Cast, clock: Any) -> None:
    other = revisions.create(state(publish_at=FRIDAY), actor=cast.editor)
    with pytest.raises(PermissionDenied):
        move(other, SATURDAY, actor=cast.contributor)
    assert post(cast.contributor, other, when="2026-11-21T18:00").status_code == 404, "not even that it exists"
    move(other, SATURDAY, actor=cast.chief)


def test_what_readers_see_does_not_move(cast: Cast, scheduled: Article, clock: Any) -> None:
    clock.move_to(FRIDAY)
    answer = post(cast.editor, scheduled, when="2026-11-21T18:00")
    assert answer.status_code == 400
    assert "Readers see it already" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("fields", "when", "words"),
    [
        ({}, NOON, "has passed"),
        ({"expire_at": SATURDAY}, SATURDAY, "expires on"),
        ({"embargo_until": FRIDAY}, FRIDAY - timedelta(hours=1), "under embargo until"),
    ],
)
def test_a_senseless_moment_is_refused_in_words(
    cast: Cast, clock: Any, fields: dict[str, Any], when: datetime, words: str
) -> None:
    article = publishing.publish(revisions.create(state(publish_at=FRIDAY, **fields), actor=None), actor=None)
    with pytest.raises(ValidationError, match=words):
        move(article, when, actor=cast.editor)


@pytest.mark.parametrize(
    "when",
    [
        *("9999-12-31T23:59", "0001-01-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "soon", ""),
        *("2026-13-01T00:00", "2026-11-21", "2026-11-21T18:00" * 9, "١٢-11-2026"),
    ],
)
def test_hostile_times_are_refused_in_words_and_move_nothing(cast: Cast, scheduled: Article, when: str) -> None:
    for data in ({"when": when}, {"day": when + "x"}, {"when": "2026-11-21T18:00", "seen": when or "x"}):
        assert post(cast.editor, scheduled, **data).status_code in (400, 409)
    assert Article.objects.get().publish_at == FRIDAY
    page = signed_in(cast.editor).post(f"/admin/articles/article/{scheduled.pk}/move/", {"when": when})
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()


def test_an_offset_says_exactly_what_it_means(cast: Cast, scheduled: Article) -> None:
    assert post(cast.editor, scheduled, when="2026-11-21T20:00+02:00").status_code == 200
    assert Article.objects.get().publish_at == SATURDAY


def test_a_day_keeps_the_time_of_day_and_can_be_taken_back(cast: Cast, scheduled: Article) -> None:
    answer = post(cast.editor, scheduled, day="2026-11-27", seen=FRIDAY.isoformat()).json()
    assert Article.objects.get().publish_at == FRIDAY + timedelta(days=7)
    assert "Friday 27 November 2026, 18:00" in answer["done"]
    assert post(cast.editor, scheduled, when=answer["back"], seen=answer["seen"]).status_code == 200
    assert Article.objects.get().publish_at == FRIDAY


def test_without_script_the_page_moves_it_and_offers_the_way_back(cast: Cast, scheduled: Article) -> None:
    client = signed_in(cast.editor)
    address = f"/admin/articles/article/{scheduled.pk}/move/"
    form = client.get(address).content.decode()
    assert 'value="2026-11-20T18:00"' in form
    page = client.post(address, {"when": "2026-11-21T18:00", "seen": FRIDAY.isoformat()}, follow=True)
    assert "moved to Saturday 21 November 2026, 18:00" in page.content.decode()
    assert f"{address}?when=2026-11-20T18%3A00%3A00%2B00%3A00" in page.content.decode()


def test_the_second_of_two_who_move_one_entry_is_told(cast: Cast, scheduled: Article) -> None:
    assert post(cast.editor, scheduled, day="2026-11-21", seen=FRIDAY.isoformat()).status_code == 200
    answer = post(cast.chief, scheduled, day="2026-11-22", seen=FRIDAY.isoformat())
    assert answer.status_code == 409
    assert "Somebody moved it meanwhile: it is planned for Saturday 21 November" in answer.json()["problem"]
    assert Article.objects.get().publish_at == SATURDAY


def test_a_later_change_moves_by_the_same_page(cast: Cast, clock: Any) -> None:
    story = publishing.publish(revisions.create(state(), actor=None), actor=None)
    revisions.save(story, state("New words"), actor=None)
    change = later.schedule_change(story, Revision.objects.filter(article=story)[0], FRIDAY, actor=None)
    answer = post(cast.editor, story, day="2026-11-21", change=change.pk, seen=FRIDAY.isoformat()).json()
    moved = ScheduledChange.objects.get(cancelled_at=None)
    assert (moved.due_at, answer["change"]) == (SATURDAY, moved.pk)
    assert post(cast.editor, story, day="2026-11-22", change=change.pk).status_code == 404
    assert post(cast.contributor, story, day="2026-11-22", change=moved.pk).status_code == 403
    undone = post(cast.editor, story, when=answer["back"], change=moved.pk, seen=answer["seen"])
    assert undone.status_code == 200
    assert ScheduledChange.objects.get(cancelled_at=None).due_at == FRIDAY


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_one_moves_it_and_one_is_told() -> None:
    cast = make_cast()
    article = publishing.publish(
        revisions.create(state(publish_at=datetime(2036, 1, 4, 18, tzinfo=UTC)), actor=None), actor=None
    )
    seen = article.publish_at
    assert seen is not None
    errors = at_once(
        [
            lambda: move(article, seen + timedelta(days=1), actor=cast.editor, seen=seen),
            lambda: move(Article.objects.get(), seen + timedelta(days=2), actor=cast.chief, seen=seen),
        ]
    )
    assert [getattr(error, "code", "") for error in errors] == ["moved"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_what_was_seen_the_second_silently_wins() -> None:
    cast = make_cast()
    plan = state(publish_at=datetime(2036, 1, 4, 18, tzinfo=UTC))
    publishing.publish(revisions.create(plan, actor=None), actor=None)
    when = datetime(2036, 1, 5, tzinfo=UTC)
    assert at_once([lambda: move(Article.objects.get(), when, actor=cast.editor)] * 2) == []
