"""A second look: past decisions judged again by somebody who is not told what they were.

The sample is drawn by a keyed hash of each decision's number, so nobody can
know beforehand what will be looked at, and everybody draws from the same one.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comments import moderation
from comments.learning.earning import lower_bound
from comments.models import ModerationEntry, SecondLook, State
from comments.pipeline import findings
from outbox import audit
from people.models import User

REACH = timedelta(days=30)
"""How far back decisions are looked at."""

REST = timedelta(hours=1)
"""How old a decision is before it is looked at again."""

MOST_CANDIDATES = 5_000

VERDICTS = (State.APPROVED, State.REJECTED, State.SPAM)

SMALL = 20
"""Fewer looks than this say little; the screen tells so."""

MOST_COUNTED = 5_000
MEMORY = timedelta(days=180)
"""How far back agreement is counted."""


class AlreadyJudgedError(Exception):
    """They have judged it before, or it is no longer there to be judged; ``str()`` says so."""


@dataclass
class Agreement:
    """How often second looks came to the same verdict about one kind of decision."""

    name: str
    looks: int = 0
    agreed: int = 0

    @property
    def share(self) -> float:
        """The agreeing share, 0 to 1."""
        return self.agreed / self.looks

    @property
    def percent(self) -> int:
        """The same of a hundred."""
        return round(100 * self.share)

    @property
    def interval(self) -> tuple[int, int]:
        """The 95 % confidence interval of the share in per cent, after Wilson (1927)."""
        least = lower_bound(self.agreed, self.looks)
        most = 1 - lower_bound(self.looks - self.agreed, self.looks)
        return math.floor(100 * least), math.ceil(100 * most)

    @property
    def is_small(self) -> bool:
        """Whether there are too few looks to say much."""
        return self.looks < SMALL


def upcoming(actor: User) -> ModerationEntry | None:
    """The next decision for ``actor`` to judge, or ``None``: all done, or enough for today."""
    if not left_today(actor):
        return None
    number = next(iter(_sample(actor)), None)
    entries = ModerationEntry.objects.select_related("comment__article", "comment__answers")
    return entries.filter(pk=number).first() if number is not None else None


def left_today(actor: User) -> int:
    """How many ``actor`` may still judge today, in the site's zone."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = SecondLook.objects.filter(by=actor, at__gte=midnight).count()
    return max(0, int(settings.COMMENTS_SECOND_LOOK_A_DAY) - done)


def judge(entry_id: int, verdict: str, *, actor: User) -> SecondLook:
    """Say what one would have decided; nothing changes for the comment.

    Raises ``PermissionDenied``, ``ValidationError`` for a verdict that is
    none, or ``AlreadyJudgedError`` for a decision that is not offered.
    """
    moderation.require(actor)
    if verdict not in VERDICTS:
        raise ValidationError(_("Approve, refuse, or mark as spam."))
    with transaction.atomic():
        if not left_today(actor) or entry_id not in _sample(actor):
            raise AlreadyJudgedError(
                _("This decision is not offered any more; nothing was kept. Here is the next one.")
            )
        entry = ModerationEntry.objects.get(pk=entry_id)
        try:
            with transaction.atomic():
                look = SecondLook.objects.create(comment_id=entry.comment_id, entry=entry, by=actor, verdict=verdict)
        except IntegrityError as error:
            raise AlreadyJudgedError(_("You have judged this one already.")) from error
        audit.record(actor, "looked again", look, entry=entry.pk, verdict=verdict)
    return look


def reopen(look: SecondLook, *, actor: User) -> bool:
    """Send a comment about which two disagree back to the queue; returns whether it went.

    It stays where it is when somebody has decided it anew since. Raises ``PermissionDenied``.
    """
    moderation.require(actor)
    comment = look.comment
    if look.verdict == look.entry.after or comment.state != look.entry.after:
        return False
    comment.state = State(look.entry.after)
    return bool(moderation.decide([comment], State.PENDING, actor=actor))


def disagreements(limit: int = 20) -> QuerySet[SecondLook]:
    """Looks whose verdict differs from a decision that still stands, the newest first."""
    looks = SecondLook.objects.exclude(verdict=F("entry__after")).filter(comment__state=F("entry__after"))
    return looks.select_related("comment__article__section", "entry").order_by("-at", "-id")[:limit]


def agreements() -> tuple[list[Agreement], list[Agreement]]:
    """Agreement by who decided, and by what the pipeline had found, the most looked at first; in one query."""
    people: dict[str, Agreement] = {}
    codes: dict[str, Agreement] = {}
    looks = SecondLook.objects.filter(at__gte=timezone.now() - MEMORY).select_related("entry__by", "comment")
    for look in looks.order_by("-at", "-id")[:MOST_COUNTED]:
        agreed = look.verdict == look.entry.after
        _count(people, [str(look.entry.by or _("the system"))], agreed)
        _count(codes, _named(look) or [_("nothing found")], agreed)
    return _ordered(people), _ordered(codes)


def _named(look: SecondLook) -> list[str]:
    """Each thing found in the comment, rules by their words."""
    names = []
    for finding in findings.read(look.comment.findings):
        pattern = finding.facts.get("pattern")
        words = _("rule “%(pattern)s”") % {"pattern": pattern} if pattern else str(finding.code.label)
        names.append(words.partition("{")[0].strip(" :;,") if not pattern else words)
    return list(dict.fromkeys(names))


def _count(found: dict[str, Agreement], names: Iterable[str], agreed: bool) -> None:
    for name in names:
        row = found.setdefault(name, Agreement(name))
        row.looks += 1
        row.agreed += agreed


def _ordered(found: dict[str, Agreement]) -> list[Agreement]:
    return sorted(found.values(), key=lambda row: (-row.looks, row.name))


def _sample(actor: User) -> list[int]:
    """The numbers of the decisions ``actor`` may judge, in an order that says nothing."""
    now = timezone.now()
    decided = ModerationEntry.objects.filter(
        kind=ModerationEntry.Kind.DECIDE,
        after__in=VERDICTS,
        undoes__isnull=True,
        undone_by__isnull=True,
        at__lt=now - REST,
        at__gte=now - REACH,
        comment__state=F("after"),
        comment__staff__isnull=True,
    )
    looked = SecondLook.objects.filter(Q(entry=OuterRef("pk")))
    rows = decided.exclude(Exists(looked)).order_by("-at").values_list("pk", "by", "comment")[:MOST_CANDIDATES]
    drawn = [(pk, by) for pk, by, comment in rows if _weight(pk) < settings.COMMENTS_SECOND_LOOK_SHARE / 100]
    others = [pk for pk, by in drawn if by != actor.pk]
    if not others and not decided.exclude(by=actor).exists():
        others = [pk for pk, _by in drawn]
    return sorted(others, key=_weight)


def _weight(number: int) -> float:
    """A number from 0 to 1 that only this installation can work out."""
    digest = salted_hmac("comments.second-look", str(number), algorithm="sha256").digest()
    return int.from_bytes(digest[:6], "big") / 2**48
