"""Where an article stands, and what fills the gap in each list if it is pulled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import Article, Status
from curation import campaigns, exclusions, picks
from curation.campaigns import Plan
from curation.inward import inward
from curation.models import Exposure, ReadCount, RelatedCount
from curation.places import FRONT
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_section, suggest

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
    with django_assert_max_num_queries(18):
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
