"""A page's keys are found on the primary whatever stands in their names."""

import pytest
from django.db import connection

from pagecache.entries import Entry
from pagecache.validity import Primary
from pagecache.writing import bump

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NAMES = ("plain", 'a "quoted" one', "back\\slash", "{a,b}", "two\nlines", "NULL", "", "never raised")


def test_a_page_holds_until_one_of_its_keys_is_raised_however_they_are_spelt() -> None:
    bump(NAMES[:-1])
    entry = Entry([], b"page", NAMES, len(NAMES) - 1, None)
    assert connection.vendor == "postgresql"
    assert Primary().holds(entry)
    for raised, name in enumerate(NAMES, 1):
        bump([name])
        assert not Primary().holds(entry)
        entry.total += 1
        assert Primary().holds(entry), raised
