"""What every test may use: a clean start, the cast, and the two databases."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.files.storage import storages
from django.core.signals import setting_changed
from django.db import connection, connections, transaction
from django.db.models.signals import post_migrate
from django.test import signals  # noqa: F401 - its receivers, which make the storages anew, come before ours
from pytest_django import DjangoDbBlocker

from comments import outlines
from images.models import Image
from pagecache import writing
from people import roles
from people.models import User
from products.affiliate_links import forget_hosts
from tests import emptied, migrated
from tests.wsgi_client import a_request

PASSWORD = "correct horse battery staple"
"""Everybody in the cast signs in with it."""
RARELY = (20_000, 20, 20)
"""The collector's thresholds: with Python's own it takes a twentieth of the time."""


def pytest_configure(config: pytest.Config) -> None:
    """Bring the groups back after a test that flushed the database, as it flushed what the migration made.

    Versions rise by one, so that a test can tell how often.
    """
    writing.LONGEST_STEP = 1
    post_migrate.connect(_restore_groups, dispatch_uid="tests")
    setting_changed.connect(_same_storage, dispatch_uid="tests")
    emptied.install()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what works with the database, skip here what only PostgreSQL can do, and begin with the demo newsroom.

    Loading it takes so long that two processes must not share its tests; what comes first is not shared out.
    ``SAMPLE=3`` takes every third test, ``CASES=2`` two of a test's cases.
    """
    items[:] = items[:: int(os.environ.get("SAMPLE", "1"))]
    if "CASES" in os.environ:
        items[:] = some_cases(items, int(os.environ["CASES"]))
    items.sort(key=lambda item: item.path.name != "test_demo_world.py")
    on_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    skip = pytest.mark.skip(reason="needs PostgreSQL: `make test` brings one up and runs this there")
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
        if item.get_closest_marker("postgres") and not on_postgresql:
            item.add_marker(skip)


def some_cases(items: list[pytest.Item], number: int) -> list[pytest.Item]:
    """Of the cases of each test the first, and as many others as make ``number``, evenly; what has a place, all."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if not any(item.get_closest_marker(name) for name in ("postgres", "once", "soak")):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = {
        item for some in cases.values() for place, item in enumerate(some) if place % -(-len(some) // number) != 0
    }
    return [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Let the collector leave alone what is there until the end: thousands of tests, every module, every model."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> bool:
    """Whether the database is there before the first test: asked for, or a copy of one that an earlier run made."""
    with django_db_blocker.unblock():
        return django_db_keepdb or migrated.lay(connection)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database; one that had to be made is kept for later runs, a copy is removed."""
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            migrated.keep(connection)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        migrated.clear(connection)


def _restore_groups(sender: Any, **kwargs: Any) -> None:
    if sender.label == "sessions":  # the last one that is announced: every permission exists by now
        roles.ensure_groups(Group, Permission)


def _same_storage(*, setting: str, **_more: Any) -> None:
    if setting in {"STORAGES", "STATIC_ROOT", "STATIC_URL"}:
        read_where_written()


def read_where_written() -> None:
    """Pictures are read from where they are written, also after a test that had another storage."""
    Image._meta.get_field("original").storage = storages["private"]


@pytest.fixture(autouse=True)
def _pictures_in_one_place() -> None:
    read_where_written()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees what another one cached, or had this process remember."""
    cache.clear()
    forget_hosts()
    outlines.shelf.clear()


@pytest.fixture(params=["in a request", "in a command"])
def either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Who has patience asks PostgreSQL in another way than who has none."""
    with a_request(60) if request.param == "in a request" else nullcontext():
        yield


@dataclass(frozen=True)
class Cast:
    """The people of every story told in the tests, one for each role."""

    contributor: User
    editor: User
    chief: User
    moderator: User
    administrator: User


def _member(name: str, role: str, **fields: Any) -> User:
    first, last = name.lower().split()
    user = User.objects.create_staff(f"{first}.{last}@example.org", name, PASSWORD, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_cast() -> Cast:
    """A contributor, an editor, a chief editor, a moderator and an administrator."""
    return Cast(
        contributor=_member("Cora Contributor", roles.CONTRIBUTOR),
        editor=_member("Edda Editor", roles.EDITOR),
        chief=_member("Chiara Chief", roles.CHIEF_EDITOR),
        moderator=_member("Mo Moderator", roles.MODERATOR),
        administrator=_member("Ada Administrator", roles.ADMINISTRATOR),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, made for this test."""
    return make_cast()


@contextmanager
def undone(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside is undone at the end: for a fixture of a module that makes a world slow to make.

    Its tests are marked ``django_db`` as ever, and each finds the world as it was made.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
