"""The desk's search in headlines: those of the newest revisions and those that readers see.

Found are the newest, from an index, so that a common word in a large archive costs no more than any other.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from articles.headline_index import BLOCK_BITS, PARTS, TABLE
from articles.models import Article
from pagecache.admin import is_id

MOST = 2_000
"""Articles found, the newest: forty pages of the list, more than anybody reads."""

LOOKED_THROUGH = 10_000
"""Articles, the newest, whose headlines are read where no word has ``LETTERS``."""

LETTERS = 3
"""Those of the index."""

_NEWEST_BLOCKS_FIRST = f"""
    SELECT found.article_id FROM (
        SELECT array_agg(DISTINCT part) AS parts
        FROM unnest(%s::text[]) AS word, unnest(articles_trigrams(word)) AS part
    ) AS asked
    CROSS JOIN (SELECT array_agg(upper(one)) AS patterns FROM unnest(%s::text[]) AS one) AS exactly
    CROSS JOIN generate_series((SELECT max(article_id) >> {BLOCK_BITS} FROM {TABLE}), 0, -1) AS block
    CROSS JOIN LATERAL (
        SELECT article_id FROM {TABLE}
        WHERE ({PARTS}) @> (asked.parts || ('block ' || block))
        AND upper(shown || chr(10) || newest) LIKE ALL (exactly.patterns)
        ORDER BY article_id DESC
    ) AS found LIMIT %s"""  # noqa: S608
_NEWEST_ROWS = f"""
    SELECT article_id FROM (SELECT * FROM {TABLE} ORDER BY article_id DESC LIMIT %s) AS newest_rows
    WHERE upper(shown || chr(10) || newest) LIKE ALL (SELECT upper(one) FROM unnest(%s::text[]) AS one)
    ORDER BY article_id DESC LIMIT %s"""  # noqa: S608


class Found(NamedTuple):
    """Ids of articles; ``limited`` when older ones were left out."""

    ids: set[int]
    limited: bool = False


def find(typed: str) -> Found | None:
    """Articles with every word in a headline, or whose number is the word; nothing when nothing was typed.

    What is quoted is one word. A question or two, whatever the archive's size.
    """
    words = [_unquoted(bit) for bit in smart_split(typed.replace("\0", " "))]
    if not words:
        return None
    found = _found(words)
    if any(map(is_id, words)):
        found.ids.update(_numbered(words))
    return found


def _numbered(words: Sequence[str]) -> QuerySet[Article, int]:
    """Of the articles whose numbers were typed those that have the other words too."""
    articles: QuerySet[Article] = Article.objects.filter(pk__in=[int(word) for word in words if is_id(word)])
    for word in words:
        has = Q(headline__icontains=word) | Q(latest__headline__icontains=word)
        articles = articles.filter(has | Q(pk=int(word)) if is_id(word) else has)
    return articles.values_list("pk", flat=True)


def _found(words: Sequence[str]) -> Found:
    by_index = any(len(word) >= LETTERS for word in words)
    asked = (_on_sqlite if connection.vendor == "sqlite" else _on_postgresql)(words, by_index=by_index)
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        ids = [pk for (pk,) in cursor.fetchall()]
    is_all = by_index or not Article.objects.order_by("-pk").values("pk")[LOOKED_THROUGH:].exists()
    return Found(set(ids[:MOST]), limited=len(ids) > MOST or not is_all)


def _on_sqlite(words: Sequence[str], *, by_index: bool) -> tuple[str, list[Any]]:
    """FTS5 keeps no words shorter than ``LETTERS``: these are looked for in what the others found."""
    likes = [f"%{_literally(word)}%" for word in words]
    like = " AND ".join([r"(shown LIKE %s ESCAPE '\' OR newest LIKE %s ESCAPE '\')"] * len(words))
    twice = [one for one in likes for _column in range(2)]
    if not by_index:
        rows = f"SELECT rowid, shown, newest FROM {TABLE} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        return f"SELECT rowid FROM ({rows}) WHERE {like} LIMIT %s", [LOOKED_THROUGH, *twice, MOST + 1]  # noqa: S608
    match = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in words if len(word) >= LETTERS)
    sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND {like} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
    return sql, [match, *twice, MOST + 1]


def _on_postgresql(words: Sequence[str], *, by_index: bool) -> tuple[str, list[Any]]:
    """Block after block, so that of a common word no more is read than of a rare one."""
    likes = [f"%{_literally(word)}%" for word in words]
    if not by_index:
        return _NEWEST_ROWS, [LOOKED_THROUGH, likes, MOST + 1]
    return _NEWEST_BLOCKS_FIRST, [list(words), likes, MOST + 1]


def _literally(word: str) -> str:
    return connection.ops.prep_for_like_query(word)


def _unquoted(bit: str) -> str:
    quoted = len(bit) > 1 and bit[0] in {'"', "'"} and bit[0] == bit[-1]
    return unescape_string_literal(bit) if quoted else bit
