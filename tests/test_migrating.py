"""A migration on PostgreSQL may take longer than any request; SQLite is told of the indexes it made."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate

from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps account by itself")


def longest() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.postgres
def test_no_statement_is_ended_while_migrating_and_every_one_is_afterwards() -> None:
    seen = []

    def look(**_told: object) -> None:
        seen.append(longest())

    before = longest()
    pre_migrate.connect(look)
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look)
    assert seen[-1] == "0"
    assert longest() == before == "15s"


@pytest.mark.postgres
def test_the_control_is_that_nothing_lifts_the_limit_without_its_receiver() -> None:
    receivers = pre_migrate.receivers
    pre_migrate.receivers = []
    pre_migrate.sender_receivers_cache.clear()
    seen = []

    def look(**_told: object) -> None:
        seen.append(longest())

    post_migrate.connect(look)
    try:
        call_command("migrate", verbosity=0)
    finally:
        post_migrate.disconnect(look)
        pre_migrate.receivers = receivers
        pre_migrate.sender_receivers_cache.clear()
    assert set(seen) == {"15s"}


def known_indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'articles_article' AND idx IS NOT NULL")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def statistics() -> Iterator[None]:
    """Of the articles, but of one index as if a migration had made it just now."""
    make_article()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_article")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE idx = 'article_newest'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")


@ON_SQLITE
@pytest.mark.usefixtures("statistics")
@pytest.mark.parametrize(("plan", "known"), [(["a migration"], True), ([], False)])
def test_new_indexes_of_tables_with_statistics_are_known(plan: list[str], known: bool) -> None:
    assert "article_newest" not in known_indexes()
    config = apps.get_app_config("articles")
    post_migrate.send(sender=config, app_config=config, using="default", plan=plan, verbosity=0, interactive=False)
    assert ("article_newest" in known_indexes()) is known
