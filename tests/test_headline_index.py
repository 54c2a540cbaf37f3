"""The desk's index of headlines: what writes it, what asks it, and what it costs."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import headline_index, headline_search, revisions
from articles.headline_search import find
from articles.models import Article, Status
from articles.state import WorkingState
from pagecache.writing import writing
from tests.concurrency import PATIENCE
from tests.conftest import Cast
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LIST = "admin:articles_article_changelist"


def kept() -> dict[int, tuple[str, str]]:
    """What the index holds of each article."""
    own_id = "rowid" if connection.vendor == "sqlite" else "article_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {own_id}, shown, newest FROM {headline_index.TABLE}")
        return {pk: (shown, newest) for pk, shown, newest in cursor.fetchall()}


def listed(client: Client, typed: str) -> str:
    return client.get(reverse(LIST), {"q": typed}).content.decode()


def test_every_way_to_write_a_headline_reaches_the_index() -> None:
    article = make_article("The tram is late")
    assert kept() == {article.pk: ("The tram is late", "")}
    revisions.save(article, WorkingState.of_article(article).with_(headline="The bus waits"), actor=None)
    assert kept() == {article.pk: ("The tram is late", "The bus waits")}
    with writing():
        Article.objects.filter(pk=article.pk).update(headline="Trams are late")
    assert kept() == {article.pk: ("Trams are late", "The bus waits")}
    article.refresh_from_db()
    article.revisions.update(headline="The ferry")
    assert kept() == {article.pk: ("Trams are late", "The ferry")}
    article.delete()
    assert kept() == {}


def test_an_older_revision_that_comes_in_later_is_not_the_newest() -> None:
    article = make_article("The tram is late")
    newest = revisions.save(article, WorkingState.of_article(article).with_(headline="The bus waits"), actor=None)
    newest.pk, newest.number, newest.headline = None, 0, "An older ferry"
    newest.save()
    assert kept()[article.pk] == ("The tram is late", "The bus waits")


@pytest.mark.parametrize("word", ["harbour", "BOUR", "our", "street", "straße", "京都の", "100%", "a_b", '"late ha"'])
def test_any_part_of_a_headline_is_found_as_if_each_were_read(word: str) -> None:
    for headline in ("Late harbour", "Straße 京都の電車", "100% of a_b", "Broad street", "1000 of axb"):
        make_article(headline)
    part = word.strip('"')
    found = find(word)
    assert found is not None
    assert found.ids == set(Article.objects.filter(headline__icontains=part).values_list("pk", flat=True)) != set()


def test_short_words_are_looked_for_in_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = make_article("The EU decides"), make_article("The EU waits")
    make_article("Nothing of that")
    assert find("EU") == ({old.pk, new.pk}, False)
    assert find("EU the") == ({old.pk, new.pk}, False)
    monkeypatch.setattr(headline_search, "LOOKED_THROUGH", 2)
    assert find("EU") == ({new.pk}, True)
    assert find("EU decides") == ({old.pk}, False)


def test_of_a_common_word_the_newest_are_found_and_the_list_says_so(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = make_article("A rare tram")
    made = [make_article(f"The tram number {number}") for number in range(4)]
    client.force_login(cast.chief)
    assert "Only the newest articles" not in listed(client, "tram")
    monkeypatch.setattr(headline_search, "MOST", 3)
    assert find("tram") == ({article.pk for article in made[1:]}, True)
    assert find("tram rare") == ({rare.pk}, False)
    assert "Only the newest articles" in listed(client, "tram")
    assert "Only the newest articles" not in listed(client, "rare")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite walks its index from the newest on")
def test_the_newest_blocks_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [3, 20_000, 40_000, 40_001]
    for pk in ids:
        make_article("The tram is late", pk=pk)
    monkeypatch.setattr(headline_search, "MOST", 3)
    assert find("tram") == ({20_000, 40_000, 40_001}, True)
    monkeypatch.setattr(headline_search, "MOST", 4)
    assert find("tram") == (set(ids), False)


def test_who_may_not_know_a_headline_does_not_find_it(client: Client, cast: Cast) -> None:
    story = make_article("The tram is late")
    revisions.save(story, WorkingState.of_article(story).with_(headline="Harbourgate"), actor=cast.chief)
    draft = make_article("Harbourgate draft", status=Status.DRAFT, created_by=cast.chief)
    client.force_login(cast.contributor)
    assert f"/article/{draft.pk}/" not in listed(client, "Harbourgate")
    assert f"/article/{draft.pk}/" not in listed(client, str(draft.pk))
    assert f"/article/{story.pk}/" in listed(client, "tram")
    assert f"/article/{story.pk}/" not in listed(client, "harbourgate")
    client.force_login(cast.chief)
    assert f"/article/{draft.pk}/" in listed(client, "harbourgate")
    assert f"/article/{story.pk}/" in listed(client, "harbourgate")


@pytest.mark.parametrize("typed", ["tram", "EU", "12", "tram 12"])
def test_a_search_of_the_list_asks_as_much_at_any_size(client: Client, cast: Cast, typed: str) -> None:
    client.force_login(cast.chief)
    counts = []
    for size in (2, 20):
        for number in range(size):
            article = make_article(f"The EU tram 12 {number}")
            revisions.save(article, WorkingState.of_article(article), actor=None)
        listed(client, typed)
        with CaptureQueriesContext(connection) as asked:
            listed(client, typed)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


def test_rebuilding_mends_what_was_changed_behind_its_back() -> None:
    article = make_article("The tram is late")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {headline_index.TABLE}")
    assert find("tram") == (set(), False)
    call_command("rebuild_search", verbosity=0)
    assert find("tram") == ({article.pk}, False)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps triggers when a table changes")
def test_a_trigger_that_a_migration_lost_is_made_again() -> None:
    article = make_article("The tram is late")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER articles_desk_shown")
    with writing():
        Article.objects.filter(pk=article.pk).update(headline="The bus is late")
    assert find("bus") == (set(), False)
    migrated: Any = headline_index.keep_triggers
    migrated(using="default", sender=apps.get_app_config("articles"))
    assert find("bus") == ({article.pk}, False)
    with writing():
        Article.objects.filter(pk=article.pk).update(headline="The ferry is late")
    assert find("ferry") == ({article.pk}, False)


def test_rows_that_come_in_before_those_they_belong_to_are_known(tmp_path: Path) -> None:
    article = make_article("The tram is late")
    revisions.save(article, WorkingState.of_article(article).with_(headline="The bus waits"), actor=None)
    before, file = kept(), str(tmp_path / "articles.json")
    call_command("dumpdata", "articles.revision", "articles.article", output=file)
    article.delete()
    call_command("loaddata", file, verbosity=0)
    assert kept() == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite empties a table row by row")
def test_a_table_that_is_emptied_at_once_leaves_no_headlines() -> None:
    make_article("The tram is late")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE articles_article CASCADE")
    assert kept() == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps triggers when a table changes")
def test_the_index_goes_away_without_the_trigger_that_a_migration_lost() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER articles_desk_shown")
    headline_index.unmake(connection)
    headline_index.make(connection)
    assert kept() == {}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_story_that_begins_while_the_index_is_written_anew_is_in_it() -> None:
    old = make_article("The tram is late")
    beginning: list[threading.Thread] = []

    def begin() -> None:
        make_article("The bus waits")
        connection.close()

    def meanwhile(execute: Any, sql: str, *given: Any) -> Any:
        done = execute(sql, *given)
        if sql.startswith("DELETE FROM"):
            beginning.append(threading.Thread(target=begin))
            beginning[0].start()
            beginning[0].join(0.5)
        return done

    with transaction.atomic(), connection.execute_wrapper(meanwhile):
        headline_index.fill()
    beginning[0].join(PATIENCE)
    new = Article.objects.get(headline="The bus waits")
    assert kept() == {old.pk: ("The tram is late", ""), new.pk: ("The bus waits", "")}
