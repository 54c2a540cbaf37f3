"""Who could stand in a list: one query for picks, suggestions, campaigns, exclusions and groups together.

It is written out in SQL because it runs on every page that is not cached, and
Django took longer to build it than either database to answer it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.models.article import is_public_at

_PICK, _FILL, _PIN, _EXCLUDED, _GROUP, _OFF = range(6)

_TARGET = "t.status, t.publish_at, t.expire_at, t.embargo_until, CASE WHEN x.id IS NULL THEN 0 ELSE 1 END"
_NO_TARGET = "'', NULL, NULL, NULL, 0"
_JOINS = (
    " JOIN articles_article t ON t.id = {0}.target_id"
    " LEFT JOIN curation_exclusion x ON x.target_id = {0}.target_id AND x.article_id IS NULL"
)
_PICKS = (
    f"SELECT {_PICK}, p.article_id, p.target_id, CAST(p.position AS double precision), p.id, p.picked_at, p.until,"
    f" {_TARGET} FROM curation_pick p{_JOINS.format('p')} WHERE p.article_id IN ({{lists}})"
)
_FILLS = (
    f"SELECT {_FILL}, s.article_id, s.target_id, -s.score, 0, NULL, NULL, {_TARGET}"
    f" FROM curation_suggestion s{_JOINS.format('s')} WHERE s.article_id IN ({{lists}})"
)
_PINS = (
    f"SELECT {_PIN}, 0, c.target_id, c.slot, c.id, c.starts, c.ends, {_TARGET}"
    f" FROM curation_campaign c{_JOINS.format('c')} WHERE c.ends > %s AND (c.section_id = %s{{tags}}"
    " OR (c.section_id IS NULL AND c.tag_id IS NULL))"
)
_EXCLUSIONS = (
    f"SELECT {_EXCLUDED}, e.article_id, e.target_id, 0, 0, NULL, NULL, {_NO_TARGET}"
    " FROM curation_exclusion e WHERE e.article_id IN ({lists})"
)
_OFFS = (
    f"SELECT {_OFF}, l.article_id, 0, 0, 0, NULL, NULL, {_NO_TARGET}"
    " FROM curation_curatedlist l WHERE l.off AND l.article_id IN ({lists})"
)
_GROUPS = (
    f"SELECT {_GROUP}, 0, m.article_id, 0, m.group_id, NULL, NULL, {_NO_TARGET} FROM curation_keptapartmember m"
    " WHERE m.article_id IN ({lists})"
    " OR m.article_id IN (SELECT target_id FROM curation_suggestion WHERE article_id IN ({lists}))"
    " OR m.article_id IN (SELECT target_id FROM curation_pick WHERE article_id IN ({lists}))"
)
_GROUPS_OF_PINS = " OR m.article_id IN (SELECT target_id FROM curation_campaign WHERE ends > %s)"


@dataclass(frozen=True, slots=True)
class Candidate:
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

    def moments(self) -> Iterator[datetime]:
        """When the answer may change."""
        for moment in (self.since, self.until, self.publish_at, self.expire_at, self.embargo_until):
            if moment is not None:
                yield moment


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
        rows = [*self.pins, *(row for rows in (*self.picks.values(), *self.fills.values()) for row in rows)]
        return min((moment for row in rows for moment in row.moments() if moment > now), default=None)


@dataclass(frozen=True)
class Reach:
    """Which campaigns bear on a list: those of all articles, of its section, and of its tags."""

    section: int | None = None
    tags: Sequence[int] = ()


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
        begins = _moment(since) if rule == _PIN else None
        candidate = Candidate(target, pk, begins, _moment(until), status, *map(_moment, times))
        if banned:
            found.banned.add(target)
        if rule == _PIN:
            found.slots[pk] = int(number)
            found.pins.append(candidate)
        else:
            (found.picks if rule == _PICK else found.fills)[page].append(candidate)


def _rows(lists: Sequence[int], reach: Reach | None) -> list[tuple[Any, ...]]:
    statement, arguments = _statement(lists, reach)
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _statement(lists: Sequence[int], reach: Reach | None) -> tuple[str, list[Any]]:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    marks = _marks(lists)
    parts = [part.format(lists=marks) for part in (_PICKS, _FILLS, _EXCLUSIONS, _OFFS)]
    arguments: list[Any] = [*lists, *lists, *lists, *lists]
    groups = _GROUPS.format(lists=marks)
    arguments += [*lists, *lists, *lists]
    if reach is not None:
        groups += _GROUPS_OF_PINS
        arguments.append(now)
    parts.append(groups)
    if reach is not None:
        tags = f" OR c.tag_id IN ({_marks(reach.tags)})" if reach.tags else ""
        parts.append(_PINS.format(tags=tags))
        arguments += [now, reach.section, *reach.tags]
    return " UNION ALL ".join(parts), arguments


def _marks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))


def _moment(value: Any) -> datetime | None:
    """A time as either database gives it: SQLite's are in UTC, as text or without saying so."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
