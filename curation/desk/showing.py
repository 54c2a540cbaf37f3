"""One list as the desk shows it: its places, what waits, what could come next, and what never comes."""

from dataclasses import dataclass, field
from datetime import datetime

from articles.models import Article
from articles.permissions import Actor
from curation.desk.cards import Card, cards_of
from curation.desk.lost import Lost, lost_picks
from curation.desk.rows import CANDIDATE, Row, reason_of, rows_of
from curation.desk.standing import Standing, standing_of
from curation.models import CuratedList, Exclusion, Pick
from curation.places import Place, list_of, may_curate, picks_of
from curation.related import PICK
from curation.signals import figures

READINGS = 5
"""Times a list is read while colleagues go on changing it."""


@dataclass(frozen=True)
class Rights:
    """What this person may do with this list."""

    add: bool
    change: bool
    delete: bool
    exclude: bool

    @property
    def any(self) -> bool:
        """Whether there is anything they may do."""
        return self.add or self.change or self.delete


NO_RIGHTS = Rights(add=False, change=False, delete=False, exclude=False)


@dataclass
class Desk:
    """All of it."""

    place: Place
    row: CuratedList | None
    may: Rights
    slots: int
    now: datetime
    rows: list[Row] = field(default_factory=list)
    next: list[Row] = field(default_factory=list)
    excluded: list[tuple[Card, Exclusion]] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    @property
    def off(self) -> bool:
        """Whether readers see nothing of it."""
        return self.row is not None and self.row.off

    @property
    def is_seen(self) -> bool:
        """Whether readers can open the page that the list stands on."""
        return not isinstance(self.place, Article) or self.place.is_public()

    @property
    def state(self) -> str:
        """Differs whenever somebody changed the list, or the engine its fills."""
        return state_of(self.row)

    @property
    def shown(self) -> int:
        """Places that are filled."""
        return sum(row.slot is not None for row in self.rows)

    @property
    def left(self) -> int:
        """Places that stay empty."""
        return self.slots - self.shown

    @property
    def picked(self) -> int:
        """Picks, waiting ones included."""
        return sum(row.kind == PICK for row in self.rows)


def state_of(row: CuratedList | None) -> str:
    """A short text that differs whenever somebody changed the list, or the engine its fills."""
    if row is None:
        return "0"
    return f"{row.version}.{int(row.fills_changed_at.timestamp())}" if row.fills_changed_at else str(row.version)


def rights(actor: Actor, place: Place) -> Rights:
    """What ``actor`` may do with the list at ``place``."""
    add, change, delete = (may_curate(actor, place, action) for action in ("add", "change", "delete"))
    return Rights(add, change, delete, exclude=delete and isinstance(place, Article))


def desk_of(place: Place, actor: Actor) -> Desk:
    """The list at ``place`` with everything ``actor`` may know of; what they may not know of is left out."""
    row = list_of(place)  # read first: what changes from here on has another state, and is fetched
    picked, standing = _read(place)
    excluded = _excluded(place)
    offered = standing.next_ids()
    ids = {entry.target for entry in standing.entries} | {*offered}
    ids |= {one.target_id for one in picked} | {one.target_id for one in excluded}
    cards = cards_of(actor, ids)
    desk = Desk(place, row, rights(actor, place), standing.slots, standing.now)
    desk.rows = rows_of(standing, picked, cards)
    desk.next = [Row(cards[pk], CANDIDATE, why=reason_of(standing, pk)) for pk in offered if pk in cards]
    _tell_figures(desk)
    desk.lost = lost_picks(place, desk.row, actor, desk.now)
    desk.excluded = [(cards[one.target_id], one) for one in excluded if one.target_id in cards]
    return desk


def _tell_figures(desk: Desk) -> None:
    """What readers made of each article beside this one: one query for all rows."""
    if not isinstance(desk.place, Article):
        return
    rows = [*desk.rows, *desk.next]
    found = figures(desk.place.pk, {row.pk for row in rows})
    for row in rows:
        row.readers = found.get(row.pk, {})


def _read(place: Place) -> tuple[list[Pick], Standing]:
    """The picks and what stands there, in the same order; read again where a colleague changed it in between."""
    for _reading in range(READINGS):
        picked = list(picks_of(place).select_related("target", "picked_by", "picture"))
        standing = standing_of(place, picked)
        shown = [entry.target for entry in standing.entries if entry.origin == PICK]
        if [one.target_id for one in picked if one.target_id in shown] == shown:
            return picked, standing
    standing.entries = [entry for entry in standing.entries if entry.origin != PICK]
    return picked, standing


def _excluded(place: Place) -> list[Exclusion]:
    """What never stands here, the newest decision first."""
    if not isinstance(place, Article):
        return []
    return list(Exclusion.objects.filter(article=place).select_related("made_by"))
