"""Taking the fixes of desk health back: every one, as it was, and never over a colleague's change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles.models import Article, Status
from curation import exclusions, looking, mending, picks
from curation.models import CuratedList, Exclusion, Exposure, Pick
from curation.picks import Details
from curation.places import FRONT, Place
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_image, make_section

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


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press(user: User, question: str, fix: str, **data: Any) -> str:
    """Press a button; returns where that leads."""
    return str(client_of(user).post(HEALTH, {"question": question, "fix": fix, **data}).headers["Location"])


def press_undo(user: User, address: str) -> list[str]:
    """Press *Undo* on the page at ``address``; returns what it says."""
    entry = address.partition("undo=")[2].partition("#")[0]
    answer = client_of(user).post(address.partition("#")[0], {"undo": entry}, follow=True)
    assert "undo=" not in answer.request["QUERY_STRING"]
    return [str(message) for message in answer.context["messages"]]


def dead_pick(place: Place, name: str, actor: User, **details: Any) -> Pick:
    target = make_article(name, status=Status.ARCHIVED)
    return picks.pick(place, target, actor=actor, details=Details(**details))


def as_stored(place: Place | None = None) -> list[tuple[Any, ...]]:
    columns = ("target", "position", "until", "note", "headline", "picture", "picked_at", "picked_by")
    return list(Pick.objects.order_by("article", "section", "position").values_list(*columns))


def test_a_removed_pick_comes_back_as_its_picker_made_it(cast: Cast, here: Article, clock: Any) -> None:
    dead_pick(here, "Above", cast.chief)
    until = NOON + timedelta(days=3)
    told = {"until": until, "note": "Vote", "headline": "Mine", "picture": make_image().pk}
    row = dead_pick(here, "Dead", cast.chief, **told)
    dead_pick(here, "Below", cast.chief)
    before = as_stored()
    clock.shift(timedelta(hours=5))
    address = press(cast.editor, "dead", f"unpick:{row.pk}")
    assert Pick.objects.count() == 2
    page = client_of(cast.editor).get(address.partition("#")[0]).content.decode()
    assert "1 row was changed." in page
    assert press_undo(cast.editor, address) == ["1 row stands again as before."]
    assert as_stored() == before
    assert [entry.actor for entry in AuditEntry.objects.filter(verb="undid unpicked")] == [cast.editor]


def test_a_pick_taken_out_at_the_desk_comes_back_with_its_picker_too(cast: Cast, here: Article, clock: Any) -> None:
    row = dead_pick(here, "Dead", cast.chief)
    before = as_stored()
    clock.shift(timedelta(hours=5))
    desk = f"{HEALTH}article/{here.pk}/"
    for noun in ("removals", "exclusions"):
        answer = client_of(cast.editor).post(f"{desk}{noun}/", {"target": row.target_id})
        assert not Pick.objects.exists()
        entry = answer.headers["Location"].partition("undo=")[2]
        client_of(cast.editor).post(f"{desk}undo/", {"entry": entry})
        assert as_stored() == before


def test_several_at_once_come_back_at_once_in_their_order(cast: Cast, here: Article, clock: Any) -> None:
    rows = [dead_pick(here, name, cast.chief) for name in "ABC"]
    rows += [dead_pick(FRONT, "Front", cast.chief), dead_pick(make_section("Sport"), "Match", cast.chief)]
    before = as_stored()
    clock.shift(timedelta(hours=1))
    address = press(cast.editor, "dead", "unpick:shown", shown=[row.pk for row in rows])
    assert not Pick.objects.exists()
    assert press_undo(cast.editor, address) == ["5 rows stand again as before."]
    assert as_stored() == before
    assert AuditEntry.objects.filter(verb=mending.TOGETHER).count() == 1


@pytest.mark.parametrize("fix", ["extend", "keep"])
def test_an_end_that_was_moved_is_moved_back(cast: Cast, here: Article, fix: str, clock: Any) -> None:
    ends = [NOON + timedelta(hours=hours) for hours in (6, 7)]
    rows = [picks.pick(here, make_article(f"{at}"), actor=cast.chief, details=Details(until=at)) for at in ends]
    before = as_stored()
    clock.shift(timedelta(hours=1))
    address = press(cast.editor, "lapsing", fix, row=[row.pk for row in rows])
    assert not Pick.objects.filter(until__in=ends).exists()
    press_undo(cast.editor, address)
    assert as_stored() == before


def test_lists_marked_as_seen_are_unseen_again_unless_somebody_looked_since(cast: Cast, clock: Any) -> None:
    early = NOON - timedelta(hours=5)
    for number in range(3):
        article = make_article(f"List {number}")
        CuratedList.objects.create(article=article, looked_at=early, fills_changed_at=NOON - timedelta(hours=2))
    address = press(cast.editor, "refilled", "seen:all")
    clock.shift(timedelta(minutes=5))
    looked = CuratedList.objects.order_by("pk").first()
    assert looked is not None
    looking.mark_seen([looked.article_id or 0], actor=cast.chief)
    assert press_undo(cast.editor, address) == [
        "2 rows stand again as before.",
        "1 list was looked at again since; it stays marked.",
    ]
    moments = list(CuratedList.objects.order_by("pk").values_list("looked_at", flat=True))
    assert moments == [NOON + timedelta(minutes=5), early, early]


def test_an_exclusion_from_all_lists_is_taken_back(cast: Cast) -> None:
    row = Exposure.objects.create(article=make_article("Everywhere"), lists=400, own=5)
    address = press(cast.editor, "overexposed", f"exclude:{row.pk}")
    assert Exclusion.objects.exists()
    assert press_undo(cast.editor, address) == ["1 row stands again as before."]
    assert not Exclusion.objects.exists()


def test_a_new_computation_offers_nothing_to_take_back(cast: Cast) -> None:
    Exposure.objects.create(article=make_article("Thin"), lists=3, own=0)
    assert "undo=" not in press(cast.editor, "thin", "recompute:all")


# Two people at once


def test_what_a_colleague_changed_since_stays_and_the_rest_comes_back(cast: Cast, here: Article) -> None:
    rows = [dead_pick(here, name, cast.chief) for name in "AB"]
    address = press(cast.editor, "dead", "unpick:shown", shown=[row.pk for row in rows])
    again = picks.pick(here, rows[0].target, actor=cast.chief, details=Details(note="Wanted"))
    assert press_undo(cast.editor, address) == [
        "1 row stands again as before.",
        "A: Chiara Chief changed the same since; it stays as they left it.",
    ]
    again.refresh_from_db()
    assert (again.note, again.picked_by) == ("Wanted", cast.chief)
    assert sorted(str(row.target) for row in Pick.objects.all()) == ["A", "B"]


def test_an_end_a_colleague_changed_since_stays(cast: Cast, here: Article) -> None:
    target = make_article("Soon over")
    row = picks.pick(here, target, actor=cast.chief, details=Details(until=NOON + timedelta(hours=6)))
    address = press(cast.editor, "lapsing", f"keep:{row.pk}")
    theirs = NOON + timedelta(days=2)
    picks.describe(here, target, Details(until=theirs), actor=cast.chief)
    assert "Chiara Chief changed the same since" in press_undo(cast.editor, address)[0]
    row.refresh_from_db()
    assert row.until == theirs


def test_an_exclusion_a_colleague_decided_anew_stays(cast: Cast) -> None:
    row = Exposure.objects.create(article=make_article("Everywhere"), lists=400, own=5)
    address = press(cast.editor, "overexposed", f"exclude:{row.pk}")
    exclusions.allow_anywhere(row.article, actor=cast.chief)
    exclusions.never_anywhere(row.article, actor=cast.chief, reason="Names a minor")
    assert "Chiara Chief changed the same since" in press_undo(cast.editor, address)[0]
    assert Exclusion.objects.get().reason == "Names a minor"


def test_it_is_taken_back_once(cast: Cast, here: Article) -> None:
    row = dead_pick(here, "Dead", cast.chief)
    address = press(cast.editor, "dead", f"unpick:{row.pk}")
    press_undo(cast.editor, address)
    assert press_undo(cast.editor, address) == ["Dead: That was taken back already."]
    assert Pick.objects.count() == 1


def test_a_pick_whose_article_or_list_was_deleted_is_told(cast: Cast, here: Article) -> None:
    rows = [dead_pick(here, name, cast.chief) for name in "AB"]
    address = press(cast.editor, "dead", "unpick:shown", shown=[row.pk for row in rows])
    rows[0].target.delete()
    assert press_undo(cast.editor, address) == [
        "1 row stands again as before.",
        "A: That article does not exist any more.",
    ]
    second = press(cast.editor, "dead", "unpick:shown", shown=list(Pick.objects.values_list("pk", flat=True)))
    here.delete()
    assert press_undo(cast.editor, second) == ["B: That list does not exist any more."]


# Who, and what else may be posted


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_it_is_for_those_who_look_after_lists(cast: Cast, here: Article, who: str) -> None:
    row = dead_pick(here, "Dead", cast.chief)
    entry = picks.unpick(here, row.target, actor=cast.editor)
    assert entry is not None
    user = getattr(cast, who)
    assert client_of(user).post(HEALTH, {"undo": entry.pk}).status_code == 403
    with pytest.raises(PermissionDenied):
        mending.take_back(entry.pk, actor=user)
    answer = Client().post(HEALTH, {"undo": entry.pk})
    assert "/login/" in answer.headers["Location"]
    assert not Pick.objects.exists()
    assert mending.take_back(entry.pk, actor=cast.editor).done == 1  # the control


def test_nobody_takes_back_what_somebody_else_did(cast: Cast, here: Article) -> None:
    rows = [dead_pick(here, name, cast.chief) for name in "AB"]
    one = press(cast.editor, "dead", f"unpick:{rows[0].pk}")
    several = press(cast.editor, "dead", "unpick:shown", shown=[rows[1].pk])
    for address in (one, several):
        assert press_undo(cast.chief, address) == ["There is nothing of yours to take back here."]
        assert "health__undo" not in client_of(cast.chief).get(address.partition("#")[0]).content.decode()
    assert not Pick.objects.exists()


def test_a_right_that_was_lost_since_is_missed_in_words(cast: Cast, here: Article) -> None:
    row = dead_pick(FRONT, "Front", cast.chief)
    address = press(cast.editor, "dead", f"unpick:{row.pk}")
    cast.editor.groups.get().permissions.remove(Permission.objects.get(codename="curate_front"))
    said = press_undo(User.objects.get(pk=cast.editor.pk), address)
    assert [words.partition(":")[0] for words in said] == ["Front"]
    assert not Pick.objects.exists()


@pytest.mark.parametrize("entry", ["", "x", "-1", "0", "999999", "9" * 30, "\0", "<script>1</script>"])
def test_nonsense_is_answered_in_words(cast: Cast, here: Article, entry: str) -> None:
    client = client_of(cast.editor)
    answer = client.post(HEALTH, {"undo": entry}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["There is nothing of yours to take back here."]
    page = client.get(HEALTH, {"undo": entry, "question": "dead"})
    assert page.status_code == (400 if "\0" in entry else 200)
    assert "health__undo" not in page.content.decode()
    assert "<script>1" not in page.content.decode()


def test_what_is_no_fix_cannot_be_taken_back_here(cast: Cast, here: Article) -> None:
    picks.pick(here, make_article("Other"), actor=cast.editor)
    with pytest.raises(ValidationError):
        mending.take_back(AuditEntry.objects.get(verb="picked").pk, actor=cast.editor)


def test_hostile_headlines_are_text(cast: Cast, here: Article) -> None:
    row = dead_pick(here, "<img src=x onerror=1>", cast.chief)
    address = press(cast.editor, "dead", f"unpick:{row.pk}")
    row.target.delete()
    entry = address.partition("undo=")[2].partition("#")[0]
    html = client_of(cast.editor).post(HEALTH, {"undo": entry}, follow=True).content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_the_button_costs_two_queries(cast: Cast, here: Article, django_assert_num_queries: Any) -> None:
    rows = [dead_pick(here, name, cast.chief) for name in "ABCDEFG"]
    address = press(cast.editor, "dead", "unpick:shown", shown=[row.pk for row in rows])
    client = client_of(cast.editor)
    plain = f"{HEALTH}?question=dead"
    client.get(plain)
    with django_assert_num_queries(6):
        client.get(plain)
    entry = address.partition("undo=")[2].partition("#")[0]
    with django_assert_num_queries(8):
        client.get(f"{plain}&undo={entry}")
