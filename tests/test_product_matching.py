"""Products that a story calls for by its own words: found in the background, shown with the words."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from articles import publishing, revisions, search
from articles.folding import MAX_WORD
from articles.models import Article, Kind
from articles.state import WorkingState
from outbox import effects
from pagecache.models import Key
from products import matching, placing
from products.matching import called_for, phrases_of
from products.models import Match, Phrase, Product
from tests.factories import make_article, make_image, make_product, make_section
from tests.test_product_boxes import shown

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


def product(name: str, **fields: Any) -> Product:
    made = make_product(name, **fields)
    effects.run_due()
    return made


def publish(headline: str, text: str, kind: str = Kind.NEWS) -> Article:
    state = WorkingState(headline=headline, section=make_section().pk, body=f"<p>{text}</p>", kind=kind)
    article = revisions.create(state, actor=None)
    publishing.publish(article, actor=None)
    effects.run_due()
    return Article.objects.get(pk=article.pk)


def matched(article: Article) -> list[tuple[str, str]]:
    return list(Match.objects.filter(article=article).values_list("product__name", "phrase"))


def test_a_story_calls_for_a_product_by_its_name_and_by_the_editors_words() -> None:
    product("Cast-iron pot, 4.2 litres")
    product("Repair kit", words="dripping tap, washer")
    product("Seed box", words="beds of vegetables")
    article = publish("The dripping tap", "She cooks in a CAST-IRON pot. A wäsher cost little.")
    assert matched(article) == [("Repair kit", "dripping tap"), ("Cast-iron pot, 4.2 litres", "cast iron pot")]
    assert shown(article) == (["Repair kit", "Cast-iron pot, 4.2 litres"], [])


def test_what_editors_chose_and_rules_come_first() -> None:
    called, chosen, ruled = product("Called", words="dripping tap"), product("Chosen"), product("Ruled")
    article = publish("The dripping tap", "It drips.")
    placing.place(ruled, make_section(), actor=None)
    placing.place(chosen, article, actor=None)
    assert shown(article) == (["Chosen", "Ruled", called.name], [])


def test_half_a_word_and_a_single_common_name_call_for_nothing() -> None:
    product("Pot", words="art, ap")
    assert matched(publish("A story with pots", "A potter at the party; the pot, a tap.")) == []


@pytest.mark.parametrize(("kind", "found"), [(Kind.NEWS, False), (Kind.GUIDE, True), (Kind.REVIEW, True)])
def test_news_that_names_a_brand_calls_for_none_of_its_products(kind: str, found: bool) -> None:
    product("Cast-iron pot", brand="Fendal")
    article = publish("Fendal recalls a cast-iron pot", "It cracks.", kind)
    assert bool(matched(article)) is found


def test_a_product_nobody_sells_is_not_called_for() -> None:
    product("Cast-iron pot", price=None)
    assert matched(publish("A cast-iron pot", "It is here.")) == []


def test_changed_words_of_a_story_or_a_product_are_followed(clock: Any) -> None:
    pot = product("Cast-iron pot")
    article = publish("A cast-iron pot", "It cracks.")
    assert [name for name, _phrase in matched(article)] == ["Cast-iron pot"]
    clock.shift(1)
    pot.name = "Copper pan"
    pot.save()
    effects.run_due()
    assert matched(article) == []
    clock.shift(1)
    pot.words = "It cracks"
    pot.save()
    effects.run_due()
    assert matched(article) == [("Copper pan", "it cracks")]
    clock.shift(1)
    revisions.save(article, WorkingState.of(article).with_(headline="Rain", body="<p>It rains.</p>"), actor=None)
    publishing.publish(Article.objects.get(pk=article.pk), actor=None)
    effects.run_due()
    assert matched(article) == []


def test_where_nothing_changes_no_page_is_made_anew(clock: Any) -> None:
    product("Cast-iron pot")
    article = publish("A cast-iron pot", "It cracks.")
    version = Key.objects.get(name=f"products:{article.pk}").version
    clock.shift(1)
    matching.match_later([article.pk])
    effects.run_due()
    assert Key.objects.get(name=f"products:{article.pk}").version == version


def test_the_picture_of_a_called_product_is_public_while_it_is_called(clock: Any) -> None:
    picture = make_image()
    pot = product("Cast-iron pot", picture=picture)
    publish("A cast-iron pot", "It cracks.")
    picture.refresh_from_db()
    assert picture.public_since == NOON
    clock.shift(1)
    pot.name = "Copper pan"
    pot.save()
    effects.run_due()
    effects.run_due()
    picture.refresh_from_db()
    assert picture.public_since is None


def test_what_is_looked_up_depends_on_the_storys_length_alone(django_assert_num_queries: Any) -> None:
    product("Cast-iron pot", words="dripping tap")
    few = "word " * 40
    with django_assert_num_queries(2):
        called_for("A dripping tap", few, Kind.NEWS)
    rows = [Phrase(product=make_product(f"P{number}"), text=f"drips {number}", kind="words") for number in range(40)]
    Phrase.objects.bulk_create(rows)
    with django_assert_num_queries(2):
        called_for("A dripping tap", few, Kind.NEWS)


def test_words_of_any_kind_are_bounded() -> None:
    long = make_product("x " * 70, words=f"{'y' * 200}, {'a b ' * 20}, ,, <script>")
    assert set(phrases_of(long)) == {"script", "y" * MAX_WORD}
    hostile = make_article("H")
    search.index(hostile)
    assert called_for("\0" * 50, "<b>" * 10_000, "no kind") == []
