"""What can be done at the desk: each takes what was posted, calls one verb, and says in words what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor
from curation import exclusions, picks
from curation.desk.cards import card_of, told
from curation.models import CuratedList
from curation.places import Place, list_with, may_curate, picks_of
from curation.undo import undo
from outbox.models import AuditEntry
from pagecache.admin import is_id
from pagecache.writing import writing

QUICK_HOURS = {"6", "24", "168"}
"""Ends a pick can be given with one press."""

MOST_ORDERED = 50
"""Numbers of an order that are read; a list holds fewer picks."""

Posted = Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """What happened, in words, and the change that can be undone; nothing changed where there is none."""

    said: str
    entry: int | None = None


class MalformedError(ValidationError):
    """Something no form of ours sends."""


def pick(place: Place, posted: Posted, actor: Actor) -> Done:
    """Pick ``target``, at ``position`` if given, else last."""
    target = _target(posted, actor)
    row, entry = picks.pick_and_tell(place, target, actor=actor, position=_number(posted, "position"))
    if entry is None:
        return Done(_("“%(article)s” is picked already.") % _named(target))
    told = {**_named(target), "position": row.position}
    return Done(_("Picked “%(article)s”: number %(position)d.") % told, entry.pk)


def unpick(place: Place, posted: Posted, actor: Actor) -> Done:
    """Take ``target`` out of the picks."""
    target = _target(posted, actor)
    entry = picks.unpick(place, target, actor=actor)
    return _done(entry, _("“%(article)s” is no longer picked."), _("“%(article)s” was not picked any more."), target)


def order(place: Place, posted: Posted, actor: Actor) -> Done:
    """Order the picks as in ``order``, or move ``up`` or ``down`` the one that is named there."""
    step = next((name for name in ("up", "down") if name in posted), None)
    if step is None:
        wanted = [_id(part) for part in posted.get("order", "").split(",")[:MOST_ORDERED]]
        return Done(_("The order is changed."), _key(picks.reorder(place, wanted, actor=actor)))
    target = _target({"target": posted[step]}, actor)
    with writing():
        ids = list(picks_of(place).values_list("target_id", flat=True))
        if target.pk not in ids:
            raise ValidationError(_("“%(article)s” is not picked here any more.") % _named(target))
        at = ids.index(target.pk)
        to = min(max(at + (1 if step == "down" else -1), 0), len(ids) - 1)
        ids.insert(to, ids.pop(at))
        entry = picks.reorder(place, ids, actor=actor)
    return Done(_("“%(article)s” is now pick %(position)d.") % {**_named(target), "position": to + 1}, _key(entry))


def describe(place: Place, posted: Posted, actor: Actor) -> Done:
    """Give the pick of ``target`` what its fields say, or the end of a quick choice ``quick=target:hours``."""
    quick, _colon, hours = posted.get("quick", "").partition(":")
    target = _target({"target": quick} if quick else posted, actor)
    details = _details(posted, target.pk)
    if quick:
        if hours not in QUICK_HOURS:
            raise MalformedError(_("That is no end we offer."))
        details = replace(details, until=timezone.now() + timedelta(hours=int(hours)))
    entry = picks.describe(place, target, details, actor=actor)
    if entry and quick and details.until:
        return Done(_("“%(article)s” ends %(when)s.") % {**_named(target), "when": told(details.until)}, entry.pk)
    return _done(entry, _("The details of “%(article)s” are saved."), _("Nothing changed."), target)


def exclude(place: Place, posted: Posted, actor: Actor) -> Done:
    """Never show ``target`` here."""
    target = _target(posted, actor)
    reason = posted.get("reason") or posted.get(f"reason-{target.pk}", "")
    entry = exclusions.never_here(_article(place), target, actor=actor, reason=reason.strip())
    return _done(entry, _("“%(article)s” never stands here."), _("“%(article)s” was excluded already."), target)


def allow(place: Place, posted: Posted, actor: Actor) -> Done:
    """Let ``target`` stand here again."""
    target = _target(posted, actor)
    entry = exclusions.allow_here(_article(place), target, actor=actor)
    return _done(entry, _("“%(article)s” may stand here again."), _("“%(article)s” was allowed already."), target)


def switch(place: Place, posted: Posted, actor: Actor) -> Done:
    """Switch the list ``to`` on or off."""
    wanted = posted.get("to")
    if wanted not in {"on", "off"}:
        raise MalformedError(_("A list can be switched on or off."))
    entry = picks.switch(place, off=wanted == "off", actor=actor)
    said = _("The list is switched off: readers see nothing here.") if wanted == "off" else _("Readers see the list.")
    return Done(said, _key(entry))


def take_back(place: Place, posted: Posted, actor: Actor) -> Done:
    """Undo the change ``entry``."""
    undone = undo(place, _id(posted.get("entry", "")), actor=actor)
    about = undone.details.get("headline")
    return Done(_("Taken back: “%(article)s”.") % {"article": about} if about else _("Taken back."))


def look(place: Place, posted: Posted, actor: Actor) -> Done:
    """Note that somebody who could change the list has looked at it; no page and no version changes."""
    row = list_with(place)
    if row is not None and may_curate(actor, place):
        with writing():
            CuratedList.objects.filter(pk=row.pk).update(looked_at=timezone.now())
    return Done(_("Noted that you have seen this list."))


def _article(place: Place) -> Article:
    if isinstance(place, Article):
        return place
    raise ValidationError(_("Only lists beside articles keep articles out."))


def _target(posted: Posted, actor: Actor) -> Article:
    """The article that is meant, if ``actor`` may know of it."""
    found = known_to(actor).filter(pk=_id(posted.get("target", ""))).first()
    if found is None:
        raise Http404(_("There is no such article."))
    return found


def _id(text: str) -> int:
    if not is_id(text.strip()):
        raise MalformedError(_("That is no number of an article."))
    return int(text)


def _number(posted: Posted, name: str) -> int | None:
    """A position, if one was given."""
    text = posted.get(name, "").strip()
    return min(_id(text), picks.MAX_PICKS + 1) if text else None


def _named(article: Article) -> dict[str, Any]:
    return {"article": card_of(article).headline}


def _key(entry: AuditEntry | None) -> int | None:
    return entry.pk if entry else None


def _done(entry: AuditEntry | None, did: str, did_not: str, target: Article) -> Done:
    return Done((did if entry else did_not) % _named(target), _key(entry))


def _details(posted: Posted, pk: int) -> picks.Details:
    """The fields of one pick; their names end in its number, as all stand in one form."""
    return picks.Details(
        until=_moment(posted.get(f"until-{pk}", "")),
        note=posted.get(f"note-{pk}", "").strip(),
        headline=" ".join(posted.get(f"headline-{pk}", "").splitlines()).strip(),
        picture=_picture(posted.get(f"picture-{pk}", "").strip()),
    )


def _moment(text: str) -> Any:
    """A time typed in the site's own zone."""
    if not text.strip():
        return None
    try:
        moment = parse_datetime(text.strip()[:40])
    except ValueError:
        moment = None
    if moment is None or not 1900 < moment.year < 3000:  # noqa: PLR2004 - what every database holds in every zone
        raise ValidationError(_("Give the end as a day and a time, like 2026-03-01 12:00."))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _picture(text: str) -> int | None:
    if text and not is_id(text):
        raise ValidationError(_("Give the number of a picture in the library."))
    return int(text) if text else None


ACTIONS: dict[str, Callable[[Place, Posted, Actor], Done]] = {
    "picks": pick,
    "removals": unpick,
    "order": order,
    "details": describe,
    "exclusions": exclude,
    "allowances": allow,
    "switch": switch,
    "undo": take_back,
    "look": look,
}
"""By the noun at the end of the address that takes it."""
