"""What stands under *Articles You May Like*, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Status
from articles.page_plan import PagePlan
from curation import exclusions, picks
from curation.candidates import Reach, candidates_of
from curation.models import Campaign, CuratedList, Pick
from curation.related import related_list
from pagecache.reading import recording
from tests.factories import give_tags, make_article, make_image, make_section, suggest

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def story(headline: str, days: float = 1, *tags: str, **fields: Any) -> Article:
    """A public story published ``days`` ago."""
    article = make_article(headline, publish_at=NOON - timedelta(days=days), **fields)
    give_tags(article, *tags)
    return article


def shown(article: Article, *exclude: int, slots: int | None = None) -> list[str]:
    page = Article.objects.for_page().get(pk=article.pk)
    return [item.article.headline for item in related_list(page, exclude, slots)]


def test_picks_come_first_in_the_editors_order() -> None:
    article = story("Here", 1)
    suggest(article, story("Suggested", 1))
    for name in ("Second", "First"):
        picks.pick(article, story(name, 400), actor=None, position=1)
    assert shown(article) == ["First", "Second", "Suggested"]


def test_the_engine_fills_what_is_left_best_first() -> None:
    article = story("Here")
    suggest(article, *(story(f"Story {number}") for number in range(7)))
    picks.pick(article, story("Picked"), actor=None)
    assert shown(article) == ["Picked", "Story 0", "Story 1", "Story 2", "Story 3"]


def test_a_pick_that_is_also_suggested_stands_once() -> None:
    article, other = story("Here"), story("Other")
    suggest(article, story("Better"), other)
    picks.pick(article, other, actor=None)
    assert shown(article) == ["Other", "Better"]


def test_the_off_switch_wins_over_everything() -> None:
    article, other = story("Here"), story("Other")
    suggest(article, story("Suggested"))
    picks.pick(article, other, actor=None)
    Campaign.objects.create(target=story("Breaking"), starts=NOON, ends=NOON + timedelta(hours=1))
    picks.switch(article, off=True, actor=None)
    assert shown(article) == []
    picks.switch(article, off=False, actor=None)
    assert shown(article) == ["Breaking", "Other", "Suggested"]


def test_a_pick_lapses_by_itself_and_its_place_is_filled() -> None:
    article, other = story("Here"), story("Other")
    suggest(article, story("Suggested"))
    end = NOON + timedelta(hours=6)
    picks.pick(article, other, actor=None, details=picks.Details(until=end))
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        related_list(page)
    assert record.boundary == end
    with time_machine.travel(end, tick=False):
        assert shown(article) == ["Suggested"]


def test_a_pick_may_have_words_and_a_picture_of_its_own() -> None:
    article, other = story("Here"), story("Other", lead_picture=make_image("Theirs."))
    own = make_image("Ours.")
    picks.pick(article, other, actor=None, details=picks.Details(headline="<b>Here</b> only", picture=own.pk))
    html = render(article, PagePlan())
    assert "&lt;b&gt;Here&lt;/b&gt; only" in html
    assert "Ours." in html
    assert "Theirs." not in html


def test_what_the_storys_own_text_links_to_is_not_suggested_but_may_be_picked() -> None:
    article, linked = story("Here"), story("Linked")
    Article.objects.filter(pk=article.pk).first()
    article.linked_ids = [linked.pk]
    article.save()
    suggest(article, linked, story("Other"))
    assert shown(article) == ["Other"]
    picks.pick(article, linked, actor=None)
    assert shown(article) == ["Linked", "Other"]


def test_what_is_excluded_here_or_anywhere_never_appears() -> None:
    article, elsewhere, one, two = story("Here"), story("Elsewhere"), story("One"), story("Two")
    for page in (article, elsewhere):
        suggest(page, one, two)
    exclusions.never_here(article, one, actor=None)
    assert (shown(article), shown(elsewhere)) == (["Two"], ["One", "Two"])
    exclusions.never_anywhere(two, actor=None, reason="Retracted")
    assert (shown(article), shown(elsewhere)) == ([], ["One"])
    exclusions.allow_here(article, one, actor=None)
    exclusions.allow_anywhere(two, actor=None)
    assert shown(article) == ["One", "Two"]


def test_of_articles_kept_apart_only_the_first_stands_on_a_page() -> None:
    trial, victim, other = story("Trial"), story("Victim"), story("Other")
    page = story("Here")
    suggest(page, trial, victim, other)
    suggest(trial, victim, other)
    group = exclusions.keep_apart([trial, victim], actor=None, reason="Court order")
    assert shown(page) == ["Trial", "Other"]
    assert shown(trial) == ["Other"]
    assert shown(page, trial.pk) == ["Other"]
    exclusions.let_together(group, actor=None)
    assert shown(page) == ["Trial", "Victim", "Other"]


@pytest.mark.parametrize(("reach", "there"), [("all", True), ("section", True), ("tag", True), ("other", False)])
def test_a_campaign_stands_at_its_place_while_it_runs(reach: str, there: bool) -> None:
    article = story("Here", 1, "floods")
    suggest(article, *(story(f"Story {number}") for number in range(5)))
    where: dict[str, Any] = {
        "all": {},
        "section": {"section": article.section},
        "tag": {"tag": article.tagged.get().tag},
        "other": {"section": make_section("Sport")},
    }[reach]
    start, end = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    Campaign.objects.create(target=story("Breaking"), slot=2, starts=start, ends=end, **where)
    without = [f"Story {number}" for number in range(5)]
    assert shown(article) == without
    with time_machine.travel(start, tick=False):
        assert shown(article) == (["Story 0", "Breaking", "Story 1", "Story 2", "Story 3"] if there else without)
    with time_machine.travel(end, tick=False):
        assert shown(article) == without


def test_a_campaign_does_not_stand_beside_its_own_story_and_may_be_a_pick_too() -> None:
    breaking, article = story("Breaking"), story("Here")
    Campaign.objects.create(target=breaking, slot=3, starts=NOON, ends=NOON + timedelta(hours=1))
    assert shown(breaking) == []
    picks.pick(article, breaking, actor=None)
    suggest(article, story("Other"))
    assert shown(article) == ["Other", "Breaking"]


def test_every_entry_says_where_it_comes_from() -> None:
    article = story("Here")
    suggest(article, story("Suggested"))
    picks.pick(article, story("Picked"), actor=None)
    Campaign.objects.create(target=story("Breaking"), starts=NOON, ends=NOON + timedelta(hours=1))
    page = Article.objects.for_page().get(pk=article.pk)
    found = {item.article.headline: item.origin for item in related_list(page)}
    assert found == {"Breaking": "pin", "Picked": "pick", "Suggested": "fill"}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.DRAFT},
        {"status": Status.IN_REVIEW},
        {"status": Status.ARCHIVED},
        {"status": Status.SCHEDULED, "publish_at": NOON + timedelta(hours=1)},
        {"embargo_until": NOON + timedelta(hours=1), "status": Status.SCHEDULED},
        {"expire_at": NOON - timedelta(minutes=1)},
    ],
)
@pytest.mark.parametrize("way", ["pick", "suggestion", "campaign"])
def test_what_readers_may_not_see_never_appears(fields: dict[str, Any], way: str) -> None:
    article = story("Here", 3, "rowing")
    control = story("Visible", 2, "rowing")
    suggest(article, control)
    hidden = make_article("Hidden", **{"publish_at": NOON - timedelta(days=2), **fields})
    if way == "pick":
        picks.pick(article, hidden, actor=None)
    if way == "suggestion":
        suggest(article, hidden, score=0.9)
    if way == "campaign":
        Campaign.objects.create(target=hidden, starts=NOON, ends=NOON + timedelta(hours=1))
    assert shown(article) == [control.headline]


def test_itself_and_what_stands_elsewhere_on_the_page_never_appear() -> None:
    article = story("Here", 3, "rowing")
    elsewhere = story("Elsewhere on the page", 2, "rowing")
    picks.pick(article, elsewhere, actor=None)
    assert shown(article, elsewhere.pk) == []
    assert shown(article) == ["Elsewhere on the page"]


def test_a_list_holds_no_more_than_its_places() -> None:
    article = story("Here", 3)
    suggest(article, *(story(f"Story {number}", number) for number in range(9)))
    assert len(shown(article)) == 5
    assert len(shown(article, slots=2)) == 2
    assert shown(article, slots=0) == []


def test_what_stands_elsewhere_leaves_no_gap() -> None:
    article = story("Here", 30)
    near = [story(f"Near {number}", 30) for number in range(5)]
    far = [story(f"Far {number}", 60) for number in range(5)]
    suggest(article, *near, *far)
    assert shown(article, *(other.pk for other in near)) == [other.headline for other in far]


def test_a_picked_article_appears_by_itself_when_it_is_due() -> None:
    article = story("Here", 3, section=make_section("Sport"))
    due = NOON + timedelta(hours=2)
    picks.pick(article, make_article("Later", status=Status.SCHEDULED, publish_at=due), actor=None)
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        assert related_list(page) == []
    assert record.boundary == due
    with time_machine.travel(due, tick=False):
        assert shown(article) == ["Later"]


def test_the_page_is_made_anew_when_anything_in_the_list_changes() -> None:
    article = story("Here", 3, "rowing")
    other = story("Other", 2, "rowing", expire_at=NOON + timedelta(days=1))
    suggest(article, other)
    tag = article.tagged.get().tag_id
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        related_list(page)
    assert record.keys == {
        f"related:{article.pk}",
        "campaigns",
        f"campaigns:section:{article.section_id}",
        f"campaigns:tag:{tag}",
        f"article:{other.pk}",
        f"section:{other.section_id}",
    }
    assert record.boundary == other.expire_at


def _queries(article: Article) -> int:
    page = Article.objects.for_page().get(pk=article.pk)
    with CaptureQueriesContext(connection) as queries:
        assert related_list(page)
    return len(queries)


def test_one_list_and_many_are_asked_for_in_two_statements_with_one_answer() -> None:
    """On PostgreSQL the statement for one list is a function of the database: nothing may be changed in one of them."""
    page, other, one, two = story("Here"), story("Elsewhere"), story("One"), story("Two", expire_at=NOON + DAY)
    coming = story("Coming", -1, embargo_until=NOON + DAY + timedelta(microseconds=1_500_005))
    suggest(page, one, two, coming)
    picks.pick(page, one, actor=None, details=picks.Details(until=NOON + DAY))
    picks.pick(page, coming, actor=None)
    exclusions.never_here(page, two, actor=None)
    exclusions.never_here(other, one, actor=None)
    exclusions.never_anywhere(coming, actor=None, reason="Retracted")
    exclusions.keep_apart([one, two, other], actor=None, reason="Court order")
    exclusions.keep_apart([page, one], actor=None, reason="Court order")
    CuratedList.objects.update_or_create(article=page, defaults={"off": True})
    Campaign.objects.create(target=two, slot=2, starts=NOON, ends=NOON + DAY)
    Campaign.objects.create(target=one, slot=1, starts=NOON, ends=NOON + DAY, section=page.section)
    for reach in (None, Reach(), Reach(page.section_id, [5, 6])):
        of_one, of_many = candidates_of([page.pk], reach), candidates_of([page.pk, page.pk], reach)
        assert of_one == of_many
        assert (len(of_one.picks[page.pk]), len(of_one.fills[page.pk]), len(of_one.groups)) == (2, 3, 3)
        assert len(of_one.pins) == (0 if reach is None else 2 if reach.section else 1)
        assert (of_one.banned, of_one.excluded, of_one.off) == ({coming.pk}, {(page.pk, two.pk)}, {page.pk})


@pytest.mark.once
def test_it_costs_two_queries_whatever_the_size() -> None:
    article = story("Here", 3, "rowing", "trams")
    picks.pick(article, story("Picked", 1), actor=None)
    suggest(article, story("Other", 2, "rowing"))
    small = _queries(article)
    for number in range(40):
        other = story(f"Story {number}", number, "rowing", "trams", f"tag {number}")
        suggest(article, other, score=number / 100)
        if number < 9:
            own = picks.Details(headline="Ours", picture=make_image().pk)
            picks.pick(article, other, actor=None, details=own)
        if number % 5 == 0:
            exclusions.never_anywhere(other, actor=None, reason="Retracted")
            exclusions.keep_apart([other, article], actor=None, reason="Court order")
            Campaign.objects.create(target=story(f"Breaking {number}"), slot=2, ends=NOON + timedelta(hours=1))
    assert _queries(article) == small == 2


def render(article: Article, plan: PagePlan) -> str:
    page = Article.objects.for_page().get(pk=article.pk)
    return Template("{% load related %}{% related_articles %}").render(Context({"article": page, "plan": plan}))


def test_the_block_names_what_it_showed_in_the_plan() -> None:
    article = story("Here", 3)
    other = story("<script>alert(1)</script>", 2)
    suggest(article, other)
    plan = PagePlan()
    html = render(article, plan)
    assert "Articles You May Like" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html
    assert plan.article_ids == {other.pk}


def test_an_empty_list_leaves_no_markup() -> None:
    assert render(story("Alone", 3), PagePlan()).strip() == ""


def test_the_database_refuses_an_article_picked_for_itself() -> None:
    article = story("Here")
    with pytest.raises(IntegrityError):
        Pick(article=article, target=article).save()
