"""Filling a throw-away database with an invented archive, as fast as each database takes it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from django.db import connection, models
from django.utils import timezone

from articles.models import Article, Section, Status, Tag, TaggedArticle
from bench.invented.world import TAGS, World, Written, text_of, work_of
from curation import frequencies, postings
from curation.engine import Statistics
from curation.indexing import known_as
from curation.models import Frequency, Suggestion, Tally

ROWS = 5_000
SUGGESTED = 20


def prepare() -> None:
    """Nobody needs the disk's promise for a measurement, nor a limit for a statement that writes millions of rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "journal_mode=MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
        else:
            cursor.execute("SET statement_timeout = 0")


def settle() -> None:
    """Have the database know its tables, as it would after a night; and give it back its usual habits."""
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
    plain: Any = models.QuerySet
    plain(type(made[0])).bulk_create(made)


def article_row(pk: int, written: Written, headline: str, text: str = "") -> Article:
    """A published article."""
    return Article(
        pk=pk,
        headline=headline[:160],
        slug=f"story-{pk}",
        section_id=written.section,
        status=Status.PUBLISHED,
        publish_at=written.published,
        first_published_at=written.published,
        body_text=text,
        word_count=len(text) // 8,
    )


def write_articles(rows: Iterable[tuple[int, Written]], *, texts: bool) -> None:
    """The articles with their tags, in batches."""
    for batch in _batches(rows, ROWS // 5):
        articles, tagged = [], []
        for pk, written in batch:
            headline, text = text_of(written.words) if texts else (f"Story {pk}", "")
            articles.append(article_row(pk, written, headline, text))
            tagged += [TaggedArticle(content_object_id=pk, tag_id=tag) for tag in written.tags] if texts else []
        insert(articles)
        TaggedArticle.objects.bulk_create(tagged)


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

    def rows() -> Iterator[tuple[Any, ...]]:
        for start in range(1, number + 1, ROWS):
            count = min(ROWS, number + 1 - start)
            offsets = random.integers(1, number, (count, SUGGESTED))
            scores = -np.sort(-random.random((count, SUGGESTED)) * 0.5, axis=1)
            for article in range(count):
                pk = start + article
                targets = dict.fromkeys(((pk + offsets[article] - 1) % number + 1).tolist())
                for target, score in zip(targets, scores[article].tolist(), strict=False):
                    if target != pk:
                        yield pk, target, score, reasons

    indexes = Suggestion._meta.indexes
    for index in indexes:
        _with_schema("remove_index", index)
    _copy("curation_suggestion", ("article_id", "target_id", "score", "reasons"), rows())
    for index in indexes:
        _with_schema("add_index", index)


def _with_schema(act: str, index: models.Index) -> None:
    """Indexes are made after the rows: in one go, where twenty million single insertions would take an hour."""
    with connection.schema_editor(atomic=False) as editor:
        getattr(editor, act)(Suggestion, index)


def _write_postings(features: Any, places: Any, weights: Any) -> None:
    order = np.lexsort((places, features))

    def rows() -> Iterator[tuple[int, int, int]]:
        for start in range(0, len(order), 200_000):
            part = order[start : start + 200_000]
            yield from zip(features[part].tolist(), places[part].tolist(), weights[part].tolist(), strict=True)

    _copy("curation_posting", ("feature", "place", "weight"), rows())


def _write_counts(world: World, statistics: Statistics) -> None:
    tally = Tally(pk=1, articles=world.number, pairs=statistics.pairs.pack(), stamp=world.number, weighed=world.number)
    tally.save()
    words = [Frequency(feature=word, articles=seen) for word, seen in statistics.words.items()]
    carried = np.bincount(world.topic_tags.ravel(), minlength=TAGS + 1) * world.number // len(world.topics)
    tags = [Frequency(feature=frequencies.tag_feature(pk), articles=int(carried[pk])) for pk in range(1, TAGS + 1)]
    Frequency.objects.bulk_create([*words, *tags], batch_size=ROWS)


def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(columns))
            cursor.execute("BEGIN")
            cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            cursor.execute("COMMIT")
            return
        cursor.execute("SET session_replication_role = replica")  # no foreign key is asked for each of 20 million rows
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("SET session_replication_role = DEFAULT")


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(itertools.islice(left, size)):
        yield batch
