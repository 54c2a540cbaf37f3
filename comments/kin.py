"""Earlier comments that are like a new one: found by their marks, in two queries however many there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef

from comments.likeness import ENOUGH_BANDS, Key
from comments.models import Comment, Mark, ModerationEntry, State

NEWEST = 50
"""Earlier comments looked at for each mark, so that a flood of one text costs no more than a few."""

_ONE = (
    "SELECT kind, value, comment_id FROM (SELECT kind, value, comment_id FROM comments_mark "
    "WHERE kind = %s AND value = %s ORDER BY comment_id DESC LIMIT %s) AS newest"
)


@dataclass(frozen=True)
class Kin:
    """One earlier comment, and by what it is like the new one."""

    id: int
    state: str
    judged: bool
    """Whether a person, and not the system, put it where it is."""

    email: str
    cluster: int | None
    likeness: str
    near: bool
    sites: frozenset[int] = field(default_factory=frozenset)
    """Marks of the sites that both link."""


def kin_of(keys: Iterable[Key], *, but: int | None = None) -> list[Kin]:
    """The earlier comments that share ``keys``, newest first; ``but`` is the id of one that does not count."""
    near, sites = _shared(_newest(sorted(keys)))
    chosen = {one for ids in (near, set(sites)) for one in sorted(ids, reverse=True)[:NEWEST]} - {but}
    if not chosen:
        return []
    by_person = ModerationEntry.objects.filter(
        comment=OuterRef("pk"), kind=ModerationEntry.Kind.DECIDE, by__isnull=False, after=OuterRef("state")
    )
    rows = Comment.objects.filter(pk__in=chosen).annotate(judged=Exists(by_person)).order_by("-pk")
    return [
        Kin(*row, near=row[0] in near, sites=frozenset(sites.get(row[0], ())))
        for row in rows.values_list("pk", "state", "judged", "email", "cluster", "likeness")
        if row[1] != State.WITHDRAWN
    ]


def _newest(keys: list[Key]) -> list[tuple[str, int, int]]:
    """Kind, value and comment of the newest of each mark, in one query."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        values = [value for key in keys for value in (*key, NEWEST)]
        cursor.execute(" UNION ALL ".join([_ONE] * len(keys)), values)
        return [(str(kind), int(value), int(comment)) for kind, value, comment in cursor.fetchall()]


def _shared(rows: list[tuple[str, int, int]]) -> tuple[set[int], dict[int, set[int]]]:
    """The comments with nearly the same text; and by comment the sites that it links, too."""
    near = {comment for kind, _value, comment in rows if kind == Mark.Kind.TEXT}
    bands = Counter(comment for kind, _value, comment in rows if kind == Mark.Kind.NEAR)
    near |= {comment for comment, number in bands.items() if number >= ENOUGH_BANDS}
    sites: dict[int, set[int]] = {}
    for kind, value, comment in rows:
        if kind == Mark.Kind.DOMAIN:
            sites.setdefault(comment, set()).add(value)
    return near, sites
