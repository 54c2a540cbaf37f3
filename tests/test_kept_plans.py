"""On PostgreSQL prepared queries keep their plans, past cursors, and answer as through them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.db.models import BigAutoField, DateTimeField, FloatField
from django.test import Client
from django.utils import timezone

from articles.models import Article
from articles.page_parts import public_cards
from comments.models import DeskPromise
from newsroom.postgresql.base import PatientConnection
from pagecache.kept_plans import PlanLostError
from pagecache.prepared import Prepared
from pagecache.reading import WANTED
from products.models import Offer, Placement, Product
from tests.factories import make_article, make_author, make_comment, make_product

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("either_way")]

HOSTILE = '\'; DROP TABLE x; -- \\ %s %% $1 "ж"\n'

HEADLINE = Article._meta.get_field("headline")


@contextmanager
def through_cursors() -> Iterator[list[str]]:
    """Inside, everything is asked through cursors, since somebody listens; what was asked."""
    heard: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        heard.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        yield heard


@pytest.fixture
def raw(db: None) -> Any:
    """A new connection, which keeps nothing yet."""
    connection.close()
    connection.ensure_connection()
    return connection.connection


def kept(raw: Any) -> int:
    """How many statements it keeps."""
    (number,) = raw.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    return int(number)


def twice(ask: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What the second time gives: a statement is kept from then on."""
    ask(*values, **named)
    return ask(*values, **named)


def listed(ids: list[int], now: Any) -> list[tuple[Any, ...]]:
    return _LISTED.rows(ids=ids, now=now)


_LISTED: Prepared[Any] = Prepared(
    lambda ids, now: (
        Article.objects.public(now).exclude(pk__in=[0]).filter(pk__in=ids).order_by("pk").values_list("pk", "headline")
    ),
    ids=[BigAutoField()],
    now=DateTimeField(),
)
_NAMED: Prepared[Any] = Prepared(
    lambda words: Article.objects.filter(headline=words).values_list("pk", flat=True), words=HEADLINE
)


def test_lists_moments_and_words_answer_as_through_a_cursor(raw: Any) -> None:
    first, second = make_article("One"), make_article(HOSTILE)
    draft = make_article("Three", status="draft")
    now = timezone.now()
    for ids in ([first.pk], [second.pk, first.pk, draft.pk], [], [-(2**63), 2**63 - 1], [2**63, first.pk]):
        for moment in (now, now - timedelta(days=9000), now + timedelta(days=9000)):
            with through_cursors() as heard:
                expected = listed(ids, moment)
            assert len(heard) == 1
            assert twice(listed, ids, moment) == expected
    assert listed([first.pk, second.pk], now) == [(first.pk, "One"), (second.pk, second.headline)]
    assert twice(_NAMED.rows, words=second.headline) == [second.pk]
    assert _NAMED.rows(words="' OR 1=1 --") == []
    assert kept(raw) == 2


def test_a_zero_byte_is_refused_as_through_a_cursor(raw: Any) -> None:
    make_article("One")
    assert twice(_NAMED.rows, words="One")
    with pytest.raises(DataError, match="NUL"):
        _NAMED.rows(words="One\0")


def test_a_slot_of_another_kind_goes_through_a_cursor(raw: Any) -> None:
    article = make_article()
    asked: Prepared[Any] = Prepared(
        lambda number: Article.objects.filter(pk=number).values_list("pk", flat=True), number=FloatField()
    )
    assert twice(asked.rows, number=float(article.pk)) == [article.pk]
    assert kept(raw) == 0


def test_values_of_every_kind_come_as_through_a_cursor(raw: Any) -> None:
    story = make_article(publish_at=datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC))
    product = make_product(price="1234.50", rating="4.5")
    DeskPromise.objects.update_or_create(pk=1, defaults={"within": timedelta(days=1, seconds=5)})
    for model, number in (
        (Article, story.pk),
        (Product, product.pk),
        (Offer, product.offers.get().pk),
        (DeskPromise, 1),
    ):
        asked: Any = Prepared(lambda pk, model=model: model._base_manager.filter(pk=pk), pk=BigAutoField())
        with through_cursors():
            expected = asked.first(pk=number)
        found = twice(asked.first, pk=number)
        assert found == expected
        for name, value in found.__dict__.items():
            if name != "_state":
                assert (type(value), value) == (type(expected.__dict__[name]), expected.__dict__[name]), name


def page_of(path: str) -> bytes:
    return Client().get(path, **{WANTED: True}).content  # type: ignore[arg-type]


def busy_story() -> str:
    """A story with something in each of its parts; its address."""
    story = make_article("Harbour reopens")
    story.bylines.create(author=make_author())
    Placement.objects.create(article=story, product=make_product())
    make_comment(story, "Good news")
    return story.get_absolute_url()


def test_pages_are_the_same_either_way(raw: Any) -> None:
    path = busy_story()
    for address in (path, "/", f"{path.rsplit('/', 2)[0]}/"):
        with through_cursors():
            expected = page_of(address)
        assert twice(page_of, address) == expected
    assert kept(raw) > 12


def test_a_statement_is_planned_a_few_times_and_then_kept(raw: Any) -> None:
    article = make_article()
    for _ in range(13):
        public_cards([article.pk])
    (row,) = raw.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements").fetchall()
    assert row == (7, 5)


def test_behind_a_pooler_everything_goes_through_cursors(raw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = busy_story()
    expected = page_of(path)
    assert page_of(path) == expected
    assert kept(raw)
    connection.close()
    monkeypatch.setattr(PatientConnection, "number", property(lambda self: self.pgconn.backend_pid + 1))
    assert twice(page_of, path) == expected
    assert kept(connection.connection) == 0


def test_a_connection_that_asks_once_keeps_nothing(raw: Any) -> None:
    page_of(busy_story())
    assert kept(raw) == 0


def test_a_statement_that_the_server_has_forgotten_is_asked_through_a_cursor(raw: Any) -> None:
    article = make_article()
    assert twice(public_cards, [article.pk])
    raw.execute("DEALLOCATE ALL")
    assert public_cards([article.pk])
    assert not raw.keeps_plans()
    connection.close()
    assert public_cards([article.pk])
    assert connection.connection.keeps_plans()


@pytest.fixture
def wider(raw: Any) -> Iterator[Callable[[], None]]:
    """Changes the type of a column while the statements that show it are kept, as a migration does."""
    longest: Any = Article._meta.get_field("standfirst").max_length
    change = "ALTER TABLE articles_article ALTER standfirst TYPE varchar({})"
    yield lambda: raw.execute(change.format(longest + 1))
    connection.connection.execute(change.format(longest))


def test_a_table_that_changed_meanwhile_is_asked_through_a_cursor(raw: Any, wider: Callable[[], None]) -> None:
    article = make_article("One")
    assert twice(public_cards, [article.pk])
    wider()
    assert public_cards([article.pk])[article.pk].headline == "One"


def test_a_page_in_one_transaction_is_made_again_when_a_plan_is_lost(raw: Any, wider: Callable[[], None]) -> None:
    path = busy_story()
    expected = twice(page_of, path)
    wider()
    assert page_of(path) == expected
    assert not raw.keeps_plans()


def test_elsewhere_a_lost_plan_ends_its_transaction(raw: Any) -> None:
    article = make_article()
    assert twice(public_cards, [article.pk])
    raw.execute("DEALLOCATE ALL")

    def ask_in_a_transaction() -> None:
        with transaction.atomic():
            Article.objects.exists()
            public_cards([article.pk])

    with pytest.raises(PlanLostError):
        ask_in_a_transaction()
    assert public_cards([article.pk])


def test_the_first_question_of_a_transaction_begins_it(raw: Any) -> None:
    article = make_article()
    assert twice(public_cards, [article.pk])
    with transaction.atomic():
        assert public_cards([article.pk])
        assert raw.info.transaction_status.name == "INTRANS"


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-27 15:33:49.988893+00",
        "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
        "2024-02-29 00:00:00.1+00",
    ],
)
def test_moments_are_read_as_django_reads_them(raw: Any, written: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        (moment,) = cursor.fetchone()
    assert moment == datetime.fromisoformat(written)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize("written", ["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"])
def test_moments_that_python_does_not_know_are_refused_as_ever(raw: Any, written: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        with pytest.raises(DataError):
            cursor.fetchone()
