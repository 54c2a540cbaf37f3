"""Where comments stand is worked out once for all that are approved, and anew when any of them changes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles.models import Article
from comments import moderation, outlines
from comments.models import Comment, State
from comments.outline import Order, Outline, Stub
from comments.thread_pages import threads_of
from comments.threads import Node
from pagecache.writing import bump, writing
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEPTH = 3


def odd_stubs(random: Random, number: int) -> list[Stub]:
    """Oldest first; some answer what is not shown, what came later, or one thing while they hang on another."""
    ids = random.sample(range(1, number * 2 + 2), number)
    stubs = []
    for own in sorted(ids, key=lambda own: own + random.choice([0, 0, 0, 25])):
        parent = random.choice([0, 0, random.choice(ids), random.randrange(1, number * 2 + 2), max(own - 2, 0)])
        answers = random.choice([0, 0, random.choice(ids)])
        stubs.append(Stub(own, parent if parent != own else 0, answers, random.random() < 0.1))
    return stubs


def plain_threads(stubs: list[Stub]) -> list[tuple[bool, list[tuple[int, int, int | None]]]]:
    """The same told plainly: of each thread whether a pick is in it, and each node's id, depth and answered one."""
    shown = {stub.id: stub for stub in stubs}
    when = {stub.id: number for number, stub in enumerate(stubs)}
    above: dict[int, int | None] = {}
    depth: dict[int, int] = {}
    for stub in sorted(stubs):
        parent = stub.parent_id or None
        if parent in shown and parent > stub.id:
            parent = None
        if parent and parent not in depth:
            above[parent], depth[parent], when[parent] = None, 0, when[stub.id]
        while parent and depth[parent] >= DEPTH:
            parent = above[parent]
        above[stub.id] = parent
        depth[stub.id] = depth[parent] + 1 if parent else 0

    def told(one: int) -> list[tuple[int, int, int | None]]:
        stub = shown.get(one)
        answers = (stub.answers_id or stub.parent_id) if stub else None
        line = [(one, depth[one], answers if answers in shown and answers != above[one] else None)]
        for below in sorted((each for each in above if above[each] == one), key=when.__getitem__):
            line += told(below)
        return line

    roots = sorted((one for one in above if above[one] is None), key=when.__getitem__)
    threads = [told(root) for root in roots]
    return [(any(one in shown and shown[one].featured for one, *_ in thread), thread) for thread in threads]


def told(roots: list[Node]) -> list[tuple[int, int, int | None]]:
    return [(node.id, node.depth, node.answers) for root in roots for node in root.walk()]


@pytest.mark.once
@pytest.mark.parametrize("seed", range(40))
def test_threads_of_any_shape_are_as_a_plain_walk_finds_them(seed: int) -> None:
    stubs = odd_stubs(Random(seed), 1 + seed * 2)
    threads = plain_threads(stubs)

    outline = Outline(stubs, DEPTH)

    assert outline.count == len(stubs)
    assert outline.has_picks == any(picked for picked, _thread in threads)
    for order, expected in {
        Order.OLDEST: threads,
        Order.NEWEST: threads[::-1],
        Order.PICKS: sorted(threads, key=lambda thread: not thread[0]),
    }.items():
        cuts = outline.cuts(order, 10**6)
        assert told(outline.grown(outline.page(cuts, 1))) == [node for _picked, thread in expected for node in thread]


@pytest.mark.once
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_page_holds_what_fits_and_each_comment_is_found_on_its_own(order: Order, size: int) -> None:
    stubs = odd_stubs(Random(7), 90)
    outline = Outline(stubs, DEPTH)
    cuts = outline.cuts(order, size)
    shown = {stub.id for stub in stubs}
    whole = [
        [node.id for node in root.walk() if node.id in shown]
        for root in outline.grown(outline.page(outline.cuts(order, 10**6), 1))
    ]
    expected: list[list[int]] = []
    for thread in whole:
        if expected and len(expected[-1]) + len(thread) <= size:
            expected[-1] += thread
        else:
            expected += [thread[start : start + size] for start in range(0, len(thread), size)]

    pages = [outline.ids[outline.page(cuts, number)].tolist() for number in range(1, len(cuts.pages))]

    assert pages == expected
    assert all(outline.page_of(one, cuts) == number for number, page in enumerate(pages, 1) for one in page)
    assert outline.page_of(10**6, cuts) is None
    assert outline.page(cuts, len(pages) + 1) == outline.page(cuts, 0) == []


@pytest.fixture
def article(db: None, settings: Settings) -> Article:
    settings.COMMENTS_PER_PAGE = 5
    article = make_article("The ferry is late")
    first = make_comment(article, "first", created_at=NOON)
    for minute in range(1, 8):
        make_comment(article, f"answer {minute}", parent=first, created_at=NOON + timedelta(minutes=minute))
    return article


def seen(article: Article, order: Order = Order.OLDEST) -> list[Any]:
    talk = threads_of(article, order)
    pages = [talk.shown(number) for number in range(1, talk.last + 1)]
    return [
        [(node.comment and node.comment.text, node.depth) for node in told.walk()] for page in pages for told in page
    ]


def asked(look: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        look()
    return len(captured)


@pytest.mark.once
def test_a_long_thread_that_stands_as_it_stood_is_not_read_again(article: Article) -> None:
    assert [asked(lambda: threads_of(article)) for _look in range(3)] == [2, 1, 1]

    make_comment(article)

    assert [asked(lambda: threads_of(article)) for _look in range(2)] == [2, 1]


def refuse(comment: Comment, cast: Cast) -> None:
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)


def refuse_and_undo(comment: Comment, cast: Cast) -> None:
    [entry] = moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    threads_of(comment.article)
    moderation.undo(entry, cast.moderator)
    make_comment(comment.article, "later")


def pick(comment: Comment, cast: Cast) -> None:
    moderation.feature(comment, on=True, actor=cast.moderator)


def answer(comment: Comment, cast: Cast) -> None:
    moderation.reply_as_staff(comment, "We are looking into it.", cast.moderator)


def delete(comment: Comment, _cast: Cast) -> None:
    comment.delete()


def delete_what_nobody_sees(comment: Comment, cast: Cast) -> None:
    refuse(comment, cast)
    threads_of(comment.article)
    Comment.objects.filter(pk=comment.pk).delete()


@pytest.mark.parametrize("change", [refuse, refuse_and_undo, pick, answer, delete, delete_what_nobody_sees])
def test_whatever_changes_a_thread_changes_what_is_seen_of_it(
    article: Article, cast: Cast, change: Callable[[Comment, Cast], None]
) -> None:
    first = Comment.objects.get(article=article, text="first")
    before = seen(article), threads_of(article).outline.has_picks

    change(first, cast)

    after = seen(article), threads_of(article).outline.has_picks
    outlines.shelf.clear()
    assert before != after == (seen(article), threads_of(article).outline.has_picks)


def test_what_changes_past_the_versions_is_not_seen(article: Article) -> None:
    """The control: an outline is kept, and it is the version that tells."""
    plain: models.QuerySet[Comment] = models.QuerySet(Comment)
    assert threads_of(article).count == 8

    plain.filter(text="answer 7").update(state=State.REJECTED)
    assert threads_of(article).count == 8

    bump([f"comments:{article.pk}"])
    assert threads_of(article).count == 7


def test_nothing_is_kept_of_what_may_not_come_to_pass(article: Article) -> None:
    threads_of(article)

    def fail_in_the_middle() -> None:
        with writing():
            make_comment(article)
            assert threads_of(article).count == 9
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()

    assert threads_of(article).count == 8


def test_what_comes_while_an_outline_is_read_is_never_missed_afterwards(article: Article) -> None:
    before = [Stub(1, 0, 0, False)]
    after = [*before, Stub(2, 0, 0, False)]

    assert outlines.kept(article.pk, 1, lambda: before).count == 1  # read, and only then somebody writes
    assert outlines.kept(article.pk, 2, lambda: after).count == 2
    assert outlines.kept(article.pk, 1, lambda: before).count == 1  # whoever still sees the version of before
    assert outlines.kept(article.pk, 2, lambda: after).count == 2


@pytest.mark.once
def test_the_shelf_holds_so_many_comments_and_drops_what_was_not_used_for_longest() -> None:
    shelf = outlines.Shelf(3 * (outlines.FRAME + 1))
    one = Outline([Stub(1, 0, 0, False)], DEPTH)
    for article in (1, 2, 3):
        shelf.put(article, (1, DEPTH), one)
    shelf.get(1, (1, DEPTH))

    shelf.put(3, (2, DEPTH), one)
    shelf.put(4, (1, DEPTH), one)

    assert [shelf.get(article, (1, DEPTH)) is one for article in (1, 2, 3, 4)] == [True, False, False, True]
    assert shelf.get(3, (2, DEPTH)) is one
    shelf.put(5, (1, DEPTH), Outline([Stub(n, 0, 0, False) for n in range(1, 1000)], DEPTH))
    assert shelf.get(4, (1, DEPTH)) is None
    assert shelf.get(5, (1, DEPTH))


def test_an_outline_is_read_from_an_index_alone(article: Article) -> None:
    with CaptureQueriesContext(connection) as captured:
        threads_of(article)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {captured.captured_queries[-1]['sql']}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {captured.captured_queries[-1]['sql']}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert any(words in plan for words in ("COVERING INDEX comment_outline", "Index Only Scan using comment_outline"))
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
