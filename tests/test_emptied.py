"""A test that committed leaves the database to the next one as it found it."""

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
    if connection.vendor != "sqlite":
        pytest.skip("only a SQLite is kept")
    monkeypatch.setattr(migrated, "kept", lambda: tmp_path / "migrated-none.sqlite3")
    monkeypatch.setattr(migrated, "is_migrated", lambda _connection: False)
    migrated.keep(connection)
    assert not list(tmp_path.iterdir())
