"""The rows of one list: what stands in it in order, and between that the picks that wait, with the reason in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article, Status
from curation.desk.cards import Card, appears_at, thumb_of, told
from curation.desk.standing import Standing
from curation.models import Campaign, Pick
from curation.reasons import in_words
from curation.related import PICK, PIN, Entry
from curation.signals import Figure

CANDIDATE, FOUND = "candidate", "found"


@dataclass
class Row:
    """One article on the desk: in a place of the list, waiting for one, or offered."""

    card: Card
    kind: str
    slot: int | None = None
    why: str = ""
    waiting: str = ""
    pick: Pick | None = None
    pin: Campaign | None = None
    fields: dict[str, str] = field(default_factory=dict)
    readers: dict[int, Figure] = field(default_factory=dict)
    """By number of days: how often readers were shown it beside this very article, and opened it there."""
    is_first: bool = False
    is_last: bool = False

    @property
    def pk(self) -> int:
        """The article's number."""
        return self.card.article.pk

    @property
    def was_shown(self) -> bool:
        """Whether there are figures to tell."""
        return any(figure.shown or figure.clicked for figure in self.readers.values())

    @property
    def headline(self) -> str:
        """What readers see in this list."""
        return (self.pick.headline if self.pick else "") or self.card.headline

    @property
    def thumb(self) -> str:
        """The picture readers see in this list."""
        return thumb_of(self.pick.picture if self.pick else None) or self.card.thumb


def rows_of(standing: Standing, picked: list[Pick], cards: dict[int, Card]) -> list[Row]:
    """What stands in the list and what waits; articles without a card are left out, their places stay counted."""
    rows = list(_Rows(standing, picked, cards).all())
    own = [row for row in rows if row.kind == PICK]
    if own:
        own[0].is_first = True
        own[-1].is_last = True
    return rows


def reason_of(standing: Standing, target: int) -> str:
    """Why the engine suggests it, in words."""
    words = in_words(standing.reasons.get(target) or {}, standing.tags)
    if target in standing.linked:
        linked = _("the story links to it already")
        return f"{words} · {linked}" if words else linked
    return words


def hidden_words(article: Article, now: datetime) -> str:
    """Why readers do not see an article, in words."""
    coming = appears_at(article, now)
    if coming:
        return _("Not public yet: appears %(when)s.") % {"when": told(coming)}
    if article.expire_at and article.expire_at <= now and article.first_published_at:
        return _("Expired %(when)s.") % {"when": told(article.expire_at)}
    if article.status == Status.KILLED:
        return _("Killed.")
    if article.first_published_at:
        return _("Taken down.")
    return _("Not public yet: %(status)s.") % {"status": article.get_status_display()}


class _Rows:
    def __init__(self, standing: Standing, picked: list[Pick], cards: dict[int, Card]) -> None:
        self.standing, self.cards, self.left = standing, cards, list(picked)
        self.picked = {row.target_id: row for row in picked}
        self.pins = _pins(standing)

    def all(self) -> Iterator[Row]:
        """The entries in order; a pick that is not shown stands where the editor put it."""
        for slot, entry in enumerate(self.standing.entries, start=1):
            yield from self._waiting_before(entry)
            if entry.origin == PICK:
                self.left.pop(0)
            if entry.target in self.cards:
                yield self._shown(entry, slot)
        yield from map(self._waiting, self._known(self.left))

    def _waiting_before(self, entry: Entry) -> Iterator[Row]:
        """Picks keep their order, and all of them stand before the fills."""
        if entry.origin == PIN:
            return
        ids = [row.target_id for row in self.left]
        before = ids.index(entry.target) if entry.origin == PICK else len(ids)
        waiting, self.left = self.left[:before], self.left[before:]
        yield from map(self._waiting, self._known(waiting))

    def _known(self, picked: list[Pick]) -> list[Pick]:
        return [row for row in picked if row.target_id in self.cards]

    def _shown(self, entry: Entry, slot: int) -> Row:
        row = Row(self.cards[entry.target], entry.origin, slot)
        if entry.origin == PICK:
            row.pick = self.picked[entry.target]
        elif entry.origin == PIN:
            row.pin = self.pins.get(entry.row)
        else:
            row.why = reason_of(self.standing, entry.target)
        return row

    def _waiting(self, pick: Pick) -> Row:
        card = self.cards[pick.target_id]
        return Row(card, PICK, pick=pick, waiting=self._why(pick, card.article))

    def _why(self, pick: Pick, article: Article) -> str:
        """Why a pick is not shown, in words."""
        if pick.until and pick.until <= self.standing.now:
            return _("This pick ended %(when)s.") % {"when": told(pick.until)}
        if not article.is_public():
            return hidden_words(article, self.standing.now)
        return self._kept_out(pick)

    def _kept_out(self, pick: Pick) -> str:
        entries, groups = self.standing.entries, self.standing.found.groups
        if pick.target_id in self.standing.found.banned:
            return _("Excluded from every list.")
        if any(entry.target == pick.target_id for entry in entries):
            return _("A campaign shows it in this list already.")
        others = {entry.target for entry in entries} | {self.standing.page}
        if any(groups.get(pick.target_id, set()) & groups.get(other, set()) for other in others):
            return _("Must not stand together with another article of this list.")
        return _("No room left in this list.")


def _pins(standing: Standing) -> dict[int, Campaign]:
    ids = [entry.row for entry in standing.entries if entry.origin == PIN]
    if not ids:
        return {}
    return {row.pk: row for row in Campaign.objects.filter(pk__in=ids).select_related("made_by", "section", "tag")}
