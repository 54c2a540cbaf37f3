"""Lists of the desk are sorted by what an index serves, and count nothing beside their filters."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from pagecache.admin import KeyedAdmin
from tests.conftest import Cast
from tests.factories import make_article

LIST = "/admin/articles/article/"

pytestmark = pytest.mark.django_db


def headlines(cast: Cast, order: str) -> list[str]:
    client = Client()
    client.force_login(cast.editor)
    answer = client.get(LIST, {"o": order})
    assert answer.status_code == 200
    return [str(article) for article in answer.context["cl"].result_list]


def test_the_list_sorts_by_when_a_story_goes_out(cast: Cast) -> None:
    for headline, days in (("B", 2), ("A", 3), ("C", 1)):
        make_article(headline, publish_at=timezone.now() - timedelta(days=days))
    assert (headlines(cast, "5"), headlines(cast, "-5")) == (["A", "B", "C"], ["C", "B", "A"])


@pytest.mark.parametrize("column", [1, 2, 3, 4])
def test_a_column_that_no_index_serves_sorts_nothing(cast: Cast, column: int) -> None:
    for headline in ("B", "A", "C"):
        make_article(headline)
    assert headlines(cast, str(column)) == ["C", "A", "B"]


def test_only_the_moments_offer_to_sort(cast: Cast) -> None:
    make_article()
    client = Client()
    client.force_login(cast.editor)
    html = client.get(LIST).content.decode()
    sortable = re.findall(r'<th[^>]*class="([^"]*)"', html)
    assert [name.split("column-")[1].split()[0] for name in sortable if "sortable" in name] == ["goes_out", "saved"]


def test_no_list_counts_beside_its_filters() -> None:
    shown = [one for one in admin.site._registry.values() if isinstance(one, KeyedAdmin)]
    assert shown
    assert {one.show_facets for one in shown} == {admin.ShowFacets.NEVER}
