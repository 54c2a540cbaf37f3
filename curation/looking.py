"""Having looked at lists, and having them computed again: what changes nothing an editor decided."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles.known import knows_all
from articles.permissions import Actor, require
from curation.models import CuratedList
from curation.suggesting import suggest_later
from outbox import audit
from outbox.models import AuditEntry
from pagecache.writing import writing
from people.models import User

SEEN = "marked lists as seen"
"""The verb in the audit of whoever looked."""


def may_tend(actor: Actor) -> bool:
    """Whether ``actor`` looks after everybody's lists."""
    return actor is None or (knows_all(actor) and actor.has_perm("curation.change_pick"))


def mark_seen(
    article_ids: Iterable[int], *, actor: Actor, before: datetime | None = None
) -> tuple[int, AuditEntry | None]:
    """Note that somebody has looked at these lists; what changed after ``before`` they have not seen.

    Returns how many it concerned, and the line in the audit, from which
    ``mark_unseen`` puts back what was noted. Raises ``PermissionDenied``.
    """
    require(may_tend(actor), _("mark lists as seen"))
    now = timezone.now()
    changed = CuratedList.objects.filter(article__in=list(article_ids), fills_changed_at__lte=before or now)
    with writing():
        rows = list(changed.select_for_update(no_key=True).order_by("pk").values_list("pk", "looked_at"))
        CuratedList.objects.filter(pk__in=[pk for pk, _looked in rows]).update(looked_at=now)
        if not rows or not isinstance(actor, User):
            return len(rows), None
        former = {str(pk): looked.isoformat() if looked else None for pk, looked in rows}
        return len(rows), audit.record(actor, SEEN, actor, at=now.isoformat(), before=former)


def mark_unseen(entry_id: int, *, actor: Actor) -> tuple[int, int]:
    """Take one's own ``mark_seen`` back; returns how many lists it concerns, and how many were looked at since.

    Raises ``PermissionDenied``, ``ValidationError``.
    """
    require(may_tend(actor), _("mark lists as seen"))
    entry = AuditEntry.objects.filter(pk=entry_id, actor=getattr(actor, "pk", None), verb=SEEN).first()
    if entry is None:
        raise ValidationError(_("There is nothing of yours to take back here."))
    former: dict[str, str | None] = entry.details["before"]
    with writing():
        held = CuratedList.objects.select_for_update(no_key=True).order_by("pk")
        rows = list(held.filter(pk__in=[int(pk) for pk in former], looked_at=parse_datetime(entry.details["at"])))
        for row in rows:
            looked = former[str(row.pk)]
            row.looked_at = parse_datetime(looked) if looked else None
        CuratedList.objects.bulk_update(rows, ["looked_at"], batch_size=100)
        if rows:
            audit.record(actor, f"undid {SEEN}", entry, undone=entry.pk)
    return len(rows), len(former) - len(rows)


def compute_again(article_ids: Iterable[int], *, actor: Actor) -> int:
    """Have the engine look at these articles anew, in the background; returns how many. Raises ``PermissionDenied``."""
    require(may_tend(actor), _("have lists computed again"))
    wanted = list(article_ids)
    with transaction.atomic():
        suggest_later(wanted)
    return len(wanted)
