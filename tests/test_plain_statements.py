"""Prepared queries are answered past Django's cursors as through them, and what is remembered is never old."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import ref

import pytest
from django.db import connection, connections, transaction
from django.db.models import BigAutoField, DateTimeField
from django.test import Client, override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from articles import corrections
from articles.models import Article, CorrectionKind
from comments.models import DeskPromise
from curation.candidates import Reach, candidates_of
from curation.models import Pick
from images.models import Image
from pagecache.prepared import Prepared
from pagecache.remembered import remembered
from pagecache.writing import writing
from products.models import Merchant, Offer, Placement, Product
from syndication.structured import news_article
from syndication.templatetags import structured_data
from tests.concurrency import at_once
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_image,
    make_product,
    make_source,
)

pytestmark = pytest.mark.django_db


@contextmanager
def through_cursors() -> Iterator[list[str]]:
    """Inside, everything is asked through cursors, since somebody listens; what was asked."""
    heard: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        heard.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        yield heard


def both_ways(ask: Callable[..., Any], *values: Any, **named: Any) -> tuple[Any, Any]:
    """What is answered past cursors, and through them."""
    ask(*values, **named)  # PostgreSQL keeps a statement from the second time on
    past = ask(*values, **named)
    with through_cursors() as heard:
        through = ask(*values, **named)
    assert len(heard) == 1
    return past, through


def test_values_of_every_kind_come_as_through_a_cursor() -> None:
    picture = make_image(usable_until=datetime(2031, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC))
    story = make_article(lead_picture=picture, publish_at=datetime(2024, 2, 29, 12, tzinfo=UTC), sensitive=True)
    product = make_product(price="1234.50", rating="4.5")
    DeskPromise.objects.update_or_create(pk=1, defaults={"within": timedelta(days=1, seconds=5)})
    for model, pk in (
        (Article, story.pk),
        (Image, picture.pk),
        (Product, product.pk),
        (Offer, product.offers.get().pk),
        (DeskPromise, 1),
    ):
        asked: Any = Prepared(lambda pk, model=model: model._base_manager.filter(pk=pk), pk=BigAutoField())
        past, through = both_ways(asked.first, pk=pk)
        for name, value in past.__dict__.items():
            if name != "_state":
                assert (type(value), value) == (type(through.__dict__[name]), through.__dict__[name]), name


def test_lists_of_every_length_and_of_values_alone_come_as_through_a_cursor() -> None:
    made = [make_article(f"Story {number}", publish_at=timezone.now() - timedelta(days=number)) for number in range(5)]
    rows: Prepared[Any] = Prepared(
        lambda ids, now: (
            Article.objects.public(now).filter(pk__in=ids).order_by("pk").values_list("pk", "publish_at", "sensitive")
        ),
        ids=[BigAutoField()],
        now=DateTimeField(),
    )
    flat: Prepared[Any] = Prepared(
        lambda ids: Article.objects.filter(pk__in=ids).order_by("pk").values_list("body_keys", flat=True),
        ids=[BigAutoField()],
    )
    now = timezone.now()
    for number in range(6):
        ids = [story.pk for story in made[:number]]
        past, through = both_ways(rows.rows, ids=ids, now=now)
        assert past == through
        assert len(past) == number
        assert all(type(row) is tuple for row in past)
        past, through = both_ways(flat.rows, ids=ids)
        assert past == through


def test_candidates_of_a_list_come_as_through_a_cursor() -> None:
    story, other, third = make_article("One"), make_article("Two"), make_article("Three")
    Pick.objects.create(article=story, target=other, position=1, until=timezone.now() + timedelta(days=1))
    Pick.objects.create(article=third, target=other, position=1)
    for lists in ([story.pk], [story.pk, third.pk]):
        for reach in (None, Reach(story.section_id, [7, 8]), Reach()):
            past, through = both_ways(candidates_of, lists, reach)
            assert past == through
            assert past.picks.keys() == set(lists)


def test_nothing_is_asked_in_a_transaction_that_is_broken() -> None:
    merchant = make_product().offers.get().merchant
    asked = Prepared(lambda pk: Merchant.objects.filter(pk=pk), pk=BigAutoField())
    assert [asked.first(pk=merchant.pk) for _time in range(2)] == [merchant, merchant]
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            asked.first(pk=merchant.pk)
        transaction.set_rollback(False)


def test_a_connection_goes_with_the_thread_that_had_it() -> None:
    asked = Prepared(lambda pk: Offer.objects.filter(pk=pk), pk=BigAutoField())
    asked.first(pk=1)
    used = []

    def ask() -> None:
        for _time in range(2):
            asked.first(pk=1)
        used.append(ref(connections["default"]))

    for _thread in range(3):
        assert at_once([ask]) == []
    gc.collect()
    assert [one() for one in used] == [None] * 3


def test_what_was_made_of_a_picture_is_read_as_it_is_now() -> None:
    picture = make_image()
    asked = Prepared(lambda pk: Image.objects.filter(pk=pk), pk=BigAutoField())
    names = []
    for name in ("aa/1.jpg", "aa/2.jpg"):
        picture.renditions = [{**picture.renditions[0], "name": name}]
        picture.save()
        for _time in range(2):
            found = asked.first(pk=picture.pk)
            assert found is not None
            names.append(found.renditions[0]["name"])
    assert names == ["aa/1.jpg", "aa/1.jpg", "aa/2.jpg", "aa/2.jpg"]


def test_what_is_remembered_goes_when_a_setting_changes() -> None:
    made = []

    @remembered(10)
    def twice(number: int) -> int:
        made.append(number)
        return 2 * number

    assert [twice(1), twice(1), twice(2)] == [2, 2, 4]
    with override_settings(SITE_NAME="The Other"):
        assert twice(1) == 2
    assert made == [1, 2, 1]


def test_a_remembered_word_is_that_of_the_language_asked_for() -> None:
    for _time in range(2):
        assert gettext("Yes") == "Yes"
        assert ngettext("%d day", "%d days", 1) == "%d day"
        assert ngettext("%d day", "%d days", 2) == "%d days"
        with translation.override("de"):
            assert gettext("Yes") == "Ja"


@pytest.fixture
def told() -> Article:
    """A story with all that its page tells."""
    picture = make_image(caption="Caption-0", credit="Credit-0")
    story = make_article("Headline-0", lead_picture=picture, source=make_source("Agency-0"), standfirst="Standfirst-0")
    give_byline(story, "Writer-0")
    give_tags(story, "Topic-0")
    Placement.objects.create(article=story, product=make_product("Product-0"))
    other = make_article("Other-0")
    Pick.objects.create(article=story, target=other, position=1)
    make_comment(story, "Comment-0", name="Reader-0")
    corrections.add(story, CorrectionKind.CORRECTION, "Note-0", actor=None)
    return story


def changed(story: Article) -> Iterator[str]:
    """One word after the other that the page tells becomes another; each with its number raised."""
    picture, source = story.lead_picture, story.source
    byline, tag = story.bylines.get(), story.tag_list[0]
    product, comment = story.placements.get().product, story.comments.get()
    assert picture is not None
    assert source is not None
    assert story.section is not None
    for row, name in (
        (story, "headline"),
        (story, "standfirst"),
        (picture, "caption"),
        (picture, "credit"),
        (source, "name"),
        (byline.author, "name"),
        (tag, "name"),
        (product, "name"),
        (story.picks.get().target, "headline"),
        (comment, "text"),
        (comment, "name"),
        (story.corrections.get(), "text"),
        (story.section, "name"),
    ):
        before = str(getattr(row, name))
        setattr(row, name, before.replace("-0", "") + "-1")
        with writing():
            row.save()
        yield f"{before.replace('-0', '')}-1"


def test_each_word_that_a_page_tells_follows_its_row(client: Client, told: Article) -> None:
    address = told.get_absolute_url()
    assert b"Headline-0" in client.get(address).content
    for word in changed(told):
        page = client.get(address).content.decode()
        assert word in page
    assert "-0<" not in page.replace("Agency-0", "")


def test_a_page_would_be_old_if_facts_were_forgotten(
    client: Client, told: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what is remembered by less than it is made of stays."""
    address, facts_of = told.get_absolute_url(), news_article.facts_of
    monkeypatch.setattr(
        structured_data, "facts_of", lambda *given: facts_of(*given)._replace(headline="The same, whatever it is")
    )
    client.get(address)
    told.headline = "Another-1"
    with writing():
        told.save()
    page = client.get(address).content.decode()
    assert '"headline":"Another-1"' not in page
    monkeypatch.undo()
    assert '"headline":"Another-1"' in client.get(address).content.decode()
