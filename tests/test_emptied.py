"""A test that committed leaves the database to the next one as it found it."""

from os import getpid
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase

from people import roles
from people.models import User
from tests import migrated
from tests.conftest import make_cast

EDITORS = roles.ROLES[roles.EDITOR]


class Committing(TransactionTestCase):
    """What is done after a test that commits, to be done by hand."""

    databases = {"default"}


def tidy() -> None:
    Committing("__init__")._fixture_teardown()  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_what_was_written_is_gone_and_the_groups_are_the_same() -> None:
    tidy()
    groups = list(Group.objects.order_by("pk").values())
    make_cast()
    tidy()
    assert not User.objects.exists()
    assert list(Group.objects.order_by("pk").values()) == groups


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["a group is gone", "a group is new", "a permission is taken"])
def test_groups_that_a_test_changed_are_made_anew(change: str) -> None:
    tidy()
    if change == "a group is gone":
        Group.objects.get(name=roles.EDITOR).delete()
    elif change == "a group is new":
        Group.objects.create(name="Guests")
    else:
        Group.objects.get(name=roles.EDITOR).permissions.clear()
    tidy()
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)
    assert Group.objects.get(name=roles.EDITOR).permissions.count() == len(EDITORS)


@pytest.mark.django_db
def test_migrations_that_are_missing_are_noticed() -> None:
    assert migrated.is_migrated(connection)
    MigrationRecorder(connection).migration_qs.all().delete()
    assert not migrated.is_migrated(connection)


@pytest.mark.django_db
def test_one_that_lacks_a_migration_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(migrated, "kept", lambda kind: tmp_path / f"migrated-none.{kind}")
    monkeypatch.setattr(migrated, "is_migrated", lambda _connection: False)
    migrated.keep(connection)
    assert not list(tmp_path.iterdir())


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kept", "whole"), [("CREATE TABLE a ();", True), ("CREATE TABLE a (); CREATE", False)])
def test_a_postgresql_is_made_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: str, *, whole: bool
) -> None:
    name = f"test_laid_{getpid()}"
    (tmp_path / "migrated.sql").write_text(kept)
    monkeypatch.setattr(migrated, "kept", lambda kind: tmp_path / f"migrated.{kind}")
    monkeypatch.setattr(migrated, "_laid", [])
    monkeypatch.setattr(connection.creation, "_get_test_db_name", lambda: name)
    assert migrated.lay(connection) is whole
    assert (name in databases()) is whole
    migrated.clear(connection)
    assert name not in databases()
