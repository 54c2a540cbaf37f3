"""Beginnings of words as the words that begin so.

A database that is asked for a beginning gathers every article of every such word before it looks at the newest;
asked for the words themselves it stops at the newest.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection

from articles.search.query import Phrase, Query

MOST = 100
"""Words taken for a beginning, the shortest: those nearest to what was typed."""

TOGETHER = 200
"""Words taken for all beginnings of a query: what a database does for so many grows with their square."""


def written_out(query: Query) -> tuple[Query, bool]:
    """The query without beginnings, and whether some begin more words than were taken: one question, or none."""
    beginnings = {phrase.words[-1] for phrase in query.phrases() if phrase.prefix}
    most = min(MOST, TOGETHER // max(len(beginnings), 1))
    known = _known(beginnings, most + 1)
    groups = tuple(
        tuple(dict.fromkeys(whole for phrase in group for whole in _whole(phrase, known, most)))
        for group in query.groups
    )
    return Query(groups, query.without), any(len(words) > most for words in known.values())


def _whole(phrase: Phrase, known: dict[str, list[str]], most: int) -> Iterator[Phrase]:
    if not phrase.prefix:
        yield phrase
        return
    *first, last = phrase.words
    for word in (last, *known[last][:most]):
        yield replace(phrase, words=(*first, word), prefix=False)


def _known(beginnings: set[str], most: int) -> dict[str, list[str]]:
    """The shortest words with each beginning, at most so many."""
    if not beginnings:
        return {}
    asked = sorted(beginnings)
    one = f"""SELECT * FROM (
        SELECT %s AS beginning, word FROM articles_searchword WHERE {_BEGINS[connection.vendor]}
        ORDER BY length, word LIMIT {most}) AS known"""  # noqa: S608
    params: list[Any] = [value for beginning in asked for value in (beginning, *_range(beginning))]
    found: dict[str, list[str]] = {beginning: [] for beginning in asked}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(asked)), params)
        for beginning, word in cursor.fetchall():
            found[beginning].append(word)
    return found


_BEGINS = {"sqlite": "word >= %s AND word < %s", "postgresql": "word LIKE %s"}


def _range(beginning: str) -> list[str]:
    """No folded word holds a sign that LIKE would read as one of its own."""
    return [beginning, beginning + "\U0010ffff"] if connection.vendor == "sqlite" else [beginning + "%"]
