"""The same words again are refused; nearly the same are found, whatever was changed to hide it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from articles.models import Article
from comments import browser_keys, likeness, moderation, submission, tokens
from comments.models import Comment, Mark, State
from comments.pipeline import rates, repeats
from comments.pipeline.findings import Code
from comments.refusals import RepeatError, TooManyError
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

PLUG = (
    "My neighbour earned $4,250 last month working from home, only three hours a day! "
    "Visit https://easy-money.example/join?id=77 and start today."
)
VARIANTS = {
    "digits": PLUG.replace("4,250", "9,133").replace("77", "4711"),
    "another link": PLUG.replace("easy-money.example/join", "quick-cash.example/start"),
    "bare link": PLUG.replace("https://easy-money.example/join?id=77", "www.quick-cash.example"),
    "punctuation": PLUG.replace("!", " ... ").replace(", ", ";;").replace(". ", "!!! ").replace(" ", " - "),
    "capitals": PLUG.upper(),
    "look-alike letters": PLUG.translate(str.maketrans("aeocxy", "\u0430\u0435\u043e\u0441\u0445\u0443")),
    "accents": PLUG.translate(str.maketrans("aeou", "áëöû")),
    "invisible signs": "\u200b".join(PLUG),
    "blanks": PLUG.replace(" ", "   \n"),
    "a word more": PLUG.replace("only", "really only"),
    "another word": PLUG.replace("neighbour", "sister"),
    "a sentence before": "Hello everybody here. " + PLUG,
    "a word less": PLUG.replace("working ", ""),
}


def send(article: Article, text: str, email: str = "ana@example.org", **changes: Any) -> Comment:
    return submission.submit(article, {"text": text, "name": "Ana", "email": email, **changes})


def codes_of(comment: Comment) -> list[str]:
    return [row["code"] for row in comment.findings]


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_the_very_same_words_again_are_refused_in_words(article: Article) -> None:
    send(article, "Well said.")

    with pytest.raises(RepeatError, match="You sent this already") as refused:
        send(article, " Well said.\r\n")

    assert refused.value.status == 409
    assert Comment.objects.count() == 1


def test_a_repeat_keeps_the_text_and_the_token(client: Client, article: Article) -> None:
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org"}
    submission.submit(article, typed, address="127.0.0.1")
    typed["token"] = tokens.issue(tokens.Origin.PREVIEW)
    address = reverse("comments:article", args=[article.pk])

    refused = client.post(address, typed, headers={"Origin": "http://testserver"})
    changed = client.post(address, {**typed, "text": "Well said, I meant."}, headers={"Origin": "http://testserver"})

    assert refused.status_code == 409
    assert "You sent this already" in refused.content.decode()
    assert "Well said.</textarea>" in refused.content.decode()
    assert changed.status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        lambda article: send(article, "Well said!"),
        lambda article: send(article, "Well said.", "bo@example.org"),
        lambda _article: send(make_article("Elsewhere"), "Well said."),
    ],
)
def test_other_words_another_writer_and_another_article_are_no_repeat(
    article: Article, change: Callable[[Article], Comment]
) -> None:
    send(article, "Well said.")

    assert change(article)


@pytest.mark.parametrize(
    ("address", "key", "refused"),
    [
        ("203.0.113.1", "", True),
        ("198.51.100.7", "", False),
        ("198.51.100.7", "bo@example.org", False),
        ("198.51.100.7", "ana@example.org", True),
    ],
)
def test_a_stranger_who_copies_words_does_not_learn_whose_they_are(
    article: Article, address: str, key: str, refused: bool
) -> None:
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org"}
    submission.submit(article, typed, address="203.0.113.1")
    browser_key = browser_keys.issue(key) if key else ""

    try:
        second = submission.submit(article, {**typed, "browser_key": browser_key}, address=address)
    except RepeatError:
        assert refused
    else:
        assert not refused
        assert second.state == State.PENDING


def test_after_a_day_it_may_be_said_again(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = make_article()
        send(article, "Well said.")
        clock.shift(timedelta(hours=24) - timedelta(seconds=1))
        with pytest.raises(RepeatError):
            send(article, "Well said.")
        clock.shift(timedelta(seconds=1))
        assert send(article, "Well said.")


def test_what_was_taken_back_may_be_sent_again(article: Article) -> None:
    comment = send(article, "Well said.")
    Comment.objects.filter(pk=comment.pk).first()
    comment.state = State.WITHDRAWN
    comment.save()

    assert send(article, "Well said.")


@pytest.mark.parametrize("changed", VARIANTS)
def test_a_text_is_known_again_whatever_was_changed_to_hide_it(article: Article, changed: str) -> None:
    send(article, PLUG)

    comment = send(article, VARIANTS[changed], "bo@example.org")

    assert codes_of(comment) == [Code.SAID_BEFORE]
    assert (comment.state, comment.why) == (State.PENDING, Code.SAID_BEFORE)


@pytest.mark.parametrize(
    "other",
    [
        "My neighbour worked on that tram for thirty years and says the brakes were never the problem.",
        "Three hours a day is what I lose to this line. Start with the timetable, and visit the depot.",
        "Earned trust takes a month to lose and years to win back; the council should know that.",
    ],
)
def test_other_words_are_not_taken_for_the_same(article: Article, other: str) -> None:
    send(article, PLUG)

    assert codes_of(send(article, other, "bo@example.org")) == []


def test_short_words_that_everybody_says_tell_nothing(article: Article) -> None:
    send(article, "Thank you!")

    assert codes_of(send(article, "thank you", "bo@example.org")) == []


def test_what_a_person_marked_as_spam_is_spam_again(article: Article, cast: Cast) -> None:
    moderation.decide([send(article, PLUG)], State.SPAM, actor=cast.moderator)

    comment = send(article, VARIANTS["look-alike letters"], "bo@example.org")

    assert (comment.state, comment.why) == (State.SPAM, Code.SPAM_BEFORE)
    entry = comment.decisions.get()
    assert (entry.by, entry.before, entry.after) == (None, State.PENDING, State.SPAM)
    assert "1 comments that a moderator marked as spam" in entry.reason


def test_what_the_system_put_with_the_spam_teaches_nothing(article: Article) -> None:
    moderation.decide([send(article, PLUG)], State.SPAM, actor=None)

    assert send(article, PLUG, "bo@example.org").state == State.PENDING


def test_spam_that_somebody_approved_elsewhere_is_left_to_a_person(article: Article, cast: Cast) -> None:
    moderation.decide([send(article, PLUG)], State.SPAM, actor=cast.moderator)
    moderation.decide([send(article, PLUG, "bo@example.org")], State.APPROVED, actor=cast.moderator)

    assert send(article, PLUG, "cy@example.org").state == State.PENDING


def judge(article: Article, cast: Cast, state: State, number: int) -> None:
    """Comments with the same link and nothing else in common, decided by a person."""
    for place in range(number):
        text = f"{'abcdefgh'[place] * 30} https://pills.example/{place}"
        comment = send(article, text, f"{state}{place}@example.org")
        if comment.state != state:
            moderation.decide([comment], state, actor=cast.moderator)


@pytest.mark.parametrize(("number", "state"), [(0, State.PENDING), (1, State.PENDING), (2, State.SPAM)])
def test_a_site_known_from_spam_is_spam_and_once_only_is_a_doubt(
    article: Article, cast: Cast, number: int, state: State
) -> None:
    judge(article, cast, State.SPAM, number)

    comment = send(article, "See shop.pills.example/new", "zoe@example.org", website="https://www.pills.example")

    assert comment.state == state
    assert codes_of(comment) == [Code.SPAM_SITE][:number]


def test_a_site_that_somebody_approved_once_is_left_to_a_person(article: Article, cast: Cast) -> None:
    judge(article, cast, State.APPROVED, 1)
    for comment in [send(article, f"{word} https://pills.example", f"{word}@example.org") for word in ("one", "two")]:
        moderation.decide([comment], State.SPAM, actor=cast.moderator)

    assert send(article, "https://pills.example", "zoe@example.org").state == State.PENDING


@pytest.mark.parametrize(
    "host", ["www.youtube.com", "en.wikipedia.org", "testserver", "known.example", "cited.example"]
)
def test_sites_that_everybody_links_say_nothing(db: None, cast: Cast, settings: Settings, host: str) -> None:
    settings.COMMENTS_KNOWN_SITES = ["known.example"]
    settings.ALLOWED_HOSTS = ["testserver"]
    article = make_article(body_html='<p><a href="https://cited.example/study">A study</a></p>')
    for place in range(3):
        comment = send(article, f"{'abc'[place] * 30} https://{host}/{place}", f"bo{place}@example.org")
        moderation.decide([comment], State.SPAM, actor=cast.moderator)

    assert codes_of(send(article, f"https://{host}/other", "zoe@example.org")) == []


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.example.com/a", "example.com"),
        ("http://a.b.example.co.uk", "example.co.uk"),
        ("spam.blogspot.com", "spam.blogspot.com"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("https://EXAMPLE.com.:443/", "example.com"),
        ("http://127.0.0.1/x", "127.0.0.1"),
        ("http://[::1]/x", "::1"),
        ("http://[bad", ""),
        ("https://", ""),
        ("http://" + "a." * 500 + "com", "a.com"),
        ("localhost", "localhost"),
        ("http://ａｂｃ.com", "abc.com"),
        ("http://..", ""),
    ],
)
def test_an_address_is_on_the_site_of_whoever_registered_it(address: str, site: str) -> None:
    assert likeness.site_of(address) == site


def test_marks_are_stored_with_the_comment_and_made_anew_with_its_words(article: Article) -> None:
    comment = send(article, PLUG)
    before = set(comment.marks.values_list("kind", "value"))
    assert {kind for kind, _value in before} == set(Mark.Kind.values)

    comment.text = "Something else entirely that is long enough to be told apart."
    likeness.renew(comment)

    assert not before & set(comment.marks.values_list("kind", "value"))


@pytest.mark.once
def test_a_submission_costs_the_same_queries_however_much_came_before(article: Article, settings: Settings) -> None:
    settings.COMMENTS_RATE_ARTICLE = 1000

    def queries(number: int) -> int:
        found = Article.objects.select_related("comment_settings").get(pk=article.pk)
        token = tokens.issue(tokens.Origin.PREVIEW)
        typed = {"text": PLUG, "name": "Ana", "email": f"one{number}@example.org"}
        with CaptureQueriesContext(connection) as captured:
            submission.submit(found, typed, address=f"203.0.113.{number}", token=token)
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    for number in range(3):
        send(article, PLUG, f"reader{number}@example.org")
    few = queries(1)
    for number in range(3, 70):
        send(article, PLUG, f"reader{number}@example.org")

    assert queries(2) == few == QUERIES


QUERIES = 14
"""One less than `submit` says: what was said before is not asked for trust."""


def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the lock, fifty at once look before any of them is stored."""
    monkeypatch.setattr(rates, "lock_writer", lambda _email: None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_fifty_posts_of_one_comment_at_once_one_is_stored(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, guarded: bool
) -> None:
    settings.COMMENTS_RATE_EMAIL = settings.COMMENTS_RATE_ADDRESS = 100
    if not guarded:
        unguarded(monkeypatch)
    article = make_article()
    typed = {"text": PLUG, "name": "Ana", "email": "ana@example.org"}

    def post() -> None:
        token = tokens.issue(tokens.Origin.SCRIPT)
        submission.submit(article, typed, address="203.0.113.1", token=token)

    errors = at_once([post] * 50)

    assert {type(error) for error in errors} <= {RepeatError, TooManyError}
    assert Comment.objects.count() == 50 - len(errors)
    assert (Comment.objects.count() == 1) is guarded
    assert repeats.AGAIN_AFTER > rates.WINDOW
