"""How articles come into each other's lists by themselves, and how they leave them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions
from articles.models import Article, Status
from articles.state import WorkingState
from curation import indexing, picks, rebuilding, suggesting
from curation.engine import POPULARITY
from curation.models import Fingerprint, ListRecord, Posting, RelatedCount, Suggestion, Tally, Uncounted
from curation.reasons import in_words
from outbox import effects
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

PUMPS = (
    "Heat pumps for Lantern Street",
    "The council wants heat pumps in every house of Lantern Street. Heat pumps cost less than boilers, it says.",
)
BOILERS = (
    "What heat pumps cost",
    "A guide to heat pumps and boilers: what the council pays, what a heat pump costs, and who installs heat pumps.",
)
ROWING = (
    "Rowers win the regatta",
    "The women's eight won the regatta by two lengths. The rowers trained on the estuary all winter for the regatta.",
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def story(words: tuple[str, str], days: float = 1, *tags: str, **fields: Any) -> Article:
    headline, text = words
    article = make_article(headline, body_text=text, publish_at=NOON - timedelta(days=days), **fields)
    give_tags(article, *tags)
    return article


def published(words: tuple[str, str], cast: Cast, **times: Any) -> Article:
    """A story that goes through the editor's hands, or will at its time."""
    headline, text = words
    state = WorkingState(headline=headline, section=make_section().pk, body=f"<p>{text}</p>", **times)
    return publishing.publish(revisions.create(state, actor=cast.editor), actor=cast.editor)


def archive(number: int = 12) -> None:
    """Stories about nothing in particular, so that common words are common."""
    for index in range(number):
        words = f"Notice number{index} of the day: street{index} closed, bridge{index} open, weather{index} mild."
        story((f"Notice {index}", words), 20 + index)


def rebuild() -> None:
    rebuilding.start()
    rebuilding.run_to_the_end()


def suggested(article: Article) -> list[str]:
    rows = Suggestion.objects.filter(article=article).order_by("-score").select_related("target")
    return [row.target.headline for row in rows]


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


def test_articles_about_one_thing_are_suggested_to_each_other_and_say_why() -> None:
    archive()
    pumps, boilers = story(PUMPS, 1, "heating"), story(BOILERS, 3, "heating")
    story(ROWING)
    rebuild()
    assert suggested(pumps)[0] == boilers.headline
    assert suggested(boilers)[0] == pumps.headline
    tags = dict(pumps.tags.values_list("pk", "name"))
    why = in_words(Suggestion.objects.filter(article=pumps).order_by("-score")[0].reasons, tags)
    assert "“heat pumps”" in why
    assert "tag “heating”" in why
    assert "2 days apart" in why
    assert "same section" in why


def test_articles_that_share_nothing_are_not_suggested() -> None:
    pumps, rowing = story(PUMPS, 1), story(ROWING, 400, section=make_section("Sport"))
    archive()
    rebuild()
    assert rowing.headline not in suggested(pumps)
    assert pumps.headline not in suggested(rowing)


def test_a_new_article_gets_its_list_and_comes_into_those_of_older_ones() -> None:
    archive()
    boilers = story(BOILERS, 3)
    rebuild()
    assert PUMPS[0] not in suggested(boilers)
    pumps = story(PUMPS, 0)
    before = version(f"related:{boilers.pk}")
    suggesting.refresh(pumps.pk)
    assert suggested(pumps)[0] == boilers.headline
    assert suggested(boilers)[0] == pumps.headline
    assert version(f"related:{boilers.pk}") == before + 1


def test_both_sides_have_the_same_score_and_reasons() -> None:
    archive()
    boilers = story(BOILERS, 3, "heating")
    rebuild()
    pumps = story(PUMPS, 0, "heating")
    suggesting.refresh(pumps.pk)
    here = Suggestion.objects.get(article=pumps, target=boilers)
    there = Suggestion.objects.get(article=boilers, target=pumps)
    assert here.score == pytest.approx(there.score)
    assert here.reasons == there.reasons


def test_publishing_through_the_verb_does_it_in_the_background(cast: Cast) -> None:
    archive()
    boilers = story(BOILERS, 3)
    rebuild()
    pumps = published(PUMPS, cast)
    assert suggested(pumps) == []
    effects.run_due()
    assert suggested(pumps)[0] == boilers.headline
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        publishing.take_down(pumps, actor=cast.editor)
        effects.run_due()
    assert suggested(pumps) == []
    assert PUMPS[0] not in suggested(boilers)
    assert not Fingerprint.objects.get(pk=pumps.pk).live


def test_an_article_that_is_rewritten_leaves_the_lists_it_does_not_belong_in_any_more() -> None:
    archive()
    boilers, rowing = story(BOILERS, 3), story(ROWING, 2, section=make_section("Sport"))
    pumps = story(PUMPS, 0)
    rebuild()
    assert pumps.headline in suggested(boilers)
    pumps.headline, pumps.body_text = ROWING
    pumps.save()
    suggesting.refresh(pumps.pk)
    assert suggested(rowing)[0] == pumps.headline
    assert pumps.headline not in suggested(boilers)
    assert Posting.objects.count() < 100 * Fingerprint.objects.count()


def test_an_expired_article_leaves_when_its_time_has_come(cast: Cast) -> None:
    archive()
    boilers = story(BOILERS, 3)
    rebuild()
    end = NOON + timedelta(hours=2)
    published(PUMPS, cast, expire_at=end)
    effects.run_due()
    assert PUMPS[0] in suggested(boilers)
    with time_machine.travel(end, tick=False):
        effects.run_due()
    assert PUMPS[0] not in suggested(boilers)


def test_a_scheduled_article_is_nowhere_before_its_minute(cast: Cast) -> None:
    archive()
    boilers = story(BOILERS, 3)
    rebuild()
    due = NOON + timedelta(hours=2)
    published(PUMPS, cast, publish_at=due)
    effects.run_due()
    assert PUMPS[0] not in suggested(boilers)
    with time_machine.travel(due, tick=False):
        while effects.run_due():
            pass
        assert PUMPS[0] in suggested(boilers)


def test_a_draft_has_suggestions_for_its_newest_words(cast: Cast) -> None:
    archive()
    boilers = story(BOILERS, 3)
    rebuild()
    state = WorkingState(headline=PUMPS[0], section=make_section().pk, body=f"<p>{PUMPS[1]}</p>", tags=("unheard of",))
    draft = revisions.create(state, actor=cast.editor)
    best, score, reasons = suggesting.suggestions_for(draft)[0]
    assert best == boilers.pk
    assert 0 < score <= 1
    assert "heat pumps" in reasons["shares"]
    assert not Fingerprint.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("…", ""),
        ("Pumps", ""),
        ("Pumps", "pumps"),
        ("The the", "the and of"),
        ("暖房の新しい規則", "市は暖房の新しい規則を発表した。" * 20),
        ("مضخات الحرارة في المدينة", "تريد البلدية مضخات الحرارة في كل بيت. " * 20),
        ("Wärmepumpenförderungsgesetz", "Das Wärmepumpenförderungsgesetz regelt die Förderung. " * 20),
        ("Long", "word and many others besides " * 20_000),
    ],
    ids=["no word", "headline", "one word", "stop words", "japanese", "arabic", "german", "100,000 words"],
)
def test_any_text_gets_sensible_suggestions_or_none(headline: str, text: str) -> None:
    archive()
    odd = story((headline, text), 0)
    twin = story((headline, text), 2)
    rebuild()
    suggesting.refresh(odd.pk)
    assert odd.pk not in Suggestion.objects.filter(article=odd).values_list("target", flat=True)
    if len(text) > 100:
        assert Suggestion.objects.filter(article=odd).order_by("-score")[0].target == twin


def test_of_several_twins_one_stands_among_the_first_five() -> None:
    archive()
    pumps = story(PUMPS, 0)
    twins = [story(BOILERS, days) for days in (1, 2, 3)]
    places = ("school", "library", "hospital", "station", "museum")
    others = [story((f"The {place}", f"{place} " * 9 + "and heat pumps, says the council."), 5) for place in places]
    rebuild()
    first = list(Suggestion.objects.filter(article=pumps).order_by("-score").values_list("target", flat=True)[:5])
    assert len([pk for pk in first if pk in {twin.pk for twin in twins}]) == 1
    assert len([pk for pk in first if pk in {other.pk for other in others}]) == 4


def test_a_list_is_cut_back_before_it_grows_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "KEPT", 3)
    monkeypatch.setattr(suggesting, "SLACK", 2)
    archive()
    pumps = story(PUMPS, 3)
    rebuild()
    for number in range(12):
        other = story((f"Heat {number}", BOILERS[1] + f" District{number}."), 1)
        suggesting.refresh(other.pk)
        assert 1 <= Suggestion.objects.filter(article=pumps).count() <= 3 + 2 + 1
    best = Suggestion.objects.filter(article=pumps).order_by("-score")[0]
    assert best.target.headline.startswith("Heat")


def test_a_list_that_loses_too_many_is_computed_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    archive()
    pumps, boilers = story(PUMPS, 1), story(BOILERS, 2)
    rebuild()
    monkeypatch.setattr(suggesting, "FEWEST", 30)
    rows = len(suggested(pumps))
    publishing.take_down(boilers, actor=cast.editor)
    third = story(BOILERS, 2)
    Fingerprint.objects.filter(pk=third.pk).delete()
    indexing.index(*indexing.read(third))
    while effects.run_due():
        pass
    assert third.headline in suggested(pumps)
    assert len(suggested(pumps)) >= rows


def test_a_worker_that_dies_half_way_leaves_the_old_suggestions(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    archive()
    pumps, boilers = story(PUMPS, 1), story(BOILERS, 2)
    rebuild()
    before = suggested(pumps), suggested(boilers)
    with monkeypatch.context() as broken:
        broken.setattr(suggesting, "_tell_neighbours", lambda *_: 1 / 0)
        suggesting.suggest_later([pumps.pk])
        effects.run_due()
        assert (suggested(pumps), suggested(boilers)) == before
        assert Posting.objects.exists()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        effects.run_due()
    assert suggested(pumps) == before[0]


def test_clicks_move_a_list_a_little_and_only_where_they_were_made() -> None:
    archive()
    pumps, first = story(PUMPS, 1), story((BOILERS[0], BOILERS[1] + " Warm floors."), 2)
    second = story((BOILERS[0] + "?", BOILERS[1] + " Cold cellars."), 2)
    rebuild()
    best, next_best = Suggestion.objects.filter(article=pumps).order_by("-score")[:2]
    assert {best.target, next_best.target} == {first, second}
    assert best.score - next_best.score < POPULARITY
    theirs = suggested(next_best.target)
    counted = {"article": pumps, "target": next_best.target, "slot": 2, "day": NOON.date()}
    RelatedCount.objects.create(**counted, shown=1000, clicked=300)
    rebuilding.relist_most_seen()
    effects.run_due()
    assert suggested(pumps)[0] == next_best.target.headline
    assert suggested(next_best.target) == theirs
    moved = Suggestion.objects.get(article=pumps, target=next_best.target)
    assert moved.score - next_best.score <= POPULARITY + 2 * suggesting.STEP


def test_counts_follow_in_the_background_and_are_the_same_counted_twice() -> None:
    archive()
    rebuild()
    counted = Tally.objects.get().articles
    pumps = story(PUMPS, 0)
    for _again in range(2):
        suggesting.refresh(pumps.pk)
    assert Uncounted.objects.count() == 1
    rebuilding.fold_and_renew()
    assert Tally.objects.get().articles == counted + 1
    assert not Uncounted.objects.exists()
    rebuild()
    assert Tally.objects.get().articles == counted + 1


def test_an_archive_that_has_doubled_is_weighed_anew_by_the_worker() -> None:
    archive(60)
    for article in Article.objects.all():
        suggesting.refresh(article.pk)
    rebuilding.fold_and_renew()
    assert rebuilding.progress().phase == "count"
    while effects.run_due():
        pass
    assert rebuilding.progress().phase == ""
    assert Tally.objects.get().weighed == 60
    rebuilding.fold_and_renew()
    assert rebuilding.progress().phase == ""


def test_an_archive_older_than_its_engine_is_indexed_by_the_worker() -> None:
    archive(12)
    rebuilding.fold_and_renew()
    while effects.run_due():
        pass
    assert Fingerprint.objects.count() == 12


def test_an_archive_that_moves_in_is_weighed_as_a_whole_by_the_worker(cast: Cast) -> None:
    for number in range(60):
        words = PUMPS if number % 5 == 0 else (f"Notice {number}", f"Street number{number} is closed.")
        published(words, cast, publish_at=NOON - timedelta(days=40 + number))
    while effects.run_due():
        pass
    assert not Fingerprint.objects.exists()
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        while effects.run_due():
            pass
        assert Tally.objects.get().weighed == Fingerprint.objects.count() == 60
        late = published(BOILERS, cast, publish_at=NOON - timedelta(days=9))
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        while effects.run_due():
            pass
    assert PUMPS[0] in suggested(late)


def test_what_a_list_showed_is_kept() -> None:
    archive()
    boilers = story(BOILERS, 3)
    rebuild()
    pumps = story(PUMPS, 0)
    suggesting.refresh(pumps.pk)
    effects.run_due()
    record = ListRecord.objects.filter(article=boilers).order_by("-at", "-id")[0]
    assert record.shown[0] == [pumps.pk, "fill"]


def test_a_pick_is_recorded_with_the_list_and_again_when_it_ends() -> None:
    here, other = make_article("Here"), make_article("Other")
    end = NOON + timedelta(hours=1)
    picks.pick(here, other, actor=None, details=picks.Details(until=end))
    assert ListRecord.objects.get(article=here).shown == [[other.pk, "pick"]]
    with time_machine.travel(end, tick=False):
        effects.run_due()
    assert ListRecord.objects.filter(article=here).order_by("-id")[0].shown == []


def _cost(article: Article) -> int:
    with CaptureQueriesContext(connection) as queries:
        suggesting.refresh(article.pk)
    return len(queries)


@pytest.mark.once
def test_refreshing_costs_the_same_whatever_the_size() -> None:
    archive(3)
    pumps = story(PUMPS, 0)
    story(BOILERS, 1)
    rebuild()
    small = _cost(pumps)
    archive(60)
    for number in range(30):
        story((f"Heat {number}", BOILERS[1] + f" District{number}."), 1, "heating")
    rebuild()
    assert _cost(pumps) <= small + 2


def test_hidden_articles_are_never_indexed() -> None:
    for status in (Status.DRAFT, Status.IN_REVIEW, Status.ARCHIVED):
        hidden = story(PUMPS, 1, status=status)
        suggesting.refresh(hidden.pk)
    rebuild()
    assert not Posting.objects.exists()
