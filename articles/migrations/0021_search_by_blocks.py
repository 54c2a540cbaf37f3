"""PostgreSQL's indexes know the block of a place; every word is known, since beginnings are written out as words."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

BLOCK = "array_to_tsvector(ARRAY['¦' || (place >> 50)::text])"
INDEXES = [
    f"""
    CREATE INDEX articles_searchentry_{column} ON articles_searchentry
    USING gin (({column} || {BLOCK})) WITH (fastupdate = off)"""
    for column in ("words", "strong")
]
INDEXES_BEFORE = [
    f"CREATE INDEX articles_searchentry_{column} ON articles_searchentry USING gin ({column}) WITH (fastupdate = off)"
    for column in ("words", "strong")
]
LEARN = """
    INSERT INTO articles_searchword (word, head, tail, length)
    SELECT word, substr(word, 1, 1), substr(word, greatest(length(word) - 2, 1)), length(word) FROM ({words}) AS words
    WHERE true ON CONFLICT DO NOTHING"""
POSTGRESQL_WORDS = "SELECT word FROM ts_stat('SELECT words FROM articles_searchentry')"
SQLITE_WORDS = "SELECT term AS word FROM temp.articles_terms WHERE term <> '¦'"


def make(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the indexes anew where blocks help, and remember every word."""
    if schema_editor.connection.vendor == "sqlite":
        learn = LEARN.format(words=SQLITE_WORDS).replace("greatest", "max")
        _run(
            schema_editor,
            "CREATE VIRTUAL TABLE temp.articles_terms USING fts5vocab(main, articles_searchindex, row)",
            learn,
            "DROP TABLE temp.articles_terms",
        )
    else:
        _exchange(schema_editor, INDEXES)
        _run(schema_editor, LEARN.format(words=POSTGRESQL_WORDS))


def unmake(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As they were; words of other kinds are no spellings."""
    if schema_editor.connection.vendor != "sqlite":
        _exchange(schema_editor, INDEXES_BEFORE)
    _run(schema_editor, "DELETE FROM articles_searchword WHERE length > 24")


def _exchange(schema_editor: BaseDatabaseSchemaEditor, indexes: list[str]) -> None:
    _run(schema_editor, "SET LOCAL statement_timeout = 0", "DROP INDEX articles_searchentry_words")
    _run(schema_editor, "DROP INDEX articles_searchentry_strong", *indexes)


def _run(schema_editor: BaseDatabaseSchemaEditor, *statements: str) -> None:
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_headlines_by_letters")]

    operations = [
        migrations.AlterField("SearchWord", "word", models.CharField(max_length=40, primary_key=True, serialize=False)),
        migrations.RunPython(make, unmake),
    ]
