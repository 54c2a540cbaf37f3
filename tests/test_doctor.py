"""``manage.py doctor``: each thing that may be amiss is named in words, with what to do, and decides the exit code."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from articles import search
from articles.models import SearchEntry
from newsroom.doctor import database, files, neighbours, replication, work
from newsroom.doctor import examination as whole
from newsroom.doctor.findings import Examination, Finding, Level
from newsroom.probe import Condition, NoAnswerError, condition
from outbox.models import Effect, Heartbeat
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db


def told(examination: Examination) -> list[tuple[str, str]]:
    return [(one.level.name, one.words) for one in examination()]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database answers at once, without a thread that would not see this test's transaction."""
    monkeypatch.setattr(condition, "put", lambda: Condition(0.001, ()))


def run(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", *options, stdout=out, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_it_says_what_is_wrong_and_what_to_do_and_ends_with_one(answering: None) -> None:
    code, text = run()
    assert code == 1
    assert "BAD   workers: No worker has been seen" in text
    assert "        Start one: manage.py work." in text
    code, text = run("--json")
    found = json.loads(text)
    assert code == 1
    assert {one["level"] for one in found} <= {"good", "warning", "trouble"}
    assert all(one["hint"] for one in found if one["level"] != "good")


def test_what_only_deserves_a_look_ends_with_one_only_where_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for level, codes in ((Level.GOOD, (0, 0)), (Level.WARNING, (0, 1)), (Level.TROUBLE, (1, 1))):
        found = [Finding(level, "a", "b")]
        monkeypatch.setattr("newsroom.management.commands.doctor.examine", lambda found=found: found)
        assert (run()[0], run("--strict")[0]) == codes


@pytest.mark.parametrize("error", [OperationalError("no route to host"), NoAnswerError()])
def test_a_database_that_is_away_leaves_out_what_needs_it_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away() -> Any:
        raise error

    monkeypatch.setattr(condition, "put", away)
    found = whole.examine()
    [said] = [one for one in found if one.subject == "database"]
    assert said.level == Level.TROUBLE
    assert {"configuration", "disk", "storage", "cache"} <= {one.subject for one in found}


def test_one_examination_that_fails_leaves_the_others(answering: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def faint() -> Any:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(whole, "ALWAYS", (faint, *whole.ALWAYS))
    found = whole.examine()
    assert found[0].words == "This could not be looked at: ZeroDivisionError: planted"
    assert len(found) > 8


def test_the_database_is_the_right_one_with_the_right_settings(answering: None) -> None:
    levels = {level for level, _words in told(database.server)}
    assert "TROUBLE" not in levels
    if connection.vendor == "postgresql":  # the tests' own server writes to no disk: the control
        assert any("fsync is off" in words for _level, words in told(database.server))
    assert database.speed(0.5).level == Level.TROUBLE
    assert all(level == "GOOD" for level, _words in told(database.clock))


@pytest.mark.parametrize(("behind", "level"), [(3, "GOOD"), (60, "WARNING"), (6_000, "TROUBLE"), (None, "TROUBLE")])
def test_the_doctor_minds_a_replica_by_how_old_its_newest_change_is(behind: float | None, level: str) -> None:
    found = replication._told(replication.State(5_000_000, is_paused=False, is_streaming=True, age=behind))
    assert found.level.name == level
    assert "5.0 MB are still to come" in found.words


def test_pending_migrations_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "put", lambda: Condition(0.0, ("articles.0042_more",)))
    assert told(database.migrations) == [("TROUBLE", "1 are pending: articles.0042_more")]


def test_workers_that_died_are_missed() -> None:
    Heartbeat.objects.create(worker="a", seen_at=timezone.now() - timedelta(minutes=2))
    [(level, words)] = told(work.workers)
    assert level == "TROUBLE"
    assert "since 20" in words
    Heartbeat.objects.create(worker="b")
    assert told(work.workers) == [("GOOD", "1 worked within the last minute.")]


def test_an_outbox_that_is_behind_or_fails_is_told_with_a_reason() -> None:
    assert told(work.outbox) == [("GOOD", "Nothing is overdue.")]
    late = timezone.now() - timedelta(minutes=20)
    Effect.objects.create(kind="mail", key="1", due_at=late, attempts=3, last_error="OSError: refused\nmore")
    Effect.objects.create(kind="purge", key="2", given_up=True, last_error="")
    behind, failing, lost = told(work.outbox)
    assert behind[0] == "TROUBLE"
    assert "1 effects are due, the oldest for 1200 s" in behind[1]
    assert failing == ("WARNING", "1 effects failed and will be tried again; one of them is mail: OSError: refused")
    assert "one of them is purge: it killed its worker" in lost[1]


def test_stories_that_cannot_be_found_are_counted() -> None:
    first, second, third = make_article("One"), make_article("Two"), make_article("Three")
    for article in (first, second):
        search.index(article)
    assert told(work.search_index) == [("WARNING", "1 stories cannot be found by their words.")]
    search.index(third)
    assert told(work.search_index)[0][0] == "GOOD"
    with connection.cursor() as cursor:  # as after a copy from the other database
        cursor.execute(
            "DELETE FROM articles_searchindex"
            if connection.vendor == "sqlite"
            else "UPDATE articles_searchentry SET words = ''"
        )
    assert SearchEntry.objects.count() == 3
    assert "3 stories" in told(work.search_index)[0][1]


def test_storage_that_takes_nothing_is_named(settings: Any) -> None:
    assert [level for level, _words in told(files.storage)] == ["GOOD", "GOOD"]
    nowhere = {"location": "/dev/null/no"}
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": nowhere},
    }
    assert told(files.storage)[1][0] == "TROUBLE"


def test_a_full_disk_is_told_before_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, level in ((10**10, "GOOD"), (10**9, "WARNING"), (10**7, "TROUBLE")):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr("shutil.disk_usage", lambda _place, usage=usage: usage)
        assert told(files.room)[0][0] == level


def test_pictures_whose_files_are_gone_are_told() -> None:
    image = make_image()
    assert "TROUBLE" not in [level for level, _words in told(files.pictures)] or not image.original
    image.original.storage.delete(str(image.original.name))
    assert told(files.pictures)[0][0] == "TROUBLE"


def test_backups_are_missed_when_they_are_old(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = ""
    assert told(files.backups)[0][0] == "WARNING"
    settings.BACKUP_DIR = str(tmp_path)
    assert told(files.backups)[0][0] == "TROUBLE"
    for days, level in ((9, "TROUBLE"), (3, "WARNING"), (0.5, "GOOD")):
        made = timezone.now() - timedelta(days=days)
        (tmp_path / f"newsroom-{made:%Y-%m-%dT%H%M%SZ}.tar").touch()
        assert told(files.backups)[0][0] == level


def test_an_edge_or_a_mail_server_that_is_away_is_told_in_time(settings: Any) -> None:
    assert told(neighbours.edge) == []
    settings.EDGE, settings.EDGE_URL = "varnish", "http://127.0.0.1:9/"
    assert told(neighbours.edge)[0][0] == "TROUBLE"
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", 9
    assert told(neighbours.mail)[0][0] == "TROUBLE"
    settings.REDIS_URL = "redis://127.0.0.1:9/"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert told(neighbours.shared_cache)[0][0] == "TROUBLE"
