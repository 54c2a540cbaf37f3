"""Writing: every change of something readers see raises the versions of its pages' keys."""

import contextlib
import random
import threading
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import OperationalError, transaction
from django.db.models import F

from articles.models import Article, Section
from curation.models import Pick
from pagecache import writing as pagecache_writing
from pagecache.keyed import BulkWriteError, Keyed, KeyedQuerySet
from pagecache.models import Key
from pagecache.reading import versions
from pagecache.writing import bump, is_writing, writing
from people.models import Author
from products.models import Offer, Placement, Product
from tests.concurrency import PATIENCE, at_once
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


def version(name: str) -> int:
    return versions({name})[name]


def raised_by(action: Callable[[], object]) -> set[str]:
    """The keys whose version differs after ``action``."""
    before = dict(Key.objects.values_list("name", "version"))
    action()
    return {name for name, now in Key.objects.values_list("name", "version") if now != before.get(name, 0)}


def test_a_key_nobody_raised_has_version_zero() -> None:
    assert version("article:1") == 0


def test_a_block_raises_each_of_its_keys_once() -> None:
    with writing() as keys:
        keys.update({"b", "a"})
        bump(["a"])
    assert versions({"a", "b"}) == {"a": 1, "b": 1}


def test_a_nested_block_joins_the_outer_one() -> None:
    with writing():
        with writing() as inner:
            inner.add("a")
        assert version("a") == 0, "versions rise in the last statements of the outer block"
    assert version("a") == 1


def test_a_block_that_fails_raises_nothing() -> None:
    with contextlib.suppress(RuntimeError), writing() as keys:
        keys.add("a")
        raise RuntimeError
    assert version("a") == 0
    assert not is_writing()


@pytest.mark.once
def test_a_block_costs_the_same_whatever_the_number_of_keys(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3), writing() as keys:  # type: ignore[operator]
        keys.update(f"article:{number}" for number in range(50))
    with django_assert_num_queries(3), writing() as keys:  # type: ignore[operator]
        keys.update({"article:1", "article:2"})


def test_one_statement_raises_what_is_known_and_makes_what_is_new(django_assert_num_queries: object) -> None:
    bump({"article:2"})
    with django_assert_num_queries(3), writing() as keys:  # type: ignore[operator]
        keys.update({"article:1", "article:2", "front"})
    assert versions({"article:1", "article:2", "front"}) == {"article:1": 1, "article:2": 2, "front": 1}


def test_more_keys_than_one_statement_takes_are_raised_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagecache_writing, "AT_ONCE", 2)
    names = {f"key {number}" for number in range(5)}
    bump(names)
    assert versions(names) == dict.fromkeys(names, 1)


def test_saving_raises_the_keys_of_the_old_and_the_new_row() -> None:
    one, two = (Product.objects.create(name=name, slug=name) for name in ("one", "two"))
    offer = Offer.objects.create(product=one, merchant=make_merchant(), url="https://shop.example/", price=1)
    offer.product = two
    assert raised_by(offer.save) == {f"product:{one.pk}", f"product:{two.pk}"}


def test_deleting_raises_the_keys_of_all_that_goes_with_it() -> None:
    article = Article.objects.create()
    product = Product.objects.create(name="one", slug="one")
    Placement.objects.create(product=product, article=article)
    own = f"product:{product.pk}"
    assert raised_by(product.delete) >= {own, f"products:{article.pk}"}


def test_deleting_an_article_raises_the_lists_it_was_picked_for() -> None:
    article, target = Article.objects.create(), Article.objects.create()
    Pick.objects.create(article=article, target=target)
    assert f"related:{article.pk}" in raised_by(target.delete)


def test_deleting_a_list_raises_the_same_keys_as_deleting_each() -> None:
    article, target = Article.objects.create(), Article.objects.create()
    Pick.objects.create(article=article, target=target)
    assert f"related:{article.pk}" in raised_by(Article.objects.filter(pk=target.pk).delete)


def test_a_bulk_write_outside_a_block_is_refused() -> None:
    author = Author.objects.create(name="Ann", slug="ann")
    with pytest.raises(BulkWriteError):
        Author.objects.update(title="Reporter")
    author.title = "Reporter"
    with pytest.raises(BulkWriteError):
        Author.objects.bulk_update([author], ["title"])
    assert Author.objects.get().title == ""


def test_rows_made_in_bulk_raise_their_keys() -> None:
    assert "sections" in raised_by(lambda: Section.objects.bulk_create([Section(name="News", slug="news")]))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_raise_is_lost_between_writers() -> None:
    def write() -> None:
        for _ in range(25):
            bump(["front", "article:1"])

    assert at_once([write] * 4) == []
    assert versions({"front", "article:1"}) == {"front": 100, "article:1": 100}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_reading_then_writing_a_version_loses_raises() -> None:
    Key.objects.create(name="front")

    def write() -> None:
        for _ in range(25):
            key = Key.objects.get(name="front")
            key.version += 1
            key.save()

    assert at_once([write] * 4) == []
    assert version("front") < 100


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_of_overlapping_keys_in_any_order_never_block_each_other_for_good() -> None:
    names = [f"article:{number}" for number in range(12)]  # none exists yet: making them must not deadlock either

    def writer(seed: int) -> Callable[[], None]:
        chance = random.Random(seed)

        def write() -> None:
            for _ in range(40):
                with writing() as keys:
                    keys.update(chance.sample(names, 5))

        return write

    assert at_once([writer(seed) for seed in range(4)]) == []
    assert sum(versions(set(names)).values()) == 4 * 40 * 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_writers_that_lock_keys_in_their_own_order_deadlock() -> None:
    Key.objects.bulk_create([Key(name="a"), Key(name="b")])
    both = threading.Barrier(2, timeout=PATIENCE)

    def writer(first: str, second: str) -> Callable[[], None]:
        def write() -> None:
            with transaction.atomic():
                Key.objects.filter(name=first).update(version=F("version") + 1)
                both.wait()
                Key.objects.filter(name=second).update(version=F("version") + 1)

        return write

    (error,) = at_once([writer("a", "b"), writer("b", "a")])
    assert isinstance(error, OperationalError)
    assert "deadlock" in str(error)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_moved_by_two_at_once_raises_every_place_it_stood() -> None:
    """Each mover must see the place the other one put it, or a page there would show it for ever."""
    products = [Product.objects.create(name=name, slug=name) for name in ("start", "left", "right")]
    offer = Offer.objects.create(product=products[0], merchant=make_merchant(), url="https://shop.example/", price=1)
    first_saved = threading.Event()

    def move_left() -> None:
        mine = Offer.objects.get(pk=offer.pk)
        mine.product = products[1]
        with writing():
            mine.save()
            first_saved.set()
            assert not second_saved.wait(0.5), "the second mover waits for the row"

    second_saved = threading.Event()

    def move_right() -> None:
        mine = Offer.objects.get(pk=offer.pk)
        mine.product = products[2]
        assert first_saved.wait(PATIENCE)
        mine.save()
        second_saved.set()

    before = versions({f"product:{product.pk}" for product in products})
    assert at_once([move_left, move_right]) == []
    after = versions(set(before))
    rises = [after[f"product:{product.pk}"] - before[f"product:{product.pk}"] for product in products]
    assert rises == [1, 2, 1], "moved away once; came and went; came"


def test_every_reader_visible_model_names_its_keys() -> None:
    keyed = [model for model in apps.get_models() if issubclass(model, Keyed)]
    assert keyed
    for model in keyed:
        assert model.page_keys is not Keyed.page_keys, f"{model.__name__} names no keys"
        assert isinstance(model._default_manager.all(), KeyedQuerySet), f"{model.__name__} allows unseen bulk writes"
