"""A migration on PostgreSQL may take longer than any request."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def longest() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


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
