"""What is posted to the desk of one list: with script and without, by everybody, and in nonsense."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import revisions
from articles.models import Article, Status
from articles.state import WorkingState
from curation import exclusions, picks
from curation.desk.acting import ACTIONS
from curation.models import Campaign, CuratedList, Exclusion, Pick
from curation.places import FRONT, Place, picks_of
from outbox.models import AuditEntry
from tests.conftest import Cast
from tests.factories import make_article, make_image, make_section, suggest

JSON: Any = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Here")


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


def at(noun: str, article: Article) -> str:
    return reverse(f"admin:curation_desk_article{'_' + noun if noun else ''}", args=[article.pk])


def post(client: Client, article: Article, noun: str, **values: Any) -> Any:
    return client.post(at(noun, article), values, **JSON)


def order(place: Place) -> list[str]:
    return [row.target.headline for row in picks_of(place).select_related("target")]


def pick_some(article: Article, cast: Cast, *names: str) -> list[Article]:
    made = [make_article(name) for name in names]
    for target in made:
        picks.pick(article, target, actor=cast.editor)
    return made


def test_a_pick_is_one_request_and_answers_the_whole_list(article: Article, editor: Client) -> None:
    other = make_article("Other")
    answer = post(editor, article, "picks", target=other.pk)
    assert answer.status_code == 200
    told = answer.json()
    assert told["said"] == "Picked “Other”: number 1."
    assert told["undo"] == AuditEntry.objects.get(verb="picked").pk
    assert set(told["parts"]) == {"bar", "list", "next"}
    assert "Picked by Edda Editor" in told["parts"]["list"]
    assert order(article) == ["Other"]


def test_the_change_offered_for_undo_is_the_one_of_this_list(
    article: Article, editor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, elsewhere, verb = make_article("Other"), make_article("Elsewhere"), picks.pick

    def with_another_window(place: Any, *args: Any, **values: Any) -> Any:
        row = verb(place, *args, **values)
        verb(elsewhere, make_article("Another"), actor=cast.editor)
        return row

    monkeypatch.setattr(picks, "pick", with_another_window)
    for place in (article, FRONT):
        address = at("picks", article) if place is article else reverse("admin:curation_desk_front_picks")
        offered = editor.post(address, {"target": target.pk}, **JSON).json()["undo"]
        assert AuditEntry.objects.get(pk=offered).details["picked"] == target.pk


def test_a_pick_dropped_at_a_place_stands_there(article: Article, editor: Client, cast: Cast) -> None:
    pick_some(article, cast, "A", "B")
    post(editor, article, "picks", target=make_article("C").pk, position=2)
    assert order(article) == ["A", "C", "B"]


def test_picking_what_is_picked_changes_nothing_and_offers_no_undo(
    article: Article, editor: Client, cast: Cast
) -> None:
    (one,) = pick_some(article, cast, "A")
    told = post(editor, article, "picks", target=one.pk).json()
    assert told["said"] == "“A” is picked already."
    assert told["undo"] is None


def test_unpick_order_and_steps(article: Article, editor: Client, cast: Cast) -> None:
    a, b, c = pick_some(article, cast, "A", "B", "C")
    post(editor, article, "order", order=f"{c.pk},{a.pk},{b.pk}")
    assert order(article) == ["C", "A", "B"]
    assert post(editor, article, "order", up=b.pk).json()["said"] == "“B” is now pick 2."
    post(editor, article, "order", down=c.pk)
    assert order(article) == ["B", "C", "A"]
    post(editor, article, "order", up=b.pk)
    assert order(article) == ["B", "C", "A"]
    post(editor, article, "removals", target=c.pk)
    assert order(article) == ["B", "A"]


def test_never_here_and_allow_again(article: Article, editor: Client, cast: Cast) -> None:
    (one,) = pick_some(article, cast, "A")
    told = post(editor, article, "exclusions", target=one.pk, reason=" Same family ").json()
    assert told["said"] == "“A” never stands here."
    assert Exclusion.objects.get().reason == "Same family"
    assert order(article) == []
    assert post(editor, article, "picks", target=one.pk).status_code == 422
    post(editor, article, "allowances", target=one.pk)
    assert not Exclusion.objects.exists()


def test_details_of_a_pick(article: Article, editor: Client, cast: Cast) -> None:
    (one,) = pick_some(article, cast, "A")
    picture = make_image()
    fields = {"until": "2999-01-01T12:00", "note": "Ask Ines", "headline": "Said so", "picture": picture.pk}
    post(editor, article, "details", target=one.pk, **{f"{name}-{one.pk}": value for name, value in fields.items()})
    row = Pick.objects.get()
    assert (row.note, row.headline, row.picture) == ("Ask Ines", "Said so", picture)
    assert row.until is not None
    assert timezone.localtime(row.until).isoformat()[:16] == "2999-01-01T12:00"
    post(editor, article, "details", target=one.pk)
    assert picks.Details.of(Pick.objects.get()) == picks.Details()


def test_a_headline_pasted_in_lines_becomes_one(article: Article, editor: Client, cast: Cast) -> None:
    (target,) = pick_some(article, cast, "A")
    post(editor, article, "details", **{"target": target.pk, f"headline-{target.pk}": "Trams\r\nrun\u2028late\n"})
    assert Pick.objects.get().headline == "Trams run late"


def test_a_quick_end_is_one_press_and_keeps_the_other_fields(article: Article, editor: Client, cast: Cast) -> None:
    (one,) = pick_some(article, cast, "A")
    before = timezone.now()
    post(editor, article, "details", quick=f"{one.pk}:24", **{f"note-{one.pk}": "Only today"})
    row = Pick.objects.get()
    assert row.until is not None
    assert timedelta(hours=24) <= row.until - before < timedelta(hours=24, minutes=5)
    assert row.note == "Only today"


def test_switching_off_and_on(article: Article, editor: Client) -> None:
    post(editor, article, "switch", to="off")
    assert CuratedList.objects.get(article=article).off
    assert "Readers see the list" in post(editor, article, "switch", to="on").json()["said"]
    assert not CuratedList.objects.get(article=article).off


def test_without_script_it_redirects_and_offers_undo(article: Article, editor: Client) -> None:
    other = make_article("Other")
    answer = editor.post(at("picks", article), {"target": other.pk}, follow=True)
    assert answer.redirect_chain[0][1] == 302
    words = answer.content.decode()
    assert "Picked “Other”: number 1." in words
    entry = AuditEntry.objects.get(verb="picked").pk
    assert f'form="desk-undo" name="entry" value="{entry}"' in words
    assert "Taken back" in editor.post(at("undo", article), {"entry": entry}, follow=True).content.decode()
    assert order(article) == []


def test_without_script_what_was_typed_stays_with_the_message(article: Article, editor: Client, cast: Cast) -> None:
    (one,) = pick_some(article, cast, "A")
    values = {"target": one.pk, f"until-{one.pk}": "yesterday", f"note-{one.pk}": "Typed <b>words</b>"}
    answer = editor.post(at("details", article), values)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Give the end as a day and a time" in words
    assert "Typed &lt;b&gt;words&lt;/b&gt;" in words
    assert Pick.objects.get().note == ""


def test_front_and_section_lists_are_curated_the_same_way(editor: Client, cast: Cast) -> None:
    section, one = make_section(), make_article("A")
    editor.post(reverse("admin:curation_desk_front_picks"), {"target": one.pk}, **JSON)
    editor.post(reverse("admin:curation_desk_section_picks", args=[section.pk]), {"target": one.pk}, **JSON)
    assert order(FRONT) == order(section) == ["A"]
    refused = editor.post(reverse("admin:curation_desk_front_exclusions"), {"target": one.pk}, **JSON)
    assert refused.status_code == 422
    assert "Only lists beside articles" in refused.json()["problem"]


# Two at one list


def test_the_second_editor_sees_both_and_is_told(article: Article, cast: Cast) -> None:
    ours, theirs = Client(), Client()
    ours.force_login(cast.editor)
    theirs.force_login(cast.chief)
    state = ours.get(at("", article), **JSON).json()["state"]
    post(theirs, article, "picks", target=make_article("Theirs").pk, state=state)
    told = post(ours, article, "picks", target=make_article("Ours").pk, state=state).json()
    assert told["notice"] == "Chiara Chief changed this list; you see both."
    assert order(article) == ["Theirs", "Ours"]
    again = post(ours, article, "picks", target=make_article("More").pk, state=told["state"]).json()
    assert "notice" not in again


def test_asking_again_costs_little_until_a_colleague_changes_something(
    article: Article, cast: Cast, editor: Client
) -> None:
    pick_some(article, cast, "A")
    state = editor.get(at("", article), **JSON).json()["state"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert editor.get(at("", article), {"state": state}, **JSON).status_code == 204
    assert len(asked) <= 6
    picks.pick(article, make_article("B"), actor=cast.chief)
    told = editor.get(at("", article), {"state": state}, **JSON).json()
    assert told["notice"] == "Chiara Chief changed this list; you see both."
    assert "B" in told["parts"]["list"]


@pytest.mark.once
def test_an_action_costs_the_same_for_few_and_for_many(article: Article, cast: Cast, editor: Client) -> None:
    costs = []
    for number in (1, 3):
        place = make_article("Place")
        pick_some(place, cast, *[f"P{count}" for count in range(number)])
        suggest(place, *[make_article(f"S{count}") for count in range(number * 6)])
        other = make_article("Other")
        post(editor, article, "look")
        with CaptureQueriesContext(connection) as asked:
            assert post(editor, place, "picks", target=other.pk).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= MOST_STATEMENTS


# Who may


def roles(cast: Cast) -> dict[str, Any]:
    names = ("contributor", "editor", "chief", "moderator", "administrator")
    return {name: getattr(cast, name) for name in names}


@pytest.mark.once
@pytest.mark.parametrize("noun", [noun for noun in ACTIONS if noun not in {"look", "undo"}])
@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 403), ("moderator", 403), ("editor", 200), ("chief", 200), ("administrator", 200)],
)
def test_only_who_may_curate_the_list_changes_it(
    article: Article, cast: Cast, client: Client, noun: str, who: str, status: int
) -> None:
    one, other = pick_some(article, cast, "A", "B")
    if noun == "allowances":
        exclusions.never_here(article, other, actor=cast.chief)
    client.force_login(roles(cast)[who])
    before = AuditEntry.objects.count()
    values = {"target": one.pk, "order": f"{other.pk},{one.pk}", "to": "off", f"note-{one.pk}": "x"}
    if noun in {"picks", "allowances"}:
        values["target"] = make_article("C").pk if noun == "picks" else other.pk
    assert post(client, article, noun, **values).status_code == status
    assert AuditEntry.objects.count() == before + (status == 200)


def test_nobody_undoes_what_a_colleague_did(article: Article, cast: Cast) -> None:
    pick_some(article, cast, "A")
    entry = AuditEntry.objects.get(verb="picked").pk
    for who, status in (("contributor", 403), ("moderator", 403), ("chief", 422), ("administrator", 422)):
        client = Client()
        client.force_login(roles(cast)[who])
        assert post(client, article, "undo", entry=entry).status_code == status
    assert order(article) == ["A"]
    client.force_login(cast.editor)
    assert post(client, article, "undo", entry=entry).status_code == 200


def test_moderators_and_strangers_have_no_desk(article: Article, cast: Cast, client: Client) -> None:
    for noun in ("", "found"):
        assert "/login/" in client.get(at(noun, article))["Location"]
    client.force_login(cast.moderator)
    for noun in ("", "found"):
        assert client.get(at(noun, article)).status_code == 403
    for name in ("admin:curation_desk_front", "admin:curation_desk_front_found"):
        assert client.get(reverse(name)).status_code == 403


def test_who_may_only_look_sees_reasons_and_no_buttons(article: Article, cast: Cast, client: Client) -> None:
    pick_some(article, cast, "A")
    suggest(article, make_article("B"))
    client.force_login(cast.contributor)
    words = client.get(at("", article)).content.decode()
    assert "Picked by Edda Editor" in words
    assert "data-act" not in words
    client.force_login(cast.editor)
    assert "data-act" in client.get(at("", article)).content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_desks_take_nothing_but_get_and_post(article: Article, editor: Client, method: str) -> None:
    assert getattr(editor, method)(at("", article)).status_code == 405
    assert getattr(editor, method)(at("picks", article)).status_code == 405
    assert editor.get(at("picks", article)).status_code == 405
    assert editor.post(at("", article)).status_code == 405


def test_the_desk_of_a_story_one_may_not_know_of_is_unknown(cast: Cast, client: Client) -> None:
    secret = make_article("Secret", status=Status.DRAFT)
    client.force_login(cast.contributor)
    for noun in ("", "found"):
        assert client.get(at(noun, secret)).status_code == 404
    for noun in ACTIONS:
        assert post(client, secret, noun, target=1).status_code == 404
    client.force_login(cast.editor)
    assert client.get(at("", secret)).status_code == 200


def test_a_story_one_may_not_know_of_cannot_be_picked_or_named(cast: Cast, client: Client) -> None:
    mine = revisions.create(WorkingState(headline="Mine", section=make_section().pk), actor=cast.contributor)
    secret = make_article("Harbourgate", status=Status.DRAFT)
    client.force_login(cast.contributor)
    for noun in ("picks", "removals", "exclusions", "allowances", "details"):
        answer = post(client, mine, noun, target=secret.pk)
        assert answer.status_code == 404
        assert "Harbourgate" not in answer.content.decode()
    assert not Pick.objects.exists()
    assert post(client, mine, "picks", target=make_article("Public").pk).status_code == 200


def test_a_request_without_our_token_is_refused(article: Article, cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.editor)
    assert strict.post(at("picks", article), {"target": make_article("A").pk}, **JSON).status_code == 403
    assert not Pick.objects.exists()


# Nonsense


NONSENSE = ["", "x", "-1", "1.5", "\0", "٣", "9" * 18, "9" * 30, "9" * 5000, "1,2", "<b>"]


@pytest.mark.parametrize("noun", list(ACTIONS))
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_gets_words_and_writes_nothing(
    article: Article, cast: Cast, editor: Client, noun: str, value: str
) -> None:
    pick_some(article, cast, "A", "B")
    before = AuditEntry.objects.count()
    names = ("target", "position", "order", "up", "quick", "to", "entry", "until-1", "picture-1")
    answer = post(editor, article, noun, **dict.fromkeys(names, value))
    assert answer.status_code in ({200} if noun == "look" else {400, 404, 422})
    if noun != "look":
        assert answer.json()["problem"]
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("until", "0001-01-01T00:00", "Give the end"),
        ("until", "9999-12-31T23:59", "Give the end"),
        ("until", "2026-13-45T00:00", "Give the end"),
        ("until", "2001-01-01T00:00", "The end lies in the past."),
        ("note", "x" * 301, "longer than 300"),
        ("headline", "x" * 161, "longer than 160"),
        ("note", "a\0b", "cannot be stored"),
        ("picture", "x", "number of a picture"),
        ("picture", "999999", "not in the library"),
    ],
)
def test_details_that_cannot_be_kept_are_refused_in_words(
    article: Article, cast: Cast, editor: Client, field: str, value: str, words: str
) -> None:
    (one,) = pick_some(article, cast, "A")
    answer = post(editor, article, "details", target=one.pk, **{f"{field}-{one.pk}": value})
    assert answer.status_code == 422
    assert words in answer.json()["problem"]
    assert picks.Details.of(Pick.objects.get()) == picks.Details()


def test_unknown_lists_are_unknown(editor: Client, db: None) -> None:
    for number in (0, 999_999, 2**63, 10**40):
        for kind in ("article", "section"):
            assert editor.get(f"/admin/curation/pick/{kind}/{number}/").status_code == 404


MOST_STATEMENTS = 32
"""Of one action and its answer: who asks 4, the verb 16, the list as it stands 10, its transaction's begin and end."""


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 9])
def test_an_action_costs_the_same_in_few_and_in_many(
    article: Article, cast: Cast, editor: Client, size: int, django_assert_max_num_queries: Any
) -> None:
    soon = timezone.now() + timedelta(hours=6)
    made = pick_some(article, cast, *[f"Pick {number}" for number in range(size)])
    for number, target in enumerate(made):
        picks.describe(article, target, picks.Details(until=soon + timedelta(hours=number)), actor=cast.editor)
    suggest(article, *[make_article(f"Fill {number}") for number in range(size)])
    Campaign.objects.create(target=make_article("Pinned"), section=article.section, ends=soon)
    other, first, last = make_article("Other"), made[0].pk, made[-1].pk
    post(editor, article, "look")
    acts: list[tuple[str, dict[str, Any]]] = [
        ("picks", {"target": other.pk, "position": 1}),
        ("order", {"order": f"{last},{first}"}),
        ("details", {"target": first, f"note-{first}": "x"}),
        ("removals", {"target": other.pk}),
        ("exclusions", {"target": last}),
        ("allowances", {"target": last}),
        ("switch", {"to": "off"}),
        ("look", {"quiet": "1"}),
    ]
    for noun, values in acts:
        with django_assert_max_num_queries(MOST_STATEMENTS):
            assert post(editor, article, noun, **values).status_code in {200, 204}
    entry = AuditEntry.objects.filter(actor=cast.editor).latest("id").pk
    with django_assert_max_num_queries(MOST_STATEMENTS):
        post(editor, article, "undo", entry=entry)
