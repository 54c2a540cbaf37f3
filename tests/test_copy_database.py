"""From SQLite to PostgreSQL: every row arrives, ids go on, and whatever is in the way leaves the target untouched."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from articles import search
from articles.models import Article, SearchEntry
from comments.models import Comment
from newsroom.databases import SQLITE, prepared
from newsroom.moving import copying, sums
from newsroom.moving.copying import MoveError, copy
from outbox import audit
from outbox.models import Effect
from pagecache.models import Key
from people.models import User
from tests.conftest import make_cast
from tests.factories import give_tags, make_article, make_comment, make_image, make_product

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases=["default", "old"])]

HOSTILE = "back\\slash\ttab\nline \\N \"quoted\" 'single' 東京 \u2028 🚋"


@pytest.fixture(scope="module", autouse=True)
def _second_connection(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A connection named ``old`` to a file that ``old`` makes."""
    given = prepared({"ENGINE": SQLITE, "NAME": str(tmp_path_factory.mktemp("old") / "old.sqlite3")})
    complete = connections.configure_settings({"default": configured.DATABASES["default"], "old": given})
    connections.settings["old"] = complete["old"]
    yield
    connections["old"].close()
    del connections["old"], connections.settings["old"]


@pytest.fixture
def old() -> str:
    """A SQLite with every table and nothing in it."""
    connections["old"].close()
    Path(connections["old"].settings_dict["NAME"]).unlink(missing_ok=True)
    with connections["old"].schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
    return "old"


def fill(alias: str) -> dict[str, sums.Sum]:
    """A small newsroom, made here and moved there; here stays what migrations made."""
    make_cast()
    article = make_article(HOSTILE)
    give_tags(article, "Trams", "東京")
    make_comment(article, text=HOSTILE)
    make_product("Bell")
    make_image()
    audit.record(None, "tested", article, numbers=[1, 2.5, 1e20, -0.0, None, True], words=HOSTILE)
    Effect.objects.create(kind="tests.note", key="done", done_at=timezone.now(), payload={"b": 1, "a": [{}]})
    everything = copying._models()
    with transaction.atomic(using=alias):
        for model in everything:
            fields = [field.attname for field in sums.columns_of(model)]
            rows = [dict(zip(fields, row, strict=True)) for row in sums.rows_of(model, "default")]
            model._base_manager.using(alias).bulk_create([model(**row) for row in rows])
    with connection.cursor() as cursor:
        copying._empty(cursor, "default")
    return {model._meta.db_table: sums.sum_of(model, alias) for model in everything}


def test_every_table_arrives_as_it_was(old: str) -> None:
    there = fill(old)
    assert sum(one.rows for one in there.values()) > 50
    said: list[str] = []
    copy(old, "default", said.append)
    assert {model._meta.db_table: sums.sum_of(model, "default") for model in copying._models()} == there
    assert any(line.split() == ["articles_article", "1", str(there["articles_article"])] for line in said)
    article = Article.objects.get()
    assert article.headline == HOSTILE
    assert Comment.objects.get().text == HOSTILE
    assert User.objects.get(email="edda.editor@example.org").has_perm("articles.add_article")
    call_command("rebuild_search", verbosity=0, stdout=StringIO())
    assert [hit.article for hit in search.find("東京").hits] == [article]


def test_no_id_is_given_twice_not_even_that_of_a_row_that_is_gone(old: str) -> None:
    fill(old)
    with connections[old].cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = 1000000 WHERE name = 'articles_article'")
    copy(old, "default", lambda _words: None)
    assert make_article("Next").pk == 1_000_001


def test_a_target_that_holds_something_is_refused(old: str) -> None:
    fill(old)
    make_article("Precious")
    with pytest.raises(MoveError, match="articles_article"):
        copy(old, "default", lambda _words: None)
    assert Article.objects.get().headline == "Precious"


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("comments_comment", "text", "a\0b"),
        ("articles_article", "slug", "x" * 300),
        ("articles_article", "section_id", 99),
    ],
)
def test_what_postgresql_cannot_take_is_named_and_nothing_is_kept(
    old: str, table: str, column: str, value: Any
) -> None:
    fill(old)
    with connections[old].cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])
    with pytest.raises(MoveError, match=table):
        copy(old, "default", lambda _words: None)
    assert not copying.used_tables("default")


def test_a_row_that_changes_on_its_way_is_noticed(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the checksums: one letter of one row."""
    fill(old)
    prepare = Article._meta.get_field("headline").get_db_prep_save
    field = Article._meta.get_field("headline")
    monkeypatch.setattr(field, "get_db_prep_save", lambda value, connection: prepare(value.upper(), connection))
    with pytest.raises(MoveError, match=r"articles_article: 1 rows with checksum"):
        copy(old, "default", lambda _words: None)
    assert not Article.objects.exists()


@pytest.mark.parametrize("url", ["sqlite:///x.sqlite3", "nonsense", "mysql://a:b@c/d"])
def test_only_a_postgresql_is_a_target(url: str) -> None:
    with pytest.raises(CommandError):
        call_command("copy_database", url)


@pytest.mark.parametrize(("named", "words"), [({}, "COPY_TARGET_URL"), ({"COPY_TARGET_URL": "nonsense"}, "no address")])
def test_the_target_may_be_named_where_nobody_else_on_the_machine_reads_it(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], words: str
) -> None:
    for name, url in named.items():
        monkeypatch.setenv(name, url)
    with pytest.raises(CommandError, match=words):
        call_command("copy_database")


@pytest.mark.parametrize(
    "address", ["postgres://newsroom:hush-hush@db/x", "postgres://newsroom@db/x?password=hush-hush"]
)
def test_a_password_in_the_command_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(CommandError, match="seen by everybody") as refused:
        call_command("copy_database", address)
    assert "hush-hush" not in str(refused.value)


def test_the_target_may_come_in_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("mysql://newsroom:hush-hush@db/x\n"))
    with pytest.raises(CommandError, match="must be a PostgreSQL"):
        call_command("copy_database", "-")
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(CommandError, match="COPY_TARGET_URL"):
        call_command("copy_database", "-")


def test_the_search_index_and_nothing_else_is_left_to_be_made_anew() -> None:
    tables = {model._meta.db_table for model in copying._models()}
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}
    assert every - tables == {SearchEntry._meta.db_table}
    assert Key._meta.db_table in tables
