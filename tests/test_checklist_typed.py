"""The checklist looks at the words that stand in the form, and of nobody else's."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import revisions
from articles.models import Article, WorkingCopy
from articles.state import WorkingState
from tests.conftest import Cast
from tests.factories import make_section
from tests.soak_sizes import EVERYTHING
from tests.test_article_admin import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TYPED = "Looked at the words in this form"
EMPTY = "The story is empty."


@pytest.fixture
def article(cast: Cast) -> Article:
    state = WorkingState(headline="The TK bridge opens again", section=make_section().pk, body="")
    return revisions.create(state, actor=cast.editor)


def keep(client: Client, article: Article, window: UUID, base: int = 1, /, **fields: Any) -> str:
    values = {"window": str(window), "base_revision": str(base), **fields}
    return str(client.post(f"/admin/articles/article/{article.pk}/unsaved/", values).json()["outcome"])


def looked(client: Client, article: Article, window: Any = "") -> str:
    answer = client.get(f"/admin/articles/article/{article.pk}/checklist/", {"window": str(window)})
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_typed_and_not_saved_is_looked_at(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    assert keep(client, article, window, headline="The TK bridge opens again", body="<p>It XXX opens.</p>") == "kept"
    saved, typed = looked(client, article), looked(client, article, window)
    assert EMPTY in saved, "the control: what was saved is empty"
    assert "Looked at revision 1, as it was saved." in saved
    assert EMPTY not in typed
    assert TYPED in typed
    assert "XXX" in typed


def test_both_panels_look_once(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    keep(client, article, window, headline="Another one")
    with CaptureQueriesContext(connection) as asked:
        told = looked(client, article, window)
    assert 'id="checklist"' in told
    assert 'id="outcomes"' in told
    table = f'FROM "{WorkingCopy._meta.db_table}"'
    assert len([one for one in asked if table in one["sql"]]) == 1


def test_a_copy_that_says_what_is_saved_counts_as_saved(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    keep(client, article, window, headline="The TK bridge opens again")
    assert "Looked at revision 1, as it was saved." in looked(client, article, window)


def test_only_a_line_that_is_saved_too_can_be_waived(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    keep(client, article, window, headline="The TK bridge", body="<p>Opened by [name].</p>", standfirst="XXX")
    page = looked(client, article, window)
    assert page.count("data-waive>") == looked(client, article).count("data-waive>") == 1
    answer = client.post(
        f"/admin/articles/article/{article.pk}/waiver/", {"code": "no-such-line", "reason": "Because."}
    )
    assert answer.status_code == 302


def test_the_publishing_panel_tells_of_the_typed_words(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    keep(client, article, window, headline="Another bridge")
    assert "another-bridge-" in looked(client, article, window)
    assert "another-bridge-" not in looked(client, article)


def test_nobody_looks_at_what_somebody_else_typed(cast: Cast, article: Article) -> None:
    window = uuid4()
    keep(signed_in(cast.editor), article, window, headline="The TK bridge opens again", body="<p>Secret.</p>")
    page = looked(signed_in(cast.chief), article, window)
    assert EMPTY in page
    assert TYPED not in page
    assert signed_in(cast.moderator).get(
        f"/admin/articles/article/{article.pk}/checklist/", {"window": str(window)}
    ).status_code in {403, 404}


def test_words_of_a_window_are_for_their_article_only(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    other = revisions.create(WorkingState(headline="Another one"), actor=cast.editor)
    keep(client, article, window, headline="The TK bridge", body="<p>Words.</p>")
    assert TYPED not in looked(client, other, window)


def test_once_a_colleague_saved_words_that_are_not_kept_are_not_looked_at(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    revisions.save(article, WorkingState.of(article).with_(standfirst="Newer."), actor=cast.chief)
    assert keep(client, article, window, headline="The TK bridge", body="<p>Words.</p>") == "newer"
    assert "Looked at revision 2, as it was saved." in looked(client, article, window)


@pytest.mark.parametrize("window", ["", "x", "9" * 400, "00000000-0000-0000-0000-000000000000", "'\"<"])
def test_a_window_that_is_none_looks_at_what_is_saved(cast: Cast, article: Article, window: str) -> None:
    assert TYPED not in looked(signed_in(cast.editor), article, window)


HOSTILE = ["", " ", "<script>alert(1)</script>", "é/ü?#", "-1", "9" * 30, "x" * 5_000, "../..", "2026-02-31"]


FIELDS = (
    *("headline", "slug", "standfirst", "kind", "sensitive", "lead_caption", "body", "source_url"),
    *("search_title", "search_description", "noindex", "section", "lead_picture", "source", "social_picture"),
    *("publish_at_0", "publish_at_1", "expire_at_0", "embargo_until_0", "tags"),
    *("bylines-TOTAL_FORMS", "bylines-0-author", "bylines-0-role"),
)


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_typed_is_looked_at(cast: Cast, article: Article, value: str) -> None:
    """In every third field, in others with another value; in all of them where everything is tried."""
    client, window = signed_in(cast.editor), uuid4()
    for name in FIELDS if EVERYTHING else FIELDS[HOSTILE.index(value) % 3 :: 3]:
        outcome = keep(client, article, window, 1, **{"headline": "A bridge", name: value})
        assert outcome == "kept", name
        page = looked(client, article, window)
        assert "<script>alert" not in page


def test_looking_costs_the_same_however_long_the_words(cast: Cast, article: Article) -> None:
    client, counts = signed_in(cast.editor), []
    window = uuid4()
    for size in (1, 30):
        words = "<p>Words.</p>" * size
        keep(client, article, window, headline="A bridge", body=words, tags=", ".join(f"t{n}" for n in range(size)))
        looked(client, article, window)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            looked(client, article, window)
        counts.append(len(asked))
    assert counts[0] == counts[1]
