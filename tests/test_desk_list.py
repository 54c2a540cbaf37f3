"""What the desk of one list shows: places, picks that wait and why, candidates, and what never comes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import revisions
from articles.models import Article, Status
from articles.state import WorkingState
from curation import exclusions, picks, suggesting
from curation.desk.showing import Desk, desk_of, state_of
from curation.desk.standing import standing_of
from curation.models import Campaign, CuratedList, RelatedCount, Suggestion
from curation.places import FRONT, list_of, picks_of
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_image, make_section, suggest

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Here")


def told(desk: Desk) -> list[tuple[int | None, str, str]]:
    return [(row.slot, row.kind, row.headline) for row in desk.rows]


def page(client: Client, article: Article) -> str:
    answer = client.get(reverse("admin:curation_desk_article", args=[article.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_picks_stand_first_and_fills_say_why(article: Article, cast: Cast, client: Client) -> None:
    fill = make_article("A fill")
    Suggestion.objects.create(article=article, target=fill, score=0.9, reasons={"shares": ["heat pumps"], "days": 2})
    picks.pick(article, make_article("A pick"), actor=cast.chief)
    assert told(desk_of(article, cast.editor)) == [(1, "pick", "A pick"), (2, "fill", "A fill")]
    client.force_login(cast.editor)
    words = page(client, article)
    assert "shares “heat pumps” · 2 days apart" in words
    assert "Picked by Chiara Chief, 2 Mar, 09:00" in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": Status.SCHEDULED, "publish_at": NOW + timedelta(days=1, hours=3)}, "appears Tue 3 Mar, 12:00"),
        ({"embargo_until": NOW + timedelta(days=1)}, "appears Tue 3 Mar, 09:00"),
        ({"status": Status.ARCHIVED}, "Taken down."),
        ({"expire_at": NOW - timedelta(minutes=5)}, "Expired Mon 2 Mar, 08:55."),
        ({"status": Status.DRAFT, "publish_at": None, "first_published_at": None}, "Not public yet: draft."),
    ],
)
def test_a_pick_that_readers_do_not_see_stays_in_its_place_and_says_why(
    article: Article, cast: Cast, fields: dict[str, Any], words: str
) -> None:
    first, hidden, last = make_article("First"), make_article("Hidden", **fields), make_article("Last")
    suggest(article, make_article("Fill"))
    for target in (first, hidden, last):
        picks.pick(article, target, actor=cast.editor)
    desk = desk_of(article, cast.editor)
    assert told(desk) == [(1, "pick", "First"), (None, "pick", "Hidden"), (2, "pick", "Last"), (3, "fill", "Fill")]
    assert words in desk.rows[1].waiting


def test_a_pick_that_ended_says_when(article: Article, cast: Cast) -> None:
    until = timezone.now() + timedelta(hours=1)
    picks.pick(article, make_article("Ended"), actor=cast.editor, details=picks.Details(until=until))
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert desk_of(article, cast.editor).rows[0].waiting == "This pick ended Mon 2 Mar, 10:00."


def test_more_picks_than_places_wait_behind_the_list(article: Article, cast: Cast) -> None:
    for number in range(6):
        picks.pick(article, make_article(f"Pick {number}"), actor=cast.editor)
    rows = desk_of(article, cast.editor).rows
    assert [row.slot for row in rows] == [1, 2, 3, 4, 5, None]
    assert rows[-1].waiting == "No room left in this list."


def test_articles_kept_apart_and_excluded_everywhere_say_so(article: Article, cast: Cast) -> None:
    first, second, banned = (make_article(name) for name in ("First", "Second", "Banned"))
    for target in (first, second, banned):
        picks.pick(article, target, actor=cast.editor)
    exclusions.keep_apart([first, second], actor=cast.editor, reason="Trial")
    exclusions.never_anywhere(banned, actor=cast.editor, reason="Legal")
    waiting = {row.headline: row.waiting for row in desk_of(article, cast.editor).rows}
    assert waiting["Second"] == "Must not stand together with another article of this list."
    assert waiting["Banned"] == "Excluded from every list."


def test_a_campaign_is_told_apart_from_picks(article: Article, cast: Cast, client: Client) -> None:
    ends = timezone.now() + timedelta(hours=6)
    pinned = make_article("Breaking")
    Campaign.objects.create(target=pinned, section=article.section, ends=ends, made_by=cast.chief)
    picks.pick(article, make_article("A pick"), actor=cast.editor)
    picks.pick(article, pinned, actor=cast.editor)
    desk = desk_of(article, cast.editor)
    assert told(desk)[:2] == [(1, "pin", "Breaking"), (2, "pick", "A pick")]
    assert desk.rows[2].waiting == "A campaign shows it in this list already."
    client.force_login(cast.editor)
    assert "Campaign of Chiara Chief, until Mon 2 Mar, 15:00" in page(client, article)


def test_candidates_are_the_next_fifteen_that_could_be_picked(article: Article, cast: Cast) -> None:
    targets = [make_article(f"Story {number}") for number in range(24)]
    suggest(article, *targets)
    hidden = targets[6]
    Article.objects.filter(pk=hidden.pk).first()
    hidden.status = Status.ARCHIVED
    hidden.save()
    exclusions.never_here(article, targets[7], actor=cast.editor)
    offered = [row.headline for row in desk_of(article, cast.editor).next]
    assert len(offered) == 15
    assert offered[:3] == ["Story 5", "Story 8", "Story 9"]


def test_what_the_story_links_to_is_offered_and_says_so(article: Article, cast: Cast) -> None:
    linked = make_article("Linked")
    article.linked_ids = [linked.pk]
    article.save()
    suggest(article, linked)
    desk = desk_of(article, cast.editor)
    assert desk.rows == []
    assert [(row.headline, row.why) for row in desk.next] == [("Linked", "the story links to it already")]


def test_what_never_stands_here_is_listed_with_who_and_why(article: Article, cast: Cast, client: Client) -> None:
    exclusions.never_here(article, make_article("Awkward"), actor=cast.chief, reason="Same family")
    client.force_login(cast.editor)
    words = page(client, article)
    assert "Awkward" in words
    assert "Same family · Chiara Chief, 2 Mar 2026" in words
    assert "Allow again" in words


def test_a_list_switched_off_still_shows_what_would_stand_there(article: Article, cast: Cast, client: Client) -> None:
    picks.pick(article, make_article("A pick"), actor=cast.editor)
    picks.switch(article, off=True, actor=cast.editor)
    client.force_login(cast.editor)
    words = page(client, article)
    assert "Switched off." in words
    assert "A pick" in words
    assert "Switch the list on" in words


def test_an_empty_list_teaches(article: Article, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    assert "Find an article and pick it." in page(client, article)


def test_a_draft_has_suggestions_from_its_newest_words(cast: Cast, client: Client) -> None:
    words = "The harbour bridge needs new heat pumps, says the council of Brackwater."
    for headline in ("Heat pumps for the harbour bridge", "Harbour bridge council votes"):
        suggesting.refresh(make_article(headline, body_text=words, body=f"<p>{words}</p>").pk)
    state = WorkingState(headline="Harbour bridge: heat pumps", section=make_section().pk, body=f"<p>{words}</p>")
    draft = revisions.create(state, actor=cast.editor)
    picks.pick(draft, make_article("A pick"), actor=cast.editor)
    rows = desk_of(draft, cast.editor).rows
    assert [(row.slot, row.kind) for row in rows] == [(1, "pick"), (2, "fill"), (3, "fill")]
    assert "harbour" in rows[1].why.lower()
    client.force_login(cast.editor)
    assert "shares" in page(client, draft)


def test_own_words_and_picture_are_shown_as_readers_see_them(article: Article, cast: Cast) -> None:
    picture = make_image()
    details = picks.Details(headline="Said differently", picture=picture.pk)
    picks.pick(article, make_article("Its own"), actor=cast.editor, details=details)
    row = desk_of(article, cast.editor).rows[0]
    assert row.headline == "Said differently"
    assert f"/images/image/{picture.pk}/preview/" in row.thumb


def test_the_front_page_shows_its_picks_and_what_fills_the_rest(cast: Cast, client: Client) -> None:
    for number in range(9):
        make_article(f"News {number}", publish_at=timezone.now() - timedelta(hours=number + 1))
    top = make_article("On top", publish_at=timezone.now() - timedelta(days=9))
    picks.pick(FRONT, top, actor=cast.editor)
    desk = desk_of(FRONT, cast.editor)
    assert told(desk)[0] == (1, "pick", "On top")
    assert {row.kind for row in desk.rows[1:]} == {"fill"}
    assert "On top" not in [row.headline for row in desk.next]
    client.force_login(cast.editor)
    assert client.get(reverse("admin:curation_desk_front")).status_code == 200
    assert client.get(reverse("admin:curation_desk_section", args=[make_section().pk])).status_code == 200


@pytest.mark.parametrize("hidden", [{"status": Status.DRAFT}, {"embargo_until": NOW + timedelta(days=1)}])
def test_nothing_of_what_one_may_not_know_of_is_told(cast: Cast, client: Client, hidden: dict[str, Any]) -> None:
    mine = revisions.create(WorkingState(headline="Mine", section=make_section().pk), actor=cast.contributor)
    secret = make_article("Harbourgate", **hidden)
    picks.pick(mine, secret, actor=cast.editor)
    exclusions.never_here(mine, make_article("Harbourgate two", **hidden), actor=cast.editor)
    client.force_login(cast.contributor)
    assert "Harbourgate" not in page(client, mine)
    client.force_login(cast.editor)
    assert "Harbourgate" in page(client, mine)


def test_hostile_headlines_notes_and_overrides_are_inert(article: Article, cast: Cast, client: Client) -> None:
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    details = picks.Details(headline=evil, note=evil)
    picks.pick(article, make_article(evil), actor=cast.editor, details=details)
    exclusions.never_here(article, make_article(evil), actor=cast.editor, reason=evil)
    suggest(article, make_article(evil))
    client.force_login(cast.editor)
    words = page(client, article)
    assert "<img src=x" not in words
    assert "<script>alert" not in words
    assert words.count("&lt;script&gt;") >= 4


@pytest.mark.once
def test_opening_a_desk_costs_the_same_for_few_and_for_many(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.editor)
    small, large = make_article("Small"), make_article("Large")
    for article, number in ((small, 1), (large, 9)):
        ends = timezone.now() + timedelta(hours=6)
        Campaign.objects.get_or_create(target=make_article("Pinned"), section=article.section, ends=ends)
        for _ in range(number):
            picks.pick(article, make_article("Pick", lead_picture=make_image()), actor=cast.editor)
            exclusions.never_here(article, make_article("Never"), actor=cast.editor)
            fill = make_article("Fill", lead_picture=make_image())
            suggest(article, fill)
            counted(article, fill, 1, 10, 1)
    page(client, small)
    for article in (small, large):
        with django_assert_num_queries(16):
            page(client, article)


def counted(article: Article, target: Article, days: int, shown: int, clicked: int) -> None:
    day = timezone.localdate() - timedelta(days=days)
    RelatedCount.objects.create(article=article, target=target, slot=1, day=day, shown=shown, clicked=clicked)


def test_each_row_tells_what_readers_made_of_it_here(article: Article, cast: Cast, client: Client) -> None:
    picked, filled, offered, unseen = (make_article(name) for name in ("Picked", "Filled", "Offered", "Unseen"))
    picks.pick(article, picked, actor=cast.editor)
    suggest(article, filled, *[make_article(f"Fill {number}") for number in range(3)], offered, unseen)
    counted(article, picked, 0, 120, 4)
    counted(article, picked, 10, 300, 9)
    counted(article, filled, 27, 50, 1)
    counted(article, offered, 28, 999, 99)
    counted(make_article("Elsewhere"), unseen, 0, 777, 7)
    client.force_login(cast.editor)
    words = page(client, article)
    for told_ in (
        "Last 7 days: shown 120, opened 4",
        "Last 28 days: shown 420, opened 13",
        "Last 7 days: shown 0, opened 0",
        "Last 28 days: shown 50, opened 1",
    ):
        assert words.count(told_) == 1, told_
    assert words.count("slot__readers") == 2
    assert "shown 999" not in words
    assert "shown 777" not in words


def test_a_tag_is_named_as_it_is_called_now(article: Article, cast: Cast) -> None:
    give_tags(article, "Brigdes", "Ferries")
    tags = {tag.name: tag for tag in article.tags.all()}
    reasons = {"tags": [tags["Brigdes"].pk, tags["Ferries"].pk]}
    Suggestion.objects.create(article=article, target=make_article("Fill"), score=0.9, reasons=reasons)
    assert desk_of(article, cast.editor).rows[0].why == "tags “Brigdes” and “Ferries”"
    tags["Brigdes"].name = "Bridges"
    tags["Brigdes"].save()
    tags["Ferries"].delete()
    assert desk_of(article, cast.editor).rows[0].why == "tag “Bridges”"


def test_looking_is_noted_without_a_new_version(article: Article, cast: Cast, client: Client) -> None:
    picks.pick(article, make_article("A pick"), actor=cast.editor)
    before = CuratedList.objects.get(article=article)
    client.force_login(cast.chief)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        answer = client.post(reverse("admin:curation_desk_article_look", args=[article.pk]), {"quiet": "1"})
        assert answer.status_code == 204
    after = CuratedList.objects.get(article=article)
    assert after.looked_at == NOW + timedelta(hours=2)
    assert (after.version, after.changed_at, after.changed_by) == (before.version, before.changed_at, cast.editor)
    assert Key.objects.get(name=f"related:{article.pk}").version == 1


def test_whoever_only_reads_has_not_looked(article: Article, cast: Cast, client: Client) -> None:
    picks.pick(article, make_article("A pick"), actor=cast.editor)
    client.force_login(cast.contributor)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        client.post(reverse("admin:curation_desk_article_look", args=[article.pk]), {"quiet": "1"})
    assert CuratedList.objects.get(article=article).looked_at == NOW


def test_every_way_from_the_desk_can_be_gone(article: Article, cast: Cast, client: Client) -> None:
    for person in (cast.editor, cast.contributor):
        client.force_login(person)
        for address in set(re.findall(r'href="(/admin/[^"]*)"', page(client, article))):
            assert client.get(address, follow=True).status_code == 200, address


def test_a_pick_whose_article_was_deleted_is_told_and_its_place_filled(
    article: Article, cast: Cast, client: Client
) -> None:
    suggest(article, make_article("Next"))
    draft = revisions.create(WorkingState(headline="<b>Draft</b>"), actor=cast.editor)
    picks.pick(article, draft, actor=cast.editor)
    picks.pick(FRONT, draft, actor=cast.editor)
    client.force_login(cast.chief)
    address = reverse("admin:articles_article_delete", args=[draft.pk])
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert told(desk_of(article, cast.editor)) == [(1, "fill", "Next")]
    assert "“&lt;b&gt;Draft&lt;/b&gt;” was picked here; Chiara Chief deleted it on Mon 2 Mar" in page(client, article)
    assert [lost.headline for lost in desk_of(FRONT, cast.editor).lost] == ["<b>Draft</b>"]
    assert [lost.headline for lost in desk_of(article, cast.contributor).lost] == [""]
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        assert desk_of(article, cast.editor).lost == []


MEANWHILE: dict[str, Callable[[Any], object]] = {
    "picks": lambda place: picks.pick(place, make_article("D"), actor=None, position=1),
    "unpicks": lambda place: picks.unpick(place, Article.objects.get(headline="A"), actor=None),
    "reorders": lambda place: picks.reorder(
        place, list(picks_of(place).order_by("-position").values_list("target", flat=True)), actor=None
    ),
}


@pytest.mark.parametrize("where", ["beside an article", "on the front page"])
@pytest.mark.parametrize("what", MEANWHILE)
def test_a_desk_opened_while_a_colleague_changes_the_list_is_whole_and_renews_itself(
    article: Article, cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str, where: str
) -> None:
    place: Any = article if where == "beside an article" else FRONT
    for name in "ABC":
        picks.pick(place, make_article(name), actor=cast.editor)
    changes = [MEANWHILE[what]]

    def overtaken(*args: Any) -> Any:
        while changes:
            changes.pop()(place)
        return standing_of(*args)

    monkeypatch.setattr("curation.desk.showing.standing_of", overtaken)
    desk = desk_of(place, cast.editor)
    now = list(picks_of(place).values_list("target", flat=True))
    assert [row.pk for row in desk.rows if row.pk in now] == now
    assert desk.state != state_of(list_of(place))


def test_only_what_no_reader_saw_can_be_discarded(article: Article, cast: Cast) -> None:
    for story, who in ((article, cast.chief), (make_article("Draft", status=Status.DRAFT), cast.moderator)):
        with pytest.raises(PermissionDenied):
            revisions.discard(story, actor=who)
    assert Article.objects.count() == 2
