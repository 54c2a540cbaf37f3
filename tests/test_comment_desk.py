"""What moderators post at their desk: decisions, undo, edits, staff picks, answers; with script and without."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment, FormerWords, ModerationEntry, Reason, State
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_comment

QUEUE = "/admin/comments/comment/"
DECISIONS = f"{QUEUE}decisions/"
UNDO = f"{QUEUE}undo/"
SCRIPTED: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


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


def waiting(article: Article, **fields: Any) -> Comment:
    return make_comment(article, **{"state": State.PENDING, **fields})


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def seen(*comments: Comment) -> str:
    """As a row sends what it shows."""
    return f"{comments[0].state}:{','.join(str(comment.pk) for comment in comments)}"


def every_post(comment: Comment, entry: ModerationEntry) -> dict[str, dict[str, str]]:
    """Everything that can be posted at the desk."""
    one = f"{QUEUE}{comment.pk}/"
    return {
        DECISIONS: {"comments": seen(comment), "state": "approved"},
        UNDO: {"batch": str(entry.batch)},
        f"{one}words/": {"text": "New", "seen": comment.text},
        f"{one}pick/": {"on": "1"},
        f"{one}reply/": {"text": "Hello"},
    }


@pytest.mark.parametrize("role", ["contributor", "editor"])
@pytest.mark.parametrize("headers", [{}, SCRIPTED])
def test_roles_that_do_not_moderate_can_post_nothing(
    client: Client, cast: Cast, article: Article, role: str, headers: dict[str, Any]
) -> None:
    comment = waiting(article)
    [entry] = moderation.decide([make_comment(article)], State.SPAM, actor=None)
    client.login(email=getattr(cast, role).email, password=PASSWORD)
    posts = every_post(comment, entry)

    statuses = [client.post(address, posted, **headers).status_code for address, posted in posts.items()]
    statuses.append(client.get(f"{QUEUE}{comment.pk}/words/", **headers).status_code)
    statuses.append(client.post(f"{QUEUE}{comment.pk}/delete/", {"post": "yes"}).status_code)
    statuses.append(client.get(f"{QUEUE}add/").status_code)

    assert statuses == [403] * 8
    assert state_of(comment) == State.PENDING
    assert ModerationEntry.objects.count() == 1


@pytest.mark.parametrize("role", ["moderator", "chief", "administrator"])
def test_the_control_is_that_moderating_roles_can(client: Client, cast: Cast, article: Article, role: str) -> None:
    comment = make_comment(article)
    [entry] = moderation.decide([make_comment(article)], State.SPAM, actor=None)
    client.login(email=getattr(cast, role).email, password=PASSWORD)
    posts = every_post(comment, entry)
    posts[DECISIONS]["state"] = "spam"

    for address, posted in reversed(posts.items()):
        assert client.post(address, posted).status_code == 302


def test_nobody_signed_in_posts_anything(client: Client, article: Article) -> None:
    comment = waiting(article)
    [entry] = moderation.decide([make_comment(article)], State.SPAM, actor=None)

    for address, posted in every_post(comment, entry).items():
        assert client.post(address, posted)["Location"].startswith("/admin/login/")

    assert ModerationEntry.objects.count() == 1


def test_a_decision_needs_the_token_of_our_own_form(cast: Cast, article: Article) -> None:
    comment = waiting(article)
    [entry] = moderation.decide([make_comment(article)], State.SPAM, actor=None)
    strict = Client(enforce_csrf_checks=True)
    strict.login(email=cast.moderator.email, password=PASSWORD)

    for address, posted in every_post(comment, entry).items():
        assert strict.post(address, posted).status_code == 403
    assert state_of(comment) == State.PENDING


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.SPAM])
def test_a_row_decides_about_its_comment_alone(desk: Client, article: Article, state: State) -> None:
    comment, other = (waiting(article) for _ in range(2))

    response = desk.post(
        DECISIONS, {"state": state, "comments": seen(comment), "back": f"section={article.section_id}"}
    )

    assert response["Location"] == f"{QUEUE}?section={article.section_id}"
    assert (state_of(comment), state_of(other)) == (state, State.PENDING)


def test_ticked_rows_are_decided_together_and_undone_together(desk: Client, article: Article) -> None:
    comments = [waiting(article) for _ in range(3)]
    other = waiting(article)
    ticked = [seen(*comments[:2]), seen(comments[2])]

    response = desk.post(DECISIONS, {"state": "rejected", "comments": ticked, "code": "advert"}, follow=True)

    assert {state_of(comment) for comment in comments} == {State.REJECTED}
    assert state_of(other) == State.PENDING
    [batch] = set(ModerationEntry.objects.values_list("batch", flat=True))
    assert "3 comments refused." in words(response)
    assert f'name="batch" value="{batch}"' in words(response)

    response = desk.post(UNDO, {"batch": str(batch)}, follow=True)

    assert "3 decisions were taken back" in words(response)
    assert {state_of(comment) for comment in comments} == {State.PENDING}


def test_the_module_is_told_what_happened_and_how_to_take_it_back(desk: Client, article: Article) -> None:
    comment = waiting(article, name="Ana")

    answer = desk.post(DECISIONS, {"state": "approved", "comments": seen(comment)}, **SCRIPTED).json()

    assert answer["said"] == "Approved: the comment by Ana."
    assert (answer["changed"], answer["left"], answer["notices"]) == ([comment.pk], [], [])
    assert (answer["counts"]["pending"], answer["counts"]["approved"]) == ("0", "1")

    answer = desk.post(UNDO, {"batch": answer["batch"]}, **SCRIPTED).json()

    assert (answer["said"], answer["changed"]) == ("1 decision was taken back.", [comment.pk])
    [row] = answer["rows"]
    assert row["id"] == comment.pk
    assert f'data-row="{comment.pk}"' in answer["html"]


def test_undo_draws_only_rows_of_the_list_that_is_shown(desk: Client, article: Article) -> None:
    comment = waiting(article)
    answer = desk.post(DECISIONS, {"state": "approved", "comments": seen(comment)}, **SCRIPTED).json()

    answer = desk.post(UNDO, {"batch": answer["batch"], "back": "state=spam"}, **SCRIPTED).json()

    assert (answer["changed"], answer["rows"]) == ([comment.pk], [])


def test_the_last_thing_done_is_taken_back_without_being_named(desk: Client, cast: Cast, article: Article) -> None:
    first, second = waiting(article), waiting(article)
    for comment in (first, second):
        desk.post(DECISIONS, {"state": "spam", "comments": seen(comment)})
    moderation.decide([waiting(article)], State.SPAM, actor=cast.chief)

    assert "Undo what you did last" in words(desk.get(QUEUE))
    states = []
    for _ in range(3):
        desk.post(UNDO)
        states.append((state_of(first), state_of(second)))

    assert states == [(State.SPAM, State.PENDING), (State.PENDING, State.PENDING), (State.PENDING, State.PENDING)]
    assert "There is nothing to take back." in words(desk.post(UNDO, follow=True))


def test_the_second_to_decide_is_told_who_was_faster_and_what(desk: Client, cast: Cast, article: Article) -> None:
    comment = waiting(article, name="Ana")
    moderation.decide([comment], State.REJECTED, actor=cast.chief)
    told = "The comment by Ana was decided by Chiara Chief in the meantime: refused. Nothing was changed."
    posted = {"state": "approved", "comments": f"pending:{comment.pk}"}

    assert told in words(desk.post(DECISIONS, posted, follow=True))
    assert desk.post(DECISIONS, posted, **SCRIPTED).json()["notices"] == [told]
    assert state_of(comment) == State.REJECTED


def test_of_many_who_were_overtaken_the_first_are_named(desk: Client, cast: Cast, article: Article) -> None:
    comments = [waiting(article) for _ in range(6)]
    gone = waiting(article)
    asked = f"pending:{','.join(str(comment.pk) for comment in [gone, *comments])}"
    gone.delete()
    moderation.decide(comments, State.SPAM, actor=cast.chief)

    notices = desk.post(DECISIONS, {"state": "approved", "comments": asked}, **SCRIPTED).json()["notices"]

    assert len(notices) == 4
    assert "1 comment is no longer there." in notices
    assert notices[-1] == "4 more were decided in the meantime."


def test_those_who_joined_a_group_since_are_told_and_stay(desk: Client, article: Article) -> None:
    members = [waiting(article, cluster=77, likeness="text") for _ in range(3)]
    late = waiting(article, cluster=77, likeness="text")
    posted = {"state": "spam", "comments": seen(*members), "cluster": "77"}

    answer = desk.post(DECISIONS, posted, **SCRIPTED).json()

    assert answer["said"] == "3 comments marked as spam."
    assert answer["notices"] == ["1 more like these waits: it was not among those you saw."]
    assert state_of(late) == State.PENDING

    desk.post(UNDO, {"batch": answer["batch"]}, **SCRIPTED)

    assert {state_of(comment) for comment in [*members, late]} == {State.PENDING}


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"state": "nonsense", "comments": "HERE"}, 400),
        ({"state": "withdrawn", "comments": "HERE"}, 400),
        ({"state": "approved"}, 400),
        ({"state": "approved", "comments": "pending:"}, 400),
        ({"state": "approved", "comments": "nonsense:1"}, 400),
        ({"state": "approved", "comments": "pending:1,x"}, 400),
        ({"state": "approved", "comments": f"pending:{'9' * 30}"}, 400),
        ({"state": "approved", "comments": "pending:" + ",".join(map(str, range(1, 6000)))}, 400),
        ({"state": "rejected", "comments": "HERE", "code": "nonsense"}, 422),
        ({"state": "rejected", "comments": "HERE", "reason": "x" * 201}, 422),
        ({"state": "approved", "comments": "HERE", "code": "abuse"}, 422),
    ],
)
def test_a_senseless_decision_is_refused_in_words(
    desk: Client, article: Article, posted: dict[str, str], status: int
) -> None:
    comment = waiting(article)
    filled = {name: seen(comment) if value == "HERE" else value for name, value in posted.items()}

    assert desk.post(DECISIONS, filled).status_code == status
    answer = desk.post(DECISIONS, filled, **SCRIPTED)

    assert answer.status_code == status
    assert answer.json()["problem"]
    assert state_of(comment) == State.PENDING
    assert not ModerationEntry.objects.exists()


def test_decisions_about_what_never_was_are_told_so(desk: Client, article: Article) -> None:
    answer = desk.post(DECISIONS, {"state": "approved", "comments": "pending:999999999999"}, **SCRIPTED).json()

    assert (answer["notices"], answer["batch"]) == (["1 comment is no longer there."], None)


@pytest.mark.parametrize(("batch", "status"), [("x", 400), (str(uuid.UUID(int=1)), 200)])
def test_an_unknown_batch_takes_nothing_back(desk: Client, article: Article, batch: str, status: int) -> None:
    assert desk.post(UNDO, {"batch": batch}, **SCRIPTED).status_code == status


@pytest.mark.parametrize("noun", ["words", "pick", "reply"])
@pytest.mark.parametrize("pk", ["999999", "9" * 30])
def test_unknown_comments_are_not_found(desk: Client, db: None, noun: str, pk: str) -> None:
    assert desk.post(f"{QUEUE}{pk}/{noun}/", {"text": "x", "seen": "x", "on": "1"}).status_code == 404


def test_what_was_typed_stays_where_a_decision_is_refused(desk: Client, article: Article) -> None:
    posted = {"state": "rejected", "comments": seen(waiting(article)), "reason": "<b>" + "x" * 201}

    response = desk.post(DECISIONS, posted)

    assert "at most 200" in words(response)
    assert "&lt;b&gt;" + "x" * 201 in words(response)


def test_a_reason_reaches_the_comments_writer(desk: Client, article: Article) -> None:
    comment = waiting(article)
    said = {"state": "rejected", "reason": "Please stay on the subject.", "code": Reason.OFF_TOPIC, "warning": "on"}

    desk.post(DECISIONS, {"comments": seen(comment), **said})

    entry = ModerationEntry.objects.get()
    assert (entry.code, entry.warning) == (Reason.OFF_TOPIC, True)
    receipt = words(desk.get(reverse("comments:receipt", args=[comment.receipt])))
    assert "Please stay on the subject." in receipt


def test_words_are_edited_and_what_was_seen_must_still_stand(desk: Client, cast: Cast, article: Article) -> None:
    comment = waiting(article, text="You fool.\nYes.")
    address = f"{QUEUE}{comment.pk}/words/"
    shown = desk.get(address).json()
    assert shown["text"] == "You fool.\nYes."

    answer = desk.post(address, {"text": "No.", "seen": shown["seen"]}, **SCRIPTED).json()

    assert "is changed" in answer["said"]
    assert "No." in answer["html"]
    late = desk.post(address, {"text": "Late", "seen": shown["seen"]}, **SCRIPTED)
    assert late.status_code == 409
    assert "nothing was saved" in late.json()["problem"]

    desk.post(UNDO, {"batch": answer["batch"]}, **SCRIPTED)
    assert Comment.objects.get(pk=comment.pk).text == "You fool.\nYes."


@pytest.mark.parametrize(
    ("typed", "said"),
    [("a\x00b", "cannot be stored"), ("x" * 8001, "at most 8000"), ("", "Please write a comment")],
)
def test_words_that_are_refused_stay_in_the_form(desk: Client, article: Article, typed: str, said: str) -> None:
    comment = waiting(article)

    response = desk.post(f"{QUEUE}{comment.pk}/words/", {"text": typed, "seen": comment.text})

    assert response.status_code == 422
    assert said in words(response)
    assert typed.replace("\x00", "\ufffd") in words(response)
    assert not FormerWords.objects.exists()


def test_a_staff_pick_is_made_from_the_desk_and_from_its_page(desk: Client, article: Article) -> None:
    comment = make_comment(article)
    address = f"{QUEUE}{comment.pk}/pick/"

    response = desk.post(address, {"on": "1", "page": comment.pk})
    assert response["Location"] == f"{QUEUE}{comment.pk}/change/"
    assert Comment.objects.get().featured
    answer = desk.post(address, {"on": "0", "back": "state=approved"}, **SCRIPTED).json()
    assert "is no staff pick now" in answer["said"]
    assert answer["rows"][0]["id"] == comment.pk
    assert desk.post(address, {"on": "maybe"}, **SCRIPTED).status_code == 400
    assert desk.post(f"{QUEUE}{waiting(article).pk}/pick/", {"on": "1"}, **SCRIPTED).status_code == 422


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


def news(desk: Client, since: Any, shown: list[Comment], **query: str) -> dict[str, Any]:
    asked = {"since": since.isoformat(), "shown": ",".join(str(comment.pk) for comment in shown), **query}
    answer: dict[str, Any] = desk.get(f"{QUEUE}news/", asked).json()
    return answer


def test_news_tell_what_came_and_who_decided_what_is_shown(desk: Client, cast: Cast, article: Article) -> None:
    shown = [waiting(article, name="Ana"), waiting(article)]
    since = timezone.now()
    waiting(article)
    waiting(make_article("Elsewhere"))
    moderation.decide(shown[:1], State.APPROVED, actor=cast.chief)

    told = news(desk, since, shown)

    assert told["new"] == 2
    assert news(desk, since, shown, article=str(article.pk))["new"] == 1
    [gone] = told["gone"]
    assert gone["id"] == shown[0].pk
    assert "The comment by Ana was decided by Chiara Chief in the meantime: approved." in gone["said"]
    assert told["counts"]["pending"] == "3"


def test_what_comes_back_to_the_list_that_shows_it_is_not_new(desk: Client, cast: Cast, article: Article) -> None:
    comment = make_comment(article)
    since = timezone.now()
    moderation.decide([comment], State.PENDING, actor=cast.moderator)

    assert news(desk, since, [])["new"] == 1
    assert news(desk, since, [comment])["new"] == 0


@pytest.mark.parametrize("since", ["", "x", "2026-13-45", "2026-01-01", "9" * 99])
def test_senseless_questions_for_news_are_answered_with_none(desk: Client, article: Article, since: str) -> None:
    waiting(article, created_at=timezone.now() - timedelta(hours=1), waiting_since=timezone.now() - timedelta(hours=1))

    answer = desk.get(f"{QUEUE}news/", {"since": since, "shown": "x,,999999999999,-1"}).json()

    assert answer["new"] == 0
    assert answer["gone"] == [{"id": 999999999999, "said": ""}]


def test_two_moderators_at_one_list_decide_each_comment_once(cast: Cast, article: Article) -> None:
    comments = [waiting(article) for _ in range(6)]
    first, second = Client(), Client()
    first.force_login(cast.moderator)
    second.force_login(cast.chief)
    posted = {"state": "approved", "comments": seen(*comments[:4])}

    a = first.post(DECISIONS, posted, **SCRIPTED).json()
    b = second.post(DECISIONS, {"state": "spam", "comments": seen(*comments[2:])}, **SCRIPTED).json()

    assert (a["changed"], b["changed"]) == ([c.pk for c in comments[:4]], [c.pk for c in comments[4:]])
    assert len(b["notices"]) == 2
    assert ModerationEntry.objects.count() == 6
