"""The moderators' queue in the admin: who sees it, what it shows, and deciding on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment, ModerationEntry, State
from comments.pipeline.findings import Code, Finding
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_comment, make_section

QUEUE = "/admin/comments/comment/"


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """Signed in as the moderator."""
    client.login(email=cast.moderator.email, password=PASSWORD)
    return client


def words(response: Any) -> str:
    return str(response.content.decode())


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


@pytest.mark.parametrize(
    ("role", "status"),
    [("contributor", 403), ("editor", 200), ("chief", 200), ("moderator", 200), ("administrator", 200)],
)
def test_the_queue_opens_to_those_who_may_see_comments(
    client: Client, cast: Cast, article: Article, role: str, status: int
) -> None:
    comment = make_comment(article, state=State.PENDING)
    client.login(email=getattr(cast, role).email, password=PASSWORD)

    assert client.get(QUEUE).status_code == status
    assert client.get(f"{QUEUE}{comment.pk}/change/").status_code == status


def test_nobody_signed_in_sees_the_queue(client: Client, article: Article) -> None:
    assert client.get(QUEUE).status_code == 302


def test_only_moderators_see_email_addresses(client: Client, cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING, email="secret@example.org")

    for person, sees in ((cast.editor, False), (cast.moderator, True)):
        client.login(email=person.email, password=PASSWORD)
        for page in (QUEUE, f"{QUEUE}{comment.pk}/change/"):
            assert ("secret@example.org" in words(client.get(page))) is sees
        found = "I was on that tram." in words(client.get(QUEUE, {"q": "secret@example"}))
        assert found is sees


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_roles_that_do_not_moderate_can_post_no_decision(
    client: Client, cast: Cast, article: Article, role: str
) -> None:
    comment = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([make_comment(article)], State.SPAM, actor=None)
    client.login(email=getattr(cast, role).email, password=PASSWORD)
    one = f"{QUEUE}{comment.pk}"

    client.post(QUEUE, {"action": "approve", "_selected_action": comment.pk, "index": 0})
    answers = [
        client.post(QUEUE, {"decide": f"approved:{comment.pk}"}),
        client.post(QUEUE, {"undo": str(entry.batch)}),
        client.post(f"{one}/decision/", {"state": "approved"}),
        client.post(f"{one}/reply/", {"text": "Hello"}),
        client.post(f"{one}/delete/", {"post": "yes"}),
        client.get("/admin/comments/comment/add/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    assert state_of(comment) == State.PENDING
    assert ModerationEntry.objects.count() == 1


def test_what_waits_comes_first_with_the_longest_wait_on_top(desk: Client, article: Article) -> None:
    now = timezone.now()
    make_comment(article, "waits briefly", state=State.PENDING, created_at=now - timedelta(minutes=1))
    make_comment(article, "waits long", state=State.PENDING, created_at=now - timedelta(hours=3))
    make_comment(article, "stands there", state=State.APPROVED)

    page = words(desk.get(QUEUE))

    assert page.index("waits long") < page.index("waits briefly")
    assert "stands there" not in page


def test_a_row_shows_the_text_its_place_and_its_writer(desk: Client, article: Article) -> None:
    original = make_comment(article, "The original thought", name="Bo")
    for state in (State.APPROVED, State.APPROVED, State.REJECTED, State.SPAM):
        make_comment(article, state=state, email="ana@example.org")
    text = "A whole text. " * 100
    make_comment(
        article,
        text,
        state=State.PENDING,
        email="ana@example.org",
        parent=original,
        findings=[Finding(Code.FAST).stored(), "unheard-of"],
    )
    make_comment(article, "Hello", state=State.PENDING, email="new@example.org")

    page = words(desk.get(QUEUE))

    assert text.strip() in page
    assert "The tram is late" in page
    assert "In reply to Bo" in page
    assert "The original thought" in page
    assert "This writer: 2 approved, 1 refused, 1 spam" in page
    assert "First comment from this writer" in page
    assert "Sent within three seconds" in page


def test_the_queue_costs_the_same_queries_at_two_sizes(desk: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(QUEUE)
        return len(queries)

    def fill(number: int) -> None:
        for index in range(number):
            article = make_article(f"Story {index}", section=make_section(f"Part{index}"))
            first = make_comment(article)
            make_comment(article, state=State.PENDING, parent=first)

    fill(2)
    cost()
    small = cost()
    fill(40)

    assert cost() == small
    assert small <= 15


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"waiting here", "waiting there"}),
        ({"state": "approved"}, {"seen"}),
        ({"state": "rejected"}, {"refused"}),
        ({"state": "spam"}, {"junk"}),
        ({"state": "all"}, {"waiting here", "waiting there", "seen", "refused", "junk"}),
        ({"state": "nonsense"}, {"waiting here", "waiting there"}),
        ({"section": "HERE"}, {"waiting here"}),
        ({"article": "HERE"}, {"waiting here"}),
        ({"section": "x"}, set()),
        ({"article": "9" * 40}, set()),
        ({"article": "\x00"}, set()),
        ({"q": "there"}, {"waiting there"}),
    ],
)
def test_the_filters_find_what_they_say(desk: Client, query: dict[str, str], shown: set[str]) -> None:
    here = make_article("Here", section=make_section("City"))
    there = make_article("There", section=make_section("Sport"))
    make_comment(here, "waiting here", state=State.PENDING)
    make_comment(there, "waiting there", state=State.PENDING)
    make_comment(there, "seen")
    make_comment(there, "refused", state=State.REJECTED)
    make_comment(there, "junk", state=State.SPAM)
    ids = {"section": str(here.section_id), "article": str(here.pk)}

    page = words(desk.get(QUEUE, {name: ids[name] if value == "HERE" else value for name, value in query.items()}))

    every = {"waiting here", "waiting there", "seen", "refused", "junk"}
    assert {text for text in every if f">{text}</p>" in page} == shown


@pytest.mark.parametrize(
    ("action", "state"),
    [("approve", State.APPROVED), ("refuse", State.REJECTED), ("mark_as_spam", State.SPAM)],
)
def test_ticked_comments_are_decided_together_and_undone_together(
    desk: Client, article: Article, action: str, state: State
) -> None:
    comments = [make_comment(article, state=State.PENDING) for _ in range(3)]
    other = make_comment(article, state=State.PENDING)
    ids = [comment.pk for comment in comments]

    response = desk.post(QUEUE, {"action": action, "_selected_action": ids, "index": 0}, follow=True)

    assert {state_of(comment) for comment in comments} == {state}
    assert state_of(other) == State.PENDING
    batch = ModerationEntry.objects.values_list("batch", flat=True)[0]
    assert f'name="undo" value="{batch}"' in words(response)

    response = desk.post(QUEUE, {"undo": str(batch)}, follow=True)

    assert "3 decisions were taken back" in words(response)
    assert {state_of(comment) for comment in comments} == {State.PENDING}


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.SPAM])
def test_a_rows_button_decides_about_its_comment_alone(desk: Client, article: Article, state: State) -> None:
    comment, other = (make_comment(article, state=State.PENDING) for _ in range(2))

    response = desk.post(f"{QUEUE}?section={article.section_id}", {"decide": f"{state}:{comment.pk}"})

    assert response["Location"] == f"{QUEUE}?section={article.section_id}"
    assert (state_of(comment), state_of(other)) == (state, State.PENDING)


def test_the_second_to_decide_is_told_who_was_faster(desk: Client, cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING, name="Ana")
    moderation.decide([comment], State.REJECTED, actor=cast.chief)

    response = desk.post(QUEUE, {"decide": f"approved:{comment.pk}", "seen": [f"{comment.pk}:pending"]}, follow=True)

    assert "The comment by Ana was decided by Chiara Chief in the meantime: refused." in words(response)
    assert state_of(comment) == State.REJECTED


@pytest.mark.parametrize(
    "posted",
    [
        {"decide": "nonsense:1"},
        {"decide": "approved:x"},
        {"decide": "approved:999999999"},
        {"decide": "approved"},
        {"undo": "x"},
    ],
)
def test_a_senseless_decision_is_not_found(desk: Client, article: Article, posted: dict[str, str]) -> None:
    assert desk.post(QUEUE, posted).status_code in {302, 404}
    assert not ModerationEntry.objects.exists()


def test_a_reason_reaches_the_comments_writer(desk: Client, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)

    desk.post(f"{QUEUE}{comment.pk}/decision/", {"state": "rejected", "reason": "Please stay on the subject."})

    receipt = words(desk.get(reverse("comments:receipt", args=[comment.receipt])))
    assert "Please stay on the subject." in receipt


def test_a_reason_too_long_is_refused_in_words(desk: Client, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)

    response = desk.post(f"{QUEUE}{comment.pk}/decision/", {"state": "spam", "reason": "x" * 201}, follow=True)

    assert "at most 200" in words(response)
    assert state_of(comment) == State.PENDING


def test_a_moderator_answers_from_the_desk(desk: Client, cast: Cast, article: Article) -> None:
    comment = make_comment(article)

    desk.post(f"{QUEUE}{comment.pk}/reply/", {"text": "Thank you, corrected."})

    answer = Comment.objects.get(staff=cast.moderator)
    assert (answer.text, answer.parent, answer.state) == ("Thank you, corrected.", comment, State.APPROVED)


@pytest.mark.parametrize(
    ("state", "text", "said"),
    [(State.PENDING, "A long answer", "Approve this comment"), (State.APPROVED, "a\x00b", "cannot be stored")],
)
def test_an_answer_that_cannot_go_out_stays_in_the_form(
    desk: Client, article: Article, state: State, text: str, said: str
) -> None:
    comment = make_comment(article, state=state)

    response = desk.post(f"{QUEUE}{comment.pk}/reply/", {"text": text})

    assert response.status_code == 422
    assert said in words(response)
    assert text.replace("\x00", "\ufffd") in words(response)


def test_every_decision_stands_on_the_comments_page(desk: Client, cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([comment], State.REJECTED, actor=cast.chief, reason="Not <b>kind</b>")
    moderation.undo(entry, cast.moderator)

    page = words(desk.get(f"{QUEUE}{comment.pk}/change/"))

    assert "Chiara Chief" in page
    assert "Not &lt;b&gt;kind&lt;/b&gt;" in page
    assert "taken back" in page


def test_a_decision_needs_the_token_of_our_own_form(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)
    strict = Client(enforce_csrf_checks=True)
    strict.login(email=cast.moderator.email, password=PASSWORD)

    assert strict.post(QUEUE, {"decide": f"approved:{comment.pk}"}).status_code == 403
    assert strict.post(f"{QUEUE}{comment.pk}/decision/", {"state": "approved"}).status_code == 403
    assert state_of(comment) == State.PENDING


def test_the_desk_holds_no_inline_script_or_style(desk: Client, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)

    for page in (QUEUE, f"{QUEUE}{comment.pk}/change/"):
        text = words(desk.get(page))
        assert "<style" not in text
        assert ' style="' not in text
        assert "onclick" not in text
