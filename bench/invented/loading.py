"""Filling a throw-away database with an invented archive, as fast as each database takes it."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection, connections, models, transaction
from django.utils import timezone

from articles.models import Article, Section, Status, Tag, TaggedArticle
from bench.invented.world import TAGS, World, Written, text_of, work_of
from curation import frequencies, postings
from curation.engine import Statistics
from curation.indexing import known_as
from curation.models import Frequency, Suggestion, Tally

ROWS = 5_000
SUGGESTED = 20
WORDS_AT_ONCE, WORDS_USUALLY = 256_000_000, 1_048_576
"""Bytes of new words that SQLite's search gathers before it writes them: while an archive is filled, and ever after."""

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s",
    "postgresql": """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = %s::regclass AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)""",
}
"""Name and statement of each index of a table that is more than a constraint's."""


def prepare() -> None:
    """Nobody needs the disk's promise for a measurement, nor a limit for a statement that writes millions of rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "journal_mode=MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
        else:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("SET session_replication_role = replica")  # no foreign key is asked for each row


def settle() -> None:
    """Have the database know its tables, as it would after a night; and give it back its usual habits."""
    prepare()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    connection.close()


def sections_and_tags() -> None:
    """Nine sections, three thousand tags."""
    insert(
        Section(pk=number, name=f"Section {number}", slug=f"section-{number}", position=number)
        for number in range(1, 10)
    )
    names = [f"tag {number}" for number in range(1, TAGS + 1)]
    insert(Tag(pk=number, name=name, slug=f"tag-{number}", key=name) for number, name in enumerate(names, 1))


def insert(rows: Iterable[models.Model]) -> None:
    """Rows of one model as they are, without page keys: nobody reads these pages."""
    made = list(rows)
    model = type(made[0])
    fields = [field for field in model._meta.concrete_fields if not (field.primary_key and made[0].pk is None)]
    write(model, [{field.attname: field.pre_save(row, add=True) for field in fields} for row in made])


def write(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of one model by column, all with the same ones; what they leave out has the model's default."""
    blank, database = model(), connections[connection.alias]
    columns: dict[str, Iterable[Any]] = {}
    for field in model._meta.concrete_fields:
        name, column, prepared = field.attname, str(field.column), field.get_db_prep_save
        if name in rows[0]:
            columns[column] = [prepared(row[name], database) for row in rows]
        elif not field.primary_key:
            columns[column] = itertools.repeat(prepared(field.pre_save(blank, add=True), database), len(rows))
    table, names, made = model._meta.db_table, ", ".join(columns), zip(*columns.values(), strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(columns))
            cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", made)
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in made:
                copy.write_row(row)


@contextmanager
def indexed_after(*filled: type[models.Model]) -> Iterator[None]:
    """Their indexes are made when the rows are there: in one go, where millions of single insertions take an hour."""
    made: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        for model in filled:
            cursor.execute(INDEXES[connection.vendor], [model._meta.db_table])
            made += cursor.fetchall()
        for name, _statement in made:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _name, statement in made:
            cursor.execute(statement)


@contextmanager
def words_gathered() -> Iterator[None]:
    """One transaction, in which SQLite's search writes its words in few and large pieces."""
    with transaction.atomic():
        _gather(WORDS_AT_ONCE)
        yield
        _gather(WORDS_USUALLY)


def _gather(size: int) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles_searchindex (articles_searchindex, rank) VALUES ('hashsize', %s)", [size]
            )


def article_row(pk: int, written: Written, headline: str, text: str = "") -> dict[str, Any]:
    """A published article by column."""
    return {
        "id": pk,
        "headline": headline[:160],
        "slug": f"story-{pk}",
        "section_id": written.section,
        "status": Status.PUBLISHED,
        "publish_at": written.published,
        "first_published_at": written.published,
        "body_text": text,
        "word_count": len(text) // 8,
    }


def write_articles(rows: Iterable[tuple[int, Written]], *, texts: bool) -> None:
    """The articles with their tags, in batches."""
    for batch in _batches(rows, ROWS // 5):
        articles, tagged = [], []
        for pk, written in batch:
            headline, text = text_of(written.words) if texts else (f"Story {pk}", "")
            articles.append(article_row(pk, written, headline, text))
            tagged += [{"content_object_id": pk, "tag_id": tag} for tag in written.tags] if texts else []
        write(Article, articles)
        if tagged:
            write(TaggedArticle, tagged)


def write_index(world: World, statistics: Statistics) -> None:
    """Fingerprints and postings of the whole archive without any text, and the counts they were weighed with."""
    features, places, weights = [], [], []
    for batch in _batches(world.articles(), ROWS):
        rows = []
        for pk, written in batch:
            work = work_of(pk, written, statistics)
            row = known_as(work.subject)
            row.suggested_at = timezone.now()
            rows.append(row)
            found = np.array(postings.rows_of(pk, written.published, work.subject.fingerprint), np.int64)
            features.append(found[:, 0].astype(np.int32))
            places.append(found[:, 1])
            weights.append(found[:, 2].astype(np.int16))
        insert(rows)
    _write_postings(np.concatenate(features), np.concatenate(places), np.concatenate(weights))
    _write_counts(world, statistics)


def write_suggestions(number: int, seed: int = 3) -> None:
    """Twenty suggestions for every article, of the shape the engine writes."""
    random = np.random.default_rng(seed)
    reasons = '{"shares": ["heat pumps", "council", "estuary"], "tags": ["tag 7"], "days": 12, "section": true}'

    def columns() -> Iterator[list[Any]]:
        for start in range(1, number + 1, ROWS):
            count = min(ROWS, number + 1 - start)
            articles = np.arange(start, start + count)[:, None]
            offsets = random.integers(1, number, (count, SUGGESTED))
            scores = -np.sort(-random.random((count, SUGGESTED)) * 0.5, axis=1)
            targets = (articles + offsets - 1) % number + 1
            owners, targets = np.repeat(articles, SUGGESTED), targets.ravel()
            kept = np.sort(np.unique(owners * (number + 1) + targets, return_index=True)[1])
            yield [owners[kept], targets[kept], scores.ravel()[kept], reasons]

    kinds = {"article_id": ">i8", "target_id": ">i8", "score": ">f8", "reasons": f"S{len(reasons) + 1}"}
    with indexed_after(Suggestion):
        _copy("curation_suggestion", kinds, columns())


def _write_postings(features: Any, places: Any, weights: Any) -> None:
    order = np.lexsort((places, features))
    parts = (order[start : start + 200_000] for start in range(0, len(order), 200_000))
    columns = ([features[part], places[part], weights[part]] for part in parts)
    _copy("curation_posting", {"feature": ">i8", "place": ">i8", "weight": ">i2"}, columns)


def _write_counts(world: World, statistics: Statistics) -> None:
    tally = Tally(pk=1, articles=world.number, pairs=statistics.pairs.pack(), stamp=world.number, weighed=world.number)
    tally.save()
    words = [Frequency(feature=word, articles=seen) for word, seen in statistics.words.items()]
    carried = np.bincount(world.topic_tags.ravel(), minlength=TAGS + 1) * world.number // len(world.topics)
    tags = [Frequency(feature=frequencies.tag_feature(pk), articles=int(carried[pk])) for pk in range(1, TAGS + 1)]
    Frequency.objects.bulk_create([*words, *tags], batch_size=ROWS)


def _copy(table: str, kinds: Mapping[str, str], batches: Iterable[list[Any]]) -> None:
    """Batches of columns, each an array or one text for all rows; ``kinds`` are PostgreSQL's by numpy's names."""
    names = ", ".join(kinds)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(kinds))
            cursor.execute("BEGIN")
            for batch in batches:
                rows = zip(*(itertools.repeat(one) if isinstance(one, str) else one.tolist() for one in batch))  # noqa: B905
                cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            cursor.execute("COMMIT")
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for batch in batches:
                copy.write(_binary(kinds, batch))
            copy.write(b"\xff\xff")


def _binary(kinds: Mapping[str, str], batch: Sequence[Any]) -> bytes:
    """Rows as PostgreSQL's binary COPY has them: how many columns, then length and value of each."""
    fields = [("columns", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"length of {name}", ">i4"), (name, kind)]
    rows = np.empty(len(batch[0]), fields)
    rows["columns"] = len(kinds)
    for (name, kind), one in zip(kinds.items(), batch, strict=True):
        rows[f"length of {name}"] = np.dtype(kind).itemsize
        rows[name] = b"\x01" + one.encode() if isinstance(one, str) else one  # a jsonb begins with its version
    return rows.tobytes()


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(itertools.islice(left, size)):
        yield batch
