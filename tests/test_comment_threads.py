"""Approved comments stand under their article as readable threads, at one query whatever their number."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from articles.models import Article
from articles.page_plan import PagePlan
from comments import plain_text, threads
from comments.markup import ThreadMarkup
from comments.models import Comment, State
from comments.outline import Order
from comments.thread_pages import threads_of
from pagecache.reading import recording
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECTION = Template("{% load comment_section %}{% comments %}")


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def section(article: Article) -> str:
    return SECTION.render(Context({"article": article, "plan": PagePlan(article=article)}))


def shape(nodes: list[threads.Node]) -> list[Any]:
    return [[node.comment.text if node.comment else None, *shape(node.replies)] for node in nodes]


def shown(article: Article, number: int = 1, order: Order = Order.OLDEST) -> list[threads.Node]:
    return threads_of(article, order).shown(number)


def test_only_approved_comments_are_shown_and_counted(article: Article) -> None:
    for state in State:
        make_comment(article, f"this one is {state}", state=state)
    make_comment(make_article("Elsewhere"), "elsewhere")

    page = section(article)

    assert threads_of(article).count == 1
    assert "this one is approved" in page
    assert "1 comment" in page
    assert not re.search("this one is (pending|rejected|spam)|elsewhere", page)


def test_answers_stand_below_what_they_answer_oldest_first(article: Article) -> None:
    second = make_comment(article, "second", created_at=NOON + timedelta(hours=1))
    first = make_comment(article, "first", created_at=NOON)
    make_comment(article, "late answer", parent=first, created_at=NOON + timedelta(hours=3))
    make_comment(article, "early answer", parent=first, created_at=NOON + timedelta(hours=2))
    make_comment(article, "answer to second", parent=second, created_at=NOON + timedelta(hours=2))

    assert shape(shown(article)) == [
        ["first", ["early answer"], ["late answer"]],
        ["second", ["answer to second"]],
    ]


def test_nothing_gets_deeper_than_the_setting_and_says_what_it_answers(article: Article, settings: Settings) -> None:
    parent = None
    for level in range(40):
        parent = make_comment(article, f"level {level}", parent=parent, name=f"Writer {level}")
    settings.COMMENT_MAX_DEPTH = 2

    nodes = [node for root in shown(article) for node in root.walk()]

    assert len(nodes) == 40
    assert max(node.depth for node in nodes) == 2
    assert [node.answered.name for node in nodes[3:] if node.answered] == [f"Writer {n}" for n in range(2, 39)]
    assert "In reply to" in section(article)


def test_answers_to_a_comment_that_is_gone_stay_together(article: Article) -> None:
    gone = make_comment(article, "gone", state=State.REJECTED)
    for text in ("one", "two"):
        make_comment(article, text, parent=gone)

    assert shape(shown(article)) == [[None, ["one"], ["two"]]]
    page = section(article)
    assert f'id="comment-{gone.pk}"' in page
    assert "no longer shown" in page
    assert "2 comments" in page


def test_deleting_a_comment_leaves_the_answers_to_it(article: Article) -> None:
    first = make_comment(article, "first")
    make_comment(article, "answer", parent=first)

    first.delete()

    assert shape(shown(article)) == [["answer"]]


def test_an_import_may_bring_an_answer_before_what_it_answers(article: Article) -> None:
    answer = make_comment(article, "answer")
    later = make_comment(article, "later")
    Comment.objects.get(pk=answer.pk)
    answer.parent = later
    answer.save()
    later.parent = answer
    later.save()

    assert sorted(node.id for root in shown(article) for node in root.walk()) == [answer.pk, later.pk]


@pytest.mark.once
@pytest.mark.parametrize(("number", "queries"), [(0, 2), (1, 1), (50, 1), (51, 2), (120, 2)])
def test_the_section_takes_one_query_where_a_page_holds_all_and_two_beyond(
    article: Article, django_assert_num_queries: DjangoAssertNumQueries, number: int, queries: int
) -> None:
    parent = None
    for index in range(number):
        parent = make_comment(article, parent=parent if index % 7 else None)

    found = Article.objects.select_related("section", "comment_settings").get(pk=article.pk)

    with django_assert_num_queries(queries):  # the first of them with what is promised, then the shape of all
        section(found)


def test_the_section_depends_on_the_articles_comments_until_they_close(article: Article, settings: Settings) -> None:
    settings.COMMENTS_CLOSE_AFTER_DAYS = 3

    with recording() as record:
        section(article)

    assert record.keys == {f"comments:{article.pk}", "comments-promise"}
    assert article.publish_at
    assert record.boundary == article.publish_at + timedelta(days=3)


def test_the_form_holds_nothing_of_one_reader(article: Article) -> None:
    page = section(article)

    assert page == section(article)
    assert "csrf" not in page
    assert 'name="token"' not in page
    assert "Your email address will not be published. Required fields are marked *" in page
    assert [field for field in ("name", "email", "url") if f'autocomplete="{field}"' not in page] == []


def test_a_closed_article_says_so_and_offers_no_answer(article: Article, settings: Settings) -> None:
    settings.COMMENTS_CLOSE_AFTER_DAYS = 1
    assert article.publish_at
    article.publish_at -= timedelta(days=2)
    article.save()
    make_comment(article)

    page = section(article)

    assert "Comments on this article are closed." in page
    assert "<form" not in page
    assert "comment__reply" not in page


def test_a_colleagues_answer_carries_the_badge(cast: Cast, article: Article) -> None:
    make_comment(article, "From a reader")
    assert "comment__badge" not in section(article)

    make_comment(article, "From us", staff=cast.moderator)

    assert section(article).count("comment__badge") == 1


def test_an_email_address_is_never_on_the_page(article: Article) -> None:
    make_comment(article, email="secret@example.org", website="https://ana.example/")

    page = section(article)

    assert "secret@example.org" not in page
    assert '<a class="comment__website" href="https://ana.example/" rel="ugc nofollow noopener">' in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("one\ntwo", '<p dir="auto">one<br>two</p>'),
        ("one\n \n\ntwo", '<p dir="auto">one</p><p dir="auto">two</p>'),
        ("one\r\n\r\ntwo\rthree", '<p dir="auto">one</p><p dir="auto">two<br>three</p>'),
        ("1 < 2 & <b>3</b>", '<p dir="auto">1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt;</p>'),
        (
            "see (https://a.example/x_(y)?q=1&z=2).",
            (
                '<p dir="auto">see (<a href="https://a.example/x_(y)?q=1&amp;z=2" rel="ugc nofollow noopener">'
                "https://a.example/x_(y)?q=1&amp;z=2</a>).</p>"
            ),
        ),
        ("javascript://x.example/%0aalert(1)", '<p dir="auto">javascript://x.example/%0aalert(1)</p>'),
        ("https://[bad", '<p dir="auto">https://[bad</p>'),
        ("https://bank.example@evil.example/", '<p dir="auto">https://bank.example@evil.example/</p>'),
        ("http://", '<p dir="auto">http://</p>'),
        ('https://a.example/"onx="', None),
        ("a\u202eb\u2066c\x1bd", '<p dir="auto">a\ufffdb\ufffdc\ufffdd</p>'),
        ("", ""),
    ],
)
def test_plain_text_is_shown_as_typed_with_addresses_as_links(typed: str, shown: str | None) -> None:
    rendered = plain_text.render(typed)

    if shown is None:
        assert rendered.count('"') == 6
    else:
        assert rendered == shown


def thread(article: Article) -> str:
    return ThreadMarkup(article, is_open=True).render(shown(article))


def alter(comment: Comment, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(comment, name, value)
    comment.save()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Otherwise said."},
        {"name": "Somebody else"},
        {"website": "https://elsewhere.example/"},
        {"featured": True},
        {"edited_at": NOON},
        {"edited_at": NOON, "edited_by_staff": True},
        {"created_at": NOON},
    ],
    ids="+".join,
)
def test_what_changes_on_a_comment_shows_when_the_page_is_made_anew(article: Article, change: dict[str, Any]) -> None:
    comment = make_comment(article, "As it was said.")
    before = thread(article)
    assert thread(article) == before

    alter(comment, **change)

    assert thread(article) != before


def test_who_is_answered_shows_under_the_new_name_when_the_page_is_made_anew(
    article: Article, settings: Settings
) -> None:
    settings.COMMENT_MAX_DEPTH = 1
    root = make_comment(article)
    answered = make_comment(article, parent=root, name="Old name")
    make_comment(article, parent=answered)
    assert thread(article).count("<bdi>Old name</bdi>") == 2

    alter(answered, name="New name")

    assert thread(article).count("<bdi>New name</bdi>") == 2


def test_a_comment_speaks_each_readers_language(article: Article) -> None:
    make_comment(article, created_at=NOON)
    with translation.override("en-gb"):
        english = thread(article)
    with translation.override("de"):
        german = thread(article)

    assert "2 Mar 2026" in english
    assert "2. März 2026" in german
