"""The index itself: FTS5 on SQLite, two tsvector columns on PostgreSQL. Fill it with ``manage.py rebuild_search``."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# The words arrive folded: the ascii tokenizer only splits them at blanks.
SQLITE = (
    """
    CREATE VIRTUAL TABLE articles_searchindex
    USING fts5(headline, labels, standfirst, body, tokenize = 'ascii', prefix = '2 3')
    """,
    """
    CREATE TRIGGER articles_searchentry_forget AFTER DELETE ON articles_searchentry
    BEGIN DELETE FROM articles_searchindex WHERE rowid = OLD.place; END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER articles_searchentry_forget",
    "DROP TABLE articles_searchindex",
)

# Without fastupdate a search never has to read a list of words not yet indexed.
POSTGRESQL = (
    """
    ALTER TABLE articles_searchentry
    ADD COLUMN words tsvector NOT NULL DEFAULT '', ADD COLUMN strong tsvector NOT NULL DEFAULT ''
    """,
    "CREATE INDEX articles_searchentry_words ON articles_searchentry USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX articles_searchentry_strong ON articles_searchentry USING gin (strong) WITH (fastupdate = off)",
)
POSTGRESQL_BACK = ("ALTER TABLE articles_searchentry DROP COLUMN words, DROP COLUMN strong",)


def make(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def unmake(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_search")]

    operations = [migrations.RunPython(make, unmake)]
