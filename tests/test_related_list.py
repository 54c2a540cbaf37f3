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
from curation import picks, related
from curation.models import Pick
from curation.related import related_list, related_preview
from pagecache.reading import recording
from tests.factories import give_tags, make_article, make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

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
    article = story("Here", 1, "trams")
    story("Shares a tag", 1, "trams")
    for name in ("Second", "First"):
        picks.pick(article, story(name, 400), actor=None, position=1)
    assert shown(article) == ["First", "Second", "Shares a tag"]


def test_rare_shared_tags_weigh_more_than_common_ones() -> None:
    article = story("Here", 1, "city hall", "rowing")
    for number in range(6):
        story(f"Common {number}", 1, "city hall", section=make_section("Sport"))
    story("Rare", 300, "rowing", section=make_section("Sport"))
    assert shown(article)[0] == "Rare"


def test_a_tag_that_very_many_carry_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(related, "RARE_TAG", 3)
    article = story("Here", 1, "city hall")
    for number in range(3):
        story(f"Common {number}", 1, "city hall", section=make_section("Sport"))
    near = story("Near", 2)
    assert shown(article) == [near.headline]


def test_nearness_in_date_within_the_section_fills_the_rest() -> None:
    article = story("Here", 10)
    story("Far", 90)
    story("Near", 12)
    story("Newer", 9)
    story("Elsewhere", 10, section=make_section("Sport"))
    assert shown(article) == ["Newer", "Near", "Far"]


def test_every_entry_says_why_it_is_there() -> None:
    article = story("Here", 10, "rowing", "trams")
    picks.pick(article, story("Picked"), actor=None)
    story("Tagged", 10, "rowing", "trams")
    story("Close", 12)
    page = Article.objects.for_page().get(pk=article.pk)
    found = {item.article.headline: (item.reason, item.picked) for item in related_list(page)}
    assert found["Picked"] == ("Picked by an editor", True)
    assert found["Tagged"] == ("Shares the tags “rowing”, “trams”", False)
    assert found["Close"] == ("Same section, 2 days apart", False)


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
@pytest.mark.parametrize("way", ["pick", "tag", "section"])
def test_what_readers_may_not_see_never_appears(fields: dict[str, Any], way: str) -> None:
    article = story("Here", 3, "rowing")
    control = story("Visible", 2, "rowing")
    hidden = make_article("Hidden", **{"publish_at": NOON - timedelta(days=2), **fields})
    if way == "pick":
        picks.pick(article, hidden, actor=None)
    if way == "tag":
        give_tags(hidden, "rowing")
    assert shown(article) == [control.headline]


def test_itself_and_what_stands_elsewhere_on_the_page_never_appear() -> None:
    article = story("Here", 3, "rowing")
    elsewhere = story("Elsewhere on the page", 2, "rowing")
    picks.pick(article, elsewhere, actor=None)
    assert shown(article, elsewhere.pk) == []
    assert shown(article) == ["Elsewhere on the page"]


def test_a_list_holds_no_more_than_its_places() -> None:
    article = story("Here", 3)
    for number in range(9):
        story(f"Story {number}", number)
    assert len(shown(article)) == 5
    assert len(shown(article, slots=2)) == 2
    assert shown(article, slots=0) == []


def test_excluded_neighbours_leave_no_gap() -> None:
    article = story("Here", 30)
    near = [story(f"Near {number}", 30).pk for number in range(5)]
    far = {story(f"Far {number}", 60).headline for number in range(5)}
    assert set(shown(article, *near)) == far


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
    tag = article.tagged.get().tag_id
    page = Article.objects.for_page().get(pk=article.pk)
    with recording() as record:
        related_list(page)
    assert record.keys == {
        f"related:{article.pk}",
        f"section-list:{article.section_id}",
        f"tag-list:{tag}",
        f"article:{other.pk}",
        f"section:{other.section_id}",
    }
    assert record.boundary == other.expire_at


def _queries(article: Article) -> int:
    page = Article.objects.for_page().get(pk=article.pk)
    with CaptureQueriesContext(connection) as queries:
        assert related_list(page)
    return len(queries)


def test_it_costs_two_queries_whatever_the_size() -> None:
    article = story("Here", 3, "rowing", "trams")
    picks.pick(article, story("Picked", 1), actor=None)
    story("Other", 2, "rowing")
    small = _queries(article)
    for number in range(40):
        other = story(f"Story {number}", number, "rowing", "trams", f"tag {number}")
        if number < 9:
            picks.pick(article, other, actor=None)
    assert _queries(article) == small == 2


def test_the_desk_sees_the_list_of_the_newest_revision() -> None:
    from_readers = story("Shares a tag", 2, "rowing")
    draft = make_article("Draft", status=Status.DRAFT, section=None, publish_at=None)
    assert related_preview(draft) == []
    draft.section = from_readers.section
    assert [item.article for item in related_preview(draft)] == [from_readers]


def render(article: Article, plan: PagePlan) -> str:
    page = Article.objects.for_page().get(pk=article.pk)
    return Template("{% load related %}{% related_articles %}").render(Context({"article": page, "plan": plan}))


def test_the_block_names_what_it_showed_in_the_plan() -> None:
    article = story("Here", 3)
    other = story("<script>alert(1)</script>", 2)
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
