"""The index of each database: FTS5 on SQLite, tsvector on PostgreSQL.

Both hold the words our own folding made, neither parses text. The cost of a
search is bounded by ``CANDIDATES``: of all articles that match, the newest are
ranked, once among those with the words in headline, tags, names or standfirst,
once among all. Both indexes are walked from the newest article on, and a
search for a word that half of the archive holds stops after that many. What
an index cannot answer itself is asked of the newest ``EXAMINED`` rows.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.models import Article, ArticleQuerySet, SearchEntry
from articles.search.fields import GAP, Fields
from articles.search.query import Phrase, Query
from articles.search.relevance import relevances

CANDIDATES = 500
"""Articles ranked of each kind; more than anybody pages through."""

HEADLINE, LABELS, STANDFIRST, BODY = 10.0, 5.0, 3.0, 1.0
WEIGHTS = (HEADLINE, LABELS, STANDFIRST, BODY)
"""What a word counts, by where it stands."""

EXAMINED = 3_000
"""Articles whose words are read to see whether they stand side by side, or whether others are missing."""

LAST_PLACE = 2**63 - 1

BLOCK_BITS = 50
"""Of a place that do not count for its block on PostgreSQL: a block is 24 days."""

MOST_BLOCKS = 64
"""Blocks asked for at once, after one, two, four and so on: four years."""

BLOCK = f"array_to_tsvector(ARRAY['{GAP}' || (place >> {BLOCK_BITS})::text])"
"""The block as a word: both indexes hold it beside the others, so that they need not look beyond one block."""

RANKED_CHARACTERS = 20_000
"""Of a story that count for its relevance on SQLite."""

NEWEST = 2_000
"""Articles with the words that a list by date looks at; whoever reads further narrows its days."""

ENOUGH = 50
"""Counting the articles of a spelling stops here."""


class Candidate(NamedTuple):
    """An article that matches and may be seen; ``strong`` when all the words are in headline, labels or standfirst."""

    article_id: int
    place: int
    relevance: float
    strong: bool


class Newest(NamedTuple):
    """Articles with the words, readers may see them or not; ``oldest``: the last place looked at, unless it was all."""

    ids: list[int]
    oldest: int | None


class Found(NamedTuple):
    """The candidates, and whether ``older`` articles may match too."""

    candidates: list[Candidate]
    older: bool


Within: TypeAlias = Callable[[ArticleQuerySet], ArticleQuerySet]
"""Narrows what readers may see to what whoever asks may be told."""

Entry: TypeAlias = tuple[int, int, Fields]
"""What is written of an article: its id, its place, its words."""


class Index(ABC):
    """One database's way to write and to match."""

    match: str
    """Selects the ``article_id`` of every match, seen by readers or not."""

    before = ""
    """Stands before the statement of candidates."""

    @abstractmethod
    def write(self, rows: Sequence[Entry]) -> None:
        """Index these articles anew."""

    @abstractmethod
    def expression(self, query: Query) -> str:
        """The query in the database's own language."""

    @abstractmethod
    def pool(self, query: Query, whole: Query, visible: str, *, strong: bool) -> tuple[str, list[Any]]:
        """The statement that selects one kind of candidate, and its parameters before those of ``visible``."""

    def candidates(self, query: Query, whole: Query, within: Within) -> Found:
        """The newest visible matches of the ``whole`` words, with their relevance to the query: one question.

        A row without an article says that not all were looked at.
        """
        visible, visible_params = _visible(within)
        few, few_params = self.pool(query, whole, visible, strong=True)
        many, many_params = self.pool(query, whole, visible, strong=False)
        sql = f"{self.before} SELECT * FROM ({few}) AS few UNION ALL SELECT * FROM ({many}) AS many"  # noqa: S608
        rows = _rows(sql, [*few_params, *visible_params, *many_params, *visible_params])
        found = self.ranked([row for row in rows if row[0]], query)
        matches = sum(not candidate.strong for candidate in found)
        return Found(found, older=matches >= CANDIDATES or len(found) < len(rows))

    def ranked(self, rows: Sequence[tuple[Any, ...]], _query: Query) -> list[Candidate]:
        """The rows of both kinds."""
        return [Candidate(pk, place, score, bool(strong)) for pk, place, score, strong in rows]

    @abstractmethod
    def newest(self, whole: Query, first: int, last: int) -> Newest:
        """The newest matches of the ``whole`` words among the places from ``first`` to ``last``: one question."""

    def counts(self, queries: Sequence[Query], within: Within) -> list[int]:
        """How many visible articles each query finds, at most ``ENOUGH``: one query."""
        visible, params = _visible(within)
        one = f"SELECT count(*) FROM ({self.match} AND EXISTS ({visible}) LIMIT {ENOUGH}) AS found"  # noqa: S608
        both = [value for query in queries for value in (self.expression(query), *params)]
        return [row[0] for row in _rows(" UNION ALL ".join([one] * len(queries)), both)] if queries else []

    def ids(self, query: Query) -> RawSQL:
        """The ids of all articles that match, whether or not readers may see them."""
        return RawSQL(self.match, (self.expression(query),))  # noqa: S611 - constant SQL, the words are a parameter


class Sqlite(Index):
    """An FTS5 table whose rowid is the entry's place."""

    match = """
        SELECT e.article_id FROM articles_searchindex
        CROSS JOIN articles_searchentry e ON e.place = articles_searchindex.rowid
        WHERE articles_searchindex MATCH %s"""

    def write(self, rows: Sequence[Entry]) -> None:
        """The trigger on the entry's table deletes the old words. Three statements."""
        SearchEntry.objects.filter(article_id__in=[pk for pk, _place, _fields in rows]).delete()
        SearchEntry.objects.bulk_create(SearchEntry(article_id=pk, place=place) for pk, place, _fields in rows)
        columns = ((place, one.headline, one.labels, one.standfirst, one.body) for _pk, place, one in rows)
        with connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO articles_searchindex (rowid, headline, labels, standfirst, body)
                VALUES (%s, %s, %s, %s, %s)
                """,
                [(place, *map(" ".join, words)) for place, *words in columns],
            )

    def expression(self, query: Query) -> str:
        """Quoted words only: nothing in them can be syntax."""
        return self._without(self._wanted(query), query)

    def pool(self, query: Query, whole: Query, visible: str, *, strong: bool) -> tuple[str, list[Any]]:
        """Newest first is the order of the index itself."""
        sql = f"""
            SELECT e.article_id, e.place, {int(strong)}, headline, labels, standfirst,
                substr(body, 1, {RANKED_CHARACTERS})
            FROM articles_searchindex CROSS JOIN articles_searchentry e ON e.place = articles_searchindex.rowid
            WHERE articles_searchindex MATCH %s AND EXISTS ({visible})
            ORDER BY articles_searchindex.rowid DESC LIMIT {CANDIDATES}"""  # noqa: S608
        within = f"({{headline labels standfirst}} : {self._wanted(whole)})"
        return sql, [self._without(within, query) if strong else self.expression(whole)]

    def newest(self, whole: Query, first: int, last: int) -> Newest:
        """In the order of the index itself."""
        sql = f"""
            SELECT e.article_id, e.place
            FROM articles_searchindex CROSS JOIN articles_searchentry e ON e.place = articles_searchindex.rowid
            WHERE articles_searchindex MATCH %s AND articles_searchindex.rowid BETWEEN %s AND %s
            ORDER BY articles_searchindex.rowid DESC LIMIT {NEWEST}"""  # noqa: S608
        rows = _rows(sql, [self.expression(whole), first, last])
        return Newest([pk for pk, _place in rows], rows[-1][1] if len(rows) == NEWEST else None)

    def ranked(self, rows: Sequence[tuple[Any, ...]], query: Query) -> list[Candidate]:
        """By the words themselves, of each story once."""
        stories = {place: fields for _pk, place, _strong, *fields in rows}
        scores = dict(zip(stories, relevances(list(stories.values()), WEIGHTS, query), strict=True))
        return [Candidate(pk, place, scores[place], bool(strong)) for pk, place, strong, *_fields in rows]

    def _wanted(self, query: Query) -> str:
        groups = (_either(map(_fts5, group)) for group in query.groups)
        return f"({' AND '.join(groups)})"

    def _without(self, wanted: str, query: Query) -> str:
        return f"({wanted} NOT {_either(map(_fts5, query.without))})" if query.without else wanted


_STEPS = f"""
    steps AS (
        SELECT max(place) >> {BLOCK_BITS} AS newest, 1 AS blocks FROM articles_searchentry WHERE place <= {{last}}
        UNION ALL
        SELECT
            (SELECT max(place) >> {BLOCK_BITS} FROM articles_searchentry
                WHERE place < (newest - blocks + 1) << {BLOCK_BITS}),
            least(blocks * 2, {MOST_BLOCKS})
        FROM steps WHERE newest >= {{first}}::bigint >> {BLOCK_BITS}
    )"""  # noqa: S608
"""Runs of blocks of places, the newest first."""

_BLOCKS = f"""LATERAL (
    SELECT string_agg('{GAP}' || block, '|') AS blocks
    FROM generate_series(greatest(newest - blocks + 1, 0), newest) AS block
)"""  # noqa: S608
"""The blocks of one run, each as the word it has in the index."""


class Postgresql(Index):
    """Two vectors beside the entry: ``strong`` without the story's text, ``words`` with it."""

    match = f"SELECT e.article_id FROM articles_searchentry e WHERE (words || {BLOCK}) @@ %s::tsquery"  # noqa: S608
    before = f"WITH RECURSIVE {_STEPS.format(last=LAST_PLACE, first=0)}"

    def write(self, rows: Sequence[Entry]) -> None:
        """One statement for a new and for a known article."""
        with connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO articles_searchentry (article_id, place, strong, words)
                VALUES (%s, %s, %s::tsvector, %s::tsvector)
                ON CONFLICT (article_id) DO UPDATE
                SET place = excluded.place, strong = excluded.strong, words = excluded.words
                """,
                [(pk, place, *_vectors(fields)) for pk, place, fields in rows],
            )

    def expression(self, query: Query) -> str:
        """Quoted words only: nothing in them can be syntax."""
        wanted = [_either(map(_tsquery, group), " | ") for group in query.groups]
        return " & ".join([*wanted, *(f"!({_tsquery(phrase)})" for phrase in query.without)])

    def pool(self, query: Query, whole: Query, visible: str, *, strong: bool) -> tuple[str, list[Any]]:
        """Blocks of places, the newest first; row by row what the index cannot say, and the relevance of what is left.

        Every join is a ``LATERAL`` of what came before, so that there is only one way to plan it.
        """
        weights = ",".join(str(weight / HEADLINE) for weight in (BODY, STANDFIRST, LABELS, HEADLINE))
        column, expression = "strong" if strong else "words", self.expression(query)
        exactly = self._exactly(query, strong=strong)
        sql = f"""
            WITH newest AS MATERIALIZED (
                SELECT found.article_id FROM steps
                CROSS JOIN {_BLOCKS} AS within
                CROSS JOIN LATERAL (
                    SELECT article_id FROM articles_searchentry
                    WHERE ({column} || {BLOCK}) @@ CAST(%s || '(' || within.blocks || ')' AS tsquery)
                    ORDER BY place DESC
                ) AS found LIMIT {EXAMINED if exactly else "ALL"}
            )
            SELECT article_id, place, ts_rank('{{{weights}}}', vector, CAST(%s AS tsquery)), {int(strong)} FROM (
                SELECT one.* FROM newest CROSS JOIN LATERAL (
                    SELECT e.article_id, e.place, e.{column} AS vector FROM articles_searchentry e
                    WHERE e.article_id = newest.article_id
                    {"".join(f"AND e.{one} @@ CAST(%s AS tsquery) " for one in exactly)}AND EXISTS ({visible}) LIMIT 1
                ) AS one LIMIT {CANDIDATES}
            ) AS ranked
            {f"UNION ALL SELECT 0, 0, 0, 0 FROM newest HAVING count(*) = {EXAMINED}" if exactly and not strong else ""}
            """  # noqa: S608
        return sql, [f"{self._by_index(whole)} & ", expression, *[expression] * len(exactly)]

    def newest(self, whole: Query, first: int, last: int) -> Newest:
        """Blocks of places, the newest first; row by row what the index cannot say."""
        exactly = self._exactly(whole, strong=False)
        most = EXAMINED if exactly else NEWEST
        matches = (
            "(SELECT e.words @@ CAST(%s AS tsquery) FROM articles_searchentry e WHERE e.article_id = newest.article_id)"
        )
        sql = f"""
            WITH RECURSIVE {_STEPS.format(last="%s", first="%s")},
            newest AS MATERIALIZED (
                SELECT found.article_id, found.place FROM steps
                CROSS JOIN {_BLOCKS} AS within
                CROSS JOIN LATERAL (
                    SELECT article_id, place FROM articles_searchentry
                    WHERE (words || {BLOCK}) @@ CAST(%s || '(' || within.blocks || ')' AS tsquery)
                        AND place BETWEEN %s AND %s
                    ORDER BY place DESC
                ) AS found LIMIT {most}
            )
            SELECT article_id, place, {matches if exactly else "TRUE"} FROM newest ORDER BY place DESC"""  # noqa: S608
        asked = [last, first, f"{self._by_index(whole)} & ", first, last]
        rows = _rows(sql, [*asked, self.expression(whole)] if exactly else asked)
        return Newest([pk for pk, _place, match in rows if match], rows[-1][1] if len(rows) == most else None)

    def _by_index(self, query: Query) -> str:
        """What the index answers without a look at the rows: words, wherever they stand."""
        wanted = [
            _either((" & ".join(map(_quoted, phrase.words)) for phrase in group), " | ") for group in query.groups
        ]
        return " & ".join([*wanted, *(f"!{_quoted(phrase.words[0])}" for phrase in query.without if _is_word(phrase))])

    def _exactly(self, query: Query, *, strong: bool) -> list[str]:
        """The columns whose rows must be looked at; what is left out may stand in the story."""
        columns = (
            {"strong" if strong else "words"} if any(len(phrase.words) > 1 for phrase in query.phrases()) else set()
        )
        if query.without and (strong or not all(map(_is_word, query.without))):
            columns.add("words")
        return sorted(columns)


def index() -> Index:
    """The index of the database in use."""
    return Sqlite() if connection.vendor == "sqlite" else Postgresql()


def _visible(within: Within) -> tuple[str, tuple[Any, ...]]:
    """A subquery that holds a row when the article of the entry ``e`` may be seen."""
    entry = RawSQL("e.article_id", ())
    rows = within(Article.objects.public()).filter(pk=entry).order_by().values("pk")
    return rows.query.sql_with_params()


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _either(parts: Iterable[str], joint: str = " OR ") -> str:
    return f"({joint.join(parts)})"


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.prefix else ""}'


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(map(_quoted, phrase.words)) + (":*" if phrase.prefix else "")


def _quoted(word: str) -> str:
    return f"'{word}'"


def _is_word(phrase: Phrase) -> bool:
    return len(phrase.words) == 1 and not phrase.prefix


def _vectors(fields: Fields) -> tuple[str, str]:
    """Without the story's text, and with it."""
    strong = (fields.headline, "A"), (fields.labels, "B"), (fields.standfirst, "C")
    return _vector(strong), _vector((*strong, (fields.body, "D")))


def _vector(fields: Iterable[tuple[list[str], str]]) -> str:
    """A tsvector literal. Fields stand apart, so that no phrase reaches over their border."""
    places: dict[str, list[str]] = {}
    border = 1
    for words, weight in fields:
        for place, word in enumerate(words, start=border):
            if word != GAP:
                places.setdefault(word, []).append(f"{place}{weight}")
        border += len(words) + 1
    return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())
