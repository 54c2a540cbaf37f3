"""Starting, changing and ending campaigns, and the count of pages they change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles.models import Article, Section, Status
from curation import campaigns, exclusions, picks
from curation.campaign_reach import preview
from curation.campaigns import Plan, Reach
from curation.models import Campaign
from curation.related import related_list
from outbox.models import AuditEntry
from pagecache.models import Key
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(db: None) -> Article:
    return make_article("Bridge closed")


def plan(target: Article, hours: float = 3, begin: float = 0, **fields: Any) -> Plan:
    starts = NOON + timedelta(hours=begin)
    return Plan(target, fields.pop("slot", 1), starts, starts + timedelta(hours=hours), **fields)


def shown(article: Article) -> list[str]:
    return [item.article.headline for item in related_list(Article.objects.for_page().get(pk=article.pk))]


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


def test_a_campaign_stands_in_every_list_of_its_section_at_once_and_ends_by_itself(
    cast: Cast, story: Article, clock: Any
) -> None:
    here, elsewhere = make_article("Here"), make_article("Elsewhere", section=make_section("Sport"))
    row = campaigns.start(plan(story, reach=Reach(section=make_section())), actor=cast.editor)
    assert (shown(here), shown(elsewhere)) == (["Bridge closed"], [])
    assert row.made_by == cast.editor
    assert version(f"campaigns:section:{here.section_id}") == 1
    entry = AuditEntry.objects.get(verb="started campaign")
    assert (entry.actor, entry.details["headline"], entry.details["slot"]) == (cast.editor, "Bridge closed", 1)
    clock.shift(timedelta(hours=3))
    assert shown(here) == []


def test_one_with_a_tag_stands_beside_what_carries_it(cast: Cast, story: Article) -> None:
    tagged, other = make_article("Tagged"), make_article("Other")
    give_tags(tagged, "Bridges")
    tag = tagged.tags.get()
    campaigns.start(plan(story, reach=Reach(tag=tag)), actor=cast.editor)
    assert (shown(tagged), shown(other)) == (["Bridge closed"], [])


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_editors_run_campaigns(cast: Cast, story: Article, who: str) -> None:
    person = getattr(cast, who)
    row = campaigns.start(plan(story), actor=cast.chief)
    for verb in (
        lambda: campaigns.start(plan(story), actor=person),
        lambda: campaigns.change(row, plan(story, 5), actor=person),
        lambda: campaigns.end(row, actor=person),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"status": Status.DRAFT}, "target", "not scheduled either"),
        ({"status": Status.ARCHIVED}, "target", "not published"),
        ({"status": Status.SCHEDULED, "publish_at": NOON + timedelta(hours=4)}, "target", "only after the end"),
        ({"embargo_until": NOON + timedelta(hours=3)}, "target", "only after the end"),
        ({"expire_at": NOON}, "target", "has expired"),
    ],
)
def test_an_article_no_reader_could_see_is_refused_in_words(
    cast: Cast, fields: dict[str, Any], field: str, words: str
) -> None:
    target = make_article("Bridge closed", **fields)
    with pytest.raises(ValidationError) as refusal:
        campaigns.start(plan(target), actor=cast.editor)
    assert words in refusal.value.message_dict[field][0]
    assert not Campaign.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_scheduled_article_due_before_the_end_is_taken(cast: Cast, clock: Any) -> None:
    here = make_article("Here")
    coming = make_article("Coming", status=Status.SCHEDULED, publish_at=NOON + timedelta(hours=1))
    campaigns.start(plan(coming), actor=cast.editor)
    assert shown(here) == []
    clock.shift(timedelta(hours=1))
    assert shown(here) == ["Coming"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slot": 0}, "slot"),
        ({"slot": 6}, "slot"),
        ({"ends": NOON - timedelta(minutes=9)}, "ends"),
        ({"ends": NOON}, "ends"),
        ({"ends": NOON + timedelta(days=14, seconds=1)}, "ends"),
        ({"starts": NOON + timedelta(days=367), "ends": NOON + timedelta(days=368)}, "starts"),
        ({"note": "x" * 301}, "note"),
        ({"note": "\0"}, "note"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    cast: Cast, story: Article, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        campaigns.start(replace(plan(story), **change), actor=cast.editor)
    assert list(refusal.value.message_dict) == [field]
    campaigns.start(plan(story, hours=14 * 24), actor=cast.editor)  # the control: a fortnight is allowed


def test_an_article_excluded_from_every_list_has_no_campaign(cast: Cast, story: Article) -> None:
    exclusions.never_anywhere(story, actor=cast.editor, reason="Names a minor")
    with pytest.raises(ValidationError, match="Names a minor"):
        campaigns.start(plan(story), actor=cast.editor)


def test_nobody_starts_one_in_the_past(cast: Cast, story: Article) -> None:
    row = campaigns.start(plan(story, hours=10, begin=-5), actor=cast.editor)
    assert row.starts == NOON


def test_ending_ends_at_once_and_only_once(cast: Cast, story: Article, clock: Any) -> None:
    here = make_article("Here")
    row = campaigns.start(plan(story), actor=cast.editor)
    clock.shift(timedelta(minutes=5))
    assert campaigns.end(row, actor=cast.chief)
    assert shown(here) == []
    assert version("campaigns") == 2
    assert not campaigns.end(row, actor=cast.chief)
    assert AuditEntry.objects.get(verb="ended campaign").actor == cast.chief
    row.refresh_from_db()
    assert row.ends == NOON + timedelta(minutes=5)


def test_one_that_has_not_begun_never_happens(cast: Cast, story: Article) -> None:
    row = campaigns.start(plan(story, begin=2), actor=cast.editor)
    assert campaigns.end(row, actor=cast.editor)
    assert not Campaign.objects.exists()
    assert AuditEntry.objects.get(verb="ended campaign").details["begun"] is False
    with pytest.raises(ValidationError, match="taken back"):
        campaigns.change(row, plan(story, begin=3), actor=cast.editor)


def test_one_that_has_begun_keeps_what_readers_were_shown(cast: Cast, story: Article, clock: Any) -> None:
    row = campaigns.start(plan(story), actor=cast.editor)
    clock.shift(timedelta(minutes=5))
    for other in (plan(story, slot=2), plan(make_article("Other")), plan(story, reach=Reach(make_section()))):
        with pytest.raises(ValidationError, match="has begun"):
            campaigns.change(row, other, actor=cast.editor)
    row = campaigns.change(row, plan(story, hours=6, note="longer"), actor=cast.chief)
    assert (row.ends, row.note) == (NOON + timedelta(hours=6), "longer")
    entry = AuditEntry.objects.get(verb="changed campaign")
    assert (entry.details["before"]["ends"], entry.details["after"]["note"]) == ("2026-03-02T15:00:00+00:00", "longer")
    clock.shift(timedelta(hours=7))
    with pytest.raises(ValidationError, match="has ended"):
        campaigns.change(row, plan(story, hours=8), actor=cast.editor)


def test_one_to_come_may_change_altogether(cast: Cast, story: Article) -> None:
    row = campaigns.start(plan(story, begin=2), actor=cast.editor)
    other = make_article("Other")
    row = campaigns.change(row, plan(other, begin=4, slot=3), actor=cast.editor)
    assert (row.target, row.slot, row.starts) == (other, 3, NOON + timedelta(hours=4))
    assert campaigns.change(row, Plan.of(row), actor=cast.editor) == row
    assert AuditEntry.objects.filter(verb="changed campaign").count() == 1


# How many pages change


def test_the_preview_counts_public_pages_and_names_those_that_stay_without(cast: Cast, story: Article) -> None:
    section: Section = make_section()
    off, excluding, apart, *_plain = [make_article(f"Page {number}") for number in range(6)]
    make_article("Draft", status=Status.DRAFT)
    make_article("Elsewhere", section=make_section("Sport"))
    picks.switch(off, off=True, actor=cast.editor)
    exclusions.never_here(excluding, story, actor=cast.editor)
    exclusions.keep_apart([apart, story], actor=cast.editor, reason="trial")
    found = preview(Reach(section=section), story)
    assert (found.pages, found.switched_off, found.excluded, found.apart, found.changed) == (6, 1, 1, 1, 3)
    assert found.words().startswith("3 pages change. 1 list is switched off")
    assert "kept apart" in found.words()


def test_nothing_in_reach_is_said(cast: Cast, story: Article) -> None:
    assert "no public article" in preview(Reach(section=make_section("Empty")), story).words()


def test_the_count_is_bounded(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.campaign_reach.MOST_COUNTED", 2)
    for number in range(4):
        make_article(f"Page {number}")
    assert preview(Reach(), story).words() == "More than 10,000 pages change."


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 20])
def test_the_preview_costs_the_same_whatever_the_reach(
    cast: Cast, story: Article, size: int, django_assert_num_queries: Any
) -> None:
    for number in range(size):
        exclusions.never_here(make_article(f"Page {number}"), story, actor=cast.editor)
    reach = Reach(section=make_section())
    with django_assert_num_queries(4):
        preview(reach, story)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_end_it_at_once_end_it_once(cast: Cast) -> None:
    for number in range(5):
        row = campaigns.start(plan(make_article(f"Story {number}"), hours=3), actor=cast.editor)
        later = NOON + timedelta(minutes=1)
        with time_machine.travel(later, tick=False):
            problems = at_once([lambda row=row: campaigns.end(row, actor=cast.chief)] * 3)  # type: ignore[misc]
        assert problems == []
        row.refresh_from_db()
        assert row.ends == later
    assert AuditEntry.objects.filter(verb="ended campaign").count() == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_ends_it_while_another_makes_it_longer(cast: Cast) -> None:
    """Whoever comes last is told; whatever the order, nothing is half written."""
    for number in range(5):
        row = campaigns.start(plan(make_article(f"Story {number}"), hours=3), actor=cast.editor)
        longer = replace(Plan.of(row), ends=NOON + timedelta(hours=6))
        with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
            problems = at_once(
                [
                    lambda row=row: campaigns.end(row, actor=cast.chief),  # type: ignore[misc]
                    lambda row=row, longer=longer: campaigns.change(row, longer, actor=cast.editor),  # type: ignore[misc]
                ]
            )
        row.refresh_from_db()
        assert row.ends == NOON + timedelta(minutes=1)  # the end holds, whoever was first
        assert all("has ended" in str(problem) for problem in problems)


@pytest.mark.parametrize("typed", [{}, {"ends_0": "2020-01-01", "ends_1": "12:00"}, {"starts_0": "x", "ends_0": "\0"}])
def test_a_refused_change_says_what_is_wrong_and_the_form_stays(cast: Cast, story: Article, typed: Any) -> None:
    client = Client()
    client.force_login(cast.editor)
    for begin in (0, 1):
        row = campaigns.start(plan(story, begin=begin), actor=cast.editor)
        answer = client.post(f"/admin/curation/campaign/{row.pk}/change/", typed)
        assert answer.status_code == 200
        assert 'name="ends_0"' in answer.content.decode()
        assert "errorlist" in answer.content.decode()
