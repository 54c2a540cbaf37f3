"""Who could stand in a list: one query for picks, suggestions, campaigns, exclusions and groups together.

It is written out in SQL because it runs on every page that is not cached, and
Django took longer to build it than either database to answer it. On PostgreSQL
the statement for one list is the function ``curation_candidates``, made by a
migration: what changes here must change there.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from articles.models.article import is_public_at
from curation.instants import instant
from pagecache.kept_plans import array, text
from pagecache.plain_statements import ask

_PICK, _FILL, _PIN, _EXCLUDED, _GROUP, _OFF = range(6)

_PICKS = (
    f"SELECT {_PICK}, article_id, target_id, CAST(position AS double precision), id, picked_at, until"
    " FROM curation_pick WHERE article_id IN ({lists})"
)
_FILLS = (
    f" UNION ALL SELECT {_FILL}, article_id, target_id, -score, 0, NULL, NULL"
    " FROM curation_suggestion WHERE article_id IN ({lists})"
)
_PINS = (
    f" UNION ALL SELECT {_PIN}, 0, target_id, slot, id, starts, ends"
    " FROM curation_campaign WHERE ends > %s AND coalesce(section_id, -tag_id, 0) IN ({reach})"
)
_OF_ONE = "SELECT * FROM curation_candidates(%s, %s, %s::bigint[])"
_OF_ONE_KEPT = b"SELECT * FROM curation_candidates($1::bigint, $2::timestamptz, $3::bigint[])"
_NAMED = "WITH named (rule, page, target, number, pk, since, until) AS ({named})"
"""Whoever is picked, suggested or pinned."""

_NOTHING_SHOWN = "NULL, NULL, '', NULL, NULL, NULL, NULL"
_FOUND = (
    " SELECT n.*, t.status, t.publish_at, t.expire_at, t.embargo_until,"
    " (SELECT x.id FROM curation_exclusion x WHERE x.target_id = n.target AND x.article_id IS NULL)"
    " FROM named n JOIN articles_article t ON t.id = n.target"
    f" UNION ALL SELECT {_EXCLUDED}, article_id, target_id, 0, 0, {_NOTHING_SHOWN}"
    " FROM curation_exclusion WHERE article_id IN ({lists})"
    f" UNION ALL SELECT {_OFF}, article_id, 0, 0, 0, {_NOTHING_SHOWN}"
    " FROM curation_curatedlist WHERE off AND article_id IN ({lists})"
    f" UNION ALL SELECT {_GROUP}, 0, article_id, 0, group_id, {_NOTHING_SHOWN}"
    " FROM curation_keptapartmember WHERE article_id IN ({lists})"
    f" UNION ALL SELECT {_GROUP}, 0, n.target, 0, m.group_id, {_NOTHING_SHOWN}"
    " FROM named n JOIN curation_keptapartmember m ON m.article_id = n.target"
)


class Candidate(NamedTuple):
    """An article that could stand in a list: what decides whether it is shown, and when."""

    target: int
    row: int
    since: datetime | None
    until: datetime | None
    status: str
    publish_at: datetime | None
    expire_at: datetime | None
    embargo_until: datetime | None

    def is_shown(self, now: datetime) -> bool:
        """Whether readers may see it, and its time in this list has come and not passed."""
        if (self.since and self.since > now) or (self.until and self.until <= now):
            return False
        return is_public_at(now, self.status, self.publish_at, self.expire_at, self.embargo_until)

    def moments(self) -> list[datetime]:
        """When the answer may change."""
        moments = (self.since, self.until, self.publish_at, self.expire_at, self.embargo_until)
        return [moment for moment in moments if moment is not None]


@dataclass
class Candidates:
    """What the query found. ``picks`` and ``fills`` by list, in order; ``slots`` the place of each campaign."""

    picks: dict[int, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    fills: dict[int, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    pins: list[Candidate] = field(default_factory=list)
    slots: dict[int, int] = field(default_factory=dict)
    excluded: set[tuple[int, int]] = field(default_factory=set)
    banned: set[int] = field(default_factory=set)
    groups: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    off: set[int] = field(default_factory=set)

    def chosen(self, page: int) -> set[int]:
        """What people put into the list beside ``page``, shown or not: it is to appear as soon as it may."""
        return {candidate.target for candidate in (*self.picks.get(page, ()), *self.pins)}

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which the clock alone may change what is shown."""
        lists = [self.pins, *self.picks.values(), *self.fills.values()]
        return min((moment for rows in lists for row in rows for moment in row.moments() if moment > now), default=None)


@dataclass(frozen=True)
class Reach:
    """Which campaigns bear on a list: those of all articles, of its section, and of its tags."""

    section: int | None = None
    tags: Sequence[int] = ()

    def numbers(self) -> list[int]:
        """As the statement has them: 0 for all articles, the section, the tags below nothing."""
        return [0, *([self.section] if self.section else []), *(-tag for tag in self.tags)]


def candidates_of(lists: Sequence[int], reach: Reach | None = None) -> Candidates:
    """Everything that bears on the lists beside the articles ``lists``: one query. No campaigns without ``reach``."""
    found = Candidates()
    if lists:
        for row in sorted(_rows(lists, reach), key=lambda row: (row[0], row[3], row[4], -row[2])):
            _sort_in(found, row)
    return found


def _sort_in(found: Candidates, row: tuple[Any, ...]) -> None:
    rule, page, target, number, pk, since, until, status, *times, banned = row
    if rule == _EXCLUDED:
        found.excluded.add((page, target))
    elif rule == _GROUP:
        found.groups[target].add(pk)
    elif rule == _OFF:
        found.off.add(page)
    else:
        begins = instant(since) if rule == _PIN else None
        shown = [None if moment is None else instant(moment) for moment in (until, *times)]
        candidate = Candidate(target, pk, begins, shown[0], status, *shown[1:])
        if banned:
            found.banned.add(target)
        if rule == _PIN:
            found.slots[pk] = int(number)
            found.pins.append(candidate)
        else:
            (found.picks if rule == _PICK else found.fills)[page].append(candidate)


def _rows(lists: Sequence[int], reach: Reach | None) -> list[tuple[Any, ...]]:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    bearing = None if reach is None else reach.numbers()
    if connection.vendor == "sqlite":
        values = [*lists] if bearing is None else [*lists, now, *bearing]
        statement = _on_sqlite(len(lists), None if bearing is None else len(bearing))
        found = ask(statement, values, connection)
        return _fetched(*_of_many(lists, now, bearing)) if found is None else found
    return _of_one(lists[0], now, bearing) if len(lists) == 1 else _fetched(*_of_many(lists, now, bearing))


@lru_cache(maxsize=256)
def _on_sqlite(lists: int, bearing: int | None) -> str:
    """With numbered places: the lists, the moment, and what bears on them."""
    pins = "" if bearing is None else _PINS.format(reach=_numbered(lists + 2, bearing)).replace("%s", f"?{lists + 1}")
    statement = _NAMED.replace("{named}", _PICKS + _FILLS + pins) + _FOUND
    return statement.replace("{lists}", _numbered(1, lists))


def _numbered(first: int, number: int) -> str:
    return ", ".join(f"?{place}" for place in range(first, first + number))


def _of_one(page: int, now: Any, bearing: list[int] | None) -> list[tuple[Any, ...]]:
    asking: Any = connection
    values = [text(page), text(now), None if bearing is None else array(bearing)]
    kept: list[tuple[Any, ...]] | None = asking.ask(_OF_ONE_KEPT, values)
    return _fetched(_OF_ONE, [page, now, bearing]) if kept is None else kept


def _fetched(statement: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _of_many(lists: Sequence[int], now: Any, bearing: Sequence[int] | None) -> tuple[str, list[Any]]:
    named, arguments = _PICKS + _FILLS, [*lists, *lists]
    if bearing is not None:
        named += _PINS.replace("{reach}", _marks(bearing))
        arguments += [now, *bearing]
    statement = (_NAMED.replace("{named}", named) + _FOUND).replace("{lists}", _marks(lists))
    return statement, [*arguments, *lists, *lists, *lists]


def _marks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))
