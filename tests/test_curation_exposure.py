"""In how many lists each article stands: counted in ranges, again and again, by two workers at once."""

from typing import Any

import pytest
from django.db import connection

from articles.models import Status
from curation import exposure
from curation.exposure import count_all, count_batch, count_some
from curation.models import Exposure, Suggestion
from outbox.periodic import jobs
from tests.concurrency import at_once
from tests.factories import make_article, suggest


def counted() -> dict[str, tuple[int, int]]:
    rows = Exposure.objects.values_list("article__headline", "lists", "own")
    return {headline: (lists, own) for headline, lists, own in rows}


@pytest.mark.django_db
def test_only_the_places_readers_see_count(settings: Any) -> None:
    settings.RELATED_SLOTS = 2
    first, second, third, fourth = [make_article(name) for name in ("First", "Second", "Third", "Fourth")]
    suggest(first, second, third, fourth)
    suggest(second, first, third, fourth)
    count_all()
    assert counted() == {"First": (1, 3), "Second": (1, 3), "Third": (2, 0), "Fourth": (0, 0)}


@pytest.mark.django_db
def test_equal_scores_are_ranked_as_the_rule_of_a_list_ranks_them(settings: Any) -> None:
    settings.RELATED_SLOTS = 1
    here, older, newer = [make_article(name) for name in ("Here", "Older", "Newer")]
    for target in (older, newer):
        Suggestion.objects.create(article=here, target=target, score=0.5)
    count_all()
    assert counted()["Newer"] == (1, 0)
    assert counted()["Older"] == (0, 0)


@pytest.mark.django_db
def test_what_readers_cannot_see_is_not_counted_and_goes(db: None) -> None:
    make_article("Draft", status=Status.DRAFT)
    gone = make_article("Gone")
    count_all()
    assert list(counted()) == ["Gone"]
    gone.status = Status.ARCHIVED
    gone.save()
    count_all()
    assert counted() == {}


@pytest.mark.django_db
def test_an_unchanged_archive_is_only_read(django_assert_num_queries: Any) -> None:
    suggest(make_article("Here"), make_article("There"))
    count_all()
    with django_assert_num_queries(4) as queries:
        count_all()
    assert not [query["sql"] for query in queries if not query["sql"].lstrip("( \n").startswith("SELECT")]


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("size", [3, 30])
def test_a_range_costs_the_same_however_many_articles_it_holds(size: int, django_assert_num_queries: Any) -> None:
    rows = [make_article(f"Story {number}") for number in range(size)]
    suggest(rows[0], *rows[1:])
    with django_assert_num_queries(7):
        count_batch(0)


@pytest.mark.django_db
def test_a_run_goes_on_where_the_last_one_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposure, "BATCH", 2)
    monkeypatch.setattr(exposure, "SLICE", 2)
    monkeypatch.setattr(exposure._Round, "after", 0)
    for number in range(3):
        make_article(f"Story {number}")
    seen = []
    for _run in range(3):
        count_some()
        seen.append(Exposure.objects.count())
    assert seen == [2, 3, 3]


def test_the_worker_knows_the_job() -> None:
    assert any(name.endswith("exposure.count_some") for name in jobs())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_count_the_same_articles_at_once() -> None:
    rows = [make_article(f"Story {number}") for number in range(60)]
    for row in rows[:20]:
        suggest(row, *list(rows[20:30]))
    for _round in range(5):
        Exposure.objects.all().delete()
        assert at_once([count_all, count_all, count_all]) == []
        assert Exposure.objects.count() == 60
    assert connection.vendor == "postgresql"
