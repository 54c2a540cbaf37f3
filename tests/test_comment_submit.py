"""A reader's comment comes in: checked in order, refused in words, stored to wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles.models import Article, Status
from comments import refusals, submission, tokens
from comments.forms import MAX_EMAIL, MAX_NAME, MAX_TEXT, MAX_WEBSITE, TRAP
from comments.models import Comment, ModerationEntry, SpentToken, State
from comments.pipeline.findings import Code
from pagecache.models import Key
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def typed(**changes: str) -> dict[str, str]:
    return {"text": "Well said.", "name": "Ana", "email": "ana@example.org", "website": "", "parent": "", **changes}


def codes_of(comment: Comment) -> list[str]:
    return [row["code"] for row in comment.findings]


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_a_comment_waits_for_a_moderator_and_changes_no_page(article: Article) -> None:
    comment = submission.submit(article, typed())

    assert (comment.state, comment.name, comment.email) == (State.PENDING, "Ana", "ana@example.org")
    assert not Key.objects.filter(name=f"comments:{article.pk}", version__gt=0).exists()


def test_two_comments_have_receipts_nobody_can_guess(article: Article) -> None:
    receipts = {submission.submit(article, typed(text=text)).receipt for text in ("One", "Two")}

    assert len(receipts) == 2
    assert all(len(receipt) >= 22 for receipt in receipts)


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"publish_at": datetime(2100, 1, 1, tzinfo=UTC)},
        {"embargo_until": datetime(2100, 1, 1, tzinfo=UTC)},
        {"status": Status.ARCHIVED},
    ],
)
def test_an_article_readers_cannot_see_takes_no_comment(db: None, hidden: dict[str, Any]) -> None:
    with pytest.raises(refusals.ClosedError):
        submission.submit(make_article(**hidden), typed())

    assert not Comment.objects.exists()


def test_comments_close_after_the_set_number_of_days(db: None, settings: Settings) -> None:
    settings.COMMENTS_CLOSE_AFTER_DAYS = 7
    article = make_article(publish_at=NOON)

    with time_machine.travel(NOON + timedelta(days=7) - timedelta(seconds=1), tick=False):
        assert submission.submit(article, typed())
    with time_machine.travel(NOON + timedelta(days=7), tick=False), pytest.raises(refusals.ClosedError):
        submission.submit(article, typed())


def test_comments_never_close_when_no_number_is_set(db: None) -> None:
    article = make_article(publish_at=NOON)

    with time_machine.travel(NOON + timedelta(days=3000), tick=False):
        assert submission.submit(article, typed())


@pytest.mark.parametrize(
    ("field", "limit"), [("text", MAX_TEXT), ("name", MAX_NAME), ("email", MAX_EMAIL), ("website", MAX_WEBSITE)]
)
def test_what_is_too_long_is_refused_and_never_cut(article: Article, field: str, limit: int) -> None:
    with pytest.raises(refusals.InvalidError) as refused:
        submission.submit(article, typed(**{field: "x" * (limit + 1)}))

    assert str(limit) in str(refused.value.form.errors[field])
    assert len(refused.value.form.data[field]) == limit + 1
    assert not Comment.objects.exists()


def test_a_text_of_exactly_the_limit_is_stored_whole(article: Article) -> None:
    assert submission.submit(article, typed(text="ä" * MAX_TEXT)).text == "ä" * MAX_TEXT


def test_line_ends_of_a_browser_do_not_count_twice(article: Article) -> None:
    text = "\r\n".join("x" for _ in range(MAX_TEXT // 2))

    assert submission.submit(article, typed(text=text)).text.count("\n") == MAX_TEXT // 2 - 1


@pytest.mark.parametrize("field", ["text", "name", "email"])
@pytest.mark.parametrize("blank", ["", "   ", "\u200b\u200d", "\u0301"])
def test_what_cannot_be_seen_counts_as_missing(article: Article, field: str, blank: str) -> None:
    with pytest.raises(refusals.InvalidError) as refused:
        submission.submit(article, typed(**{field: blank}))

    assert list(refused.value.form.errors) == [field]


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "ftp://example.org", "https://", "https://bank.example@evil.example", "data:,x"]
)
def test_only_web_addresses_are_taken_as_website(article: Article, website: str) -> None:
    with pytest.raises(refusals.InvalidError) as refused:
        submission.submit(article, typed(website=website))

    assert list(refused.value.form.errors) == ["website"]


def test_a_website_without_scheme_gets_one(article: Article) -> None:
    assert submission.submit(article, typed(website="ana.example")).website == "https://ana.example"


def test_one_writer_counts_once_however_the_address_is_spelt(article: Article) -> None:
    assert submission.submit(article, typed(email="Ana@Example.org")).email == "ana@example.org"


def test_an_answer_hangs_below_the_comment_it_answers(article: Article) -> None:
    first = make_comment(article)

    answer = submission.submit(article, typed(parent=str(first.pk)))

    assert (answer.parent, answer.answers, answer.depth) == (first, first, 1)


def test_an_answer_beyond_the_deepest_level_hangs_on_its_deepest_ancestor(article: Article, settings: Settings) -> None:
    settings.COMMENT_MAX_DEPTH = 2
    first = make_comment(article)
    second = make_comment(article, parent=first)
    third = make_comment(article, parent=second)

    answer = submission.submit(article, typed(parent=str(third.pk)))

    assert (answer.parent, answer.depth, answer.answers) == (second, 2, third)


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.SPAM])
def test_only_an_approved_comment_can_be_answered(article: Article, state: State) -> None:
    hidden = make_comment(article, state=state)

    with pytest.raises(refusals.InvalidError, match="no longer here"):
        submission.submit(article, typed(parent=str(hidden.pk)))


def test_a_comment_on_another_article_cannot_be_answered_here(article: Article) -> None:
    elsewhere = make_comment(make_article("Elsewhere"))

    with pytest.raises(refusals.InvalidError, match="no longer here"):
        submission.submit(article, typed(parent=str(elsewhere.pk)))


@pytest.mark.parametrize("parent", ["0", "-1", "x", "1 OR 1=1", "9" * 18, "9" * 400, "٣", "1.0", "\x00"])
def test_a_senseless_parent_is_refused_in_words(article: Article, parent: str) -> None:
    with pytest.raises(refusals.InvalidError, match="no longer here"):
        submission.submit(article, typed(parent=parent))


def test_whoever_walks_into_the_trap_is_stored_as_spam_with_the_reason(article: Article) -> None:
    comment = submission.submit(article, typed(**{TRAP: "Buy now"}))

    assert comment.state == State.SPAM
    assert comment.why == Code.TRAP
    assert [entry.by for entry in ModerationEntry.objects.all()] == [None]


def test_a_token_is_good_for_one_comment(article: Article) -> None:
    token = tokens.issue(tokens.Origin.PREVIEW)
    submission.submit(article, typed(), token=token)

    with pytest.raises(refusals.TokenError):
        submission.submit(article, typed(text="Again."), token=token)

    assert Comment.objects.count() == SpentToken.objects.count() == 1


@pytest.mark.parametrize("forged", ["", "p.abc:1xyz:forged", "x" * 5000, "p.a:b", "\x00", "é:é:é"])
def test_a_forged_token_is_refused_like_a_spent_one(article: Article, forged: str) -> None:
    with pytest.raises(refusals.TokenError):
        submission.submit(article, typed(), token=forged)

    assert not Comment.objects.exists()


def test_a_refused_comment_does_not_use_up_its_token(article: Article) -> None:
    token = tokens.issue(tokens.Origin.PREVIEW)

    with pytest.raises(refusals.InvalidError):
        submission.submit(article, typed(text=""), token=token)

    assert submission.submit(article, typed(), token=token)


@pytest.mark.parametrize(
    ("age", "codes"),
    [
        (timedelta(seconds=1), [Code.FAST]),
        (timedelta(minutes=5), []),
        (timedelta(days=2), [Code.OLD]),
        (timedelta(days=900), [Code.OLD]),
    ],
)
def test_the_age_of_a_token_is_a_note_and_never_refuses(db: None, age: timedelta, codes: list[Code]) -> None:
    with time_machine.travel(NOON, tick=False):
        article = make_article()
        token = tokens.issue(tokens.Origin.SCRIPT)
    with time_machine.travel(NOON + age, tick=False):
        assert codes_of(submission.submit(article, typed(), token=token)) == codes


def test_a_preview_may_be_confirmed_at_once(article: Article) -> None:
    token = tokens.issue(tokens.Origin.PREVIEW)

    assert codes_of(submission.submit(article, typed(), token=token)) == []


def test_the_address_itself_is_never_stored(article: Article) -> None:
    comment = submission.submit(article, typed(), address="203.0.113.9")

    assert comment.address_block
    assert "203.0.113.9" not in str(vars(comment))
    assert comment.address_block != submission.hashed_block("203.0.113.10")


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_a_connection_without_address_is_not_counted(article: Article, address: str) -> None:
    assert submission.submit(article, typed(), address=address).address_block == ""


@pytest.mark.parametrize("kind", ["forged", "spent"])
def test_a_forged_and_a_spent_token_take_the_same_work(article: Article, kind: str) -> None:
    token = tokens.issue(tokens.Origin.PREVIEW)
    submission.submit(article, typed(), token=token)

    with CaptureQueriesContext(connection) as captured, pytest.raises(refusals.TokenError) as refused:
        submission.submit(article, typed(text="Again."), token=token if kind == "spent" else "p.forged:1abc:signature")

    statements = [query["sql"].split(" ")[0] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert statements == ["INSERT", "SELECT", "UPDATE", "INSERT"]
    assert str(refused.value) == str(refusals.TokenError())
    assert SpentToken.objects.count() == 1
