"""Starting, changing and ending campaigns: one story at one place of many lists, for some hours. Live at once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Section, Tag
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, require
from curation.models import Campaign, Exclusion
from outbox import audit
from pagecache.writing import writing
from people.models import User

LONGEST = timedelta(days=14)
"""A story that should stand beside others for longer is a pick of theirs, or a page of its own."""

FURTHEST = timedelta(days=366)
"""What lies further ahead than a year is a slip of the hand."""

MOMENT = timedelta(minutes=1)
"""What lies no further back than this is now."""

NOTE_LENGTH = 300


@dataclass(frozen=True)
class Reach:
    """Beside which articles: those of a section, or of a tag, or of neither: all."""

    section: Section | None = None
    tag: Tag | None = None

    def __str__(self) -> str:
        if self.section is not None:
            return _("every article in %(section)s") % {"section": self.section}
        return _("every article about %(tag)s") % {"tag": self.tag} if self.tag else _("every article")

    @classmethod
    def of(cls, campaign: Campaign) -> "Reach":
        """A campaign's own."""
        return cls(campaign.section, campaign.tag)


@dataclass(frozen=True)
class Plan:
    """What a campaign shows, where, and from when until when."""

    target: Article
    slot: int
    starts: datetime
    ends: datetime
    reach: Reach = Reach()
    note: str = ""

    @classmethod
    def of(cls, campaign: Campaign) -> "Plan":
        """As a campaign stands."""
        return cls(campaign.target, campaign.slot, campaign.starts, campaign.ends, Reach.of(campaign), campaign.note)

    def to_json(self) -> dict[str, Any]:
        """For the audit: times in ISO 8601."""
        return {
            "shown": self.target.pk,
            "headline": str(self.target),
            "slot": self.slot,
            "section": self.reach.section.pk if self.reach.section else None,
            "tag": self.reach.tag.pk if self.reach.tag else None,
            "reach": str(self.reach),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "note": self.note,
        }


def may_campaign(actor: Actor, action: str = "add") -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` campaigns."""
    return actor is None or actor.has_perm(f"curation.{action}_campaign")


def start(plan: Plan, *, actor: Actor) -> Campaign:
    """Begin a campaign, now or at its own time.

    Raises ``PermissionDenied``, or ``ValidationError`` for an article no
    reader could see before the end, a place the list does not have, and hours
    that make no sense.
    """
    require(may_campaign(actor), _("start campaigns"))
    plan = _from_now(plan)
    with writing():
        check(plan)
        row = Campaign(made_by=actor if isinstance(actor, User) else None)
        _write(row, plan)
        row.save()
        audit.record(actor, "started campaign", row, **plan.to_json())
    return row


def change(campaign: Campaign, plan: Plan, *, actor: Actor) -> Campaign:
    """Give a campaign another plan. One that has begun keeps its article, place, reach and beginning.

    What readers were shown stays true that way: for another article, end it
    and start a new one. Raises ``PermissionDenied``, ``ValidationError``.
    """
    require(may_campaign(actor, "change"), _("change campaigns"))
    with writing():
        row = _locked(campaign)
        before = Plan.of(row)
        if before == plan:
            return row
        now = timezone.now()
        if row.ends <= now:
            raise ValidationError(_("This campaign has ended. Start a new one."))
        if row.starts <= now and _shown(before) != _shown(plan):
            raise ValidationError(
                _("This campaign has begun: only its end and its note can change. End it and start another one.")
            )
        plan = plan if row.starts <= now else _from_now(plan)
        check(plan)
        _write(row, plan)
        row.save()
        audit.record(actor, "changed campaign", row, before=before.to_json(), after=plan.to_json())
    return row


def end(campaign: Campaign, *, actor: Actor) -> bool:
    """End a campaign now; one that has not begun never happens. Returns whether there was anything to end.

    Raises ``PermissionDenied``.
    """
    require(may_campaign(actor, "change"), _("end campaigns"))
    with writing():
        row = Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
        now = timezone.now()
        if row is None or row.ends <= now:
            return False
        audit.record(actor, "ended campaign", row, **Plan.of(row).to_json(), begun=row.starts < now)
        if row.starts >= now:
            row.delete()
        else:
            row.ends = now
            row.save(update_fields=["ends"])
    return True


def check(plan: Plan) -> None:
    """Raise ``ValidationError`` with everything that is amiss, by field."""
    found = {"target": _amiss_with(plan.target, plan), "slot": _amiss_with_slot(plan.slot)}
    found |= {"starts": _amiss_with_start(plan.starts), "ends": _amiss_with_hours(plan)}
    found |= {"note": _amiss_with_note(plan.note)}
    problems = {name: words for name, words in found.items() if words}
    if problems:
        raise ValidationError(problems)


def _amiss_with(target: Article, plan: Plan) -> str:
    told = {"article": target}
    if target.status not in LIVE_STATUSES or target.publish_at is None:
        return _("“%(article)s” is not published, and not scheduled either: readers would never see it.") % told
    appears = max(filter(None, (target.publish_at, target.embargo_until)))
    if appears >= plan.ends:
        return _("“%(article)s” appears only after the end of the campaign.") % told
    if target.expire_at is not None and target.expire_at <= plan.starts:
        return _("“%(article)s” has expired before the campaign begins.") % told
    anywhere = Exclusion.objects.filter(target=target, article=None).first()
    if anywhere is not None:
        told_why = {"article": target, "reason": anywhere.reason}
        return _("“%(article)s” stands in no list at all: %(reason)s.") % told_why
    return ""


def _amiss_with_slot(slot: int) -> str:
    if 1 <= slot <= settings.RELATED_SLOTS:
        return ""
    return _("A list has the places 1 to %(most)d.") % {"most": settings.RELATED_SLOTS}


def _amiss_with_start(starts: datetime) -> str:
    return _("A campaign begins within a year.") if starts > timezone.now() + FURTHEST else ""


def _amiss_with_hours(plan: Plan) -> str:
    if plan.ends <= plan.starts:
        return _("The end lies before the beginning.")
    if plan.ends <= timezone.now():
        return _("The end lies in the past.")
    if plan.ends - plan.starts > LONGEST:
        return _("A campaign lasts %(days)d days at most.") % {"days": LONGEST.days}
    return ""


def _amiss_with_note(note: str) -> str:
    if len(note) > NOTE_LENGTH:
        return _("The note is longer than %(most)d characters.") % {"most": NOTE_LENGTH}
    return _("The text holds a character that cannot be stored.") if "\0" in note else ""


def _from_now(plan: Plan) -> Plan:
    """Nothing begins in the past, as nobody was shown it then; a plan may be as old as its form took to be read."""
    now = timezone.now()
    return plan if plan.starts > now - MOMENT else replace(plan, starts=now)


def _shown(plan: Plan) -> tuple[Any, ...]:
    return plan.target.pk, plan.slot, plan.starts, plan.reach


def _locked(campaign: Campaign) -> Campaign:
    """The row under its lock; what it refers to is read afterwards, as in ``articles.publishing.row.locked``."""
    try:
        return Campaign.objects.select_for_update().get(pk=campaign.pk)
    except Campaign.DoesNotExist:
        raise ValidationError(_("This campaign was taken back in the meantime.")) from None


def _write(row: Campaign, plan: Plan) -> None:
    row.target, row.slot, row.starts, row.ends = plan.target, plan.slot, plan.starts, plan.ends
    row.section, row.tag, row.note = plan.reach.section, plan.reach.tag, plan.note
