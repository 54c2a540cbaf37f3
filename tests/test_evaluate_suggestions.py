"""What the engine is worth by the measure of this newsroom's own picks, and the commands that tell and rebuild."""

from io import StringIO
from math import log2
from typing import Any

import pytest
from django.core.management import call_command

from articles.models import Article, Status
from curation import evaluating, picks, rebuilding
from curation.models import Fingerprint, Phase, Suggestion, Tally
from tests.factories import make_article, suggest

pytestmark = pytest.mark.django_db


def pick(article: Article, *targets: Article) -> None:
    for target in targets:
        picks.pick(article, target, actor=None)


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_a_pick_counts_as_hit_only_among_the_first_five() -> None:
    here, there, wanted = make_article("Here"), make_article("There"), make_article("Wanted")
    others = [make_article(f"Story {number}") for number in range(5)]
    suggest(here, others[0], wanted)
    suggest(there, *others, wanted)
    for article in (here, there):
        pick(article, wanted)
    verdict = evaluating.evaluate()
    assert verdict.mean("hit") == 0.5
    assert verdict.mean("recall") == 0.5
    assert verdict.mean("ndcg") == pytest.approx(1 / log2(3) / 2)


def test_several_picks_share_the_gain() -> None:
    here, one, two = make_article("Here"), make_article("One"), make_article("Two")
    suggest(here, one)
    pick(here, one, two)
    case = evaluating.evaluate().cases[0]
    assert case.recall == 0.5
    assert case.ndcg == pytest.approx(1 / (1 + 1 / log2(3)))


def test_what_readers_cannot_see_is_no_truth() -> None:
    here = make_article("Here")
    pick(here, make_article("Draft", status=Status.DRAFT))
    pick(make_article("Also a draft", status=Status.DRAFT), here)
    assert evaluating.evaluate().cases == []


def test_coverage_is_the_share_of_the_archive_in_somebodys_first_five() -> None:
    articles = [make_article(f"Story {number}") for number in range(8)]
    suggest(articles[0], *articles[1:])
    suggest(articles[1], articles[0])
    assert evaluating.coverage() == 6 / 8


def test_the_command_tells_figures_and_names_the_worst() -> None:
    here, wanted, also = make_article("Here"), make_article("<b>Wanted</b>"), make_article("Also wanted")
    suggest(here, *(make_article(f"Story {number}") for number in range(5)), also)
    pick(here, wanted, also)
    told = run("evaluate_suggestions")
    assert "1 curated lists" in told
    assert "nDCG@5: 0.000" in told
    assert "“<b>Wanted</b>” – the engine does not suggest it" in told
    assert "“Also wanted” – the engine has it at place 6" in told


def test_without_picks_the_command_says_so() -> None:
    make_article("Here")
    assert "nothing to compare with" in run("evaluate_suggestions")


TIDES = "The tide gate was closed against the storm surge; the tide rose in harbour {0} and the gate held."
ROWERS = "The rowers won the regatta by two lengths; the regatta of year {0} belongs to the rowers."


def small_archive(number: int) -> list[Article]:
    """Half of it about tides, half about rowers."""
    return [
        make_article(f"Story {index}", body_text=(TIDES, ROWERS)[index % 2].format(index)) for index in range(number)
    ]


def test_the_rebuild_gives_every_public_article_its_list_and_says_so() -> None:
    articles = small_archive(12)
    make_article("Draft", status=Status.DRAFT, body_text="The tide gate was closed.")
    told = run("rebuild_suggestions", "--processes", "1")
    assert "12 articles have their suggestions" in told
    assert "computing lists: 12 of 12" in told
    assert Suggestion.objects.values("article").distinct().count() == len(articles)
    assert rebuilding.progress().phase == Phase.IDLE


@pytest.mark.parametrize("phase", [Phase.COUNT, Phase.INDEX, Phase.LISTS])
def test_a_rebuild_that_was_killed_goes_on_where_it_was(phase: Phase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 3)
    monkeypatch.setattr("curation.management.commands.rebuild_suggestions.SHARE", 3)
    small_archive(12)
    work = rebuilding.work
    done: list[int] = []

    def dies(now: Phase, run: int, ids: Any) -> None:
        if now == phase and done:
            raise KeyboardInterrupt
        work(now, run, ids)
        if now == phase:
            done.extend(ids)

    with monkeypatch.context() as dying:
        dying.setattr(rebuilding, "work", dies)
        with pytest.raises(KeyboardInterrupt):
            run("rebuild_suggestions", "--processes", "1")
    assert rebuilding.progress().phase == phase
    assert rebuilding.progress().done == 3
    told = run("rebuild_suggestions", "--processes", "1")
    assert "Going on where the last run was stopped" in told
    assert Suggestion.objects.values("article").distinct().count() == 12
    assert Tally.objects.get().articles == 12
    assert not Fingerprint.objects.filter(suggested_at=None).exists()


def test_two_rebuilds_at_once_count_nothing_twice() -> None:
    small_archive(6)
    rebuilding.start()
    _phase, _run, found = rebuilding.waiting(3)
    seen = rebuilding.seen_in(found)
    for _process in range(2):
        rebuilding.count_seen(found, seen)
    assert Tally.objects.get().articles == 3
