"""The screens of time: who may open which, what they say, and that they keep what was typed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import publishing, revisions
from articles.models import Article, ScheduledChange
from articles.schedule import later
from articles.schedule.late import late
from articles.state import WorkingState
from outbox import effects
from outbox.models import Effect
from people.models import User
from tests.conftest import Cast
from tests.factories import make_image, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 18, tzinfo=UTC)
SECRET = "Harbourgate"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def state(headline: str = "The tram is late", **fields: Any) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>").with_(**fields)


@pytest.fixture
def story(cast: Cast) -> Article:
    """The editor's, public, with secret words that nobody has published."""
    article = publishing.publish(revisions.create(state(), actor=cast.editor), actor=cast.editor)
    revisions.save(article, state(SECRET), actor=cast.editor)
    return article


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def plan(article: Article, due: datetime = FRIDAY) -> ScheduledChange:
    article.refresh_from_db()
    assert article.latest is not None
    return later.schedule_change(article, article.latest, due, actor=None)


ANSWERS = {
    "anonymous": {"calendar": 302, "later": 302, "cancel": 302, "move": 302},
    "contributor": {"calendar": 200, "later": 403, "cancel": 403, "move": 403},
    "editor": {"calendar": 200, "later": 200, "cancel": 302, "move": 200},
    "chief": {"calendar": 200, "later": 200, "cancel": 302, "move": 200},
    "moderator": {"calendar": 200, "later": 403, "cancel": 403, "move": 403},
    "administrator": {"calendar": 200, "later": 200, "cancel": 302, "move": 200},
}


@pytest.mark.parametrize("who", ANSWERS)
def test_every_role_gets_its_answer_at_every_screen(cast: Cast, story: Article, who: str) -> None:
    change = plan(story)
    client = signed_in(getattr(cast, who, None))
    base = "/admin/articles/article/"
    got = {
        "calendar": client.get(f"{base}calendar/?on=2026-11-27").status_code,
        "later": client.get(f"{base}{story.pk}/later/").status_code,
        "move": client.get(f"{base}{story.pk}/move/?change={change.pk}").status_code,
        "cancel": client.post(f"{base}{story.pk}/later/cancellation/", {"change": change.pk}).status_code,
    }
    assert got == ANSWERS[who]
    change.refresh_from_db()
    assert (change.cancelled_at is not None) == (who in ("editor", "chief", "administrator"))


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_nobody_learns_of_anothers_plans(cast: Cast, story: Article, who: str) -> None:
    change = plan(story)
    revisions.create(state(f"{SECRET}, planned", publish_at=FRIDAY), actor=cast.editor)
    revisions.create(state(f"{SECRET}, late", publish_at=NOON - timedelta(hours=1)), actor=cast.editor)
    client, base = signed_in(getattr(cast, who)), "/admin/articles/article/"
    for address in (
        f"{base}calendar/",
        f"{base}calendar/?view=day&on=2026-11-27",
        f"{base}calendar/?person={cast.editor.pk}",
        f"{base}{story.pk}/later/",
        f"{base}{story.pk}/move/?change={change.pk}",
        f"{base}{story.pk}/change/",
    ):
        assert SECRET not in client.get(address).content.decode(), address
    assert SECRET in signed_in(cast.chief).get(f"{base}calendar/").content.decode()
    assert late(getattr(cast, who)) == []


def test_the_button_saves_and_asks_and_the_page_plans_what_was_saved(cast: Cast, story: Article) -> None:
    client, address = signed_in(cast.editor), f"/admin/articles/article/{story.pk}/later/"
    page = client.get(address).content.decode()
    assert "revision 2" in page
    story.refresh_from_db()
    answer = client.post(address, {"due": "2026-11-27T18:00", "revision": story.latest_id}, follow=True)
    text = answer.content.decode()
    assert "Revision 2 replaces what readers see on Friday 27 November 2026, 18:00, in 3 days." in text
    assert "<strong>Revision 2 replaces this on Friday 27 November, 18:00</strong>, planned by Edda Editor." in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-11-24T11:00", "That time has passed"),
        ("9999-12-31T23:59", "too far away"),
        ("0001-01-01T00:00", "no newspapers"),
        ("soon", "Give a day and a time"),
        ("", "Give a day and a time"),
        ("<script>alert(1)</script>", "Give a day and a time"),
    ],
)
def test_a_bad_moment_is_told_in_words_and_stays_in_the_form(
    cast: Cast, story: Article, typed: str, words: str
) -> None:
    data = {"due": typed, "revision": Article.objects.get().latest_id}
    response = signed_in(cast.editor).post(f"/admin/articles/article/{story.pk}/later/", data)
    text = response.content.decode()
    assert response.status_code == 400
    assert words in text
    assert "<script>alert" not in text
    assert f'value="{typed}"' in text or "<" in typed
    assert not ScheduledChange.objects.exists()


@pytest.mark.parametrize("data", [{"revision": "0"}, {"revision": "9" * 30}, {"revision": "x"}, {}])
def test_an_unknown_revision_or_change_is_not_found(cast: Cast, story: Article, data: dict[str, str]) -> None:
    client, base = signed_in(cast.editor), f"/admin/articles/article/{story.pk}/"
    assert client.post(f"{base}later/", {"due": "2026-11-27T18:00", **data}).status_code == 404
    assert client.post(f"{base}later/cancellation/", {"change": data.get("revision", "")}).status_code == 404
    assert client.get(f"{base}later/cancellation/").status_code == 405
    assert client.get(f"{base}move/?change=x").status_code == 404


def test_the_form_warns_when_readers_would_lose_newer_words(cast: Cast, story: Article) -> None:
    plan(story)
    client, form = signed_in(cast.editor), f"/admin/articles/article/{story.pk}/change/"
    revisions.save(story, state("A third version"), actor=cast.editor)
    assert "What was saved since is not part of it." in client.get(form).content.decode()
    publishing.publish(story, actor=cast.editor)
    assert "they would lose them" in client.get(form).content.decode()


def test_what_is_late_is_named_with_its_reason(cast: Cast, clock: Any) -> None:
    hour = timedelta(hours=1)
    revisions.create(state("Draft", publish_at=NOON - 4 * hour), actor=cast.editor)
    reviewed = revisions.create(state("Reviewed", publish_at=NOON - 3 * hour), actor=cast.editor)
    publishing.submit_for_review(reviewed, actor=cast.editor)
    held = state("Held", publish_at=NOON - 2 * hour, embargo_until=NOON + hour)
    publishing.publish(revisions.create(held, actor=cast.editor), actor=None)
    assert [(one.headline, one.reason) for one in late(cast.editor)] == [
        ("Draft", "Still a draft: nobody has submitted or published it."),
        ("Reviewed", "Still in review: nobody has released it."),
        ("Held", "Its time has passed, but its embargo holds it back until Tuesday 24 November 2026, 13:00."),
    ]
    assert [one.headline for one in late(cast.contributor)] == []


def test_a_worker_that_never_came_is_late_and_what_it_gave_up_says_why(cast: Cast, clock: Any) -> None:
    publishing.publish(revisions.create(state("Alone", publish_at=NOON + timedelta(hours=1)), actor=None), actor=None)
    clock.move_to(NOON + timedelta(hours=1, minutes=1))
    assert late(cast.editor) == [], "a worker may take a moment"
    clock.move_to(NOON + timedelta(hours=2))
    assert "is one running?" in late(cast.editor)[0].reason
    Effect.objects.filter(kind="articles.appear").update(given_up=True, last_error="OSError: disk full")
    assert "disk full" in late(cast.editor)[0].reason


def test_a_change_that_failed_is_late_until_it_is_planned_anew(cast: Cast, story: Article, clock: Any) -> None:
    picture = make_image(usable_until=FRIDAY - timedelta(hours=1))
    revisions.save(story, state(SECRET, lead_picture=picture.pk), actor=cast.editor)
    plan(story)
    clock.move_to(FRIDAY + timedelta(seconds=1))
    while effects.run_due():
        pass
    failed = late(cast.chief)
    assert [(one.headline, "licence" in one.reason) for one in failed] == [(SECRET, True)]
    form = signed_in(cast.editor).get(f"/admin/articles/article/{story.pk}/change/").content.decode()
    assert "could not be published on Friday 27 November, 18:00" in form
    revisions.save(story, state(SECRET), actor=cast.editor)
    plan(story, FRIDAY + timedelta(hours=1))
    assert late(cast.chief) == []


def test_what_is_late_costs_the_same_however_much_it_is(
    cast: Cast, story: Article, django_assert_max_num_queries: Any
) -> None:
    revisions.create(state("Draft", publish_at=NOON - timedelta(hours=4)), actor=cast.editor)
    with django_assert_max_num_queries(5) as small:
        late(cast.editor)
    for number in range(30):
        revisions.create(state(f"Draft {number}", publish_at=NOON - timedelta(hours=4)), actor=cast.editor)
    with django_assert_max_num_queries(5) as large:
        assert len(late(cast.editor)) == 20
    assert len(small) == len(large)
