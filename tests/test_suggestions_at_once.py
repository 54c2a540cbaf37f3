"""Several workers refresh neighbouring articles at the same moment; somebody picks while they do."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from curation import picks, rebuilding, suggesting
from curation.models import Fingerprint, Pick, Suggestion
from outbox import effects
from outbox.models import Effect
from tests.concurrency import at_once
from tests.factories import make_article

WORKERS = 4
ARTICLES = 16

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def archive() -> list[int]:
    texts = ("The tide gate held against the surge in harbour {0}, and the tide fell.", "Rowers won regatta {0} again.")
    now = timezone.now()
    return [
        make_article(
            f"Story {number}", body_text=texts[number % 2].format(number), publish_at=now - timedelta(hours=2)
        ).pk
        for number in range(ARTICLES)
    ]


def drain() -> None:
    """What a worker does until nothing is left that it can take."""
    while effects.run_due(limit=3):
        pass


def test_workers_at_once_bring_every_article_into_its_neighbours_lists() -> None:
    ids = archive()
    rebuilding.start()
    rebuilding.run_to_the_end()
    expected = set(Suggestion.objects.values_list("article", "target"))
    Suggestion.objects.all().delete()
    suggesting.suggest_later(ids)
    assert at_once([drain] * WORKERS) == []
    assert not Effect.objects.filter(kind=suggesting.SUGGEST, done_at=None).exists()
    assert set(Suggestion.objects.values_list("article", "target")) == expected


def test_two_workers_on_one_new_article_leave_one_list() -> None:
    ids = archive()
    rebuilding.start()
    rebuilding.run_to_the_end()
    new = make_article("New", body_text="The tide gate held against the surge in harbour 99, and the tide fell.")
    errors = at_once([lambda: suggesting.refresh(new.pk)] * WORKERS)
    assert len(errors) < WORKERS
    assert Suggestion.objects.filter(article=new).count() == len(ids) // 2


def test_picks_made_while_workers_write_are_all_kept() -> None:
    ids = archive()
    rebuilding.start()
    rebuilding.run_to_the_end()
    targets = [make_article(f"Target {number}") for number in range(WORKERS)]
    page = make_article("Page", body_text="The tide gate held against the surge in harbour 7, and the tide fell.")
    suggesting.suggest_later([page.pk, *ids])
    acts = [partial(picks.pick, page, target, actor=None) for target in targets]
    assert at_once([*acts, drain, drain]) == []
    assert set(Pick.objects.filter(article=page).values_list("target", flat=True)) == {one.pk for one in targets}
    assert sorted(Pick.objects.filter(article=page).values_list("position", flat=True)) == [1, 2, 3, 4]


def test_control_a_worker_that_locks_in_its_own_order_runs_into_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = archive()
    rebuilding.start()
    rebuilding.run_to_the_end()
    orders = iter([sorted(ids), sorted(ids, reverse=True)] * ARTICLES)

    def careless(article_ids: object) -> None:
        for pk in next(orders):
            list(Fingerprint.objects.filter(pk=pk).select_for_update().values_list("pk"))
            time.sleep(0.01)

    monkeypatch.setattr(suggesting, "_lock", careless)
    errors = at_once([partial(suggesting.refresh, pk) for pk in ids[:2]])
    assert errors
