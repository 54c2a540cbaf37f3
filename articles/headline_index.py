"""The desk's index of headlines: three letters in a row of what readers see and of the newest revision.

SQLite keeps them in an FTS5 table whose rowid is the article's id, PostgreSQL in a table with an index over its rows'
three letters and the block of 16,384 ids they stand in, so that the newest can be asked for first. Triggers write both.
"""

from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "articles_searchindex_desk"

BLOCK_BITS = 14
"""Of an article's id that count within a block."""

PARTS = f"articles_trigrams(shown || chr(10) || newest) || ('block ' || (article_id >> {BLOCK_BITS})::text)"
"""What PostgreSQL has an index over: an array."""

_NEWEST = """coalesce(
    (SELECT headline FROM articles_revision WHERE article_id = NEW.id ORDER BY number DESC LIMIT 1), '')"""
_IS_NEWEST = """NOT EXISTS (
    SELECT 1 FROM articles_revision WHERE article_id = NEW.article_id AND number > NEW.number)"""

_SQLITE = {
    TABLE: f"CREATE VIRTUAL TABLE {TABLE} USING fts5(shown, newest, tokenize = 'trigram')",
    "articles_desk_came": f"""
        CREATE TRIGGER articles_desk_came AFTER INSERT ON articles_article
        BEGIN INSERT INTO {TABLE} (rowid, shown, newest) VALUES (NEW.id, NEW.headline, {_NEWEST}); END""",  # noqa: S608
    "articles_desk_shown": f"""
        CREATE TRIGGER articles_desk_shown AFTER UPDATE OF headline ON articles_article
        WHEN OLD.headline IS NOT NEW.headline
        BEGIN UPDATE {TABLE} SET shown = NEW.headline WHERE rowid = NEW.id; END""",  # noqa: S608
    "articles_desk_gone": f"""
        CREATE TRIGGER articles_desk_gone AFTER DELETE ON articles_article
        BEGIN DELETE FROM {TABLE} WHERE rowid = OLD.id; END""",  # noqa: S608
    "articles_desk_revised": f"""
        CREATE TRIGGER articles_desk_revised AFTER INSERT ON articles_revision
        WHEN {_IS_NEWEST}
        BEGIN UPDATE {TABLE} SET newest = NEW.headline WHERE rowid = NEW.article_id; END""",  # noqa: S608
    "articles_desk_reworded": f"""
        CREATE TRIGGER articles_desk_reworded AFTER UPDATE OF headline ON articles_revision
        WHEN OLD.headline IS NOT NEW.headline AND {_IS_NEWEST}
        BEGIN UPDATE {TABLE} SET newest = NEW.headline WHERE rowid = NEW.article_id; END""",  # noqa: S608
}

_POSTGRESQL = (
    """
    CREATE FUNCTION articles_trigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT substr(upper(words), place, 3)), '{}')
        FROM generate_series(1, length(upper(words)) - 2) AS place
    $$""",
    f"CREATE TABLE {TABLE} (article_id bigint PRIMARY KEY, shown text NOT NULL, newest text NOT NULL)",
    f"""
    CREATE FUNCTION articles_desk_shown() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {TABLE} AS desk VALUES (NEW.id, NEW.headline, '')
        ON CONFLICT (article_id) DO UPDATE SET shown = NEW.headline WHERE desk.shown <> NEW.headline;
        RETURN NULL;
    END $$""",  # noqa: S608
    f"""
    CREATE FUNCTION articles_desk_newest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {_IS_NEWEST} THEN
            INSERT INTO {TABLE} AS desk VALUES (NEW.article_id, '', NEW.headline)
            ON CONFLICT (article_id) DO UPDATE SET newest = NEW.headline WHERE desk.newest <> NEW.headline;
        END IF;
        RETURN NULL;
    END $$""",  # noqa: S608
    f"""
    CREATE FUNCTION articles_desk_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM {TABLE} WHERE article_id = OLD.id;
        RETURN NULL;
    END $$""",  # noqa: S608
    f"""
    CREATE FUNCTION articles_desk_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        TRUNCATE {TABLE};
        RETURN NULL;
    END $$""",
    """
    CREATE TRIGGER articles_desk_shown AFTER INSERT OR UPDATE OF headline ON articles_article
    FOR EACH ROW EXECUTE FUNCTION articles_desk_shown()""",
    """
    CREATE TRIGGER articles_desk_gone AFTER DELETE ON articles_article
    FOR EACH ROW EXECUTE FUNCTION articles_desk_gone()""",
    """
    CREATE TRIGGER articles_desk_emptied AFTER TRUNCATE ON articles_article
    FOR EACH STATEMENT EXECUTE FUNCTION articles_desk_emptied()""",
    """
    CREATE TRIGGER articles_desk_newest AFTER INSERT OR UPDATE OF headline ON articles_revision
    FOR EACH ROW EXECUTE FUNCTION articles_desk_newest()""",
)
_POSTGRESQL_INDEX = f"""
    CREATE INDEX {TABLE}_parts ON {TABLE} USING gin (({PARTS})) WITH (fastupdate = off)"""
_POSTGRESQL_BACK = (
    "DROP TRIGGER articles_desk_shown ON articles_article",
    "DROP TRIGGER articles_desk_gone ON articles_article",
    "DROP TRIGGER articles_desk_emptied ON articles_article",
    "DROP TRIGGER articles_desk_newest ON articles_revision",
    "DROP FUNCTION articles_desk_shown, articles_desk_newest, articles_desk_gone, articles_desk_emptied",
    f"DROP TABLE {TABLE}",
    "DROP FUNCTION articles_trigrams",
)

_FILL = f"""
    INSERT INTO {TABLE} ({{id}}, shown, newest)
    SELECT a.id, a.headline, coalesce(r.headline, '')
    FROM articles_article a LEFT JOIN articles_revision r ON r.id = a.latest_id ORDER BY a.id"""  # noqa: S608


def make(database: BaseDatabaseWrapper) -> None:
    """Make and fill what is missing: all of it at first, on SQLite a trigger after its table was made anew."""
    statements = _POSTGRESQL if database.vendor == "postgresql" else _missing(database)
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        if statements:
            fill(database)
        if database.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_INDEX)


def unmake(database: BaseDatabaseWrapper) -> None:
    """Away with all of it."""
    away = [f"DROP {'TABLE' if name == TABLE else 'TRIGGER'} IF EXISTS {name}" for name in reversed(_SQLITE)]
    with database.cursor() as cursor:
        for statement in _POSTGRESQL_BACK if database.vendor == "postgresql" else away:
            cursor.execute(statement)


def fill(database: Any = connection) -> None:
    """Write the index anew, in a transaction: for rows that came in without their triggers."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")  # whoever writes a headline waits
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
        cursor.execute(_FILL.format(id="rowid" if database.vendor == "sqlite" else "article_id"))


def keep_triggers(using: str, **_told: Any) -> None:
    """After ``migrate``: a migration that changes a table of SQLite makes it anew, without its triggers."""
    database = connections[using]
    if database.vendor == "sqlite" and TABLE in database.introspection.table_names():
        with transaction.atomic(using=using):
            make(database)


def _missing(database: BaseDatabaseWrapper) -> list[str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'articles\\_%%' ESCAPE '\\'", [])
        there = {name for (name,) in cursor.fetchall()}
    return [statement for name, statement in _SQLITE.items() if name not in there]
