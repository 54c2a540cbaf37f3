"""A form still open while its article is deleted: what it tells the server is answered as for one that never was."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from articles import revisions
from articles.models import Article, EditSession, WorkingCopy
from articles.state import WorkingState
from articles.together import copies, merging, presence, views
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_section
from tests.test_article_admin import change, form_data, panels, signed_in
from wastebin import bin as waste

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 20


@pytest.fixture
def article(cast: Cast) -> Article:
    state = WorkingState(headline="First", section=make_section().pk, body="<p>One.</p>")
    return revisions.create(state, actor=cast.editor)


@pytest.fixture
def delete_after(article: Article, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """Has the article deleted by a colleague just after ``place.name`` gave its answer."""

    def prepared(place: Any, name: str) -> None:
        asked = getattr(place, name)

        def answered(*args: Any, **kwargs: Any) -> Any:
            answer = asked(*args, **kwargs)
            waste.put(article, actor=None)
            return answer

        monkeypatch.setattr(place, name, answered)

    return prepared


@pytest.mark.parametrize(("place", "name"), [(views, "_known"), (presence, "_who_may_look")])
@pytest.mark.parametrize("said", [{}, {"typed": "1"}], ids=["reads", "writes"])
def test_a_window_that_says_it_is_open_hears_that_the_article_is_gone(
    cast: Cast, article: Article, delete_after: Callable[[Any, str], None], place: Any, name: str, said: dict[str, str]
) -> None:
    client = signed_in(cast.editor)
    delete_after(place, name)
    answer = client.post(f"/admin/articles/article/{article.pk}/present/", {"window": str(uuid4()), **said})
    assert answer.status_code == 404
    assert not EditSession.objects.exists()


@pytest.mark.parametrize(("place", "name"), [(views, "_known"), (copies, "tidy"), (copies, "_newest")])
def test_words_that_are_to_be_kept_hear_that_the_article_is_gone(
    cast: Cast, article: Article, delete_after: Callable[[Any, str], None], place: Any, name: str
) -> None:
    client = signed_in(cast.editor)
    delete_after(place, name)
    typed = {"window": str(uuid4()), "base_revision": "1", "headline": "Typed"}
    assert client.post(f"/admin/articles/article/{article.pk}/unsaved/", typed).status_code == 404
    assert not WorkingCopy.objects.exists()


def test_whoever_was_to_join_two_versions_of_it_is_told_so(
    cast: Cast, article: Article, delete_after: Callable[[Any, str], None]
) -> None:
    client = signed_in(cast.chief)
    mine = form_data(make_section(), headline="Mine", window=str(uuid4())) | panels(client, article)
    revisions.save(article, WorkingState.of(article).with_(headline="Theirs"), actor=cast.editor, base=1)
    delete_after(merging, "merge_of")
    assert client.post(change(article), mine).status_code == 404


def test_control_a_row_for_a_deleted_article_is_what_the_database_refuses(cast: Cast, article: Article) -> None:
    waste.put(article, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        EditSession.objects.bulk_create([EditSession(article=article, user=cast.editor)], ignore_conflicts=True)


@pytest.mark.postgres
def test_beats_and_kept_words_at_the_instant_of_deletion_fail_in_no_other_way(cast: Cast) -> None:
    told = (Article.DoesNotExist, PermissionDenied, waste.HeldError)
    for _round in range(ROUNDS):
        article = revisions.create(WorkingState(headline="First", body="<p>One.</p>"), actor=cast.editor)
        beat = partial(presence.be_here, article, actor=cast.editor, window=uuid4())
        keep = partial(copies.keep, article, [("headline", "T")], actor=cast.editor, window=uuid4(), base=1)
        faults = at_once([beat, keep, partial(waste.put, article, actor=None)])
        assert [fault for fault in faults if not isinstance(fault, told)] == []
