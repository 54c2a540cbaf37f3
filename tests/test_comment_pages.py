"""A long discussion is read page by page, in the order a reader chose, and each comment keeps its address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles.models import Article
from comments.models import Comment, State
from comments.outline import Order, Outline
from comments.thread_pages import Threads, threads_of
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def article(db: None, settings: Settings) -> Article:
    settings.COMMENTS_PER_PAGE = 5
    return make_article("The ferry is late")


def roots(article: Article, number: int, **fields: object) -> list[Comment]:
    return [
        make_comment(article, f"root {index}", created_at=NOON + timedelta(minutes=index), **fields)
        for index in range(number)
    ]


def texts(talk: Threads, number: int = 1) -> list[str]:
    return [node.comment.text for root in talk.shown(number) for node in root.walk() if node.comment]


def on(page: str) -> list[str]:
    return re.findall(r"(?:root|reply) \d+", page)


def test_pages_hold_so_many_comments_and_no_thread_is_torn(article: Article) -> None:
    first, second, third = roots(article, 3)
    for index in range(3):
        make_comment(article, f"reply {index}", parent=first, created_at=NOON + timedelta(hours=1, minutes=index))
    make_comment(article, "reply 9", parent=second, created_at=NOON + timedelta(hours=2))

    talk = threads_of(article)

    assert (talk.count, talk.last) == (7, 2)
    assert texts(talk, 1) == ["root 0", "reply 0", "reply 1", "reply 2"]
    assert texts(talk, 2) == ["root 1", "reply 9", "root 2"]
    assert talk.number_of(third.pk) == 2
    assert talk.number_of(10**9) is None


def test_a_thread_longer_than_a_page_goes_on_below_what_it_hangs_on(article: Article) -> None:
    [root] = roots(article, 1)
    branch = make_comment(article, "branch", parent=root, created_at=NOON + timedelta(minutes=30))
    for index in range(8):
        make_comment(article, f"reply {index}", parent=branch, created_at=NOON + timedelta(hours=1, minutes=index))

    talk = threads_of(article)

    assert (talk.count, talk.last) == (10, 2)
    assert texts(threads_of(article), 1) == ["root 0", "branch", "reply 0", "reply 1", "reply 2"]
    assert texts(threads_of(article), 2) == ["root 0", "branch", *(f"reply {index}" for index in range(3, 8))]


@pytest.mark.parametrize("size", [1, 5, 50])
def test_every_comment_stands_on_exactly_one_page(size: int) -> None:
    outline = Outline([(n, n // 3, 0, False) for n in range(1, 90)], 3)
    cuts = outline.cuts(Order.NEWEST, size)

    pages = [outline.page(cuts, number) for number in range(1, len(cuts.pages))]

    assert sorted(place for page in pages for place in page) == list(range(89))
    assert max(map(len, pages)) <= size


def test_orders_change_threads_and_never_the_answers_in_them(article: Article) -> None:
    two = roots(article, 3)[1]
    make_comment(article, "reply 1", parent=two, created_at=NOON + timedelta(hours=1))
    make_comment(article, "reply 2", parent=two, created_at=NOON + timedelta(hours=2), featured=True)

    assert texts(threads_of(article, Order.NEWEST)) == ["root 2", "root 1", "reply 1", "reply 2", "root 0"]
    assert texts(threads_of(article, Order.PICKS)) == ["root 1", "reply 1", "reply 2", "root 0", "root 2"]


def test_the_article_shows_the_first_page_and_leads_to_the_others(client: Client, article: Article) -> None:
    roots(article, 12)

    page = client.get(article.get_absolute_url()).content.decode()
    last = client.get(f"/comments/{article.pk}/thread/?page=3")

    assert on(page) == [f"root {index}" for index in range(5)]
    assert f'href="/comments/{article.pk}/thread/?page=2#comments"' in page
    assert page.count("12 comments") == 2  # under the headline and above the section
    assert on(last.content.decode()) == ["root 10", "root 11"]
    assert f'href="{article.get_absolute_url()}#comments"' in last.content.decode()
    assert 'name="robots" content="noindex"' in last.content.decode()
    assert set(last.headers["Surrogate-Key"].split()) >= {f"comments:{article.pk}", f"article:{article.pk}"}


def test_an_order_is_offered_where_it_changes_something(client: Client, article: Article) -> None:
    address = article.get_absolute_url()
    assert "Newest first" not in client.get(address).content.decode()
    make_comment(article)
    assert "Newest first" not in client.get(address).content.decode()
    other = make_comment(article)
    page = client.get(address).content.decode()
    assert "Newest first" in page
    assert "Staff picks first" not in page

    other.featured = True
    other.save()

    page = client.get(address).content.decode()
    assert "Staff picks first" in page
    assert page.count(">Staff pick<") == 1


@pytest.mark.parametrize(
    "query", ["page=0", "page=4", "page=x", "page=-1", "page=9999999", "page=%00", "page=٣", "order=best", "order="]
)
def test_a_page_that_is_not_there_is_not_found(client: Client, article: Article, query: str) -> None:
    roots(article, 12)
    assert client.get(f"/comments/{article.pk}/thread/?page=3").status_code == 200
    assert client.get(f"/comments/{article.pk}/thread/?{query}").status_code == 404


def test_a_comments_own_address_leads_to_the_page_it_stands_on_now(client: Client, article: Article) -> None:
    comments = roots(article, 7)

    first = client.get(f"/comments/at/{comments[0].pk}/")
    last = client.get(f"/comments/at/{comments[6].pk}/")

    assert first.headers["Location"] == f"{article.get_absolute_url()}#comment-{comments[0].pk}"
    assert last.headers["Location"] == f"/comments/{article.pk}/thread/?page=2#comment-{comments[6].pk}"
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'class="comment__permalink" href="/comments/at/{comments[0].pk}/"' in page


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_the_address_of_what_nobody_may_see_tells_nothing(client: Client, article: Article, state: State) -> None:
    comment = make_comment(article, state=state)
    hidden = make_comment(make_article("Hidden", status="draft"))

    answers = [client.get(f"/comments/at/{pk}/") for pk in (comment.pk, hidden.pk, 10**12, 2**64)]

    assert {answer.status_code for answer in answers} == {404}
    assert client.get(f"/comments/{hidden.article_id}/thread/").status_code == 404


@pytest.mark.once
def test_a_long_discussion_costs_two_statements_more_than_a_short_one_at_most(client: Client, article: Article) -> None:
    def statements() -> tuple[int, int]:
        counts = []
        for address in (article.get_absolute_url(), f"/comments/{article.pk}/thread/"):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get(address)
            counts.append(len(captured))
        return counts[0], counts[1]

    made = roots(article, 2)
    client.get(article.get_absolute_url())
    one_page = statements()
    for index in range(60):
        made.append(make_comment(article, parent=made[index % 7] if index > 7 else None))

    first_look, second_look = statements(), statements()
    made += [make_comment(article, parent=made[index]) for index in range(60)]

    assert first_look == statements() == (one_page[0] + 2, one_page[1] + 1)
    assert second_look == statements() == (one_page[0] + 1, one_page[1] + 1)


def test_an_edited_comment_says_so_and_by_whom(client: Client, article: Article) -> None:
    make_comment(article, edited_at=NOON)
    assert ">edited<" in client.get(article.get_absolute_url()).content.decode()
    make_comment(article, edited_at=NOON, edited_by_staff=True)
    assert ">edited by the newsroom<" in client.get(article.get_absolute_url()).content.decode()
