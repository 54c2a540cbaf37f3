"""The buttons of the health page: each calls a verb for every row, and says in words what became of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.permissions import Actor
from curation import exclusions, looking, mending, picks
from curation.models import Exposure, Pick
from curation.picks import Details
from curation.places import FRONT, Place
from curation.screens.base import said
from curation.screens.health_lists import MOST_COUNTED, ON_OWN_PAGE, Question
from outbox.models import AuditEntry
from pagecache.admin import is_id

LONGER = timedelta(days=7)

MOST_TOLD = 10
"""Rows that could not be taken back, named one by one."""


@dataclass
class Fixed:
    """How many rows a button set right, and the lines in the audit that tell of it."""

    done: int = 0
    entries: list[AuditEntry] = field(default_factory=list)


def apply(request: HttpRequest, question: Question) -> int | None:
    """Do what the pressed button says (``fix``: a name, ``name:id``, ``name:shown`` or ``name:all``).

    Returns what ``take_back`` needs to undo it, if anything was changed.
    """
    name, _colon, scope = request.POST.get("fix", "").partition(":")
    if name not in {fix for fix, _words in (*question.fixes, *question.row_fixes)}:
        messages.error(request, _("That button is not known here. Reload the page."))
        return None
    ids = _asked(request, scope)
    rows = question.rows(request.user)
    found = list(rows[:MOST_COUNTED]) if ids is None else list(rows.filter(pk__in=ids))
    if ids is not None and not ids:
        messages.warning(request, _("Select what to fix first."))
        return None
    fixed = FIXES[name](request, found)
    _report(request, fixed.done, 0 if ids is None else len(ids) - len(found))
    return mending.remember(fixed.entries, actor=request.user)


def take_back(request: HttpRequest) -> None:
    """Undo what ``undo`` names, and say what became of it."""
    entry = request.POST.get("undo", "")
    try:
        undone = mending.take_back(int(entry) if is_id(entry) else 0, actor=request.user)
    except ValidationError as error:
        messages.error(request, said(error))
        return
    if undone.done:
        words = ngettext("%d row stands again as before.", "%d rows stand again as before.", undone.done)
        messages.success(request, words % undone.done)
    for problem in undone.problems[:MOST_TOLD]:
        messages.error(request, problem)
    if len(undone.problems) > MOST_TOLD:
        more = len(undone.problems) - MOST_TOLD
        messages.error(request, ngettext("And %d more.", "And %d more.", more) % more)


def _asked(request: HttpRequest, scope: str) -> list[int] | None:
    """The ids of the rows; ``None`` for all there are."""
    if scope == "all":
        return None
    wanted = [scope] if is_id(scope) else request.POST.getlist("shown" if scope == "shown" else "row")
    return [int(pk) for pk in dict.fromkeys(wanted) if is_id(pk)][:ON_OWN_PAGE]


def _report(request: HttpRequest, done: int, gone: int) -> None:
    if done:
        messages.success(request, ngettext("%d row is done.", "%d rows are done.", done) % done)
    if gone:
        words = ngettext(
            "%d row was settled by somebody else in the meantime.",
            "%d rows were settled by somebody else in the meantime.",
            gone,
        )
        messages.warning(request, words % gone)


def _extend(row: Pick, actor: Actor) -> AuditEntry | None:
    until = max(row.until or timezone.now(), timezone.now()) + LONGER
    return picks.describe(place_of(row), row.target, replace(Details.of(row), until=until), actor=actor)


def _keep(row: Pick, actor: Actor) -> AuditEntry | None:
    return picks.describe(place_of(row), row.target, replace(Details.of(row), until=None), actor=actor)


def _unpick(row: Pick, actor: Actor) -> AuditEntry | None:
    return picks.unpick(place_of(row), row.target, actor=actor)


def _exclude(row: Exposure, actor: Actor) -> AuditEntry | None:
    words = ngettext("Over-exposed: stood in %d list.", "Over-exposed: stood in %d lists.", row.lists)
    return exclusions.never_anywhere(row.article, actor=actor, reason=words % row.lists)


def _each(verb: Callable[[Any, Actor], AuditEntry | None]) -> Callable[[HttpRequest, list[Any]], Fixed]:
    """A verb for one row, made one for many; a refusal is said, and the others go on."""

    def run(request: HttpRequest, rows: list[Any]) -> Fixed:
        entries: list[AuditEntry] = []
        for row in rows:
            try:
                entry = verb(row, request.user)
                entries += [entry] if entry else []
            except (PermissionDenied, ValidationError) as error:
                messages.error(request, f"{row}: {said(error)}")
        return Fixed(len(entries), entries)

    return run


def _seen(request: HttpRequest, rows: list[Any]) -> Fixed:
    ids = [row.article_id for row in rows]
    done, entry = looking.mark_seen(ids, actor=request.user, before=_moment(request.POST.get("at", "")))
    return Fixed(done, [entry] if entry else [])


def _recompute(request: HttpRequest, rows: list[Any]) -> Fixed:
    return Fixed(looking.compute_again([row.article_id for row in rows], actor=request.user))


FIXES: dict[str, Callable[[HttpRequest, list[Any]], Fixed]] = {
    "extend": _each(_extend),
    "keep": _each(_keep),
    "unpick": _each(_unpick),
    "exclude": _each(_exclude),
    "seen": _seen,
    "recompute": _recompute,
}


def place_of(row: Pick) -> Place:
    """Where a pick stands."""
    return row.article or row.section or FRONT


def _moment(text: str) -> datetime | None:
    """When the page was drawn; nothing for what is no moment, or one still to come."""
    try:
        drawn = parse_datetime(text)
    except ValueError:
        return None
    return drawn if drawn is not None and drawn.tzinfo is not None and drawn <= timezone.now() else None
