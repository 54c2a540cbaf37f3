"""What did the box show on that day, and who changed it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import publishing, revisions
from articles.models import Article, Status, Tag
from articles.state import WorkingState
from curation import campaigns, exclusions, history, picks
from curation.audit_words import LIST_VERBS, in_words
from curation.campaigns import Plan, Reach
from curation.picks import Details
from curation.records import record_list
from curation.screens.record import read_moment
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section, suggest

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here(db: None) -> Article:
    return make_article("Here")


def page(user: User, article: Article, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/admin/curation/pick/article/{article.pk}/record/", query)


def then(article: Article, hours: float) -> list[tuple[str, str]]:
    shown = history.at(article, NOON + timedelta(hours=hours)).shown
    return [(Article.objects.get(pk=one.target).headline, one.origin) for one in shown]


def test_the_list_is_answered_for_any_instant(cast: Cast, here: Article, clock: Any) -> None:
    first, second = make_article("First"), make_article("Second")
    suggest(here, second)
    picks.pick(here, first, actor=cast.editor)
    clock.shift(timedelta(hours=2))
    picks.unpick(here, first, actor=cast.editor)
    assert then(here, 0) == [("First", "pick"), ("Second", "fill")]
    assert then(here, 1.9) == [("First", "pick"), ("Second", "fill")]
    assert then(here, 2) == [("Second", "fill")]
    html = page(cast.editor, here, at="2026-03-02T12:30").content.decode()
    for words in ("Mon 2 March 2026, 12:30", "First", "picked", "suggested"):
        assert words in html, words


def test_a_campaign_is_laid_over_it_while_it_ran_also_after_its_end(cast: Cast, here: Article, clock: Any) -> None:
    fills = [make_article(f"Fill {number}") for number in range(5)]
    suggest(here, *fills)
    record_list(here)
    breaking = make_article("Breaking")
    row = campaigns.start(
        Plan(breaking, 2, NOON, NOON + timedelta(hours=6), Reach(section=here.section)), actor=cast.chief
    )
    clock.shift(timedelta(hours=1))
    campaigns.end(row, actor=cast.chief)
    clock.shift(timedelta(hours=5))
    during = then(here, 0.5)
    assert [headline for headline, _origin in during] == ["Fill 0", "Breaking", "Fill 1", "Fill 2", "Fill 3"]
    assert during[1][1] == "pin"
    assert then(here, 1) == [(f"Fill {number}", "fill") for number in range(5)]
    assert "by campaign of Chiara Chief" in page(cast.editor, here, at="2026-03-02T12:30").content.decode()


def test_only_campaigns_that_reach_the_article_count(cast: Cast, here: Article) -> None:
    record_list(here)
    suggest(here, make_article("Fill"))
    record_list(here)
    give_tags(here, "Bridges")
    other = make_article("Other")
    give_tags(other, "Ferries")
    ends = NOON + timedelta(hours=1)
    for reach in (Reach(make_section("Sport")), Reach(tag=other.tags.get())):
        campaigns.start(Plan(make_article("Elsewhere"), 1, NOON, ends, reach), actor=None)
    assert then(here, 0.5) == [("Fill", "fill")]
    campaigns.start(Plan(make_article("Tagged"), 1, NOON, ends, Reach(tag=here.tags.get())), actor=None)
    assert then(here, 0.5) == [("Tagged", "pin"), ("Fill", "fill")]


def written(cast: Cast, section: str, *tags: str, links: Article | None = None) -> Article:
    """A story published from a revision, as the desk does."""
    body = f'<p><a href="{links.get_absolute_url()}">x</a></p>' if links else "<p>x</p>"
    state = WorkingState(headline="Written", section=make_section(section).pk, tags=tags, body=body)
    return publishing.publish(revisions.create(state, actor=cast.editor), actor=cast.editor)


def rewrite(article: Article, cast: Cast, **changes: Any) -> None:
    article = Article.objects.get(pk=article.pk)
    revisions.save(article, WorkingState.of(article).with_(**changes), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)


def test_section_and_tags_are_those_the_article_had_then(cast: Cast, clock: Any) -> None:
    story = written(cast, "City", "Bridges")
    suggest(story, make_article("Fill"))
    record_list(story)
    ends = NOON + timedelta(hours=6)
    by_tag = Reach(tag=Tag.objects.get(name="Bridges"))
    campaigns.start(Plan(make_article("In City"), 1, NOON, ends, Reach(make_section("City"))), actor=None)
    campaigns.start(Plan(make_article("On bridges"), 2, NOON, ends, by_tag), actor=None)
    campaigns.start(Plan(make_article("In Sport"), 3, NOON, ends, Reach(make_section("Sport"))), actor=None)
    clock.shift(timedelta(hours=2))
    rewrite(story, cast, section=make_section("Sport").pk, tags=("Ferries",))
    story = Article.objects.get(pk=story.pk)
    assert then(story, 1) == [("In City", "pin"), ("On bridges", "pin"), ("Fill", "fill")]
    assert then(story, 2) == [("Fill", "fill"), ("In Sport", "pin")]
    for hour in ("13:00", "14:00"):
        html = page(cast.editor, story, at=f"2026-03-02T{hour}").content.decode()
        assert "are those the article had then." in html


def test_a_tag_that_was_renamed_since_still_counts_where_the_story_is_the_same(cast: Cast) -> None:
    story = written(cast, "City", "Bridges")
    suggest(story, make_article("Fill"))
    record_list(story)
    tag = Tag.objects.get(name="Bridges")
    campaigns.start(Plan(make_article("Pinned"), 1, NOON, NOON + timedelta(hours=6), Reach(tag=tag)), actor=None)
    tag.name = "Spans"
    tag.save()
    assert then(story, 1) == [("Pinned", "pin"), ("Fill", "fill")]


def test_a_tag_that_nothing_is_called_any_more_is_told(cast: Cast, clock: Any) -> None:
    story = written(cast, "City", "<b>Bridges")
    suggest(story, make_article("Fill"))
    record_list(story)
    clock.shift(timedelta(hours=2))
    rewrite(story, cast, tags=("Ferries",))
    Tag.objects.get(name="<b>Bridges").delete()
    html = page(cast.editor, Article.objects.get(pk=story.pk), at="2026-03-02T13:00").content.decode()
    assert "no tag is called “&lt;b&gt;Bridges” any more" in html


def test_what_the_story_linked_to_then_was_not_pinned_beside_it(cast: Cast, clock: Any) -> None:
    linked = make_article("Linked")
    story = written(cast, "City", links=linked)
    assert story.linked_ids == [linked.pk]
    suggest(story, make_article("Fill"))
    record_list(story)
    campaigns.start(Plan(linked, 1, NOON, NOON + timedelta(hours=6)), actor=None)
    clock.shift(timedelta(hours=2))
    rewrite(story, cast, body="<p>Nothing linked.</p>")
    story = Article.objects.get(pk=story.pk)
    assert [then(story, hours) for hours in (1, 2)] == [[("Fill", "fill")], [("Linked", "pin"), ("Fill", "fill")]]


def test_what_was_excluded_from_the_list_then_was_not_pinned_there(cast: Cast, here: Article, clock: Any) -> None:
    breaking = make_article("Breaking")
    suggest(here, make_article("Fill"))
    record_list(here)
    campaigns.start(Plan(breaking, 1, NOON, NOON + timedelta(hours=9)), actor=None)
    clock.shift(timedelta(hours=1))
    exclusions.never_here(here, breaking, actor=cast.editor)
    clock.shift(timedelta(hours=1))
    exclusions.allow_here(here, breaking, actor=cast.editor)
    assert [len(then(here, hours)) for hours in (0.5, 1.5, 2)] == [2, 1, 2]


def test_without_a_revision_the_page_says_that_it_is_todays_section(cast: Cast, here: Article) -> None:
    suggest(here, make_article("Fill"))
    record_list(here)
    assert "are taken as they are now" in page(cast.editor, here, at="2026-03-02T12:00").content.decode()


def test_a_campaign_of_itself_or_of_what_the_story_links_to_was_not_shown(cast: Cast, here: Article) -> None:
    linked = make_article("Linked")
    suggest(here, make_article("Fill"))
    record_list(here)
    here.linked_ids = [linked.pk]
    here.save()
    for target in (here, linked):
        campaigns.start(Plan(target, 1, NOON, NOON + timedelta(hours=1)), actor=None)
    assert then(here, 0.5) == [("Fill", "fill")]


def test_a_list_that_was_off_showed_nothing_not_even_campaigns(cast: Cast, here: Article, clock: Any) -> None:
    suggest(here, make_article("Fill"))
    record_list(here)
    campaigns.start(Plan(make_article("Breaking"), 1, NOON, NOON + timedelta(hours=6)), actor=None)
    clock.shift(timedelta(hours=1))
    picks.switch(here, off=True, actor=cast.editor)
    clock.shift(timedelta(hours=1))
    picks.switch(here, off=False, actor=cast.editor)
    assert [len(then(here, hours)) for hours in (0.5, 1.5, 2)] == [2, 0, 2]
    assert "The list was switched off." in page(cast.editor, here, at="2026-03-02T13:30").content.decode()


def test_before_the_first_record_it_says_so(cast: Cast, here: Article) -> None:
    assert "Nothing was kept about this list yet" in page(cast.editor, here).content.decode()
    suggest(here, make_article("Fill"))
    record_list(here)
    html = page(cast.editor, here, at="2026-03-01T12:00").content.decode()
    assert "Nothing was kept before Mon 2 March 2026, 12:00." in html


def test_the_time_is_the_sites_own(cast: Cast, here: Article, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"  # thirteen hours ahead
    assert read_moment("2026-03-02T12:00") == (NOON - timedelta(hours=13), "")
    assert read_moment("2026-03-02")[0] == NOON - timedelta(hours=13)
    assert read_moment("2026-03-02T12:00:00Z") == (NOON, "")


LONG = "x" * 999
BAD = f"yesterday 2026-02-30 2026-13-01T00:00 0001-01-01T00:00 9999-12-31T23:59 2026-03-02T25:00 {LONG} -1 <script>1"


@pytest.mark.parametrize("typed", [*BAD.split(), "2026-03-02T12:00+99:00"])
def test_a_bad_date_is_told_in_words_and_stays(cast: Cast, here: Article, typed: str) -> None:
    answer = page(cast.editor, here, at=typed)
    html = answer.content.decode()
    if typed.startswith("0001"):
        assert answer.status_code in {200, 400}
    else:
        assert answer.status_code == 400
        assert "errornote" in html
    assert "<script>1" not in html


def test_the_trail_tells_who_did_what_from_what_to_what(cast: Cast, here: Article) -> None:
    first, second = make_article("First"), make_article("Second")
    for target in (first, second):
        picks.pick(here, target, actor=cast.chief)
    picks.reorder(here, [second.pk, first.pk], actor=cast.chief)
    picks.describe(here, first, Details(until=NOON + timedelta(days=1), note="Vote"), actor=cast.editor)
    picks.switch(here, off=True, actor=cast.editor)
    picks.switch(here, off=False, actor=cast.editor)
    exclusions.never_here(here, second, actor=cast.editor, reason="Same facts")
    exclusions.allow_here(here, second, actor=cast.editor)
    picks.unpick(here, first, actor=None)
    html = page(cast.editor, here).content.decode()
    for words in (
        "Chiara Chief picked “First” at place 1",
        "Chiara Chief picked “Second” at place 2",
        "from “First”, “Second” to “Second”, “First”",
        "Edda Editor changed the pick “First”: end from none to Tue 3 March 2026, 12:00; note from none to “Vote”",
        "Edda Editor switched the list off",
        "Edda Editor switched the list on",
        "Edda Editor excluded “Second” from this list: Same facts",
        "Edda Editor allowed “Second” in this list again",
        "The system removed the pick “First” from place 1",
    ):
        assert words in html, words


@pytest.mark.once
@pytest.mark.parametrize("verb", [*LIST_VERBS, "something new"])
@pytest.mark.parametrize(
    "details", [{}, None, [], {"picked": 1, "before": None, "after": {}}, {"before": 7, "after": "x"}]
)
def test_entries_that_no_longer_read_as_they_were_written_are_still_told(
    cast: Cast, here: Article, verb: str, details: Any
) -> None:
    AuditEntry.objects.create(
        actor_name="<b>Edda", verb=verb, object_type="articles.article", object_id=str(here.pk), details=details or {}
    )
    entry = AuditEntry.objects.get()
    entry.details = details
    assert in_words(entry, {}).startswith("<b>Edda ")
    assert "<b>Edda" not in page(cast.editor, here).content.decode()


def test_the_trail_is_paged(cast: Cast, here: Article, clock: Any) -> None:
    for _number in range(20):
        clock.shift(timedelta(minutes=1))
        picks.switch(here, off=True, actor=cast.editor)
        picks.switch(here, off=False, actor=cast.editor)
    first, second, third = (page(cast.editor, here, p=number).content.decode() for number in (1, 2, 3))
    assert (first.count("switched the list"), second.count("switched the list")) == (30, 10)
    assert "Older" in first
    assert "Older" not in second
    assert "Nothing older." in third
    for nonsense in ("x", "-1", "9" * 40):
        assert page(cast.editor, here, p=nonsense).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 403), ("moderator", 403), ("editor", 200), ("chief", 200), ("administrator", 200)],
)
def test_it_is_for_those_who_know_every_article(cast: Cast, here: Article, who: str, status: int) -> None:
    draft = make_article("Draft", status=Status.DRAFT, created_by=cast.contributor)
    assert page(getattr(cast, who), here).status_code == status
    assert page(getattr(cast, who), draft).status_code == status


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 12])
def test_the_page_costs_the_same_at_any_size(
    cast: Cast, here: Article, size: int, django_assert_num_queries: Any
) -> None:
    for number in range(size):
        picks.pick(here, make_article(f"Pick {number}"), actor=cast.editor, position=1)
        campaigns.start(Plan(make_article(f"Pin {number}"), 1, NOON, NOON + timedelta(hours=1)), actor=cast.chief)
    client = Client()
    client.force_login(cast.editor)
    address = f"/admin/curation/pick/article/{here.pk}/record/"
    client.get(address)
    with django_assert_num_queries(14):
        client.get(address)


def test_what_is_done_to_many_lists_is_worded_too(cast: Cast, here: Article, clock: Any) -> None:
    other = make_article("Other")
    row = campaigns.start(Plan(here, 2, NOON, NOON + timedelta(hours=3)), actor=cast.chief)
    campaigns.change(row, replace(Plan.of(row), ends=NOON + timedelta(hours=4)), actor=cast.chief)
    clock.shift(timedelta(minutes=5))
    campaigns.end(row, actor=cast.editor)
    exclusions.never_anywhere(here, actor=cast.editor, reason="Names a minor")
    exclusions.allow_anywhere(here, actor=cast.editor)
    group = exclusions.keep_apart([here, other], actor=cast.editor, reason="Trial")
    exclusions.let_together(group, actor=cast.editor)
    names = {here.pk: "Here", other.pk: "Other"}
    words = [in_words(entry, names) for entry in AuditEntry.objects.order_by("pk")]
    plan = "“Here” at place 2 beside every article, Mon 2 March 2026, 12:00 to Mon 2 March 2026, "
    assert words == [
        f"Chiara Chief started a campaign: {plan}15:00",
        f"Chiara Chief changed a campaign from {plan}15:00 to {plan}16:00",
        f"Edda Editor ended a campaign: {plan}16:00",
        "Edda Editor excluded the article from every list: Names a minor",
        "Edda Editor allowed the article in lists again",
        "Edda Editor kept apart “Here”, “Other”: Trial",
        "Edda Editor let stand together again “Here”, “Other”",
    ]
