"""Taking one's own change back: of a list, or of what stands in no list at all."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor, require
from curation import exclusions, picks
from curation.models import CuratedList
from curation.places import Place, hold, list_of, locked_list, may_curate, picks_of
from outbox import audit
from outbox.models import AuditEntry
from pagecache.writing import writing
from people.models import User

LOOKED_AT = 300
"""Changes of the list after the one to undo that are looked at; after so many nobody remembers it."""

UNDID = "undid "

NOWHERE = "never anywhere"

_PUT_BACK = frozenset({"unpicked", "never here"})
"""Changes whose undoing may pick an article again, which is held before the list is."""


def undo(place: Place, entry_id: int, *, actor: Actor) -> AuditEntry:
    """Reverse the change of this list that ``entry_id`` tells of; returns the line that says so.

    Only one's own change, only of this very list, only once, and not after a
    colleague changed the same thing. Raises ``PermissionDenied``, or
    ``ValidationError`` that says why not.
    """
    require(may_curate(actor, place), _("change this list"))
    entry = _find(place, entry_id, actor)
    if entry is None:
        raise ValidationError(_("There is nothing of yours to take back here."))
    with writing():
        if entry.verb in _PUT_BACK:
            hold(_article(entry.details.get("excluded", entry.details.get("picked")), actor))
        told_of = _object_of(place, locked_list(place))
        _refuse_if_overtaken(entry, _later(told_of, entry), actor)
        _REVERSE[entry.verb](place, entry.details, actor)
        told = {key: entry.details[key] for key in ("picked", "excluded", "headline") if key in entry.details}
        return audit.record(actor, f"{UNDID}{entry.verb}"[:60], told_of, undone=entry.pk, **told)


def undoable(place: Place, entry_id: int, *, actor: Actor) -> bool:
    """Whether ``entry_id`` is one's own change of this very list, and of a kind that can be undone."""
    return _find(place, entry_id, actor) is not None


def undo_exclusion(entry_id: int, *, actor: Actor) -> AuditEntry:
    """Reverse one's own decision that an article stands in no list at all; returns the line that says so.

    Not after a colleague decided anew. Raises ``PermissionDenied``, ``ValidationError``.
    """
    require(exclusions.may_exclude(actor, "delete"), _("allow articles in lists again"))
    entry = AuditEntry.objects.filter(pk=entry_id, actor=getattr(actor, "pk", None), verb=NOWHERE).first()
    if entry is None:
        raise ValidationError(_("There is nothing of yours to take back here."))
    target = _article(int(entry.object_id), actor)
    with writing():
        hold(target)
        _refuse_if_overtaken(entry, _later(target, entry), actor)
        if exclusions.allow_anywhere(target, actor=actor) is None:
            raise ValidationError(_("It was allowed again already."))
        return audit.record(actor, f"{UNDID}{NOWHERE}", target, undone=entry.pk)


def _object_of(place: Place, row: CuratedList) -> Article | CuratedList:
    """What the verbs name in the audit."""
    return place if isinstance(place, Article) else row


def _find(place: Place, entry_id: int, actor: Actor) -> AuditEntry | None:
    told_of = place if isinstance(place, Article) else list_of(place)
    if told_of is None or not isinstance(actor, User):
        return None
    return AuditEntry.objects.filter(
        pk=entry_id,
        actor=actor,
        object_type=told_of._meta.label_lower,
        object_id=str(told_of.pk),
        verb__in=list(_REVERSE),
    ).first()


def _later(told_of: Article | CuratedList, entry: AuditEntry) -> Sequence[AuditEntry]:
    rows = AuditEntry.objects.filter(object_type=told_of._meta.label_lower, object_id=str(told_of.pk))
    return list(rows.filter(at__gte=entry.at, pk__gt=entry.pk).order_by("-at", "-id")[:LOOKED_AT])


def _refuse_if_overtaken(entry: AuditEntry, later: Sequence[AuditEntry], actor: Actor) -> None:
    if any(one.verb.startswith(UNDID) and one.details.get("undone") == entry.pk for one in later):
        raise ValidationError(_("That was taken back already."))
    subject = _subject(entry)
    for one in later:
        if one.actor_id != getattr(actor, "pk", None) and _subject(one) == subject:
            raise ValidationError(
                _("%(who)s changed the same since; it stays as they left it.") % {"who": one.actor_name}
            )


def _subject(entry: AuditEntry) -> str:
    """What a change is about: one article of the list, the order, the switch, or the article in all lists."""
    if entry.verb.startswith(("switched", "reordered")):
        return entry.verb.split()[0]
    if entry.verb in {NOWHERE, "allowed anywhere"}:
        return NOWHERE
    about = entry.details.get("excluded", entry.details.get("picked"))
    return entry.verb if about is None else f"article {about}"


def _article(pk: Any, actor: Actor) -> Article:
    """The article, with the words that ``actor`` may know."""
    found = known_to(actor).filter(pk=pk).first()
    if found is None:
        raise ValidationError(_("That article does not exist any more."))
    return found


def _is_picked(place: Place, pk: int) -> bool:
    return picks_of(place).filter(target=pk).exists()


def _unpick(place: Place, told: dict[str, Any], actor: Actor) -> None:
    if picks.unpick(place, _article(told["picked"], actor), actor=actor) is None:
        raise ValidationError(_("It is not picked any more."))


def _pick_again(place: Place, told: dict[str, Any], actor: Actor) -> None:
    if _is_picked(place, told["picked"]):
        raise ValidationError(_("It is picked again already."))
    position = told["before"].index(told["picked"]) + 1
    kept = {"hand": told.get("hand"), **(told.get("details") or {}), "position": position}
    _put_back(place, _article(told["picked"], actor), kept, actor)


def _put_back(place: Place, target: Article, kept: dict[str, Any], actor: Actor) -> None:
    """Pick the article again as it was picked: in its place, with its details, by whoever did it then."""
    hand = picks.Hand.from_json(kept["hand"]) if kept.get("hand") else None
    details = picks.Details.from_json(kept)
    picks.pick(place, target, actor=actor, position=kept["position"], details=details, hand=hand)


def _order_back(place: Place, told: dict[str, Any], actor: Actor) -> None:
    present = list(picks_of(place).values_list("target_id", flat=True))
    if [pk for pk in present if pk in told["after"]] != [pk for pk in told["after"] if pk in present]:
        raise ValidationError(_("The order has changed since; it stays as it is."))
    kept = iter([pk for pk in told["before"] if pk in present])
    known = set(told["before"])
    picks.reorder(place, [next(kept) if pk in known else pk for pk in present], actor=actor)


def _describe_back(place: Place, told: dict[str, Any], actor: Actor) -> None:
    row = picks_of(place).filter(target=told["picked"]).first()
    if row is None or picks.Details.of(row).to_json() != told["after"]:
        raise ValidationError(_("This pick has changed since; it stays as it is."))
    picks.describe(place, _article(told["picked"], actor), picks.Details.from_json(told["before"]), actor=actor)


def _switch(*, off: bool) -> "Reverse":
    def switch(place: Place, told: dict[str, Any], actor: Actor) -> None:
        if picks.switch(place, off=off, actor=actor) is None:
            raise ValidationError(_("The list was switched since; it stays as it is."))

    return switch


def _allow(place: Place, told: dict[str, Any], actor: Actor) -> None:
    target = _article(told["excluded"], actor)
    if not isinstance(place, Article) or exclusions.allow_here(place, target, actor=actor) is None:
        raise ValidationError(_("It was allowed again already."))
    kept = told.get("pick")
    if kept:
        _put_back(place, target, kept, actor)


def _exclude(place: Place, told: dict[str, Any], actor: Actor) -> None:
    target, reason = _article(told["excluded"], actor), told.get("reason", "")
    if not isinstance(place, Article) or not exclusions.never_here(place, target, actor=actor, reason=reason):
        raise ValidationError(_("It is excluded again already."))


Reverse = Callable[[Place, dict[str, Any], Actor], None]

_REVERSE: dict[str, Reverse] = {
    "picked": _unpick,
    "unpicked": _pick_again,
    "reordered picks": _order_back,
    "changed pick": _describe_back,
    "switched list off": _switch(off=False),
    "switched list on": _switch(off=True),
    "never here": _allow,
    "allowed here": _exclude,
}
