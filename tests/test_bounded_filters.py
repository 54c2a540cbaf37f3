"""Filters of the desk's list, and words in the queue, look through the newest rows; they say so, and lead further."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import article_filters, revisions
from articles.models import Article, DeskMembership, DeskRole, EditorialNote, Section
from articles.state import WorkingState
from articles.uses import known_uses, wanted_by_drafts
from comments.desk import listing
from comments.models import Comment, State
from tests.conftest import Cast
from tests.factories import make_article, make_comment, make_section

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
QUEUE = "/admin/comments/comment/"
SCRIPTED: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}
LIMITED = "Filters look through the newest 5,000 articles or versions"
FOUR = ["0", "1", "2", "3"]


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    client.force_login(cast.editor)
    return client


@pytest.fixture
def four(cast: Cast) -> list[Article]:
    """The oldest first, all of one section, begun and saved by the editor, without tags, byline or picture."""
    section = make_section("City")
    return [revisions.create(WorkingState(headline=name, section=section.pk), actor=cast.editor) for name in FOUR]


def listed(client: Client, query: str) -> list[str]:
    response: Any = client.get(f"{LIST}?{query}")
    return [str(article) for article in response.context["cl"].result_list]


BY_WINDOW = ["in=city", "whose=mine", "whose=edited", "missing=picture", "missing=tags", "missing=byline", "source=own"]


@pytest.mark.parametrize("query", BY_WINDOW)
@pytest.mark.parametrize("order", ["", "&o=6"])
def test_a_filter_looks_through_the_newest_and_says_so(
    editor: Client, four: list[Article], query: str, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sorted(listed(editor, query + order)) == FOUR
    assert LIMITED not in editor.get(f"{LIST}?{query}").content.decode()
    monkeypatch.setattr(article_filters, "LOOKED_THROUGH", 2)
    assert sorted(listed(editor, query + order)) == ["2", "3"]
    assert LIMITED in editor.get(f"{LIST}?{query}").content.decode()


@pytest.mark.parametrize("query", [*BY_WINDOW, "missing=settling", "when=embargo", "when=expired"])
def test_the_list_costs_the_same_for_few_and_for_many(editor: Client, cast: Cast, query: str) -> None:
    costs = []
    now = timezone.now()
    for size in (2, 9):
        for number in range(size):
            moments = {
                "when=embargo": {"embargo_until": now + timedelta(days=1)},
                "when=expired": {"publish_at": now - timedelta(days=9), "expire_at": now - timedelta(days=1)},
            }
            article = make_article(f"Story {number}", section=make_section("City"), **moments.get(query, {}))
            saved = revisions.create(WorkingState(headline="Draft", section=article.section_id), actor=cast.editor)
            EditorialNote.objects.create(article=saved, text="Who says so?")
        with CaptureQueriesContext(connection) as asked:
            assert len(listed(editor, query)) >= size
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 15


@pytest.mark.parametrize("query", ["in=city", "missing=tags", "missing=byline", "source=own"])
def test_their_own_work_is_found_whatever_others_have_made_since(
    client: Client, cast: Cast, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = make_section("City")
    revisions.create(WorkingState(headline="Mine", section=section.pk), actor=cast.contributor)
    for number in range(3):
        revisions.create(WorkingState(headline=f"Theirs {number}", section=section.pk), actor=cast.editor)
    client.force_login(cast.contributor)
    monkeypatch.setattr(article_filters, "LOOKED_THROUGH", 2)
    assert listed(client, query) == ["Mine"]


@pytest.mark.parametrize("query", [*BY_WINDOW, "desk=mine"])
def test_with_words_a_filter_looks_at_all_that_they_find(
    editor: Client, cast: Cast, four: list[Article], query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    DeskMembership.objects.create(user=cast.editor, section=Section.objects.get(), role=DeskRole.EDITOR)
    revisions.save(four[0], WorkingState.of(four[0]).with_(headline="Unicorn"), actor=cast.editor)
    others = [revisions.create(WorkingState.of(four[1]), actor=cast.editor) for _number in range(3)]
    assert others
    monkeypatch.setattr(article_filters, "LOOKED_THROUGH", 2)
    assert listed(editor, f"{query}&q=unicorn") == ["Unicorn"]
    assert LIMITED not in editor.get(f"{LIST}?{query}&q=unicorn").content.decode()


def test_notes_that_are_settled_need_no_settling(editor: Client, four: list[Article]) -> None:
    EditorialNote.objects.create(article=four[0], text="Open")
    EditorialNote.objects.create(article=four[1], text="Settled", resolved_at=timezone.now())
    assert listed(editor, "missing=settling") == ["0"]


def test_what_only_unseen_words_want_counts_as_used(cast: Cast) -> None:
    section, other = make_section("City"), make_section("Sport")
    draft = revisions.create(WorkingState(headline="Draft", section=section.pk), actor=cast.editor)
    seen = make_article("Seen", section=section)
    holders, more = wanted_by_drafts(type(section), [section.pk])
    assert ([holder.pk for holder in holders], more) == ([draft.pk], 0)
    revisions.save(seen, WorkingState.of(seen).with_(section=other.pk), actor=cast.editor)
    holders, more = wanted_by_drafts(type(section), [other.pk])
    assert ([holder.pk for holder in holders], more) == ([seen.pk], 0)
    assert known_uses(seen, cast.editor) == []


# Words in the queue


def waiting(article: Article, text: str, since: datetime, state: State = State.PENDING) -> Comment:
    moments = {"created_at": since, "waiting_since": since, "rank_at": since}
    return make_comment(article, text, state=state, **moments)


def screens(client: Client, query: str) -> list[list[str]]:
    """The words on one screen after the other, as the module asks for them."""
    found = []
    while query:
        answer = client.get(f"{QUEUE}?{query}", **SCRIPTED).json()
        by_id = Comment.objects.in_bulk([row["id"] for row in answer["rows"]])
        found.append([by_id[row["id"]].text for row in answer["rows"]])
        query = answer["next"]
    return found


@pytest.mark.parametrize(
    ("state", "query"),
    [(State.PENDING, "q=tram"), (State.PENDING, "q=tram&order=urgency"), (State.SPAM, "state=spam&q=tram")],
)
@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=1)])
def test_words_are_looked_for_step_by_step_without_a_gap(
    client: Client, cast: Cast, state: State, query: str, apart: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.moderator)
    article, begin = make_article(), timezone.now() - timedelta(days=1)
    for number in range(8):
        what = "tram" if number in {0, 2, 3, 7} else "bus"
        waiting(article, f"A {what}, number {number}.", begin + apart * number, state)
    everything = screens(client, query)
    assert len(everything) == 1
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 2)
    step_by_step = screens(client, query)
    assert [text for screen in step_by_step for text in screen] == everything[0]
    assert sorted(len(screen) for screen in step_by_step)[:1] == [0], "one step finds nothing, and leads on"


def test_a_step_that_finds_nothing_says_how_far_it_looked_and_leads_on(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.moderator)
    article, begin = make_article(), timezone.now() - timedelta(days=1)
    for number in range(3):
        waiting(article, f"A bus, number {number}.", begin + timedelta(minutes=number))
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 2)
    page = client.get(f"{QUEUE}?q=tram").content.decode()
    assert "None of these 10,000 comments." in page
    assert "Look through further comments" in page
    end = client.get(f"{QUEUE}?{client.get(f'{QUEUE}?q=tram', **SCRIPTED).json()['next']}").content.decode()
    assert "That was the last of them." in end
