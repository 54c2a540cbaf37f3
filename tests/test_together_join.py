"""Saving over somebody's newer version: both texts are seen, joined and saved; nothing is lost."""

import random
import time
from typing import Any

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from articles import revisions
from articles.models import Article
from articles.revisions import NewerVersion
from articles.state import Credit, WorkingState
from articles.together.merge import Merge
from articles.together.regions import Side, three_way
from tests.conftest import Cast
from tests.factories import make_author, make_section
from tests.test_article_admin import change, form_data, panels, signed_in

pytestmark = pytest.mark.once

BASE = ("<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>", "<p>Four.</p>")


def story(*blocks: str) -> str:
    return "\n".join(blocks)


def sides(mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[str]:
    return [str(region.changed_by) for region in three_way(BASE, mine, theirs)]


# Blocks


def test_what_only_one_side_changed_needs_no_choice_even_next_to_each_other() -> None:
    mine = (BASE[0], "<p>2, mine.</p>", *BASE[2:])
    theirs = (*BASE[:2], "<p>3, theirs.</p>", BASE[3])
    assert sides(mine, theirs) == ["same", "mine", "theirs", "same"]


def test_a_block_that_both_changed_has_to_be_chosen_and_the_same_change_does_not() -> None:
    mine = ("<p>1, both.</p>", "<p>2, mine.</p>", *BASE[2:])
    theirs = ("<p>1, both.</p>", "<p>2, theirs.</p>", *BASE[2:])
    assert sides(mine, theirs) == ["same", "both", "same"]


def test_a_block_that_one_side_deleted_and_the_other_rewrote_has_to_be_chosen() -> None:
    mine = (BASE[0], *BASE[2:])
    theirs = (BASE[0], "<p>2, theirs.</p>", *BASE[2:])
    assert sides(mine, theirs) == ["same", "both", "same"]


@pytest.mark.parametrize("seed", range(20))
def test_the_regions_of_a_side_read_in_order_are_that_side(seed: int) -> None:
    dice = random.Random(seed)
    base = [str(number % 7) for number in range(40)]
    mine, theirs = ([b for b in base if dice.random() > 0.2] + [str(dice.random())] for _side in range(2))
    dice.shuffle(theirs)
    regions = three_way(base, mine, theirs)
    assert [b for region in regions for b in region.base] == base
    assert [b for region in regions for b in region.mine] == mine
    assert [b for region in regions for b in region.theirs] == theirs


def test_hostile_lists_of_equal_blocks_are_joined_in_bounded_time() -> None:
    started = time.perf_counter()
    regions = three_way(["a", "b"] * 20_000, ["b", "a"] * 20_000, ["a", "c"] * 20_000)
    assert time.perf_counter() - started < 5
    assert any(region.changed_by is Side.BOTH for region in regions)


# Whole versions


def test_the_joined_version_holds_what_either_side_changed() -> None:
    base = WorkingState(headline="H", standfirst="S", body=story(*BASE), tags=("rain", "trams"), bylines=(Credit(1),))
    mine = base.with_(headline="Mine", body=story("<p>1, mine.</p>", *BASE[1:]), tags=("rain", "snow"))
    theirs = base.with_(standfirst="Theirs", body=story(*BASE, "<p>Five.</p>"), tags=("rain", "trams", "hail"))
    theirs = theirs.with_(bylines=(Credit(1), Credit(2)))
    merge = Merge.of(base, mine, theirs)
    assert merge.places == {}
    joined = merge.result({})
    assert (joined.headline, joined.standfirst, joined.bylines) == ("Mine", "Theirs", (Credit(1), Credit(2)))
    assert joined.body == story("<p>1, mine.</p>", *BASE[1:], "<p>Five.</p>")
    assert joined.tags == ("rain", "hail", "snow")


def test_both_bylines_and_both_paragraphs_can_be_kept() -> None:
    base = WorkingState(body=story(*BASE))
    mine = base.with_(body=story("<p>Mine.</p>", *BASE[1:]), bylines=(Credit(1),))
    theirs = base.with_(body=story("<p>Theirs.</p>", *BASE[1:]), bylines=(Credit(2),))
    merge = Merge.of(base, mine, theirs)
    assert set(merge.places) == {"bylines", "body-0"}
    joined = merge.result({"bylines": "both", "body-0": "both"})
    assert joined.bylines == (Credit(2), Credit(1))
    assert joined.body == story("<p>Theirs.</p>", "<p>Mine.</p>", *BASE[1:])


def test_nothing_is_decided_for_anybody() -> None:
    base = WorkingState(headline="H")
    merge = Merge.of(base, base.with_(headline="Mine"), base.with_(headline="Theirs"))
    assert merge.undecided({}) == merge.undecided({"headline": "nonsense"}) == ["headline"]
    with pytest.raises(ValueError, match="headline"):
        merge.result({})


def test_without_a_known_base_whatever_differs_has_to_be_chosen() -> None:
    mine, theirs = WorkingState(headline="Mine", slug="a"), WorkingState(headline="Theirs", slug="a")
    assert set(Merge.of(None, mine, theirs).places) == {"headline"}


# The verb


@pytest.fixture
def article(cast: Cast) -> Article:
    state = WorkingState(headline="First", section=make_section().pk, body=story(*BASE))
    return revisions.create(state, actor=cast.editor)


def test_the_verb_itself_refuses_an_older_base(cast: Cast, article: Article) -> None:
    state = WorkingState.of(article)
    revisions.save(article, state.with_(headline="Second"), actor=cast.editor, base=1)
    with pytest.raises(NewerVersion) as refused:
        revisions.save(article, state.with_(headline="Third"), actor=cast.chief, base=1)
    assert refused.value.revision.number == 2
    assert article.revisions.count() == 2
    assert WorkingState.of(Article.objects.get(pk=article.pk)).headline == "Second"


def test_the_same_words_twice_are_no_conflict(cast: Cast, article: Article) -> None:
    state = WorkingState.of(article).with_(headline="Second")
    revisions.save(article, state, actor=cast.editor, base=1)
    assert revisions.save(article, state, actor=cast.chief, base=1).number == 2


# The page


def sent(client: Client, article: Article, **changes: Any) -> dict[str, Any]:
    """The change form as it stands in ``client``'s browser, with ``changes``."""
    state = WorkingState.of(article)
    typed = {"headline": state.headline, "body": state.body, "standfirst": state.standfirst, "tags": ""}
    return form_data(make_section(), **typed, _continue="1") | panels(client, article) | changes


@pytest.fixture
def conflict(cast: Cast, article: Article) -> tuple[Client, dict[str, Any]]:
    """The chief's browser and form, opened before the editor saved headline, standfirst and two paragraphs."""
    client = signed_in(cast.chief)
    mine = sent(client, article, headline="Mine", body=story("<p>1, mine.</p>", *BASE[1:3], "<p>4, mine.</p>"))
    theirs = WorkingState.of(article).with_(
        headline="Theirs", standfirst="Theirs too.", body=story(BASE[0], "<p>2, theirs.</p>", BASE[2], "<p>4, his.</p>")
    )
    revisions.save(article, theirs, actor=cast.editor, base=1)
    return client, mine


def newest(article: Article) -> WorkingState:
    return WorkingState.of(Article.objects.get(pk=article.pk))


def hidden(response: Any) -> dict[str, str]:
    return dict(response.context["posted"]) | {"join_with": str(response.context["theirs"].number)}


def test_the_second_to_save_sees_both_texts_and_nothing_is_written(
    article: Article, conflict: tuple[Client, dict[str, Any]]
) -> None:
    client, mine = conflict
    response = client.post(change(article), mine)
    assert response.status_code == 409
    page = response.content.decode()
    for words in ("Edda Editor saved this article", "1, mine.", "2, theirs.", "4, mine.", "Theirs too."):
        assert words in page
    assert set(response.context["shown"].merge.places) == {"headline", "body-3"}
    assert article.revisions.count() == 2


def test_saving_again_without_choosing_writes_nothing_and_keeps_what_was_chosen(
    article: Article, conflict: tuple[Client, dict[str, Any]]
) -> None:
    client, mine = conflict
    page = client.post(change(article), mine)
    again = client.post(change(article), hidden(page) | {"join-headline": "mine", "_continue": "1"})
    assert again.status_code == 409
    assert again.context["shown"].choices["headline"] == "mine"
    assert "not chosen yet" in again.content.decode()
    assert article.revisions.count() == 2


def test_the_joined_version_is_saved_on_top_of_theirs(
    article: Article, conflict: tuple[Client, dict[str, Any]]
) -> None:
    client, mine = conflict
    page = client.post(change(article), mine)
    choices = {"join-headline": "theirs", "join-body-3": "both", "_continue": "1"}
    assert client.post(change(article), hidden(page) | choices).status_code == 302
    joined = newest(article)
    assert (joined.headline, joined.standfirst) == ("Theirs", "Theirs too.")
    assert joined.body == story("<p>1, mine.</p>", "<p>2, theirs.</p>", BASE[2], "<p>4, his.</p>", "<p>4, mine.</p>")
    assert [revision.number for revision in article.revisions.all()] == [3, 2, 1]


def test_one_button_chooses_a_side_everywhere_and_saves_nothing_yet(
    article: Article, conflict: tuple[Client, dict[str, Any]]
) -> None:
    client, mine = conflict
    page = client.post(change(article), mine)
    chosen = client.post(change(article), hidden(page) | {"_join_all": "mine"})
    assert chosen.status_code == 409
    assert set(chosen.context["shown"].choices.values()) == {"mine"}
    assert article.revisions.count() == 2


def test_a_third_version_that_came_while_joining_is_joined_as_well(
    cast: Cast, article: Article, conflict: tuple[Client, dict[str, Any]]
) -> None:
    client, mine = conflict
    page = client.post(change(article), mine)
    third = newest(article).with_(standfirst="A third.", headline="Third")
    revisions.save(article, third, actor=cast.editor, base=2)
    choices = {"join-headline": "mine", "join-body-3": "mine", "_continue": "1"}
    again = client.post(change(article), hidden(page) | choices)
    assert again.status_code == 409
    assert again.context["theirs"].number == 3
    assert client.post(change(article), hidden(again) | choices).status_code == 302
    assert (newest(article).headline, newest(article).standfirst) == ("Mine", "A third.")


def test_a_joined_version_that_the_form_refuses_comes_back_with_every_word(cast: Cast, article: Article) -> None:
    client = signed_in(cast.chief)
    dates = {"publish_at_0": "2026-05-05", "publish_at_1": "10:00:00"}
    mine = sent(client, article, headline="Mine") | dates
    expiring = WorkingState.of(article).with_(expire_at=parse_datetime("2026-05-01T10:00:00+00:00"))
    revisions.save(article, expiring, actor=cast.editor, base=1)
    page = client.post(change(article), mine)
    answer = client.post(change(article), hidden(page) | {"_continue": "1"})
    assert answer.status_code == 200
    assert "It would expire before it is published." in answer.content.decode()
    assert answer.context["adminform"].form["headline"].value() == "Mine"
    assert answer.context["adminform"].form["base_revision"].value() == "2"


@pytest.mark.parametrize("base", ["", "0", "-1", "abc", "9" * 40, "17", "1\0", "①"])
def test_a_form_that_does_not_say_truly_what_it_began_from_saves_over_nobody(
    cast: Cast, article: Article, base: str
) -> None:
    client = signed_in(cast.chief)
    answer = client.post(change(article), sent(client, article, headline="Mine", base_revision=base))
    assert answer.status_code == 409
    assert set(answer.context["shown"].merge.places) == {"headline"}
    assert article.revisions.count() == 1


@pytest.mark.parametrize("value", ["", "nonsense", "both", "9" * 400, "\0", "<script>"])
def test_hostile_choices_decide_nothing(article: Article, conflict: tuple[Client, dict[str, Any]], value: str) -> None:
    client, mine = conflict
    page = client.post(change(article), mine)
    forged = {"join-headline": value, "join-body-3": "mine", "join-body-99999": value, "join-": value}
    answer = client.post(change(article), hidden(page) | forged)
    assert answer.status_code == 409
    assert client.post(change(article), hidden(page) | {"join_with": value}).status_code == 409
    assert article.revisions.count() == 2


def test_hostile_words_are_shown_as_words(cast: Cast, article: Article) -> None:
    client = signed_in(cast.chief)
    mine = sent(client, article, headline="<script>alert(1)</script>", body="<p>&lt;script&gt;x</p>")
    theirs = WorkingState.of(article).with_(headline="<img src=x onerror=y>", body="<p>&lt;b onclick=1&gt;</p>")
    revisions.save(article, theirs, actor=cast.editor, base=1)
    page = client.post(change(article), mine).content.decode()
    for live in ("<script>alert", "<img src=x", "<b onclick", "<script>x"):
        assert live not in page


def test_the_page_asks_a_constant_number_of_queries(
    cast: Cast, article: Article, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.chief)
    counts = []
    for size in (2, 12):
        mine = sent(client, article, body=story(*(f"<p>{number} mine {size}</p>" for number in range(size))))
        credited = tuple(Credit(make_author(f"Author {number}").pk) for number in range(size))
        blocks = story(*(f"<p>{number} theirs {size}</p>" for number in range(size)))
        theirs = newest(article).with_(body=blocks, bylines=credited)
        revisions.save(Article.objects.get(pk=article.pk), theirs, actor=cast.editor)
        with django_assert_max_num_queries(60) as counted:
            assert client.post(change(article), mine).status_code == 409
        counts.append(len(counted))
    assert counts[0] == counts[1]
