"""The editorial calendar: what happens when, for whom, and at what cost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions
from articles.models import Article, Revision, Status
from articles.schedule import later
from articles.schedule.entries import Happening, Wanted, days
from articles.schedule.late import late
from articles.state import Credit, WorkingState
from people.models import User
from tests.conftest import Cast
from tests.factories import give_place, make_article, make_author, make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
CALENDAR = "/admin/articles/article/calendar/"
FIRST = date(2026, 11, 1)


def state(headline: str, **fields: Any) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>").with_(**fields)


def at(day: int, hour: int = 18) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def out(headline: str, actor: User | None = None, **fields: Any) -> Article:
    return publishing.publish(revisions.create(state(headline, **fields), actor=actor), actor=None)


def newest(article: Article) -> Revision:
    return Revision.objects.filter(article=article)[0]


@pytest.fixture
def month(cast: Cast) -> dict[str, Article]:
    """Something of every kind, all the editor's, as of the 18th at noon."""
    with time_machine.travel(at(10), tick=False):
        made = {
            "published": out("Went out", actor=cast.editor),
            "late": revisions.create(state("Forgotten plan", publish_at=at(17)), actor=cast.editor),
        }
    with time_machine.travel(NOON, tick=False):
        made["scheduled"] = out("Goes out", actor=cast.editor, publish_at=at(20), expire_at=at(28))
        made["embargo"] = out("Under embargo", actor=cast.editor, publish_at=at(12), embargo_until=at(24))
        made["planned"] = revisions.create(state("A plan", publish_at=at(25)), actor=cast.editor)
        made["nothing"] = revisions.create(state("No time at all"), actor=cast.editor)
        changed = made["published"]
        revisions.save(changed, state("Changes later"), actor=cast.editor)
        later.schedule_change(changed, newest(changed), at(23), actor=cast.editor)
    return made


def shown(actor: User, wanted: Wanted = Wanted(), cap: int = 6) -> set[tuple[str, int, str]]:  # noqa: B008
    with time_machine.travel(NOON, tick=False):
        found = days(FIRST, 30, actor, wanted, cap)
        return {(str(e.happening), day.date.day, e.headline) for day in found for e in day.entries}


def page(user: User, address: str = CALENDAR) -> Any:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        client.force_login(user)
        return client.get(address)


def test_it_shows_everything_that_has_a_time(cast: Cast, month: dict[str, Article]) -> None:
    assert shown(cast.chief) == {
        ("published", 10, "Changes later"),
        ("planned", 17, "Forgotten plan"),
        ("scheduled", 20, "Goes out"),
        ("expiry", 28, "Goes out"),
        ("embargo", 24, "Under embargo"),
        ("planned", 25, "A plan"),
        ("change", 23, "Changes later"),
    }
    text = page(cast.chief).content.decode()
    for words in ("November 2026", "Goes out", "later change", "embargo ends", "expires", "planned", "late"):
        assert words in text


def test_others_know_only_what_is_public_in_the_words_readers_see(cast: Cast, month: dict[str, Article]) -> None:
    for actor in (cast.contributor, cast.moderator):
        assert shown(actor) == {("published", 10, "Went out")}
    text = page(cast.contributor).content.decode()
    for hidden in ("Goes out", "Under embargo", "A plan", "Changes later", "Forgotten"):
        assert hidden not in text


def test_a_contributor_sees_their_own_plans(cast: Cast, month: dict[str, Article]) -> None:
    with time_machine.travel(NOON, tick=False):
        revisions.create(state("Mine", publish_at=at(26)), actor=cast.contributor)
        out("Mine and scheduled", actor=cast.contributor, publish_at=at(27))
    assert {row[2] for row in shown(cast.contributor)} == {"Went out", "Mine", "Mine and scheduled"}


def test_a_desk_editor_sees_what_their_desk_plans_and_nothing_of_another(cast: Cast, month: dict[str, Article]) -> None:
    desk_editor = give_place(cast.contributor, make_section("Culture"))
    with time_machine.travel(NOON, tick=False):
        for number in range(3):
            moved = {"section": make_section("Culture").pk, "publish_at": at(26)}
            revisions.create(state(f"Of the desk {number}", **moved), actor=cast.editor)
        shown_to_desk = shown(desk_editor)
        late_to_desk = {one.headline for one in late(desk_editor)}
        with time_machine.travel(at(27), tick=False):
            late_then = {one.headline for one in late(desk_editor)}
    names = {"Of the desk 0", "Of the desk 1", "Of the desk 2"}
    assert {row[2] for row in shown_to_desk} == {"Went out", *names}
    assert (late_to_desk, late_then) == (set(), names)


@pytest.mark.once
def test_later_changes_of_a_desk_cost_the_same_however_many(cast: Cast) -> None:
    culture = make_section("Culture").pk
    costs: list[int] = []
    with time_machine.travel(NOON, tick=False):
        for _number in (1, 2):
            for _more in range(3 * len(costs) + 1):
                article = out("Goes on", section=culture)
                revisions.save(article, state("Goes on later", section=culture), actor=None)
                later.schedule_change(article, newest(article), at(23), actor=None)
            desk_editor = give_place(cast.editor, make_section("Culture"))
            with CaptureQueriesContext(connection) as asked:
                found = [entry for day in days(FIRST, 30, desk_editor, Wanted(), 9) for entry in day.entries]
            assert all(entry.movable for entry in found if entry.happening == Happening.CHANGE)
            costs.append(len(asked))
    assert costs[0] == costs[1]


def test_the_filters_narrow_it(cast: Cast, month: dict[str, Article]) -> None:
    sport = make_section("Sport")
    author = make_author(user=cast.contributor)
    with time_machine.travel(NOON, tick=False):
        out("Match", section=sport.pk, publish_at=at(26))
        revisions.create(state("Match plan", section=sport.pk, publish_at=at(27)), actor=cast.chief)
        out("Credited", bylines=(Credit(author.pk),), publish_at=at(21))
    by_section = {row[2] for row in shown(cast.editor, Wanted(section=sport.pk))}
    assert by_section == {"Match", "Match plan"}
    assert {row[2] for row in shown(cast.editor, Wanted(person=cast.contributor.pk))} == {"Credited"}
    assert {row[2] for row in shown(cast.editor, Wanted(person=cast.chief.pk))} == {"Match plan"}
    assert {row[2] for row in shown(cast.editor, Wanted(status="draft"))} == {"Forgotten plan", "A plan", "Match plan"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("view=week&on=2026-11-18", "16 November to 22 November 2026"),
        ("view=day&on=2026-11-20", "Friday 20 November 2026"),
        ("view=month&on=2026-12-01", "December 2026"),
        ("view=month&on=8999-12-31", "December 8999"),
    ],
)
def test_it_is_read_by_month_week_and_day(cast: Cast, query: str, words: str) -> None:
    response = page(cast.editor, f"{CALENDAR}?{query}")
    assert response.status_code == 200
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        *("view=year", "on=9999-12-31", "on=0001-01-01", "on=2026-02-30", "on=yesterday", "status=secret"),
        *("section=x", "section=99999999999999999999", "person=-1", "on=2026-11-18T10:00"),
    ],
)
def test_nonsense_in_the_address_is_told_in_words(cast: Cast, query: str) -> None:
    response = page(cast.editor, f"{CALENDAR}?{query}")
    assert response.status_code == 400
    assert "does not exist" in response.content.decode()


def test_a_full_day_is_counted_and_what_needs_somebody_goes_first(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(15):
            make_article(f"Old {number}", publish_at=at(18, hour=1) + timedelta(minutes=number))
        out("Tonight", publish_at=at(18))
        found = days(date(2026, 11, 18), 1, cast.editor, Wanted(), 6)[0]
    assert (found.total, found.more, len(found.entries)) == (16, 10, 6)
    assert found.entries[-1].headline == "Tonight"
    assert "and 10 more" in page(cast.editor).content.decode()


@pytest.mark.once
def test_it_costs_the_same_whatever_the_month_holds(
    cast: Cast, month: dict[str, Article], django_assert_max_num_queries: Any
) -> None:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        client.force_login(cast.editor)
        client.get(CALENDAR)
        with django_assert_max_num_queries(20) as small:
            client.get(CALENDAR)
        for number in range(40):
            make_article(f"More {number}", publish_at=at(1 + number % 28), section=make_section(f"S{number % 3}"))
            revisions.create(state(f"Plan {number}", publish_at=at(19 + number % 10)), actor=cast.editor)
        with django_assert_max_num_queries(20) as large:
            client.get(CALENDAR)
    assert len(small) == len(large)


def test_days_begin_at_the_newsrooms_midnight(cast: Cast, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with time_machine.travel(NOON, tick=False):
        out("Just after midnight", publish_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert shown(cast.editor) == {("scheduled", 21, "Just after midnight")}


def test_entries_say_whether_they_may_be_moved(cast: Cast, month: dict[str, Article]) -> None:
    with time_machine.travel(NOON, tick=False):
        found = days(FIRST, 30, cast.editor, Wanted(), 6)
    movable = {entry.happening for day in found for entry in day.entries if entry.movable}
    assert movable == {Happening.SCHEDULED, Happening.PLANNED, Happening.CHANGE}
    assert month["nothing"].status == Status.DRAFT
