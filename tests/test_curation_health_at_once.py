"""Fixes of desk health taken back at the very moment somebody else does something with the same rows."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError

from articles.models import Article, Status
from curation import mending, picks, undo
from curation.models import CuratedList, Pick
from curation.places import FRONT, Place, hold, locked_list
from outbox.models import AuditEntry
from pagecache.writing import writing
from people.models import User
from tests.concurrency import PATIENCE, at_once
from tests.conftest import Cast
from tests.factories import make_article

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 6


def fixed(place: Place, target: Article, cast: Cast) -> int:
    """A pick of the chief's that the editor removed; the entry to take back."""
    picks.pick(place, target, actor=cast.chief)
    entry = picks.unpick(place, target, actor=cast.editor)
    assert entry is not None
    return entry.pk


def take_back(entry: int, actor: User, done: list[int]) -> None:
    done.append(mending.take_back(entry, actor=actor).done)


def test_a_fix_is_taken_back_once_however_often_it_is_asked(transactional_db: None, cast: Cast) -> None:
    here = make_article("Here")
    entry = fixed(here, make_article("Dead", status=Status.ARCHIVED), cast)
    done: list[int] = []
    assert at_once([partial(take_back, entry, cast.editor, done) for _each in range(4)]) == []
    assert sorted(done) == [0, 0, 0, 1]
    assert AuditEntry.objects.filter(verb="undid unpicked").count() == 1
    assert Pick.objects.get().picked_by == cast.chief


@pytest.mark.parametrize("on_front", [False, True])
def test_taking_back_and_picking_anew_never_wait_in_a_circle(
    transactional_db: None, cast: Cast, on_front: bool
) -> None:
    for number in range(ROUNDS):
        here: Place = FRONT if on_front else make_article(f"Here {number}")
        target = make_article(f"Dead {number}", status=Status.ARCHIVED)
        entry = fixed(here, target, cast)
        done: list[int] = []
        acts: list[Callable[[], object]] = [
            partial(take_back, entry, cast.editor, done),
            partial(picks.pick, here, target, actor=cast.chief),
        ]
        assert at_once(acts) == []
        row = Pick.objects.get(target=target)
        assert row.picked_by == cast.chief


def test_the_control_is_that_holding_the_article_last_closes_the_circle(
    transactional_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, target = make_article("Here"), make_article("Dead", status=Status.ARCHIVED)
    entry = fixed(here, target, cast)
    together = threading.Barrier(2, timeout=PATIENCE)

    def locked(place: Place) -> CuratedList:
        row = locked_list(place)
        together.wait()
        return row

    def pick() -> None:
        with writing():
            hold(target)
            together.wait()
            picks.pick(here, target, actor=cast.chief)

    monkeypatch.setattr(undo, "hold", lambda _article: None)
    monkeypatch.setattr(undo, "locked_list", locked)
    failed = at_once([partial(take_back, entry, cast.editor, []), pick])
    assert [type(error) for error in failed] == [OperationalError]
