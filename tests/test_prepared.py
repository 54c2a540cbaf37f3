"""Queries that are built once and filled in, and parts of pages that are rendered once for the same values."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db.models import BigAutoField, DateTimeField
from django.db.models.signals import post_init
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Kind
from articles.page_markup import card_markup, time_markup
from articles.page_parts import lend_bylines, noting, public_cards
from pagecache.addresses import address
from pagecache.prepared import Prepared
from pagecache.templatetags.pieces import exact
from tests.factories import make_article, make_author, make_section

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('\"&')</script>"


def test_a_prepared_query_answers_as_the_queryset_does_for_every_value() -> None:
    first, second, draft = make_article("One"), make_article("Two"), make_article("Three", status="draft")
    asked = Prepared(
        lambda ids, now: Article.objects.public(now).cards().filter(pk__in=ids),
        ids=[BigAutoField()],
        now=DateTimeField(),
    )
    now = timezone.now()
    for ids in ([first.pk], [first.pk, second.pk, draft.pk], [second.pk, first.pk], [], [draft.pk], [2**62]):
        plain = Article.objects.public(now).cards().filter(pk__in=ids)
        assert {row.pk: row.headline for row in asked.rows(ids=ids, now=now)} == {row.pk: row.headline for row in plain}


def test_its_objects_are_those_that_django_makes_joined_ones_and_annotations_included() -> None:
    make_article("One"), make_article("Two")  # neither has a source or a picture
    now = timezone.now()
    asked = Prepared(lambda now: noting(Article.objects.public(now)).joined().order_by("pk"), now=DateTimeField())
    for made, plain in zip(
        asked.rows(now=now), noting(Article.objects.public(now)).joined().order_by("pk"), strict=True
    ):
        own, django = ({**row.__dict__, "_state": None} for row in (made, plain))
        assert own == django
        assert (made._state.adding, made._state.db) == (False, plain._state.db)
        assert made._state.fields_cache.keys() == plain._state.fields_cache.keys()
        assert made.section == plain.section
        assert made == plain


def test_an_object_that_somebody_wants_to_hear_of_is_left_to_django() -> None:
    make_article("One")
    heard: list[Any] = []

    def listen(instance: Any, **_rest: Any) -> None:
        heard.append(instance)

    post_init.connect(listen, sender=Article)
    try:
        heard.clear()
        assert Prepared(Article.objects.all).rows() == heard
    finally:
        post_init.disconnect(listen, sender=Article)
    assert len(heard) == 1


def test_time_is_a_slot_and_so_a_story_goes_when_it_expires() -> None:
    article = make_article(expire_at=timezone.now() + timedelta(hours=1))
    assert public_cards([article.pk])
    asked = Prepared(lambda now: Article.objects.public(now).values_list("pk", flat=True), now=DateTimeField())
    assert asked.rows(now=timezone.now()) == [article.pk]
    assert asked.rows(now=timezone.now() + timedelta(hours=2)) == []


def test_values_are_parameters_and_never_sql() -> None:
    make_article("One")
    asked = Prepared(
        lambda words: Article.objects.filter(headline=words).values_list("pk", flat=True),
        words=Article._meta.get_field("headline"),
    )
    assert asked.rows(words="' OR 1=1 --") == []
    assert asked.rows(words="%s") == []
    assert asked.first(words="nobody") is None


def test_a_prepared_query_is_built_once_and_again_when_a_setting_changes() -> None:
    built = []

    def build(pk: Any) -> Any:
        built.append(pk)
        return Article.objects.filter(pk=pk)

    asked: Prepared[Article] = Prepared(build, pk=BigAutoField())
    asked.rows(pk=1)
    asked.rows(pk=2)
    assert len(built) == 1
    with override_settings(RELATED_SLOTS=3):
        asked.rows(pk=1)
    asked.rows(pk=1)
    assert len(built) == 3


def test_lent_rows_cost_no_query_and_what_is_asked_further_is_asked_of_the_owner(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first, second = make_article("One"), make_article("Two")
    first.bylines.create(author=make_author("Ines Maren"))
    second.bylines.create(author=make_author("Samir Holt"))
    with django_assert_num_queries(1):
        lend_bylines([first, second])
        assert [byline.author.name for byline in first.bylines.all()] == ["Ines Maren"]
        assert [byline.article.pk for byline in second.bylines.all()] == [second.pk]
    assert first.bylines.filter(author__name="Samir Holt").count() == 0
    assert [byline.author.name for byline in first.bylines.order_by("-id")] == ["Ines Maren"]
    unknown = {"nothing": 1}
    with pytest.raises(FieldError):
        first.bylines.filter(**unknown)
    assert [byline.author.name for byline in first.bylines.all()] == ["Ines Maren"]


def test_a_piece_tells_values_apart_that_are_equal() -> None:
    assert exact("<b>") != exact(mark_safe("<b>"))
    assert exact(1) != exact(True)
    assert exact(("<b>",)) != exact((mark_safe("<b>"),))
    assert exact(("a", 1)) == exact(("a", 1))


def test_a_piece_takes_nothing_that_could_change() -> None:
    for value in ([1], {"a": 1}, make_article()):
        with pytest.raises(TypeError):
            exact(value)


def test_markup_never_stands_in_for_plain_text() -> None:
    template = Template("{% load pieces %}{% piece 'pages/_menu.html' links=links path='' here='' %}")
    trusted = template.render(Context({"links": ((mark_safe("<b>x</b>"), "/"),)}))
    plain = template.render(Context({"links": (("<b>x</b>", "/"),)}))
    assert trusted.count("<li>") == plain.count("<li>") == 1
    assert "<b>x</b>" not in plain


def test_a_piece_follows_the_language() -> None:
    template = Template("{% load pieces %}{% piece 'pages/_masthead_search.html' %}")
    with translation.override("en-gb"):
        english = template.render(Context())
    with translation.override("de"):
        template.render(Context())
    with translation.override("en-gb"):
        assert template.render(Context()) == english


def test_every_hostile_word_on_a_card_is_text() -> None:
    section = make_section("City")
    section.name = HOSTILE
    article = make_article(HOSTILE, standfirst=HOSTILE, kind=Kind.LIVE)
    article.section = section
    article.bylines.create(author=make_author(HOSTILE, slug="hostile"))
    shown = card_markup(article, standfirst=True, bylines=True, headline=HOSTILE)
    assert "<script" not in shown + card_markup(article, snippet=HOSTILE)
    assert shown.count("&lt;script&gt;") == 4


def test_marks_of_a_search_stay_marks() -> None:
    shown = card_markup(
        make_article(), headline=mark_safe("A <mark>tram</mark>"), snippet=mark_safe("<mark>late</mark>")
    )
    assert "A <mark>tram</mark>" in shown
    assert "<mark>late</mark>" in shown


def test_a_moment_is_told_in_the_zone_of_the_site_and_in_its_language() -> None:
    moment = timezone.now().replace(year=2026, month=3, day=1, hour=23, minute=30)
    with override_settings(TIME_ZONE="Europe/Helsinki"):
        helsinki = time_markup(moment, clock=True)
    assert "01:30" in helsinki
    assert "23:30" in time_markup(moment, clock=True)
    with translation.override("de"):
        assert "März" in time_markup(moment) or "Mär" in time_markup(moment)
    assert time_markup(None) == ""


def test_addresses_are_those_that_django_gives() -> None:
    article = make_article(slug="the-tram")
    assert address("pages:article", "city", "the-tram", article.pk) == f"/city/the-tram-{article.pk}/"
    assert re.fullmatch(r"/tag/[\w%-]+/", address("pages:tag", "öl"))


def test_a_page_without_a_menu_item_of_its_own_shares_its_frame_with_all_others(rf: RequestFactory) -> None:
    template = Template("{% load menus %}{% menus as links %}{{ links.present }}")
    make_section("City")
    assert template.render(Context({"request": rf.get("/city/a-story-1/")})) == ""
    assert template.render(Context({"request": rf.get("/city/")})) == "/city/"
    assert template.render(Context()) == ""
