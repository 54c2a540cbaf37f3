"""A primary dies with changes that its standby had not heard of: no page kept with them is taken for a new one."""

import contextlib
from collections.abc import Callable

import pytest
from django.db import transaction

from articles.models import Article
from pagecache import writing
from tests.factories import make_article, make_comment, make_section
from tests.wsgi_client import ask, make_door

pytestmark = pytest.mark.django_db

BY_CHANCE = 2**30
Change = Callable[[Article, str], None]


class DiedError(Exception):
    """The primary did, and the standby knows nothing of the change."""


def rename(story: Article, headline: str) -> None:
    story.headline = headline
    story.save()


def comment(story: Article, text: str) -> None:
    """The first, so that its key is new."""
    make_comment(story, text)


CHANGES = [rename, comment]


def shown_after_a_lost_change(change: Change, longest_step: int, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(writing, "LONGEST_STEP", longest_step)
    door, story = make_door(), make_article("The tram is late", section=make_section())
    with contextlib.suppress(DiedError), transaction.atomic():
        change(story, "The tram is lost")
        assert b"is lost" in ask(door, story.get_absolute_url()).body
        assert ask(door, story.get_absolute_url()).was_stored
        raise DiedError
    change(story, "The tram is on time")
    return ask(door, story.get_absolute_url()).body


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_that_was_kept_with_a_lost_change_is_not_answered_after_the_next_one(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"on time" in shown_after_a_lost_change(change, BY_CHANCE, monkeypatch)


@pytest.mark.parametrize("change", CHANGES)
def test_control_with_versions_that_rise_by_one_it_would_be(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"is lost" in shown_after_a_lost_change(change, 1, monkeypatch)


def test_a_version_rises_each_time_and_has_room_for_as_many_changes_as_there_will_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "LONGEST_STEP", BY_CHANCE)
    steps = {writing.step() for _ in range(1_000)}
    assert min(steps) >= 1
    assert len(steps) > 990
    assert max(steps) * 2**32 < 2**63
