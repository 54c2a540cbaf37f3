"""Who has an article open now, told to those who may know of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, EditSession, Tag
from articles.state import WorkingState
from articles.together import presence
from articles.together.periodic import forget_windows
from tests.conftest import Cast
from tests.factories import make_section
from tests.test_article_admin import LIST, change, signed_in

NOON = timezone.now().replace(hour=12, minute=4, second=0, microsecond=0)


@pytest.fixture
def article(cast: Cast) -> Article:
    return revisions.create(
        WorkingState(headline="First", section=make_section().pk, body="<p>1</p>"), actor=cast.editor
    )


def beat(client: Client, article: Article, window: Any, **fields: Any) -> Any:
    return client.post(f"/admin/articles/article/{article.pk}/present/", {"window": str(window), **fields})


def test_colleagues_are_told_who_writes_and_who_has_it_open(cast: Cast, article: Article) -> None:
    with time_machine.travel(NOON, tick=False):
        beat(signed_in(cast.editor), article, uuid4(), typed="1")
        beat(signed_in(cast.administrator), article, uuid4())
        answer = beat(signed_in(cast.chief), article, uuid4())
        when = timezone.localtime(NOON).strftime("%H:%M")
        said = f"Edda Editor is writing here (since {when}), Ada Administrator is reading (since {when})"
        assert answer.json()["here"] == said
        assert said in signed_in(cast.chief).get(change(article)).content.decode()


def test_a_window_is_gone_when_it_says_so_or_says_nothing_for_long(cast: Cast, article: Article) -> None:
    chief, window = signed_in(cast.chief), uuid4()
    with time_machine.travel(NOON, tick=False) as clock:
        beat(signed_in(cast.editor), article, window)
        clock.shift(timedelta(seconds=39))
        assert "Edda" in beat(chief, article, uuid4()).json()["here"]
        clock.shift(timedelta(seconds=2))
        assert beat(chief, article, uuid4()).json()["here"] == ""
        beat(signed_in(cast.editor), article, window)
        beat(signed_in(cast.editor), article, window, leaving="1")
        assert beat(chief, article, uuid4()).json()["here"] == ""
        clock.shift(timedelta(hours=2))
        forget_windows()
        assert not EditSession.objects.exists()


def test_whoever_stopped_typing_reads(cast: Cast, article: Article) -> None:
    window = uuid4()
    with time_machine.travel(NOON, tick=False) as clock:
        beat(signed_in(cast.editor), article, window, typed="1")
        clock.shift(presence.WRITING_FOR + timedelta(seconds=1))
        beat(signed_in(cast.editor), article, window)
        assert "is reading" in beat(signed_in(cast.chief), article, uuid4()).json()["here"]


def test_a_newer_version_is_told_to_those_who_may_read_it(cast: Cast, article: Article) -> None:
    publishing.publish(article, actor=cast.editor)
    revisions.save(article, WorkingState.of(article).with_(headline="Hidden"), actor=cast.editor)
    told = beat(signed_in(cast.chief), article, uuid4()).json()
    assert told["number"] == Article.objects.get(pk=article.pk).latest.number  # type: ignore[union-attr]
    assert "Edda Editor saved a newer version" in told["newer"]
    assert "newer" not in beat(signed_in(cast.contributor), article, uuid4()).json()


def test_for_others_a_hidden_draft_is_as_unknown_as_one_that_never_was(cast: Cast, article: Article) -> None:
    for person in (cast.contributor, cast.moderator):
        client = signed_in(person)
        assert beat(client, article, uuid4()).status_code == 404
        assert client.get(f"/admin/articles/article/{article.pk}/present/").status_code == 404
        assert beat(client, Article(pk=999_999), uuid4()).content == beat(client, article, uuid4()).content
        with pytest.raises(PermissionDenied):
            presence.be_here(article, actor=person, window=uuid4())
    assert beat(Client(), article, uuid4()).status_code == 302
    assert not EditSession.objects.exists()


def test_bad_words_from_a_window_change_nothing(cast: Cast, article: Article) -> None:
    client = signed_in(cast.editor)
    for window in ("", "x", "\0", "9" * 5_000):
        assert beat(client, article, window, typed="\0").status_code == 200
    assert beat(client, Article(pk=10**25), uuid4()).status_code == 404
    assert not EditSession.objects.exists()
    for _window in range(presence.MOST_WINDOWS + 3):
        beat(client, article, uuid4())
    assert EditSession.objects.count() == presence.MOST_WINDOWS


def test_the_list_tells_who_is_in_which_article_with_one_query(cast: Cast, article: Article) -> None:
    client, counts = signed_in(cast.chief), []
    for size in (1, 6):
        for number in range(size):
            state = WorkingState(headline=f"Story {size} {number}", section=make_section().pk)
            row = revisions.create(state, actor=cast.chief)
            presence.be_here(row, actor=cast.editor, window=uuid4(), typed=True)
        with CaptureQueriesContext(connection) as counted:
            page = client.get(LIST).content.decode()
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert page.count("Edda Editor is writing") == 7


@pytest.mark.once
def test_the_form_asks_as_much_after_many_revisions_and_among_many_tags(cast: Cast, article: Article) -> None:
    client, counts = signed_in(cast.chief), []
    for size in (1, 12):
        for number in range(size):
            tags = tuple(f"Tag {size} {place}" for place in range(size))
            state = WorkingState.of(article).with_(headline=f"Version {size} {number}", tags=tags)
            revisions.save(article, state, actor=cast.editor)
            Tag.objects.create(name=f"Other {size} {number}", slug=f"o-{size}-{number}", key=f"other {size} {number}")
        with CaptureQueriesContext(connection) as counted:
            assert client.get(change(article)).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.once
def test_the_form_asks_as_much_for_many_as_for_one(cast: Cast, article: Article) -> None:
    client, counts = signed_in(cast.chief), []
    for people in ((cast.editor,), (cast.administrator, cast.editor)):
        for person in people:
            for _window in range(3):
                presence.be_here(article, actor=person, window=uuid4())
        with CaptureQueriesContext(connection) as counted:
            client.get(change(article))
        counts.append(len(counted))
    assert counts[0] == counts[1]
