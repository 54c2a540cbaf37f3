"""Picking, unpicking, ordering and describing: the verbs of a curated list. What they write is live at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import knows_newest
from articles.models import Article
from articles.permissions import Actor, require
from curation.details import Details, Hand
from curation.exclusions import forbidden_by
from curation.models import CuratedList, Pick
from curation.models.lists import NOTE_LENGTH
from curation.places import FRONT, Place, hold, hold_all, key_of, locked_list, may_curate, note_change, picks_of, where
from curation.records import record_later, record_list
from images.models import Image
from outbox import audit
from outbox.models import AuditEntry
from pagecache.writing import writing
from people.models import User

__all__ = [
    "HEADLINE_LENGTH",
    "LOST",
    "MAX_PICKS",
    "Details",
    "Hand",
    "describe",
    "lose",
    "may_restore",
    "may_show",
    "pick",
    "pick_and_tell",
    "reorder",
    "restore",
    "switch",
    "unpick",
]

MAX_PICKS = 12
"""Picks of one list: as many as ``RELATED_SLOTS`` may be; more would never be shown."""

HEADLINE_LENGTH = 160

LOST = "lost pick"
"""The verb in the audit of a list whose picked article was deleted."""


def may_show(actor: Actor, target: Article) -> bool:
    """Whether ``actor`` may know of ``target``: everybody of public ones, others of their own and their desk's."""
    return target.is_public() or knows_newest(actor, target)


def pick(place: Place, target: Article, *, actor: Actor, **how: Any) -> Pick:
    """Show ``target`` in the list; takes and raises what ``pick_and_tell`` does."""
    return pick_and_tell(place, target, actor=actor, **how)[0]


def pick_and_tell(
    place: Place,
    target: Article,
    *,
    actor: Actor,
    position: int | None = None,
    details: Details | None = None,
    hand: Hand | None = None,
) -> tuple[Pick, AuditEntry | None]:
    """Show ``target`` in the list, at ``position`` (from 1) or last; a second time it only moves.

    Returns the pick, and the line in the audit, if anything changed.
    A target that is not public yet appears by itself when it is. A pick that is
    put back stays the work of the ``hand`` that made it. Raises
    ``PermissionDenied``, or ``ValidationError`` for the article itself, for one
    that is excluded here, and for more picks than ``MAX_PICKS``.
    """
    require(may_curate(actor, place, "add"), _("pick articles for this list"))
    require(may_show(actor, target), _("pick this article"))
    if isinstance(place, Article) and place.pk == target.pk:
        raise ValidationError(_("An article cannot be picked for its own list."))
    with writing():
        hold(target)
        row, rows = _locked(place)
        before = _ids(rows)
        found = next((one for one in rows if one.target_id == target.pk), None)
        if found is None:
            hand = hand or Hand(_person(actor), timezone.now())
            found = _add(place, target, rows, hand, details or Details())
            rows.append(found)
        if position is not None:
            rows.remove(found)
            rows.insert(max(position - 1, 0), found)
        _number(rows)
        if _ids(rows) == before:
            return found, None
        verb = "picked" if target.pk not in before else "reordered picks"
        told: dict[str, Any] = {"picked": target.pk, "headline": str(target), "before": before, "after": _ids(rows)}
        return found, _changed(place, row, actor, verb, found.until, **told)


def unpick(place: Place, target: Article, *, actor: Actor) -> AuditEntry | None:
    """Take ``target`` out of the picks; one that is not there is no mistake. Raises ``PermissionDenied``."""
    require(may_curate(actor, place, "delete"), _("remove picks from this list"))
    with writing():
        row, rows = _locked(place)
        before = _ids(rows)
        gone = next((one for one in rows if one.target_id == target.pk), None)
        if gone is None:
            return None
        kept: dict[str, Any] = {"details": Details.of(gone).to_json(), "hand": Hand.of(gone)}
        gone.delete()
        rows.remove(gone)
        _number(rows)
        kept |= {"picked": target.pk, "headline": str(target), "before": before, "after": _ids(rows)}
        return _changed(place, row, actor, "unpicked", **kept)


def reorder(place: Place, target_ids: Sequence[int], *, actor: Actor) -> AuditEntry | None:
    """Put the picks into the order of ``target_ids``.

    Picks it does not name, because a colleague added them meanwhile, follow in
    their own order; ids that are not picked are left out. Raises ``PermissionDenied``.
    """
    require(may_curate(actor, place, "change"), _("change the order of this list"))
    order = {pk: index for index, pk in enumerate(dict.fromkeys(target_ids))}
    with writing():
        row, rows = _locked(place)
        before = _ids(rows)
        rows.sort(key=lambda one: order.get(one.target_id, len(order)))
        _number(rows)
        if _ids(rows) == before:
            return None
        return _changed(place, row, actor, "reordered picks", before=before, after=_ids(rows))


def describe(place: Place, target: Article, details: Details, *, actor: Actor) -> AuditEntry | None:
    """Give a pick its end, note, headline and picture.

    Raises ``PermissionDenied``, or ``ValidationError`` for a pick that is not
    there, an end that has passed, words that are too long and a picture that
    does not exist.
    """
    require(may_curate(actor, place, "change"), _("change this pick"))
    _check(details)
    with writing():
        row, rows = _locked(place)
        found = next((one for one in rows if one.target_id == target.pk), None)
        if found is None:
            raise ValidationError(_("“%(article)s” is not picked here any more.") % {"article": target})
        before = Details.of(found)
        if before == details:
            return None
        if details.until and details.until != before.until and details.until <= timezone.now():
            raise ValidationError(_("The end lies in the past."))
        _write(found, details)
        found.save(update_fields=["until", "note", "headline", "picture"])
        told: dict[str, Any] = {"picked": target.pk, "headline": str(target)}
        told |= {"before": before.to_json(), "after": details.to_json()}
        return _changed(place, row, actor, "changed pick", details.until, **told)


def switch(place: Place, *, off: bool, actor: Actor) -> AuditEntry | None:
    """Show nothing in this list, or show it again; picks stay as they are. Raises ``PermissionDenied``."""
    require(may_curate(actor, place, "change"), _("switch this list"))
    with writing():
        row = locked_list(place)
        if row.off == off:
            return None
        row.off = off
        return _changed(place, row, actor, "switched list off" if off else "switched list on")


def lose(target: Article, actor: Actor) -> None:
    """Note in every list that ``target`` is picked in that it is about to be deleted, and its pick with it."""
    rows = Pick.objects.filter(target=target).select_related("article", "section")
    for place, row in sorted(((_place(row), row) for row in rows), key=lambda pair: key_of(pair[0])):
        told: dict[str, Any] = {"picked": target.pk, "headline": str(target), "details": Details.of(row).to_json()}
        _changed(place, locked_list(place), actor, LOST, **told)


def restore(article: Article, dumped: Iterable[dict[str, Any]], *, actor: Actor) -> None:
    """Make the picks those of an earlier revision; live at once.

    Articles that were deleted or excluded since, and those ``actor`` may not
    know of, are left out. Raises ``PermissionDenied``.
    """
    require(may_restore(actor, article), _("restore the picks of this list"))
    wanted = {int(entry["target"]): entry for entry in dumped}
    with writing():
        held = hold_all({article.pk, *wanted})
        known = {pk: row for pk, row in held.items() if pk in wanted and pk != article.pk and may_show(actor, row)}
        locked_list(article)
        for row in list(picks_of(article).select_related("target", "target__latest")):
            if row.target_id not in known:
                unpick(article, row.target, actor=actor)
        for pk, entry in wanted.items():
            if pk in known and not forbidden_by(article, known[pk]):
                details = Details.from_json(entry)
                pick(article, known[pk], actor=actor)
                _restore_details(article, known[pk], details, actor)
        reorder(article, list(wanted), actor=actor)


def may_restore(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may make the picks what they were."""
    return all(may_curate(actor, article, action) for action in ("add", "change", "delete"))


def _place(row: Pick) -> Place:
    return row.article or row.section or FRONT


def _restore_details(article: Article, target: Article, details: Details, actor: Actor) -> None:
    if details.until is None or details.until > timezone.now():
        describe(article, target, details, actor=actor)


def _check(details: Details) -> None:
    if len(details.note) > NOTE_LENGTH:
        raise ValidationError(_("The note is longer than %(most)d characters.") % {"most": NOTE_LENGTH})
    if len(details.headline) > HEADLINE_LENGTH:
        raise ValidationError(_("The headline is longer than %(most)d characters.") % {"most": HEADLINE_LENGTH})
    if "\0" in details.note + details.headline:
        raise ValidationError(_("The text holds a character that cannot be stored."))
    if details.picture is not None and not Image.objects.filter(pk=details.picture).exists():
        raise ValidationError(_("That picture is not in the library any more."))


def _locked(place: Place) -> tuple[CuratedList, list[Pick]]:
    """The list's row and its picks in order; whoever else changes them waits until we are done."""
    row = locked_list(place)
    return row, list(picks_of(place).select_related("target", "target__latest"))


def _ids(rows: Sequence[Pick]) -> list[int]:
    return [row.target_id for row in rows]


def _add(place: Place, target: Article, rows: list[Pick], hand: Hand, details: Details) -> Pick:
    if len(rows) >= MAX_PICKS:
        raise ValidationError(_("A list holds %(most)d picks at most.") % {"most": MAX_PICKS})
    reason = forbidden_by(place, target)
    if reason:
        raise ValidationError(reason)
    _check(details)
    row = Pick(**where(place), target=target, position=len(rows) + 1, picked_by=hand.by, picked_at=hand.at)
    _write(row, details)
    row.save()
    return row


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def _write(row: Pick, details: Details) -> None:
    row.until, row.note, row.headline, row.picture_id = (
        details.until,
        details.note,
        details.headline,
        details.picture,
    )


def _number(rows: Sequence[Pick]) -> None:
    """Number the rows from 1, writing only those that move; ``_changed`` then refreshes the page."""
    moved = [row for position, row in enumerate(rows, start=1) if row.position != position]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Pick.objects.bulk_update(moved, ["position"])


def _changed(
    place: Place, row: CuratedList, actor: Actor, verb: str, ends: datetime | None = None, **told: Any
) -> AuditEntry:
    """A new version of the list, and its line in the audit; at ``ends`` the list is looked at again."""
    note_change(row, actor)
    entry = audit.record(actor, verb, place if isinstance(place, Article) else row, **told)
    if isinstance(place, Article):
        record_list(place)
        if ends is not None and ends > timezone.now():
            record_later([place.pk], due=ends)
    return entry
