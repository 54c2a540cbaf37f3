"""Editors' picks on the front page and on section pages, and what fills the places beside them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client

from articles import publishing
from articles.models import Article, Kind, Section, Status
from curation import exclusions, picks
from curation.models import MostRead, Pick
from curation.places import FRONT
from curation.registered import picked_on
from curation.related import FILL, PICK
from curation.slots import slot_order, slot_picks
from images import publicity
from images.models import Image
from pagecache.reading import recording, versions
from pages import fronts, keyset, sections
from tests.conftest import Cast
from tests.factories import give_byline, make_article, make_image, make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def stories(count: int, section: str = "City", **fields: Any) -> list[Article]:
    """Public stories of a section, the newest first."""
    made = []
    for number in range(count):
        at = NOON - HOUR * (number + 1)
        article = make_article(f"{section} {number}", section=make_section(section), publish_at=at, **fields)
        give_byline(article, f"Writer {number % 3}")
        made.append(article)
    return made


def old(headline: str, **fields: Any) -> Article:
    """A story too old to come to the top by itself."""
    return make_article(headline, publish_at=NOON - HOUR * 2000, section=make_section("Culture"), **fields)


def pick(place: Any, *targets: Article, **details: Any) -> None:
    for target in targets:
        picks.pick(place, target, actor=None, details=picks.Details(**details))


def top() -> list[str]:
    front = fronts.front()
    lead = [front.lead] if front.lead else []
    return [article.headline for article in (*lead, *front.second, *front.third)]


def html(address: str = "/") -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def linked(page: str) -> list[int]:
    """The ids of all articles the page's content links to, one for each link."""
    main = page[page.index('id="main"') :]
    return [int(pk) for pk in re.findall(r'href="/(?!author/)[a-z]+/[a-z-]+-(\d+)/"', main)]


def keys(address: str) -> set[str]:
    return set(Client().get(address)["Surrogate-Key"].split())


def test_picks_take_the_first_places_in_the_editors_order() -> None:
    stories(12)
    pick(FRONT, *(old(f"Pick {number}") for number in range(3)))
    assert top() == ["Pick 0", "Pick 1", "Pick 2", "City 0", "City 1", "City 2", "City 3"]
    picks.reorder(FRONT, [row.target_id for row in reversed(Pick.objects.all())], actor=None)
    assert top()[:3] == ["Pick 2", "Pick 1", "Pick 0"]


def test_the_automatic_choice_keeps_to_pictures_in_what_picks_leave_free() -> None:
    made = stories(12)
    made[4].lead_picture = make_image()
    made[4].save()
    pick(FRONT, old("Pick"))
    assert top()[:3] == ["Pick", "City 4", "City 0"]


def test_picks_beyond_the_places_of_the_top_are_left_to_the_automatic_choice() -> None:
    stories(12)
    pick(FRONT, *(old(f"Pick {number}") for number in range(fronts.TOP + 2)))
    assert top() == [f"Pick {number}" for number in range(fronts.TOP)]
    assert "Pick 8" not in [article.headline for article in fronts.front().latest]


def test_an_opinion_may_be_picked_for_the_top() -> None:
    stories(12)
    pick(FRONT, old("I think", kind=Kind.OPINION))
    assert top()[0] == "I think"


def test_a_pick_that_would_stand_there_anyway_stands_once() -> None:
    made = stories(30, lead_picture=make_image())
    pick(FRONT, made[1], made[20])
    placed = linked(html())
    assert len(placed) == len(set(placed)) > 10
    assert placed[:2] == [made[1].pk, made[20].pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.DRAFT},
        {"status": Status.SCHEDULED, "publish_at": NOON + HOUR},
        {"embargo_until": NOON + HOUR},
        {"publish_at": NOON - 3 * HOUR, "expire_at": NOON - HOUR},
        {"status": Status.ARCHIVED},
    ],
)
@pytest.mark.parametrize("address", ["/", "/city/"])
def test_a_pick_that_is_not_public_is_passed_over_and_leaves_no_trace(address: str, fields: dict[str, Any]) -> None:
    stories(3)
    hidden = make_article("Hidden words", section=make_section("Culture"), **fields)
    shown = old("Shown")
    pick(FRONT if address == "/" else make_section(), hidden, shown)
    page = html(address)
    assert "Hidden words" not in page
    assert linked(page)[0] == shown.pk
    assert f"article:{hidden.pk}" not in keys(address)


@pytest.mark.parametrize("address", ["/", "/city/"])
def test_a_pick_ends_by_itself_and_its_place_is_filled(address: str) -> None:
    made, end = stories(3), NOON + 5 * HOUR
    picked, place = old("Pick"), FRONT if address == "/" else make_section()
    pick(place, picked, until=end)
    with recording() as record:
        slot_picks(place)
    assert record.boundary == end
    assert linked(html(address))[0] == picked.pk
    with time_machine.travel(end, tick=False):
        assert linked(html(address))[0] == made[0].pk


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"status": Status.SCHEDULED, "publish_at": NOON + HOUR}, NOON + HOUR),
        ({"embargo_until": NOON + 2 * HOUR}, NOON + 2 * HOUR),
        ({"expire_at": NOON + 3 * HOUR}, NOON + 3 * HOUR),
    ],
)
def test_a_pick_appears_and_goes_with_its_article(fields: dict[str, Any], moment: datetime) -> None:
    stories(3)
    picked = make_article("Pick", **{"publish_at": NOON - HOUR * 99, "section": make_section("Culture"), **fields})
    pick(make_section(), picked)
    with recording() as record:
        slot_picks(make_section())
    assert record.boundary == moment
    before = picked.pk in linked(html("/city/"))
    with time_machine.travel(moment, tick=False):
        assert (picked.pk in linked(html("/city/"))) != before


def test_publishing_or_taking_down_a_pick_refreshes_the_pages_it_is_picked_for() -> None:
    picked = old("Pick")
    pick(FRONT, picked)
    pick(make_section(), picked)
    names = {"slots", f"slots:{make_section().pk}"}
    before = versions(names)
    publishing.take_down(picked, actor=None)
    assert all(versions(names)[name] > before[name] for name in names)


@pytest.mark.parametrize("address", ["/", "/city/"])
def test_a_pick_shows_at_once_and_the_page_says_what_it_depends_on(address: str) -> None:
    stories(3)
    place, key = (FRONT, "slots") if address == "/" else (make_section(), f"slots:{make_section().pk}")
    assert key in keys(address)
    before = versions({key})
    pick(place, old("Pick"))
    assert versions({key}) != before


def test_a_pick_may_have_words_and_a_picture_of_its_own() -> None:
    stories(3)
    other, own = old("Other", lead_picture=make_image("Theirs.")), make_image("Ours.")
    for place in (FRONT, make_section()):
        pick(place, other, headline="<b>Here</b> only", picture=own.pk)
    for address in ("/", "/city/"):
        page = html(address)
        assert "&lt;b&gt;Here&lt;/b&gt; only" in page
        assert "Ours." in page
        assert "Theirs." not in page
        assert f"image:{own.pk}" in keys(address)
    assert Article.objects.get(pk=other.pk).headline == "Other"


def test_a_picture_whose_licence_ended_gives_way_to_the_articles_own() -> None:
    stories(3)
    other = old("Other", lead_picture=make_image("Theirs."))
    own = make_image("Ours.", usable_until=NOON + HOUR)
    pick(FRONT, other, picture=own.pk)
    with recording() as record:
        assert [row.article.lead_picture_id for row in slot_picks(FRONT)] == [own.pk]
    assert record.boundary == NOON + HOUR
    with time_machine.travel(NOON + HOUR, tick=False):
        assert "Theirs." in html()


def test_the_picture_of_a_pick_stays_public_while_it_is_picked() -> None:
    own = make_image("Ours.", public_since=NOON)
    pick(FRONT, old("Other"), picture=own.pk)
    publicity.withdraw_unused([own.pk])
    assert Image.objects.get(pk=own.pk).public_since is not None
    picks.unpick(FRONT, Article.objects.get(headline="Other"), actor=None)
    publicity.withdraw_unused([own.pk])
    assert Image.objects.get(pk=own.pk).public_since is None


@pytest.mark.parametrize("address", ["/", "/city/"])
def test_switched_off_the_page_is_the_automatic_one(address: str) -> None:
    made, picked = stories(3), old("Pick")
    place = FRONT if address == "/" else make_section()
    pick(place, picked)
    picks.switch(place, off=True, actor=None)
    assert linked(html(address))[0] == made[0].pk
    picks.switch(place, off=False, actor=None)
    assert linked(html(address))[0] == picked.pk


def test_picks_of_one_page_are_not_those_of_another() -> None:
    stories(3)
    stories(3, "Politics")
    pick(make_section("Politics"), old("Of politics"))
    pick(make_article("An article", publish_at=NOON - HOUR * 99), old("Of an article"))
    assert "Of politics" not in top()
    assert "Of politics" not in html("/city/")
    assert slot_picks(FRONT) == slot_picks(make_section()) == []


def test_of_articles_kept_apart_the_first_on_the_front_page_stays() -> None:
    made = stories(12)
    exclusions.keep_apart([made[0], made[1], made[9]], actor=None, reason="Trial")
    placed = linked(html())
    assert made[0].pk in placed
    assert not {made[1].pk, made[9].pk} & set(placed)
    pick(FRONT, made[9])
    placed = linked(html())
    assert placed[0] == made[9].pk
    assert not {made[0].pk, made[1].pk} & set(placed)


def test_of_two_picks_kept_apart_the_first_stays_and_the_next_moves_up() -> None:
    stories(3)
    one, two, three = old("One"), old("Two"), old("Three")
    pick(FRONT, one, two, three)
    exclusions.keep_apart([one, two], actor=None, reason="Trial")
    assert top()[:2] == ["One", "Three"]


def test_a_strip_that_is_not_shown_keeps_nobody_away() -> None:
    stories(20)
    alone = old("Alone in its section")
    twin = make_article("Twin", section=make_section("Sport"), publish_at=NOON - HOUR * 900)
    make_article("Sport 2", section=make_section("Sport"), publish_at=NOON - HOUR * 901)
    exclusions.keep_apart([alone, twin], actor=None, reason="Trial")
    placed = linked(html())
    assert twin.pk in placed
    assert alone.pk not in placed


def test_never_anywhere_is_about_lists_beside_articles_only() -> None:
    made = stories(3)
    exclusions.never_anywhere(made[0], actor=None, reason="Retracted")
    assert made[0].pk in linked(html())
    assert made[0].pk in linked(html("/city/"))


def test_a_section_page_begins_with_its_picks_then_the_newest_without_them() -> None:
    made, city = stories(8), make_section()
    chosen = [made[5], old("Elsewhere"), made[2], made[3], made[1]]
    pick(city, *chosen)
    picked = [article.pk for article in chosen[: sections.TOP]]
    rest = [article.pk for article in made if article.pk not in picked]
    assert linked(html("/city/")) == picked + rest


def test_a_section_with_picks_alone_has_a_page() -> None:
    make_section("Empty")
    pick(make_section("Empty"), old("Only"))
    page = html("/empty/")
    assert "Only" in page
    assert "There are no stories here yet" not in page


def test_later_pages_of_a_section_are_as_they_were() -> None:
    made = stories(2 * keyset.PER_PAGE + 3)
    pick(make_section(), made[0], made[30])
    first = html("/city/")
    older = re.search(r'pager__link--older" href="([^"]+)"', first)
    assert older is not None
    assert linked(html("/city/" + older[1])) == [article.pk for article in made[20:40]]
    assert linked(first) == [made[0].pk, made[30].pk, *(article.pk for article in made[1:20])]
    assert "slots" not in " ".join(keys("/city/" + older[1]))


def test_of_articles_kept_apart_the_first_on_a_section_page_stays() -> None:
    made = stories(6)
    exclusions.keep_apart([made[1], made[4]], actor=None, reason="Trial")
    assert linked(html("/city/")) == [made[number].pk for number in (0, 1, 2, 3, 5)]
    pick(make_section(), made[4])
    assert linked(html("/city/")) == [made[number].pk for number in (4, 0, 2, 3, 5)]


@pytest.mark.parametrize("place", ["front", "section"])
def test_only_who_may_curate_these_pages_picks_for_them(cast: Cast, place: str) -> None:
    where: Any = FRONT if place == "front" else make_section()
    target = old("Pick")
    for nobody in (cast.contributor, cast.moderator, AnonymousUser()):
        for attempt in (
            lambda who=nobody: picks.pick(where, target, actor=who),
            lambda who=nobody: picks.unpick(where, target, actor=who),
            lambda who=nobody: picks.reorder(where, [target.pk], actor=who),
            lambda who=nobody: picks.switch(where, off=True, actor=who),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
    assert not Pick.objects.exists()
    picks.pick(where, target, actor=cast.editor)
    assert [pick.target for pick in slot_picks(where)] == [target.pk]


def test_an_article_tells_on_which_pages_it_is_picked() -> None:
    picked = old("Pick")
    for place in (FRONT, make_section(), make_article("Beside")):
        pick(place, picked)
    labels = {(use.label, use.url) for use in picked_on(picked)}
    assert ("Picked for the front page", "/") in labels
    assert ("Picked for the page of the section “City”", "/city/") in labels
    assert len(labels) == 3


def test_the_desk_learns_what_stands_in_the_places_and_by_whom() -> None:
    made, picked, city = stories(12), old("Pick"), make_section()
    pick(FRONT, picked)
    pick(city, picked)
    order = slot_order(FRONT)
    assert [entry.target for entry in order] == [picked.pk, *(article.pk for article in made[: fronts.TOP - 1])]
    assert [entry.origin for entry in order] == [PICK] + [FILL] * (fronts.TOP - 1)
    assert order[0].row == Pick.objects.get(section=None, article=None).pk
    assert [entry.target for entry in slot_order(city)] == linked(html("/city/"))


@pytest.mark.once
@pytest.mark.parametrize(("address", "most"), [("/", 10), ("/city/", 8), ("/city/?before=1777899600000000-1", 8)])
def test_a_page_with_picks_costs_the_same_at_two_sizes(
    django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    place: Any = FRONT if address == "/" else make_section()

    def grow(count: int) -> None:
        made = stories(count, lead_picture=make_image())
        pick(place, *made[:count])
        exclusions.keep_apart([made[0], made[1]], actor=None, reason="Trial")
        start = MostRead.objects.count()
        MostRead.objects.bulk_create(
            MostRead(rank=start + rank, article=article) for rank, article in enumerate(made, start=1)
        )

    grow(4)
    with django_assert_max_num_queries(most) as small:
        html(address)
    grow(8)
    stories(40)
    with django_assert_max_num_queries(most) as large:
        html(address)
    assert len(small) == len(large)


def test_a_section_without_anything_costs_nobody_anything() -> None:
    section = Section.objects.create(name="Void", slug="void")
    assert "There are no stories here yet" in html(section.get_absolute_url())
