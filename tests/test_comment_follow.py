"""Who follows what: asked for, confirmed, told of replies and new comments, stopped."""

import re
from datetime import UTC, datetime, timedelta
from random import choices
from string import ascii_lowercase
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from articles.models import Article, Status
from comments import moderation, notices, submission, subscriptions
from comments.forms import TRAP
from comments.models import Comment, ConfirmedAddress, ModerationEntry, State, Subscription
from comments.subscriptions import ASKED_A_DAY, ASKING_AN_HOUR, forget_unconfirmed
from outbox.models import Effect
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import OURS, deliver, make_follower, send, token, words

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOON = notices.DELAY + timedelta(seconds=1)
Scope = Subscription.Scope


@pytest.fixture
def article(db: None) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield make_article("Night bus to run")


@pytest.fixture
def comment(article: Article) -> Comment:
    return make_comment(article, "First words", state=State.PENDING, email="ana@example.org", name="Ana")


def submit(article: Article, follow: str = "mine", email: str = "ana@example.org", address: str = "") -> Comment:
    text = f"Well said. {''.join(choices(ascii_lowercase, k=30))}"
    typed = {"text": text, "name": "Ana", "email": email, "follow": follow}
    return submission.submit(article, typed, address=address)


def subjects() -> list[str]:
    return [str(message.subject) for message in mail.outbox]


def test_nobody_is_mailed_who_did_not_ask(article: Article, cast: Cast) -> None:
    for follow in ("", "nonsense", "MINE"):
        moderation.decide([submit(article, follow)], State.APPROVED, actor=cast.moderator)
    deliver(SOON)

    assert mail.outbox == []
    assert not Subscription.objects.exists()


def test_who_asks_gets_one_mail_and_no_other_before_they_gave_their_word(article: Article, cast: Cast) -> None:
    comment = submit(article)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    make_comment(article, "An answer", parent=comment)
    deliver(SOON)

    assert subjects() == ["Do you want mail about comments?"]
    [message] = mail.outbox
    row = Subscription.objects.get()
    assert message.to == ["ana@example.org"]
    assert f"/comments/mail/{row.secret}/" in message.body
    assert message.body.count("http") == 3  # the article, the link, and the site under the signature
    assert "Well said." not in message.body
    assert not ConfirmedAddress.objects.exists()


def test_opening_the_link_confirms_nothing_and_the_button_does(client: Client, article: Article) -> None:
    submit(article, "thread")
    row = Subscription.objects.get()
    for _scanner in range(3):
        assert "Yes, mail me" in words(client.get(reverse("comments:subscription", args=[row.secret])))
        client.head(reverse("comments:subscription", args=[row.secret]))
    assert Subscription.objects.get().confirmed_at is None

    response = send(client, "confirmation", row.secret)

    row.refresh_from_db()
    assert [row.confirmed_at, row.mailed_until] == [NOON, NOON]
    assert ConfirmedAddress.objects.get().email == "ana@example.org"
    assert "data-browser-key=" in words(response)
    assert "no-store" in response["Cache-Control"]


def test_the_preview_keeps_what_mail_was_asked_for(client: Client, article: Article) -> None:
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org", "follow": "thread"}
    preview = client.post(reverse("comments:article", args=[article.pk]), typed, headers=OURS)
    assert 'name="follow" value="thread"' in words(preview)

    client.post(reverse("comments:article", args=[article.pk]), {**typed, "token": token()}, headers=OURS)

    assert Subscription.objects.get().scope == Scope.THREAD


def test_a_reply_is_mailed_to_whom_it_answers_and_to_nobody_else(article: Article, cast: Cast) -> None:
    mine = make_comment(article, email="ana@example.org")
    other = make_comment(article, email="ben@example.org")
    make_follower(mine)
    make_follower(other)
    answer = make_comment(article, "I <b>agree</b>", parent=mine, state=State.PENDING, name="Cleo")
    moderation.decide([answer], State.APPROVED, actor=cast.moderator)
    deliver(SOON)

    [message] = mail.outbox
    assert (message.to, message.subject) == (["ana@example.org"], "A reply to your comment")
    assert "Cleo replied to your comment" in message.body
    assert "> I <b>agree</b>" in message.body
    assert f"#comment-{answer.pk}" in message.body or f"/comments/at/{answer.pk}/" in message.body


def test_a_colleagues_answer_is_a_reply_too_and_ones_own_is_not(article: Article, cast: Cast) -> None:
    mine = make_comment(article, email="ana@example.org")
    make_follower(mine)
    own = make_comment(article, parent=mine, email="ana@example.org", state=State.PENDING)
    moderation.decide([own], State.APPROVED, actor=cast.moderator)
    moderation.reply_as_staff(mine, "From the newsroom", cast.moderator)
    deliver(SOON)

    assert subjects() == ["A reply to your comment"]
    assert "From the newsroom" in mail.outbox[0].body


def test_a_comment_approved_twice_is_announced_once(article: Article, cast: Cast) -> None:
    mine = make_comment(article, email="ana@example.org")
    make_follower(mine)
    answer = make_comment(article, parent=mine, state=State.PENDING)
    for state in (State.APPROVED, State.REJECTED, State.APPROVED):
        moderation.decide([answer], state, actor=cast.moderator)
        deliver(SOON)
        answer.refresh_from_db()

    assert subjects() == ["A reply to your comment"]


def test_new_comments_within_an_hour_come_in_one_mail(article: Article, cast: Cast) -> None:
    root = make_comment(article)
    make_follower(root, Scope.THREAD, "fan@example.org")

    def approve_at(minutes: int, number: int) -> None:
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            for _n in range(number):
                moderation.decide([make_comment(article, state=State.PENDING)], State.APPROVED, actor=cast.moderator)
            deliver(SOON)

    approve_at(1, 1)
    assert subjects() == ["1 new comment"]
    approve_at(10, 12)
    approve_at(30, 3)
    assert subjects() == ["1 new comment"]
    with time_machine.travel(NOON + timedelta(minutes=70), tick=False):
        deliver()
    assert subjects() == ["1 new comment", "15 new comments"]
    assert "5 more are on the page" in mail.outbox[1].body
    approve_at(200, 1)
    assert subjects() == ["1 new comment", "15 new comments", "1 new comment"]


def test_who_follows_both_hears_of_a_reply_once(article: Article, cast: Cast) -> None:
    mine = make_comment(article, email="ana@example.org")
    make_follower(mine)
    make_follower(mine, Scope.THREAD)
    answer = make_comment(article, parent=mine, state=State.PENDING)
    moderation.decide([answer], State.APPROVED, actor=cast.moderator)
    deliver(SOON)

    assert subjects() == ["A reply to your comment"]


def test_what_is_hidden_meanwhile_is_not_mailed(article: Article, cast: Cast) -> None:
    mine = make_comment(article, email="ana@example.org", state=State.PENDING)
    make_follower(mine)
    make_follower(mine, Scope.THREAD, "fan@example.org")
    answer = make_comment(article, parent=mine, state=State.PENDING)
    moderation.decide([mine, answer], State.APPROVED, actor=cast.moderator)
    submit(article, email="new@example.org")
    article.status = Status.DRAFT
    article.save()
    deliver(SOON)

    assert mail.outbox == []


def test_who_stopped_before_it_was_due_gets_nothing(client: Client, comment: Comment, cast: Cast) -> None:
    row = make_follower(comment)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    client.post(reverse("comments:stop", args=[row.secret]))
    deliver(SOON)

    assert mail.outbox == []
    comment.refresh_from_db()
    assert comment.notify is False


def test_a_mail_programs_own_button_stops_at_once_without_cookie_token_or_origin(article: Article) -> None:
    comment = make_comment(article)
    row = make_follower(comment)
    stranger = Client(enforce_csrf_checks=True)
    address = reverse("comments:stop", args=[row.secret])

    assert "Stop this mail?" in words(stranger.get(address))
    assert Subscription.objects.exists()
    response = stranger.post(address, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})

    assert response.status_code == 303
    assert not Subscription.objects.exists()
    assert stranger.post(address).status_code == 303
    assert stranger.get(address).status_code == 303


def test_the_page_to_stop_lists_what_the_address_follows_and_stops_all(client: Client, article: Article) -> None:
    comment = make_comment(article)
    row = make_follower(comment)
    elsewhere = make_article("The other story")
    make_follower(make_comment(elsewhere, email=comment.email), Scope.THREAD)
    make_follower(make_comment(elsewhere), email="somebody.else@example.org")

    page = words(client.get(reverse("comments:stop", args=[row.secret])))
    assert "The other story" in page
    send(client, "stop_all", row.secret)

    assert Subscription.objects.get().email == "somebody.else@example.org"


def test_an_address_is_asked_only_so_often_a_day_whoever_asks(article: Article) -> None:
    for number in range(ASKED_A_DAY + 4):
        submit(article, address=f"192.0.2.{number}")
    deliver(SOON)
    assert len(mail.outbox) == ASKED_A_DAY

    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        submit(article)
        deliver(SOON)
    assert len(mail.outbox) == ASKED_A_DAY + 1


def test_one_network_sets_off_only_so_many_mails(article: Article) -> None:
    for number in range(ASKING_AN_HOUR + 5):
        comment = make_comment(article, email=f"victim{number}@example.org", state=State.PENDING)
        notices_before = Effect.objects.count()
        from_here = submission.hashed_block("192.0.2.1")
        subscriptions.ask(comment, Scope.MINE, source=from_here)
        assert Effect.objects.count() - notices_before == (number < ASKING_AN_HOUR)


def test_spam_gets_nobody_a_mail(article: Article) -> None:
    typed = {"text": "x", "name": "x", "email": "victim@example.org", "follow": "mine", TRAP: "filled"}
    submission.submit(article, typed)
    deliver(SOON)

    assert mail.outbox == []


def test_what_nobody_confirmed_is_forgotten_after_a_week(article: Article) -> None:
    submit(article)
    with time_machine.travel(NOON + timedelta(days=7, seconds=1), tick=False):
        forget_unconfirmed()
    assert not Subscription.objects.exists()


def test_the_choice_on_the_receipt_replaces_the_one_before(client: Client, article: Article) -> None:
    comment = submit(article, "mine")
    response = send(client, "follow", comment.receipt, follow="thread")
    assert "open the link that we mail" in words(client.get(response["Location"]))
    assert [row.scope for row in Subscription.objects.all()] == [Scope.THREAD]

    send(client, "follow", comment.receipt, follow="")
    assert not Subscription.objects.exists()
    comment.refresh_from_db()
    assert comment.notify is False


def test_whoever_types_anothers_address_learns_and_changes_nothing(
    client: Client, article: Article, cast: Cast
) -> None:
    victims = make_comment(article, email="victim@example.org")
    row = make_follower(victims, Scope.THREAD)
    strangers = submit(article, "thread", email="victim@example.org")
    other = submit(article, "thread", email="nobody@example.org")

    pages = [words(client.get(reverse("comments:receipt", args=[one.receipt]))) for one in (strangers, other)]
    assert all("We wait for your word" in page and "You confirmed" not in page for page in pages)
    moderation.decide([strangers], State.REJECTED, actor=cast.moderator)
    assert send(client, "follow", strangers.receipt, follow="").status_code == 303
    send(client, "follow", strangers.receipt, follow="mine")
    deliver(SOON)

    assert Subscription.objects.filter(pk=row.pk, confirmed_at__isnull=False).exists()
    assert {message.subject for message in mail.outbox if message.to == ["victim@example.org"]} == {
        "Do you want mail about comments?"
    }


def mailed_link(message: Any) -> tuple[str, str]:
    """Secret and comment of the link in a mail that asks."""
    found = re.search(r"/comments/mail/([\w-]+)/\?with=(\d+)", str(message.body))
    assert found
    return found[1], found[2]


@pytest.mark.parametrize("order", ["stranger first", "stranger last"])
def test_what_a_stranger_asked_for_first_belongs_to_whoever_confirms_it(
    client: Client, article: Article, order: str
) -> None:
    comments = {}
    for who in ("stranger", "owner") if order == "stranger first" else ("owner", "stranger"):
        comments[who] = submit(article, "thread")
    deliver()
    links = [mailed_link(message) for message in mail.outbox]
    secret, asked_with = next(link for link in links if link[1] == str(comments["owner"].pk))

    page = words(client.get(reverse("comments:subscription", args=[secret]), {"with": asked_with}))
    assert f'name="with" value="{asked_with}"' in page
    send(client, "confirmation", secret, **{"with": asked_with})

    assert Subscription.objects.get().asked_from == comments["owner"]
    send(client, "follow", comments["stranger"].receipt, follow="")
    assert Subscription.objects.get().confirmed_at
    assert "You confirmed" not in words(client.get(reverse("comments:receipt", args=[comments["stranger"].receipt])))


@pytest.mark.parametrize("value", ["", "x", "0", "9" * 30, "9" * 18, "-1", "\x00", "²"])
def test_a_senseless_comment_in_the_link_confirms_all_the_same(client: Client, article: Article, value: str) -> None:
    comment = submit(article, "thread")
    row = Subscription.objects.get()

    assert client.get(reverse("comments:subscription", args=[row.secret]), {"with": value}).status_code == 200
    send(client, "confirmation", row.secret, **{"with": value})

    row.refresh_from_db()
    assert (row.asked_from, bool(row.confirmed_at)) == (comment, True)


def test_only_the_first_confirmation_hands_out_a_key(client: Client, article: Article) -> None:
    submit(article)
    row = Subscription.objects.get()

    pages = [words(send(client, "confirmation", row.secret)) for _again in range(2)]

    assert ["data-browser-key=" in page for page in pages] == [True, False]


@pytest.mark.parametrize("number", [1, 10])
def test_where_nobody_follows_a_decision_costs_one_look(
    article: Article, cast: Cast, django_assert_num_queries: Any, number: int
) -> None:
    rows = [make_comment(article, state=State.PENDING) for _n in range(number)]
    entries = [ModerationEntry(pk=row.pk, comment=row, after=State.APPROVED, by=cast.moderator) for row in rows]

    with django_assert_num_queries(1):
        notices.after_decisions(entries)
    assert not Effect.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("number", [2, 40])
def test_a_popular_thread_costs_as_few_statements_as_a_quiet_one(
    article: Article, django_assert_num_queries: Any, number: int
) -> None:
    comment = make_comment(article, "Something new")
    for reader in range(number):
        make_follower(make_comment(article), Scope.THREAD, email=f"follower{reader}@example.org")

    with django_assert_num_queries(6):
        notices.appeared({"comment": comment.pk}, "key")

    assert Effect.objects.filter(kind="comments.digest").count() == number
