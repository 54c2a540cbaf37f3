"""Where an article stands, and what fills the gap in each list if it is pulled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import Article, Status
from curation import campaigns, exclusions, picks
from curation.campaigns import Plan, Reach
from curation.inward import inward
from curation.models import Campaign, Exposure, ReadCount, RelatedCount
from curation.places import FRONT
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
def story(db: None) -> Article:
    return make_article("Bridge closed")


def page(user: User, article: Article) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/admin/curation/pick/article/{article.pk}/inward/")


def test_lists_are_told_apart_by_pick_and_by_engine_with_what_follows(cast: Cast, story: Article) -> None:
    one, two = make_article("One"), make_article("Two")
    rest = [make_article(f"Fill {number}") for number in range(6)]
    picks.pick(one, story, actor=cast.editor)
    suggest(one, *rest)
    suggest(two, rest[0], story)
    found = inward(story)
    assert [(row.page, row.place, row.successor) for row in found.by_pick] == [(one.pk, 1, rest[4].pk)]
    assert [(row.page, row.place, row.successor) for row in found.by_engine] == [(two.pk, 2, None)]
    html = page(cast.editor, story).content.decode()
    for words in ("One", "Two", "Fill 4", "the list becomes shorter", "1 by pick, 1 by the engine"):
        assert words in html, words


def test_a_suggestion_below_the_places_readers_see_is_no_standing(cast: Cast, story: Article) -> None:
    here = make_article("Here")
    suggest(here, *[make_article(f"Fill {number}") for number in range(5)], story)
    assert inward(story).standings == []
    assert "stands in no list" in page(cast.editor, story).content.decode()


def test_lists_that_are_off_or_exclude_it_or_are_not_public_do_not_show_it(cast: Cast, story: Article) -> None:
    off, excluding, draft = make_article("Off"), make_article("Excluding"), make_article("Draft", status=Status.DRAFT)
    for one in (off, excluding, draft):
        suggest(one, story)
    picks.switch(off, off=True, actor=cast.editor)
    exclusions.never_here(excluding, story, actor=cast.editor)
    assert inward(story).standings == []


def test_its_partner_that_is_kept_apart_may_follow_it(cast: Cast, story: Article) -> None:
    """Without it, nothing keeps the other of the group out any more."""
    here, other = make_article("Here"), make_article("Other")
    suggest(here, story, other)
    exclusions.keep_apart([story, other], actor=cast.editor, reason="trial")
    assert [row.successor for row in inward(story).standings] == [other.pk]


def test_front_section_pages_and_campaigns_are_named(cast: Cast, story: Article) -> None:
    picks.pick(FRONT, story, actor=cast.editor)
    picks.pick(make_section("Sport"), story, actor=cast.editor)
    campaigns.start(Plan(story, 2, NOON, NOON + timedelta(hours=3)), actor=cast.editor)
    html = page(cast.editor, story).content.decode()
    for words in (
        "Front page",
        "by pick",
        "Section page: Sport",
        "Place 2 beside every article",
        "Mon 2 March 2026, 15:00",
    ):
        assert words in html, words


def test_a_pick_for_the_front_page_that_waits_is_told(cast: Cast, story: Article) -> None:
    picks.pick(FRONT, story, actor=cast.editor)
    assert [(row.place, row.picked) for row in inward(story).pages] == [(1, True)]
    picks.switch(FRONT, off=True, actor=cast.editor)
    assert [row.picked for row in inward(story).pages] == [True]
    picks.switch(FRONT, off=False, actor=cast.editor)
    for number in range(9):
        picks.pick(FRONT, make_article(f"Above {number}"), actor=cast.editor, position=1)
    assert "picked, but not shown there now" in page(cast.editor, story).content.decode()


def test_picks_that_show_nothing_now_are_listed_apart(cast: Cast, story: Article, clock: Any) -> None:
    draft = make_article("Somebody’s draft", status=Status.DRAFT)
    lapsed = make_article("Lapsed here")
    picks.pick(draft, story, actor=cast.editor)
    picks.pick(lapsed, story, actor=cast.editor, details=picks.Details(until=NOON + timedelta(minutes=1)))
    clock.shift(timedelta(minutes=2))
    html = page(cast.editor, story).content.decode()
    for words in ("that article is not public", "its time has passed", "Somebody’s draft"):
        assert words in html, words


def test_only_so_many_lists_are_looked_at_and_the_rest_is_estimated(cast: Cast, story: Article) -> None:
    for number in range(6):
        suggest(make_article(f"Page {number}"), story)
    Exposure.objects.create(article=story, lists=214, own=0)
    found = inward(story, most=4)
    assert (len(found.standings), found.left_out, found.estimate) == (4, True, 214)
    assert not inward(story, most=6).left_out


# Campaigns


def campaign(target: Article, slot: int = 1, reach: Reach | None = None, hours: float = 3) -> Campaign:
    return campaigns.start(Plan(target, slot, NOON, NOON + timedelta(hours=hours), reach or Reach()), actor=None)


def test_a_campaign_of_another_article_takes_a_place(cast: Cast, story: Article) -> None:
    here, breaking = make_article("Here"), make_article("Breaking")
    suggest(here, *[make_article(f"Fill {number}") for number in range(4)], story)
    assert [row.place for row in inward(story).by_engine] == [5]
    campaign(breaking, 1, Reach(section=here.section))
    assert inward(story).standings == []  # the fifth place is the campaign's now
    assert "stands in no list" in page(cast.editor, story).content.decode()


def test_what_fills_the_gap_counts_with_the_places_campaigns_take(cast: Cast, story: Article) -> None:
    here = make_article("Here")
    rest = [make_article(f"Fill {number}") for number in range(5)]
    suggest(here, story, *rest)
    campaign(make_article("Breaking"), 2, Reach(section=here.section))
    found = [row for row in inward(story).standings if row.page == here.pk]
    assert [(row.place, row.origin, row.successor) for row in found] == [(1, "fill", rest[3].pk)]


def test_every_list_a_campaign_brings_it_into_is_counted_and_named(cast: Cast, story: Article) -> None:
    sport = make_section("Sport")
    inside = [make_article(f"Match {number}", section=sport) for number in range(3)]
    tagged = make_article("Tagged")
    give_tags(tagged, "Bridges")
    give_tags(inside[0], "Bridges")
    make_article("Hidden", section=sport, status=Status.DRAFT)
    by_section = campaign(story, 1, Reach(section=sport))
    by_tag = campaign(story, 1, Reach(tag=tagged.tags.get()))
    found = inward(story)
    reached = {pk: sorted(one.pages) for pk, one in found.reached.items()}
    assert reached == {by_section.pk: [row.pk for row in inside], by_tag.pk: [tagged.pk]}  # each list once
    assert sorted(row.page for row in found.by_campaign) == [*[row.pk for row in inside], tagged.pk]
    html = page(cast.editor, story).content.decode()
    for words in ("4 by campaign", "in 3 lists · ends in 3\xa0hours", "in 1 list ·", "Match 2", "Tagged", "15:00"):
        assert words in html, words
    assert "Hidden" not in html


def test_lists_that_stay_without_a_campaign_are_not_counted(cast: Cast, story: Article) -> None:
    off, excluding, apart, linking, full = (
        make_article(name) for name in ("Off", "Excluding", "Apart", "Linking", "Full")
    )
    picks.switch(off, off=True, actor=cast.editor)
    exclusions.never_here(excluding, story, actor=cast.editor)
    exclusions.keep_apart([apart, story], actor=cast.editor, reason="Trial")
    linking.linked_ids = [story.pk]
    linking.save()
    campaign(story, 5)
    assert [row.page for row in inward(story).by_campaign] == [full.pk]
    exclusions.never_anywhere(story, actor=cast.editor, reason="Wrong")
    assert inward(story).standings == []


def test_a_campaign_that_others_crowd_out_stands_nowhere(cast: Cast, story: Article) -> None:
    here = make_article("Here")
    rows = [make_article(f"Breaking {number}") for number in range(5)]
    for row in rows:
        campaign(row, 1)
    mine = campaign(story, 2)
    assert sorted(inward(story).reached[mine.pk].pages) == [row.pk for row in rows]  # on their own pages there is room
    campaigns.end(Campaign.objects.get(target=rows[0]), actor=None)
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        assert here.pk in inward(story).reached[mine.pk].pages


def test_a_campaign_to_come_is_told_and_counted_in_no_list(cast: Cast, story: Article) -> None:
    make_article("Here")
    later = NOON + timedelta(hours=2)
    campaigns.start(Plan(story, 1, later, later + timedelta(hours=1)), actor=None)
    found = inward(story)
    assert (found.pinned, found.standings, len(found.campaigns)) == (0, [], 1)
    html = page(cast.editor, story).content.decode()
    assert "starts in 2\xa0hours" in html
    assert "it does not begin" in html


def test_a_pick_where_a_campaign_shows_it_already_does_not_wait(cast: Cast, story: Article) -> None:
    here = make_article("Here")
    picks.pick(here, story, actor=cast.editor)
    campaign(story, 3, Reach(section=here.section))
    found = inward(story)
    assert [(row.page, row.origin) for row in found.standings] == [(here.pk, "pin")]
    assert found.waiting == []


def test_more_lists_than_are_looked_at_are_told(cast: Cast, story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.pinned.MOST_COUNTED", 2)
    for number in range(4):
        make_article(f"Page {number}")
    campaign(story, 1)
    html = page(cast.editor, story).content.decode()
    assert "at least" in html
    assert "Campaigns reach more lists" in html


@pytest.mark.parametrize("size", [2, 25])
def test_campaigns_cost_the_same_whatever_their_number_and_reach(
    cast: Cast, story: Article, size: int, django_assert_num_queries: Any
) -> None:
    tagged = [make_article(f"Page {number}") for number in range(size)]
    for one in tagged:
        give_tags(one, "Bridges")
        campaign(story, 1, Reach(section=make_section(f"Section {one.pk}")))
        exclusions.keep_apart([one, make_article("Apart")], actor=None, reason="Trial")
    campaign(story, 1, Reach(tag=tagged[0].tags.get()))
    client = Client()
    client.force_login(cast.editor)
    address = f"/admin/curation/pick/article/{story.pk}/inward/"
    client.get(address)
    with django_assert_num_queries(26):
        client.get(address)


@pytest.mark.parametrize("size", [2, 25])
def test_the_page_costs_the_same_whatever_the_number_of_lists(
    cast: Cast, story: Article, size: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(size):
        one = make_article(f"Page {number}")
        suggest(one, story, make_article(f"Next {number}"))
        picks.pick(make_article(f"Picked {number}"), story, actor=cast.editor)
    client = Client()
    client.force_login(cast.editor)
    address = f"/admin/curation/pick/article/{story.pk}/inward/"
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)


@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 403), ("moderator", 403), ("editor", 200), ("chief", 200), ("administrator", 200)],
)
def test_it_is_for_those_who_know_every_article(cast: Cast, story: Article, who: str, status: int) -> None:
    assert page(getattr(cast, who), story).status_code == status


def test_strangers_are_sent_to_the_door_and_nothing_can_be_posted(cast: Cast, story: Article) -> None:
    address = f"/admin/curation/pick/article/{story.pk}/inward/"
    assert "/login/" in Client().get(address).headers["Location"]
    client = Client()
    client.force_login(cast.editor)
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("pk", [0, 999_999, 2**63, 10**30])
def test_an_unknown_article_is_not_found(cast: Cast, pk: int) -> None:
    client = Client()
    client.force_login(cast.editor)
    for name in ("inward", "record"):
        assert client.get(f"/admin/curation/pick/article/{pk}/{name}/").status_code == 404


def test_hostile_headlines_are_text(cast: Cast) -> None:
    story = make_article("<script>1</script>")
    suggest(make_article("<img src=x onerror=1>"), story)
    html = page(cast.editor, story).content.decode()
    assert "<script>1" not in html
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_the_page_tells_what_readers_did(cast: Cast, story: Article, client: Client) -> None:
    today = timezone.localdate()
    ReadCount.objects.create(article=story, day=today, reads=41)
    other = make_article("Another page")
    RelatedCount.objects.create(article=other, target=story, slot=1, day=today, shown=17, clicked=3)
    client.force_login(cast.editor)
    page = client.get(f"/admin/curation/pick/article/{story.pk}/inward/").content.decode()
    assert "Last 7 days: opened 41 times. In other lists shown 17 times, chosen 3." in page
