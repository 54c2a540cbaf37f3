"""A real pooler between the newsroom and PostgreSQL, which hands each transaction to whatever connection is free."""

import gc
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.conf import settings as configured
from django.contrib.auth.models import Permission
from django.db import Error as DjangoError
from django.db import OperationalError, connection, connections
from psycopg import Error as PsycopgError

from newsroom.databases import BY_TRANSACTION, NO_POOLER, prepared, read_only
from newsroom.doctor import database, examination
from newsroom.probe import condition
from outbox.models import Effect
from tests.concurrency import database_url
from tests.live_site import Site, make_story
from tests.pooler import BINARY, MISSING, pooler
from tests.test_standby import edit, is_kept, shown, wait_until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, databases=["default", "pooled"]),
    pytest.mark.skipif(BINARY is None, reason=MISSING),
]


@pytest.fixture(scope="module", autouse=True)
def _connection(django_db_setup: None) -> Iterator[None]:
    """The alias exists before a test says which databases it uses."""
    connections.settings["pooled"] = {**connections.settings["default"], "TEST": {"MIRROR": "default"}}
    yield
    del connections.settings["pooled"]


@contextmanager
def behind(pooler_is: str, *, ignored: str = "extra_float_digits") -> Iterator[Callable[[], Any]]:
    """Makes connections behind a pooler, as the setting ``DATABASE_POOLER`` has them; ``pooled`` is one of them."""
    with pooler(database_url(), ignored=ignored) as url:
        given = prepared(dict(dj_database_url.parse(url)), 0, pooler_is)
        complete = connections.configure_settings({"default": configured.DATABASES["default"], "pooled": given})
        made, before = [connections["pooled"]], connections["pooled"].settings_dict
        made[0].settings_dict = complete["pooled"]

        def make() -> Any:
            made.append(connections["pooled"].copy())
            return made[-1]

        try:
            yield make
        finally:
            for one in made:
                one.close()
            made[0].settings_dict = before


def taking(other: Any) -> None:
    """Another user begins a transaction on the connection that was used last."""
    with other.cursor() as cursor:
        cursor.execute("BEGIN")


def read_twice(make: Callable[[], Any]) -> list[tuple[bytes | None, ...]]:
    """Ask, as a stored page does, on one connection of the server and then on another."""
    one, other = make(), make()
    one.ensure_connection()
    first = one.connection.ask(b"SELECT $1::int + 1", b"1")
    taking(other)
    return [first, one.connection.ask(b"SELECT $1::int + 1", b"1")]


def walked(make: Callable[[], Any]) -> int:
    """Walk over more rows than are fetched at a time, while another user comes."""
    rows = Permission.objects.using("pooled").order_by("pk").iterator(chunk_size=10)
    next(rows)
    taking(make())
    return 1 + sum(1 for _ in rows)


def test_a_question_and_a_long_list_may_meet_another_connection_each_time() -> None:
    with behind(BY_TRANSACTION) as make:
        assert read_twice(make) == [(b"\0\0\0\x02",)] * 2
    with behind(BY_TRANSACTION) as make:
        assert walked(make) == Permission.objects.count()


@pytest.mark.parametrize("act", [read_twice, walked])
def test_control_without_the_setting_what_one_connection_knows_is_missed_on_another(act: Callable[..., Any]) -> None:
    with behind(NO_POOLER, ignored="options") as make, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the cursor that was lost was never closed
        with pytest.raises((DjangoError, PsycopgError), match="does not exist"):
            act(make)
        gc.collect()


def test_a_pooler_that_was_not_told_of_lets_nobody_in_and_the_doctor_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with behind(NO_POOLER) as make, pytest.raises(OperationalError, match="startup parameter") as refused:
        make().ensure_connection()

    def put() -> Any:
        raise refused.value

    monkeypatch.setattr(condition, "put", put)
    [found] = [one for one in examination.examine() if one.subject == "database"]
    assert "DATABASE_POOLER=transaction" in found.hint


def test_a_replica_may_have_one_too() -> None:
    with pooler(database_url()) as url:
        given = read_only(prepared(dict(dj_database_url.parse(url)), 0, BY_TRANSACTION))
        assert "options" not in given["OPTIONS"]


@pytest.mark.parametrize(
    ("told", "stands", "said"),
    [
        (NO_POOLER, False, []),
        (BY_TRANSACTION, False, ["DATABASE_POOLER is transaction, but none is seen."]),
        (NO_POOLER, True, ["One stands before the database, and DATABASE_POOLER does not say so."]),
        (BY_TRANSACTION, True, ["One stands before the database; it is told to share by transaction."]),
    ],
)
def test_the_doctor_sees_a_pooler_and_whether_it_was_told_of(
    told: str, stands: bool, said: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_POOLER = told
    with behind(told, ignored="options") as make:
        monkeypatch.setattr(database, "connection", make() if stands else connection)
        assert [one.words for one in database.pooler()] == said


def has_worked() -> bool:
    return Effect.objects.filter(done_at__isnull=False).exists() and not Effect.objects.due().exists()


def test_a_site_behind_a_pooler_shows_each_edit_at_once_keeps_pages_and_does_its_work(tmp_path: Path) -> None:
    story = make_story()
    variables = {"DATABASE_POOLER": "transaction"}
    with pooler(database_url(), 3) as url:
        site = Site(url, tmp_path, tmp_path, story.pk, writes=["asked"], variables=variables)
        readers = [threading.Thread(target=site.read) for _ in range(4)]
        try:
            for name in ("web", "writer", "worker"):
                site.start(name)
            wait_until(lambda: shown(site) == 0, "the site does not come up")
            for reader in readers:
                reader.start()
            for _ in range(5):
                number = edit(site)
                assert shown(site) == number
            assert is_kept(site)
            wait_until(has_worked, "the worker does not work")
        finally:
            site.stopping.set()
            for reader in readers:
                reader.join()
            site.end()
    assert site.seen > 20
    assert site.wrong == []
