"""The inverted index: for each feature the articles that carry it among their heaviest, newest first.

Written in SQL because a list asks for a hundred features at once, and each of
the two databases has its own way to stop after a feature's newest articles.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from curation.engine import Fingerprint

NEWEST = 100
"""Articles looked at for each feature: so a common one costs no more than a rare one, whatever the archive's size."""

SHORTLIST = 200
"""Candidates that are ranked on their whole fingerprints."""

ARTICLE_BITS = 40
_ARTICLE = (1 << ARTICLE_BITS) - 1
_STEPS = 32_767

Row = tuple[int, int, int]
"""Feature, place, weight in 32767ths."""

_INSERT = "INSERT INTO curation_posting (feature, place, weight) VALUES {rows}"
_UPSERT = _INSERT + " ON CONFLICT (feature, place) DO UPDATE SET weight = excluded.weight"
_DELETE = "DELETE FROM curation_posting WHERE place = %s AND feature IN ({features})"

_NEAREST_POSTGRESQL = (
    "SELECT p.place & %s FROM unnest(%s::bigint[], %s::float8[]) q (feature, weight)"
    " CROSS JOIN LATERAL (SELECT place, weight FROM curation_posting"
    " WHERE feature = q.feature ORDER BY place DESC LIMIT %s) p"
    " GROUP BY p.place ORDER BY sum(q.weight * p.weight) DESC, p.place DESC LIMIT %s"
)
_NEAREST_SQLITE = (
    "WITH q (feature, weight) AS (VALUES {rows})"
    " SELECT p.place & %s FROM q CROSS JOIN curation_posting p ON p.feature = q.feature"
    " AND p.place >= coalesce((SELECT place FROM curation_posting WHERE feature = q.feature"
    " ORDER BY place DESC LIMIT 1 OFFSET %s), -1)"
    " GROUP BY p.place ORDER BY sum(q.weight * p.weight) DESC, p.place DESC LIMIT %s"
)


def place_of(article_id: int, published: datetime) -> int:
    """An article's place in every list: by day of publication, then by its number."""
    return published.toordinal() << ARTICLE_BITS | article_id


def rows_of(article_id: int, published: datetime, fingerprint: Fingerprint) -> list[Row]:
    """The rows under which an article is found."""
    place = place_of(article_id, published)
    return [(feature, place, round(weight * _STEPS)) for feature, weight in _heaviest(fingerprint)]


def write(rows: Sequence[Row]) -> None:
    """Add the rows, in an order that is the same for everybody."""
    _in_batches(_UPSERT, sorted(rows))


def erase(article_id: int, published: datetime, fingerprint: Fingerprint) -> None:
    """Take out the rows of an article as it was indexed."""
    features = fingerprint.heaviest().tolist()
    if features:
        with connection.cursor() as cursor:
            statement = _DELETE.format(features=_marks(len(features)))
            cursor.execute(statement, [place_of(article_id, published), *features])


def nearest(fingerprint: Fingerprint, limit: int = SHORTLIST) -> list[int]:
    """The ids of the articles that share most weight with ``fingerprint``, most first; itself too if it is indexed."""
    wanted = _heaviest(fingerprint)
    if not wanted:
        return []
    if connection.vendor == "sqlite":
        rows = ", ".join(["(%s, %s)"] * len(wanted))
        statement = _NEAREST_SQLITE.format(rows=rows)
        arguments: list[Any] = [value for pair in wanted for value in pair] + [_ARTICLE, NEWEST - 1, limit]
    else:
        features, weights = zip(*wanted, strict=True)
        statement, arguments = _NEAREST_POSTGRESQL, [_ARTICLE, list(features), list(weights), NEWEST, limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return [article for (article,) in cursor.fetchall()]


def _heaviest(fingerprint: Fingerprint) -> list[tuple[int, float]]:
    hashes = fingerprint.heaviest()
    weights = fingerprint.weights[fingerprint.hashes.searchsorted(hashes)]
    return list(zip(hashes.tolist(), weights.tolist(), strict=True))


def _in_batches(statement: str, rows: Sequence[Row], size: int = 5_000) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            values = ", ".join(["(%s, %s, %s)"] * len(part))
            cursor.execute(statement.format(rows=values), _flat(part))


def _flat(rows: Iterable[Row]) -> list[int]:
    return [value for row in rows for value in row]


def _marks(number: int) -> str:
    return ", ".join(["%s"] * number)
