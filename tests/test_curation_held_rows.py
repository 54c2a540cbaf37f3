"""Curating while a colleague publishes, deletes or excludes the same articles: nobody waits in a circle."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from articles import publishing, revisions
from articles.models import Article
from articles.state import WorkingState
from curation import exclusions, picks
from curation.models import Pick
from curation.picks import LOST
from outbox.models import AuditEntry
from tests.concurrency import PATIENCE, at_once
from tests.conftest import Cast
from tests.factories import make_article, make_section

SOON = 2
"""Seconds in which a verb that waits for nobody is done."""

HOLDERS: dict[str, Callable[[Article], Any]] = {
    "publishing": publishing.row.locked,
    "excluding": exclusions._locked_anywhere,
    "saving": lambda article: article._stored_keys(),
}


def draft(headline: str, cast: Cast) -> Article:
    return revisions.create(WorkingState(headline=headline, section=make_section().pk), actor=cast.editor)


def curated_while_held(hold: Callable[[Article], Any]) -> bool:
    """Whether the list beside an article can be changed while a colleague's transaction holds the article."""
    article, target = make_article("Here"), make_article("There")
    picks.pick(article, target, actor=None)
    held, done, was_done = threading.Event(), threading.Event(), []

    def colleague() -> None:
        with transaction.atomic():
            hold(article)
            held.set()
            was_done.append(done.wait(SOON))

    def curate() -> None:
        held.wait(PATIENCE)
        picks.unpick(article, target, actor=None)
        done.set()

    assert at_once([colleague, curate]) == []
    return was_done[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", HOLDERS)
def test_a_list_is_changed_while_its_article_is_held_by(how: str) -> None:
    assert curated_while_held(HOLDERS[how])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_control_is_that_a_stronger_lock_holds_the_list_up() -> None:
    assert not curated_while_held(lambda article: Article.objects.select_for_update(of=("self",)).get(pk=article.pk))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_drafts_picked_in_the_same_lists_are_deleted_at_once(cast: Cast) -> None:
    for _round in range(5):
        one, other = make_article("One list"), make_article("Another list")
        first, second = draft("First", cast), draft("Second", cast)
        for place, target in ((one, first), (one, second), (other, second), (other, first)):
            picks.pick(place, target, actor=None)
        assert at_once([partial(revisions.discard, gone, actor=cast.editor) for gone in (first, second)]) == []
    assert not Pick.objects.exists()
    assert AuditEntry.objects.filter(verb=LOST).count() == 20


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_draft_is_picked_while_it_is_deleted(cast: Cast) -> None:
    for _round in range(5):
        gone = draft("Gone", cast)
        acts = [partial(picks.pick, make_article("List"), gone, actor=cast.editor) for _each in range(3)]
        refused = at_once([*acts, partial(revisions.discard, gone, actor=cast.editor)])
        assert all(isinstance(error, ValidationError) for error in refused), refused
    assert not Pick.objects.exists()


def test_what_was_deleted_meanwhile_is_refused_in_words(cast: Cast) -> None:
    article, gone = make_article("Here"), draft("Gone", cast)
    stale = Article.objects.get(pk=gone.pk)
    revisions.discard(gone, actor=cast.editor)
    for verb in (
        picks.pick,
        exclusions.never_here,
        lambda _article, target, actor: exclusions.never_anywhere(target, actor=actor, reason="Wrong"),
    ):
        with pytest.raises(ValidationError, match="was deleted in the meantime"):
            verb(article, stale, actor=cast.editor)
