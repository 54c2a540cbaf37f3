"""A read replica that lags: two real databases, and never an old page. On PostgreSQL by streaming replication."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import dj_database_url
import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection, connections, router
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from newsroom.databases import SQLITE, prepared, read_only
from newsroom.doctor import database, replication
from pagecache import reading, replica
from pagecache.models import Key
from pagecache.validity import validity
from tests.concurrency import at_once, database_url
from tests.factories import make_article, make_section
from tests.wsgi_client import Answer, ask, make_door

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica"])


@dataclass
class Lag:
    """Stops and lets on what comes to the replica."""

    stop: Callable[[], None]
    catch_up: Callable[[], None]


@pytest.fixture(scope="module")
def lag(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lag]:
    """A second database behind the connection ``replica``."""
    with django_db_blocker.unblock():
        make = _streaming if connection.vendor == "postgresql" else _copied
        with make(tmp_path_factory) as made:
            yield made


@pytest.fixture(scope="module", autouse=True)
def _connection(lag: Lag) -> None:
    """The alias exists before a test says which databases it uses."""


@contextmanager
def _registered(given: dict[str, Any]) -> Iterator[None]:
    complete = connections.configure_settings({"default": configured.DATABASES["default"], "replica": given})
    connections.settings["replica"] = complete["replica"]
    try:
        yield
    finally:
        connections["replica"].close()
        del connections["replica"], connections.settings["replica"]


@contextmanager
def _copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lag]:
    """SQLite's stand-in: a file that is the primary's state of some moment, brought up to date when asked."""
    path = tmp_path_factory.mktemp("replica") / "replica.sqlite3"
    with _registered(prepared({"ENGINE": SQLITE, "NAME": str(path)})):

        def catch_up() -> None:
            connection.ensure_connection()
            raw: Any = connection.connection
            with closing(sqlite3.connect(path)) as copy:
                raw.backup(copy)

        yield Lag(lambda: None, catch_up)


@contextmanager
def _streaming(_factory: pytest.TempPathFactory) -> Iterator[Lag]:
    from tests.standby import standby  # noqa: PLC0415 - needs the package with PostgreSQL in it

    with standby(database_url()) as server:
        given = read_only(prepared(dict(dj_database_url.parse(server.url)), 0))
        with _registered(given):

            def stop() -> None:
                _on_replica("SELECT pg_wal_replay_pause()")

            def catch_up() -> None:
                _on_replica("SELECT pg_wal_replay_resume()")
                target = _sent()
                end = time.monotonic() + 30
                while not _on_replica(f"SELECT pg_last_wal_replay_lsn() >= '{target}'::pg_lsn"):
                    assert time.monotonic() < end, "the replica does not catch up"
                    time.sleep(0.02)

            yield Lag(stop, catch_up)


def _sent() -> str:
    """Where the primary's log is, all of which is on the disk, and so on its way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(false, 'tests', '', true)::text")
        return str(cursor.fetchone()[0])


def _on_replica(statement: str) -> Any:
    with connections["replica"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def _routed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATABASE_ROUTERS = ["pagecache.replica.ReaderPages"]
    monkeypatch.setattr(replica, "_silent_until", 0.0)


@pytest.fixture
def story(lag: Lag) -> Iterator[Article]:
    article = make_article("The tram is late", section=make_section())
    lag.catch_up()
    yield article
    lag.catch_up()


def asked(path: str) -> tuple[Answer, int, int]:
    """What a process without any page in memory answers, and how many statements each database got."""
    door = make_door(validity=validity())
    with CaptureQueriesContext(connections["replica"]) as far, CaptureQueriesContext(connection) as near:
        answer = ask(door, path)
    return answer, len(far), len(near)


def test_a_page_is_rendered_from_a_replica_that_is_up_to_date(story: Article) -> None:
    answer, far, near = asked(story.get_absolute_url())
    assert (answer.status, b"The tram is late" in answer.body) == (200, True)
    assert far >= 4
    assert near <= 2, "the look at the versions; and what the search index or the engine asks by itself"


def test_what_the_replica_does_not_know_yet_is_never_missing_from_an_answer(story: Article, lag: Lag) -> None:
    lag.stop()
    story.headline = "The tram is on time"
    story.save()
    answer, far, near = asked(story.get_absolute_url())
    assert b"on time" in answer.body
    assert far >= 4, "the control: it was rendered from the replica first"
    assert near > 4
    lag.catch_up()
    answer, _far, near = asked(story.get_absolute_url())
    assert b"on time" in answer.body
    assert near <= 2


def test_control_without_the_look_at_the_primary_the_answer_is_old(
    story: Article, lag: Lag, monkeypatch: pytest.MonkeyPatch
) -> None:
    lag.stop()
    story.headline = "The tram is on time"
    story.save()

    def believing(keys: Any) -> int:
        with replica.reading():
            return sum(Key.objects.filter(name__in=keys).values_list("version", flat=True))

    monkeypatch.setattr("pagecache.reading.total_of", believing)
    assert b"late" in asked(story.get_absolute_url())[0].body


def test_a_page_made_from_an_old_snapshot_is_not_kept_for_others(story: Article, lag: Lag) -> None:
    lag.stop()
    door = make_door(validity=validity())
    story.headline = "The tram is on time"
    story.save()
    for _time in range(2):
        assert b"on time" in ask(door, story.get_absolute_url()).body
    lag.catch_up()
    assert b"on time" in ask(door, story.get_absolute_url()).body


def test_a_story_that_was_just_published_or_killed_is_answered_as_it_is_now(story: Article, lag: Lag) -> None:
    lag.stop()
    fresh = make_article("Fresh")
    assert asked(fresh.get_absolute_url())[0].status == 200
    story.status = "draft"
    story.save()
    assert asked(story.get_absolute_url())[0].status in {404, 410}


def test_a_change_while_the_page_is_rendered_is_in_the_answer(
    story: Article, lag: Lag, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare = reading._declare
    changed: list[int] = []

    def change_once(*args: Any) -> None:
        declare(*args)
        if not changed:
            changed.append(1)
            story.headline = "The tram is on time"
            assert at_once([story.save]) == []

    monkeypatch.setattr(reading, "_declare", change_once)
    assert b"on time" in asked(story.get_absolute_url())[0].body


def test_everything_but_a_page_reads_from_the_primary(story: Article, lag: Lag) -> None:
    lag.stop()
    story.headline = "The tram is on time"
    story.save()
    assert Article.objects.get(pk=story.pk).headline == "The tram is on time"
    assert router.db_for_write(Key) == router.db_for_read(Article) == "default"
    with replica.reading():
        assert router.db_for_write(Key) == "default"
        assert router.db_for_read(Article) == "replica"
    assert not router.allow_migrate("replica", "articles")


def test_a_replica_that_is_away_costs_nobody_a_page_and_is_left_alone(
    story: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def refuse(*_args: Any) -> None:
        tries.append(1)
        raise OperationalError("away")

    connections["replica"].close()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connections["replica"], "connect", refuse)
        for _time in range(3):
            answer = ask(make_door(validity=validity()), story.get_absolute_url())
            assert b"The tram is late" in answer.body
    assert tries == [1]


def said() -> list[tuple[str, str]]:
    return [(one.level.name, one.words) for one in replication.replica()]


def test_the_doctor_sees_whether_the_replica_follows(story: Article) -> None:
    assert said() == [("GOOD", "It has all that the primary has.")] * (connection.vendor == "postgresql")


@pytest.mark.postgres
def test_the_doctor_tells_a_replica_whose_replay_is_paused(story: Article, lag: Lag) -> None:
    lag.stop()
    story.save()
    _sent()
    [(level, words)] = said()
    assert level == "TROUBLE"
    wanted = r"Somebody has paused its replay .*: its newest change is \d+ s old, and \d\.\d MB .*"
    assert re.fullmatch(wanted, words)


@pytest.mark.postgres
def test_the_doctor_tells_a_replica_that_does_not_follow_any_more(story: Article) -> None:
    known = _on_replica("SHOW primary_conninfo")
    _followed("")
    try:
        [(level, words)] = said()
        assert (level, words.partition(":")[0]) == ("TROUBLE", "It does not follow")
        story.save()
        _sent()
        [(level, words)] = said()
        assert level == "TROUBLE"
        assert "are still to come" in words
    finally:
        _followed(known)


def _followed(primary: str) -> None:
    """Tell the replica whom to follow; the empty word for nobody."""
    with connections["replica"].cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET primary_conninfo = %s", [primary])
        cursor.execute("SELECT pg_reload_conf()")
    end = time.monotonic() + 30
    while bool(_on_replica("SELECT count(*) FROM pg_stat_wal_receiver")) != bool(primary):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.postgres
def test_the_doctor_tells_a_database_that_is_no_replica_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"default": ("1", "noon"), "replica": ("2", "noon")}
    ask = replication._row
    told = lambda alias, words: rows[alias] if "identifier" in words else ask(alias, words)  # noqa: E731
    monkeypatch.setattr(replication, "_row", told)
    assert "another server" in said()[0][1]
    rows["replica"] = rows["default"]
    assert said() == [("WARNING", "DATABASE_REPLICA_URL leads to the primary itself.")]


@pytest.mark.postgres
def test_the_doctor_tells_a_database_url_that_names_a_standby(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {one.words for one in database.server()}
    monkeypatch.setattr(database, "connection", connections["replica"])
    assert {one.words for one in database.server()} - told == {"DATABASE_URL names a standby: nothing can be written."}
