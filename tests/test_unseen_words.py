"""No decision puts words before readers that no moderator has seen: no late click, no undo, no row of small slips."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments import likeness, moderation, receipts
from comments.models import Comment, Mark, ModerationEntry, State
from tests.concurrency import at_once
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import token

QUEUE = "/admin/comments/comment/"
SCRIPTED: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def article(db: None) -> Article:
    return make_article(publish_at=NOON - timedelta(hours=1))


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """Signed in as the moderator."""
    client.login(email=cast.moderator.email, password=PASSWORD)
    return client


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as frozen:
        yield frozen


def waiting(article: Article, text: str = "Kind words", **fields: Any) -> Comment:
    return make_comment(article, text, state=State.PENDING, created_at=timezone.now(), **fields)


def edit(comment: Comment, text: str) -> Comment:
    return receipts.edit(comment, text, seen=receipts.fingerprint(comment.text), token=token())


def shown(desk: Client) -> list[str]:
    """What the rows of the queue send, as the page has them."""
    page = desk.get(QUEUE).content.decode()
    return [part.partition('"')[0] for part in page.split('data-seen="')[1:]]


def test_words_changed_after_the_screen_was_drawn_are_not_approved(desk: Client, article: Article, clock: Any) -> None:
    comment = waiting(article, name="Ana")
    [drawn] = shown(desk)
    clock.shift(1)
    edit(comment, "Words nobody saw")

    answer = desk.post(f"{QUEUE}decisions/", {"state": "approved", "comments": drawn}, **SCRIPTED).json()

    assert Comment.objects.get().state == State.PENDING
    assert answer["notices"] == ["The words of the comment by Ana changed in the meantime: please read it again."]
    assert "Words nobody saw" in answer["html"]

    [drawn] = shown(desk)  # the control: read again
    desk.post(f"{QUEUE}decisions/", {"state": "approved", "comments": drawn}, **SCRIPTED)

    assert Comment.objects.get().state == State.APPROVED


def test_of_a_group_only_those_with_the_words_that_were_shown_are_decided(
    desk: Client, article: Article, clock: Any
) -> None:
    first, second = [waiting(article, cluster=7, likeness="text") for _ in "ab"]
    third = waiting(article, cluster=7, likeness="text", edited_at=timezone.now())
    [drawn] = shown(desk)
    clock.shift(1)
    edit(second, "Words nobody saw")

    desk.post(f"{QUEUE}decisions/", {"state": "approved", "comments": drawn}, **SCRIPTED)

    states = dict(Comment.objects.values_list("pk", "state"))
    assert states == {first.pk: State.APPROVED, second.pk: State.PENDING, third.pk: State.APPROVED}


@pytest.mark.parametrize("mark", [".", ".x", ".-1", f".{'9' * 17}", f".{'9' * 30}", ".1.2"])
def test_a_senseless_mark_of_words_decides_nothing(desk: Client, article: Article, mark: str) -> None:
    comment = waiting(article)
    posted = {"state": "approved", "comments": f"pending:{comment.pk}{mark}"}

    assert desk.post(f"{QUEUE}decisions/", posted, **SCRIPTED).status_code in {200, 400}
    assert Comment.objects.get().state == State.PENDING


@pytest.mark.parametrize("rewrites", [True, False])
def test_taking_back_a_hold_publishes_no_words_written_since(
    article: Article, cast: Cast, clock: Any, rewrites: bool
) -> None:
    comment = waiting(article)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    comment.refresh_from_db()
    [held] = moderation.decide([comment], State.PENDING, actor=cast.moderator)
    clock.shift(1)
    if rewrites:
        edit(comment, "Words nobody saw")

    undone, overtaken = moderation.undo_batch(held.batch, cast.moderator)

    assert (undone, overtaken) == ((0, 1) if rewrites else (1, 0))
    assert Comment.objects.get().state == (State.PENDING if rewrites else State.APPROVED)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("blind", [False, True])
def test_a_writer_and_a_moderator_at_once_never_publish_unseen_words(cast: Cast, blind: bool) -> None:
    article = make_article(publish_at=NOON - timedelta(hours=1))
    for _ in range(10):
        comment = waiting(article, "The words that were shown on the screen, and were fine")
        seen = Comment(pk=comment.pk, state=comment.state)
        approve = partial(moderation.decide, [seen], State.APPROVED, actor=cast.moderator)
        if blind:  # the control: the edit is over before, and whoever decides is not asked what they saw
            edit(comment, "Something else entirely that no moderator has ever had before their eyes")
            seen.edited_at = Comment.objects.get(pk=comment.pk).edited_at
            approve()
        else:
            words = "Something else entirely that no moderator has ever had before their eyes"
            at_once([approve, partial(edit, comment, words)])

    public = set(Comment.objects.approved().values_list("text", flat=True))
    assert any(text.startswith("Something else") for text in public) is blind


def test_slips_add_up_until_a_moderator_reads_the_words_anew(article: Article, cast: Cast, clock: Any) -> None:
    comment = waiting(article, "a" * 30 + "b" * 30 + "c" * 30)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    states = []
    for text in ("x" * 30 + "b" * 30 + "c" * 30, "x" * 30 + "y" * 30 + "c" * 30):
        clock.shift(1)
        comment = edit(comment, text)
        states.append(comment.state)

    assert states == [State.APPROVED, State.PENDING]

    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    clock.shift(1)

    assert edit(comment, "x" * 30 + "y" * 30 + "z" * 30).state == State.APPROVED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Buy it there", "Buy it at pills.shop"),
        ("See https://bbc.com/a", "See https://evil.example/a"),
        ("I love them all", "Kill them all, every single one of them"),
    ],
)
def test_another_site_or_other_words_are_no_slip(old: str, new: str) -> None:
    assert not receipts.is_slip(old, new)


def test_a_moderators_edit_and_its_undo_renew_what_the_comment_is_like(article: Article, cast: Cast) -> None:
    comment = waiting(article, "Buy at pills.shop, it is the best of all shops")
    likeness.renew(comment)
    site = Mark.objects.filter(kind=Mark.Kind.DOMAIN, value=likeness.site_mark("pills.shop"))
    assert site.exists()

    entry = moderation.edit(comment, "It is the best of all shops", actor=cast.moderator, seen_text=comment.text)
    assert not site.exists()

    assert isinstance(entry, ModerationEntry)
    moderation.undo(entry, cast.moderator)
    assert site.exists()
