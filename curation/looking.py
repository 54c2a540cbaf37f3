"""Having looked at lists, and having them computed again: what changes nothing an editor decided."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import knows_all
from articles.permissions import Actor, require
from curation.models import CuratedList
from curation.suggesting import suggest_later
from pagecache.writing import writing


def may_tend(actor: Actor) -> bool:
    """Whether ``actor`` looks after everybody's lists."""
    return actor is None or (knows_all(actor) and actor.has_perm("curation.change_pick"))


def mark_seen(article_ids: Iterable[int], *, actor: Actor, before: datetime | None = None) -> int:
    """Note that somebody has looked at these lists; what changed after ``before`` they have not seen.

    Returns how many it concerned. Raises ``PermissionDenied``.
    """
    require(may_tend(actor), _("mark lists as seen"))
    now = timezone.now()
    changed = CuratedList.objects.filter(article__in=list(article_ids), fills_changed_at__lte=before or now)
    with writing():
        return changed.update(looked_at=now)


def compute_again(article_ids: Iterable[int], *, actor: Actor) -> int:
    """Have the engine look at these articles anew, in the background; returns how many. Raises ``PermissionDenied``."""
    require(may_tend(actor), _("have lists computed again"))
    wanted = list(article_ids)
    with transaction.atomic():
        suggest_later(wanted)
    return len(wanted)
