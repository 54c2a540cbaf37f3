"""Two at the wire desk at one instant: one draft of an item, one row of a delivery."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article
from syndication.models import WireItem
from syndication.wires import taking
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.wire_files import bring, g2, make_feed

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_editors_who_take_at_once_make_one_draft(cast: Cast) -> None:
    bring(make_feed(), g2())
    row = WireItem.objects.get()
    takers = [partial(taking.take, WireItem(pk=row.pk), actor=who) for who in (cast.editor, cast.chief)]
    refused = at_once(takers)
    assert [type(error) for error in refused] == [ValidationError]
    assert Article.objects.count() == 1


def test_two_workers_with_one_delivery_make_one_row(cast: Cast) -> None:
    feed = make_feed()
    assert at_once([partial(bring, feed, g2()) for _worker in range(4)]) == []
    assert WireItem.objects.count() == 1
