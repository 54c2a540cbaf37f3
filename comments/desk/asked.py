"""What somebody asked the queue for: read from an address, and written into one."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from comments.plain_text import encodable
from pagecache.admin import is_id

MAX_QUERY = 200
"""Characters of a search that are looked at."""

NO_ROW = 0
"""What an id becomes that is none: every database counts from 1."""

_CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})", re.ASCII)
_SEEN = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,17}))?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Tab(TextChoices):
    """The parts of the queue."""

    PENDING = "pending", _("Waiting")
    REPORTED = "reported", _("Reported")
    APPEALS = "appeals", _("Appeals")
    SPAM = "spam", _("Spam")
    APPROVED = "approved", _("Approved")
    REFUSED = "rejected", _("Refused")


class Order(TextChoices):
    """How what waits is sorted."""

    WAIT = "wait", _("longest wait")
    URGENCY = "urgency", _("most urgent")


@dataclass(frozen=True)
class Cursor:
    """A place in a sorted list: the moment it is sorted by, and the id."""

    moment: datetime
    pk: int

    def __str__(self) -> str:
        return f"{_micros(self.moment):017d}-{self.pk:018d}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor that ``str()`` wrote; ``None`` for anything else."""
        found = _CURSOR.fullmatch(text)
        return cls(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2])) if found else None


@dataclass(frozen=True)
class Seen:
    """A comment as a screen showed it: ``edited`` tells which of its words, as each change has its own moment."""

    pk: int
    edited: datetime | None

    def __str__(self) -> str:
        return f"{self.pk}.{_micros(self.edited)}" if self.edited else str(self.pk)

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """What ``str()`` wrote; ``None`` for anything else."""
        found = _SEEN.fullmatch(text)
        if found is None:
            return None
        try:
            return cls(int(found[1]), _EPOCH + timedelta(microseconds=int(found[2])) if found[2] else None)
        except OverflowError:
            return None


@dataclass(frozen=True)
class Asked:
    """A tab with its filters, order and place. What an address says senselessly is left out, or finds nothing."""

    tab: Tab = Tab.PENDING
    order: Order = Order.WAIT
    why: str = ""
    article: int | None = None
    section: int | None = None
    cluster: int | None = None
    q: str = ""
    after: Cursor | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        """What the address asks for."""
        state, order = query.get("state", ""), query.get("order", "")
        return cls(
            tab=Tab(state) if state in Tab.values else Tab.PENDING,
            order=Order(order) if order in Order.values else Order.WAIT,
            why=encodable(query.get("why", ""))[:30],
            article=_id(query.get("article", "")),
            section=_id(query.get("section", "")),
            cluster=_id(query.get("cluster", "")),
            q=encodable(query.get("q", "")).strip()[:MAX_QUERY],
            after=Cursor.read(query.get("after", "")),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether only a part of the tab is asked for."""
        return bool(self.why or self.q) or any(
            chosen is not None for chosen in (self.article, self.section, self.cluster)
        )

    @property
    def is_grouped(self) -> bool:
        """Whether what is alike stands as one row: where it waits, and unless one group is looked at."""
        return self.tab is Tab.PENDING and self.cluster is None

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The field, and whether the newest comes first."""
        if self.tab is Tab.PENDING:
            return ("rank_at" if self.order is Order.URGENCY else "waiting_since"), False
        return ("appealed_at", False) if self.tab is Tab.APPEALS else ("created_at", True)

    def query(self, **changes: Any) -> str:
        """The same question with ``changes``, as the query of an address; from the top unless ``after`` is given."""
        asked = replace(self, **{"after": None, **changes})
        said = {"state": asked.tab, "order": asked.order, "why": asked.why, "q": asked.q}
        said |= {name: getattr(asked, name) for name in ("article", "section", "cluster", "after")}
        plain = {"state": Tab.PENDING, "order": Order.WAIT}
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in said.items() if value not in {None, "", plain.get(name)}})
        return query.urlencode()


def _id(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    return int(text) if is_id(text) else NO_ROW


def _micros(moment: datetime) -> int:
    return max(0, (moment - _EPOCH) // timedelta(microseconds=1))
