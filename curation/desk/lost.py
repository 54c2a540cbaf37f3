"""Picks whose article was deleted: the pick is gone with it, and the desk says so for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from articles.known import knows_all
from articles.models import Article
from articles.permissions import Actor
from curation.desk.cards import told
from curation.models import CuratedList
from curation.picks import LOST
from curation.places import Place
from outbox.models import AuditEntry

TOLD_FOR = timedelta(days=14)
MOST_TOLD = 3


@dataclass(frozen=True)
class Lost:
    """One of them; ``headline`` is empty for whoever might not know of the draft."""

    headline: str
    who: str
    when: str


def lost_picks(place: Place, row: CuratedList | None, actor: Actor, now: datetime) -> list[Lost]:
    """The newest picks of the list that went with their article: one query."""
    about = place if isinstance(place, Article) else row
    if about is None:
        return []
    entries = AuditEntry.objects.filter(
        object_type=about._meta.label_lower, object_id=str(about.pk), verb=LOST, at__gt=now - TOLD_FOR
    )
    named = knows_all(actor)
    return [
        Lost(str(entry.details.get("headline", "")) if named else "", entry.actor_name, told(entry.at))
        for entry in entries.order_by("-at", "-id")[:MOST_TOLD]
    ]
