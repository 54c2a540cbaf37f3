"""What is decided together: waiting comments with nearly the same text, one linked site, one writer, or one burst."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, State
from comments.pipeline.draft import Draft
from pagecache.writing import writing

BURST = timedelta(minutes=10)
BURST_SIZE = 3
"""Two readers of one office are no burst."""

MOST = 50
"""Waiting comments of one writer, or one burst, that are looked at."""


class Likeness(TextChoices):
    """What makes a cluster one; the strongest first."""

    TEXT = "text", _("nearly the same text")
    DOMAIN = "domain", _("they link to the same site")
    WRITER = "writer", _("by one writer")
    BURST = "burst", _("a burst from one connection")


@dataclass(frozen=True)
class Place:
    """The cluster of a new comment (``None``: it starts it, or has none), and who has to join it."""

    likeness: str = ""
    first: int | None = None
    joining: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Waiting:
    id: int
    cluster: int | None
    likeness: str


def place_of(draft: Draft) -> Place:
    """With whom a comment that is to wait will be decided: one query, beside that of its kin."""
    groups = _groups(draft)
    for likeness in Likeness:
        least = BURST_SIZE if likeness == Likeness.BURST else 2
        group = [one for one in groups[likeness] if _may_join(one, likeness)]
        if len(group) + 1 >= least:
            return _place(likeness, group)
    return Place()


def join(place: Place) -> None:
    """Bring those that wait already into the cluster; whom somebody is deciding just now is left alone."""
    if not place.joining:
        return
    with writing():
        waiting = Comment.objects.filter(pk__in=place.joining, state=State.PENDING).order_by("pk")
        ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Comment.objects.filter(pk__in=ids).update(cluster=place.first, likeness=place.likeness)


def _groups(draft: Draft) -> dict[Likeness, list[_Waiting]]:
    pending = [kin for kin in draft.kin if kin.state == State.PENDING]
    own, burst = _own_and_burst(draft)
    return {
        Likeness.TEXT: [_Waiting(kin.id, kin.cluster, kin.likeness) for kin in pending if kin.near],
        Likeness.DOMAIN: [_Waiting(kin.id, kin.cluster, kin.likeness) for kin in pending if kin.sites],
        Likeness.WRITER: own,
        Likeness.BURST: burst,
    }


def _own_and_burst(draft: Draft) -> tuple[list[_Waiting], list[_Waiting]]:
    pending = Comment.objects.filter(state=State.PENDING)
    own = pending.filter(email=draft.email)
    chosen = Q(pk__in=_newest(own))
    if draft.address_block:
        since = timezone.now() - BURST
        chosen |= Q(pk__in=_newest(pending.filter(address_block=draft.address_block, created_at__gt=since)))
    rows = list(
        Comment.objects.filter(chosen).values_list("pk", "cluster", "likeness", "email", "address_block", "created_at")
    )
    since = timezone.now() - BURST
    return (
        [_Waiting(*row[:3]) for row in rows if row[3] == draft.email],
        [
            _Waiting(*row[:3])
            for row in rows
            if draft.address_block and row[4] == draft.address_block and row[5] > since
        ],
    )


def _newest(waiting: QuerySet[Comment]) -> QuerySet[Comment, Any]:
    return waiting.order_by("-created_at", "-pk").values("pk")[:MOST]


def _may_join(one: _Waiting, likeness: Likeness) -> bool:
    """Those that are in no cluster, in one of this kind, or in a weaker one, which they leave."""
    strength = list(Likeness.values)
    return one.likeness not in strength or strength.index(one.likeness) >= strength.index(likeness)


def _place(likeness: Likeness, group: Iterable[_Waiting]) -> Place:
    clusters = [one.cluster for one in group if one.cluster is not None and one.likeness == likeness]
    first = min(clusters) if clusters else min(one.id for one in group)
    joining = tuple(sorted(one.id for one in group if one.likeness != likeness))
    return Place(likeness, first, joining)
