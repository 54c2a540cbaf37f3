"""Many new rows at once are stored as Django's own ``bulk_create`` stores them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Handover, Redirect, Status
from comments.models import Comment, State
from outbox.models import AuditEntry
from outbox.new_rows import store
from pagecache.writing import writing
from syndication.models import Imported
from tests.conftest import Cast
from tests.factories import make_article

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


DRAWN = ("path", "receipt")
"""Columns in which no two rows are alike."""


def audited(cast: Cast, _article: Article, number: int) -> AuditEntry:
    odd: dict[str, Any] = {"a": [1, None, "ü’'%s?"], "b": {"c": 1.5}}
    return AuditEntry(actor=cast.editor if number else None, verb="v%", object_label="'%s' ?", details=odd, at=NOW)


def handed_on(_cast: Cast, article: Article, _number: int) -> Handover:
    return Handover(article=article, verb="approved", from_status=Status.DRAFT, to_status=Status.PUBLISHED)


def said(_cast: Cast, article: Article, number: int) -> Comment:
    parts = {"name": "Ínes", "email": "i@example.org", "text": "Well?\n\n100 %", "state": State.APPROVED}
    return Comment(article=article, score=0.25 if number else None, waiting_since=NOW, **parts)


def led(_cast: Cast, article: Article, _number: int) -> Redirect:
    return Redirect(path=f"/old/{uuid4()}/", article=article)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("make", [audited, handed_on, said, led])
def test_every_column_is_as_bulk_create_leaves_it(cast: Cast, make: Callable[[Cast, Article, int], Model]) -> None:
    article = make_article()
    ours, theirs = ([make(cast, article, number) for number in (0, 1)] for _way in range(2))
    model: Any = type(ours[0])
    with writing():
        store(ours)
        model.objects.bulk_create(theirs)
    names = [field.attname for field in model._meta.concrete_fields if field.name not in {"id", *DRAWN}]
    stored = [
        list(model.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").values(*names))
        for rows in (ours, theirs)
    ]
    assert stored[0] == stored[1]
    assert len(stored[0]) == 2
    ours[0].save()
    assert model.objects.filter(pk=ours[0].pk).count() == 1, "it knows that it is stored"


def marks(count: int) -> list[Imported]:
    return [
        Imported(site="s", kind=Imported.Kind.POST, source=str(number), object_id=number) for number in range(count)
    ]


def test_more_rows_than_fit_one_statement_take_several_and_keep_their_order() -> None:
    rows = marks(7)
    with patch("outbox.new_rows.AT_ONCE", 20), CaptureQueriesContext(connection) as queries:
        store(rows)
    assert len([one for one in queries if one["sql"].startswith("INSERT")]) == 3
    assert dict(Imported.objects.values_list("pk", "source")) == {row.pk: row.source for row in rows}


def test_nothing_is_asked_of_the_database_for_no_rows(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        store([])


def test_one_row_that_is_refused_leaves_none() -> None:
    rows = marks(3)
    rows[2].source = "0"
    with pytest.raises(IntegrityError), transaction.atomic():
        store(rows)
    assert not Imported.objects.exists()
