"""Pairs of saves at the same instant from the same version: whoever is second is told, and no words are lost unseen."""

from collections.abc import Callable
from typing import Any

import pytest

from articles import revisions
from articles.models import Article, Revision
from articles.revisions import NewerVersion
from articles.state import WorkingState
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.soak_sizes import EVERYTHING

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PAIRS = 50 if EVERYTHING else 25
SOAK_PAIRS = 1_000

Save = Callable[[Article, WorkingState, int], object]


def lost_unseen(cast: Cast, save: Save, pairs: int) -> tuple[int, int]:
    """Of ``pairs`` simultaneous saves: in how many both passed from one version, and how many were told."""
    article = revisions.create(WorkingState(headline="Base", body="<p>Base.</p>"), actor=cast.editor)
    lost = told = 0
    for pair in range(pairs):
        base = Revision.objects.filter(article=article).order_by("-number").first()
        assert base is not None
        number = base.number
        states = [WorkingState(headline=f"{pair}, {side}", body=f"<p>{pair} {side}</p>") for side in ("one", "two")]
        refused = at_once([saving(save, article.pk, state, number) for state in states])
        assert all(isinstance(error, NewerVersion) for error in refused), refused
        kept = set(Revision.objects.filter(article=article, number__gt=number).values_list("headline", flat=True))
        seen = {error.mine.headline for error in refused if isinstance(error, NewerVersion)}
        assert kept | seen == {state.headline for state in states}
        lost += len(kept) > 1
        told += len(refused)
    return lost, told


def saving(save: Save, pk: int, state: WorkingState, base: int) -> Callable[[], object]:
    return lambda: save(Article.objects.get(pk=pk), state, base)


def as_it_is(cast: Cast) -> Save:
    return lambda row, state, base: revisions.save(row, state, actor=cast.chief, base=base)


def test_of_every_pair_one_is_saved_and_the_other_is_told(cast: Cast) -> None:
    assert lost_unseen(cast, as_it_is(cast), PAIRS) == (0, PAIRS)


@pytest.mark.soak
def test_of_a_thousand_pairs_none_loses_a_word_unseen(cast: Cast) -> None:
    assert lost_unseen(cast, as_it_is(cast), SOAK_PAIRS) == (0, SOAK_PAIRS)


def test_control_without_a_base_one_of_each_pair_is_lost_unseen(cast: Cast) -> None:
    def blind(row: Article, state: WorkingState, base: int) -> Any:
        return revisions.save(row, state, actor=cast.chief)

    assert lost_unseen(cast, blind, 10) == (10, 0)


def test_control_a_check_before_the_lock_lets_some_through(cast: Cast) -> None:
    def careless(row: Article, state: WorkingState, base: int) -> Any:
        if row.latest is not None and row.latest.number != base:
            raise NewerVersion(row.latest, state, base)
        return revisions.save(row, state, actor=cast.chief)

    lost, _told = lost_unseen(cast, careless, 30)
    assert lost > 0
