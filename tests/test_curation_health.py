"""Desk health: what each question finds, what its buttons do, and for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from articles.models import Article, Status
from curation import exclusions, picks
from curation.models import CuratedList, Exclusion, Exposure, Pick
from curation.picks import Details
from curation.places import FRONT
from curation.screens.health_lists import QUESTIONS
from outbox.models import AuditEntry, Effect
from pagecache.writing import writing
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEALTH = "/admin/curation/pick/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here(db: None) -> Article:
    return make_article("Here")


def found(name: str, actor: User | None = None) -> list[str]:
    """What the question called ``name`` finds, by headline of pick, list or article."""
    question = next(one for one in QUESTIONS if one.name == name)
    return [str(getattr(row, "target", None) or row.article) for row in question.rows(actor)]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press(user: User, question: str, fix: str, **data: Any) -> Any:
    return client_of(user).post(HEALTH, {"question": question, "fix": fix, **data})


def exposure(headline: str, lists: int = 3, own: int = 5, **fields: Any) -> Exposure:
    return Exposure.objects.create(article=make_article(headline, **fields), lists=lists, own=own)


# What each question finds


def test_picks_that_end_within_two_days_lapse(cast: Cast, here: Article) -> None:
    for name, hours in (("Tomorrow", 24), ("Tonight", 6), ("Next week", 100), ("Just now", 0.01)):
        picks.pick(here, make_article(name), actor=None, details=Details(until=NOON + timedelta(hours=hours)))
    picks.pick(here, make_article("For good"), actor=None)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert found("lapsing") == ["Tonight", "Tomorrow"]
        assert found("dead") == ["Just now"]


def test_picks_of_what_readers_cannot_see_are_dead_and_those_to_come_wait(here: Article) -> None:
    soon = NOON + timedelta(hours=1)
    rows: dict[str, dict[str, Any]] = {
        "Taken down": {"status": Status.ARCHIVED},
        "Draft": {"status": Status.DRAFT},
        "Expired": {"expire_at": NOON - timedelta(minutes=1)},
        "Scheduled": {"status": Status.SCHEDULED, "publish_at": soon},
        "Embargoed": {"embargo_until": soon},
        "Public": {},
    }
    for name, fields in rows.items():
        picks.pick(here, make_article(name, **fields), actor=None)
    assert sorted(found("dead")) == ["Draft", "Expired", "Taken down"]
    assert sorted(found("waiting")) == ["Embargoed", "Scheduled"]


def test_orphans_are_public_stand_in_no_list_and_are_picked_nowhere(here: Article) -> None:
    exposure("Orphan", lists=0)
    exposure("Suggested", lists=1)
    exposure("Hidden", lists=0, status=Status.ARCHIVED)
    picked = exposure("Picked", lists=0)
    picks.pick(FRONT, picked.article, actor=None)
    assert found("orphans") == ["Orphan"]


def test_over_exposed_is_many_times_the_average_and_not_excluded_already(cast: Cast) -> None:
    exposure("Usual", lists=24)
    exposure("Everywhere", lists=25)
    exposure("Everywhere else", lists=400)
    gone = exposure("Excluded", lists=300)
    exclusions.never_anywhere(gone.article, actor=cast.editor, reason="Enough")
    assert found("overexposed") == ["Everywhere else", "Everywhere"]


def test_lists_that_cannot_reach_the_minimum_are_thin(here: Article, settings: Any) -> None:
    settings.RELATED_MINIMUM = 3
    exposure("Two", own=2)
    exposure("Three", own=3)
    helped = exposure("Two and a pick", own=2)
    picks.pick(helped.article, here, actor=None)
    off = exposure("Off", own=0)
    picks.switch(off.article, off=True, actor=None)
    exposure("Not public", own=0, status=Status.DRAFT)
    assert found("thin") == ["Two"]


def changed_list(headline: str, looked: float | None, changed: float) -> Article:
    article = make_article(headline)
    moments = {"looked_at": None if looked is None else NOON - timedelta(hours=looked)}
    CuratedList.objects.create(article=article, fills_changed_at=NOON - timedelta(hours=changed), **moments)
    return article


def test_lists_changed_since_somebody_looked_are_told(db: None) -> None:
    changed_list("Changed", 5, 2)
    changed_list("Seen since", 1, 2)
    changed_list("Never looked at", None, 2)
    assert found("refilled") == ["Changed"]


# What the buttons do


def test_one_click_makes_a_pick_last_longer_or_for_good(cast: Cast, here: Article) -> None:
    target = make_article("Soon over")
    row = picks.pick(here, target, actor=None, details=Details(until=NOON + timedelta(hours=6), note="kept"))
    press(cast.editor, "lapsing", f"extend:{row.pk}")
    row.refresh_from_db()
    assert (row.until, row.note) == (NOON + timedelta(days=7, hours=6), "kept")
    assert AuditEntry.objects.get(verb="changed pick").actor == cast.editor
    picks.describe(here, target, Details(until=NOON + timedelta(hours=6)), actor=None)
    press(cast.editor, "lapsing", "keep", row=[row.pk])
    row.refresh_from_db()
    assert row.until is None


def dead_picks(place: Any, *names: str) -> list[int]:
    return [picks.pick(place, make_article(name, status=Status.ARCHIVED), actor=None).pk for name in names]


def test_dead_picks_go_one_by_one_selected_or_all_shown(cast: Cast, here: Article) -> None:
    one, two, three, four = dead_picks(here, "One", "Two", "Three", "Four")
    alive = picks.pick(here, make_article("Alive"), actor=None)
    press(cast.editor, "dead", f"unpick:{one}")
    press(cast.editor, "dead", "unpick", row=[two], shown=[two, three, four])
    assert set(Pick.objects.values_list("pk", flat=True)) == {three, four, alive.pk}
    press(cast.editor, "dead", "unpick:shown", row=[], shown=[three, four, alive.pk])
    assert list(Pick.objects.values_list("pk", flat=True)) == [alive.pk]  # not dead, so not among the question's rows
    assert AuditEntry.objects.filter(verb="unpicked", actor=cast.editor).count() == 4


def test_dead_picks_of_front_and_section_pages_go_too(cast: Cast) -> None:
    rows = dead_picks(FRONT, "On the front") + dead_picks(make_section("Sport"), "In sport")
    press(cast.editor, "dead", "unpick:shown", shown=rows)
    assert not Pick.objects.exists()


def test_what_somebody_else_settled_meanwhile_is_said(cast: Cast, here: Article) -> None:
    rows = dead_picks(here, "One", "Two")
    Pick.objects.get(pk=rows[0]).delete()
    answer = client_of(cast.editor).post(
        HEALTH, {"question": "dead", "fix": "unpick", "row": [*rows, 999_999]}, follow=True
    )
    words = [str(message) for message in answer.context["messages"]]
    assert words == ["1 row is done.", "2 rows were settled by somebody else in the meantime."]


def test_lists_are_marked_as_seen_singly_and_all_at_once(cast: Cast) -> None:
    first, _second, third = [changed_list(name, 5, 2) for name in ("First", "Second", "Third")]
    press(cast.editor, "refilled", f"seen:{CuratedList.objects.get(article=first).pk}")
    assert sorted(found("refilled")) == ["Second", "Third"]
    with writing():
        CuratedList.objects.filter(article=third).update(fills_changed_at=NOON)
    press(cast.editor, "refilled", "seen:all", at=(NOON - timedelta(minutes=1)).isoformat())
    assert found("refilled") == ["Third"]  # it changed after the page was drawn, so nobody has seen that
    press(cast.editor, "refilled", "seen:all", at="nonsense")
    assert found("refilled") == []


def test_thin_lists_are_computed_again_in_the_background(cast: Cast) -> None:
    row = exposure("Thin", own=0)
    press(cast.editor, "thin", "recompute:all")
    assert Effect.objects.get(kind="curation.suggest").payload == {"article": row.article_id}


def test_an_over_exposed_article_leaves_all_lists_with_a_reason(cast: Cast) -> None:
    row = exposure("Everywhere", lists=400)
    press(cast.editor, "overexposed", f"exclude:{row.pk}")
    excluded = Exclusion.objects.get()
    assert (excluded.target, excluded.article, excluded.made_by) == (row.article, None, cast.editor)
    assert "400 lists" in excluded.reason


@pytest.mark.parametrize(
    "data",
    [
        {"fix": "explode"},
        {"fix": ""},
        {"fix": "exclude:1"},
        {"fix": "unpick:9999999999999999999999"},
        {"fix": "unpick", "row": ["x", "-1", "\0", "1' OR 1"]},
        {"fix": "unpick:nonsense"},
        {},
    ],
)
def test_nonsense_is_answered_in_words_and_changes_nothing(cast: Cast, here: Article, data: dict[str, Any]) -> None:
    dead_picks(here, "Dead")
    answer = client_of(cast.editor).post(HEALTH, {"question": "dead", **data}, follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert Pick.objects.count() == 1
    assert client_of(cast.editor).post(HEALTH, {"question": "x", "fix": "unpick:1"}).status_code == 404


# The page


@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 403), ("moderator", 403), ("editor", 200), ("chief", 200), ("administrator", 200)],
)
def test_the_page_is_for_those_who_edit_every_article(cast: Cast, here: Article, who: str, status: int) -> None:
    row = dead_picks(here, "Dead")[0]
    user = getattr(cast, who)
    assert client_of(user).get(HEALTH).status_code == status
    assert press(user, "dead", f"unpick:{row}").status_code == (403 if status == 403 else 302)
    assert Pick.objects.exists() is (status == 403)
    assert ("Desk health" in client_of(user).get("/admin/").content.decode()) is (status == 200)


def test_without_the_right_to_the_front_its_picks_are_not_offered(cast: Cast, here: Article) -> None:
    rows = dead_picks(FRONT, "On the front") + dead_picks(here, "Beside")
    group = cast.editor.groups.get()
    group.permissions.remove(Permission.objects.get(codename="curate_front"))
    html = client_of(cast.editor).get(HEALTH).content.decode()
    assert "Beside" in html
    assert "On the front" not in html
    press(cast.editor, "dead", "unpick:shown", shown=rows)
    assert [row.target.headline for row in Pick.objects.all()] == ["On the front"]


def test_without_the_right_to_remove_no_button_is_shown(cast: Cast, here: Article) -> None:
    row = dead_picks(here, "Dead")[0]
    group = cast.editor.groups.get()
    group.permissions.remove(Permission.objects.get(codename="delete_pick"))
    assert f'value="unpick:{row}"' not in client_of(cast.editor).get(HEALTH).content.decode()
    press(cast.editor, "dead", f"unpick:{row}")
    assert Pick.objects.count() == 1


def test_an_empty_desk_says_that_all_is_well(cast: Cast) -> None:
    html = client_of(cast.editor).get(HEALTH).content.decode()
    for question in QUESTIONS:
        assert str(question.empty) in html


@pytest.mark.parametrize(
    "query", ["question=dead&p=2", "question=dead&p=x", "question=x", "p=9999999999999999999", "p=-1"]
)
def test_any_page_answers(cast: Cast, here: Article, query: str) -> None:
    dead_picks(here, "Dead")
    assert client_of(cast.editor).get(f"{HEALTH}?{query}").status_code == 200


def test_a_question_is_paged_on_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.screens.health.ON_OWN_PAGE", 2)
    for number in range(5):
        exposure(f"Orphan {number}", lists=0)
    pages = [client_of(cast.editor).get(f"{HEALTH}?question=orphans&p={number}").content.decode() for number in (1, 3)]
    assert "Orphan 4" in pages[0]
    assert "p=2" in pages[0]
    assert "Orphan 0" in pages[1]
    assert "p=4" not in pages[1]


def test_hostile_headlines_are_text(cast: Cast, here: Article) -> None:
    dead_picks(make_article("<img src=x onerror=1>"), '"><script>1</script>')
    html = client_of(cast.editor).get(HEALTH).content.decode()
    assert "<script>1" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;1" in html


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_costs_a_bounded_number_of_queries_whatever_it_finds(
    cast: Cast, size: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(size):
        one = make_article(f"Page {number}")
        dead_picks(one, f"Dead {number}")
        soon = Details(until=NOON + timedelta(hours=1))
        picks.pick(one, make_article(f"Soon {number}"), actor=None, details=soon)
        later = {"status": Status.SCHEDULED, "publish_at": NOON + timedelta(hours=1)}
        picks.pick(one, make_article(f"Waits {number}", **later), actor=None)
        changed_list(f"Changed {number}", 5, 2)
        exposure(f"Orphan {number}", lists=0, own=0)
        exposure(f"Everywhere {number}", lists=300)
    client = client_of(cast.editor)
    client.get(HEALTH)
    with django_assert_max_num_queries(21):
        html = client.get(HEALTH).content.decode()
    assert html.count("health__count") == 7


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 40])
def test_one_question_costs_the_same_at_any_size(cast: Cast, size: int, django_assert_num_queries: Any) -> None:
    for number in range(size):
        dead_picks(make_article(f"Page {number}"), f"Dead {number}")
    client = client_of(cast.editor)
    client.get(f"{HEALTH}?question=dead")
    with django_assert_num_queries(6):
        client.get(f"{HEALTH}?question=dead")


def test_a_picks_own_address_leads_to_its_list(cast: Cast, here: Article) -> None:
    row = picks.pick(here, make_article("Other"), actor=None)
    client = client_of(cast.editor)
    assert client.get(f"{HEALTH}{row.pk}/change/").status_code == 302
    for nonsense in (999_999, 10**25):
        assert client.get(f"{HEALTH}{nonsense}/change/").status_code == 404
    assert client_of(cast.contributor).get(f"{HEALTH}{row.pk}/change/").status_code == 403
    assert client.post(f"{HEALTH}add/", {"target": row.target_id}).status_code == 403
    assert client.post(f"{HEALTH}{row.pk}/delete/", {"post": "yes"}).status_code == 404


def test_nobody_says_that_all_is_well_before_the_worker_has_counted(here: Article, cast: Cast) -> None:
    page = client_of(cast.editor).get(HEALTH).content.decode()
    assert page.count("Not counted yet") == 3
    assert "stands in somebody’s list" not in page
    exposure("Counted")
    page = client_of(cast.editor).get(HEALTH).content.decode()
    assert "Not counted yet" not in page
    assert "stands in somebody’s list" in page


def test_what_was_deleted_while_the_page_was_made_is_left_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = exposure("Gone", lists=0, own=9), exposure("Kept", lists=0, own=9)
    every = Article.objects.for_desk

    def without(*_ids: Any) -> Any:
        return every().exclude(pk=gone.article_id)

    monkeypatch.setattr(Article.objects, "for_desk", without)
    html = client_of(cast.editor).get(HEALTH).content.decode()
    assert kept.article.headline in html
    assert "Gone" not in html
