"""The audit's entries about lists, in words: who did what, from what to what."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.models import AuditEntry

LIST_VERBS = (
    "picked",
    "unpicked",
    "reordered picks",
    "changed pick",
    "switched list off",
    "switched list on",
    "never here",
    "allowed here",
)
"""What is done to one list."""


SYSTEM = "system"
"""What the audit calls itself when nobody did it."""


class Headlines(Protocol):
    """Headlines by article id, for every id that is asked for."""

    def __getitem__(self, pk: int, /) -> str: ...


def in_words(entry: AuditEntry, names: Headlines) -> str:
    """“Chiara picked “X” at place 2”; an entry that no longer reads as it was written gives its bare verb."""
    words = _WORDS.get(entry.verb)
    told = entry.details if isinstance(entry.details, dict) else {}
    try:
        said = words(told, names) if words else entry.verb
    except (AttributeError, KeyError, TypeError, ValueError):
        said = entry.verb
    return _("%(who)s %(did)s") % {
        "who": entry.who if entry.actor_name != SYSTEM else _("The system"),
        "did": said,
    }


def ids_in(entries: Iterable[AuditEntry]) -> set[int]:
    """The articles whose headlines ``in_words`` will ask for."""
    found: set[int] = set()
    for entry in entries:
        told: Mapping[str, Any] = entry.details if isinstance(entry.details, dict) else {}
        for name in ("before", "after"):
            listed = told.get(name)
            if isinstance(listed, list):
                found |= {pk for pk in listed if isinstance(pk, int)}
    return found


def _picked(told: dict[str, Any], _names: Headlines) -> str:
    return _("picked “%(headline)s” at place %(place)d") % {
        "headline": told["headline"],
        "place": told["after"].index(told["picked"]) + 1,
    }


def _unpicked(told: dict[str, Any], _names: Headlines) -> str:
    return _("removed the pick “%(headline)s” from place %(place)d") % {
        "headline": told["headline"],
        "place": told["before"].index(told["picked"]) + 1,
    }


def _reordered(told: dict[str, Any], names: Headlines) -> str:
    return _("put the picks into another order: from %(before)s to %(after)s") % {
        "before": _listed(told["before"], names),
        "after": _listed(told["after"], names),
    }


def _changed(told: dict[str, Any], _names: Headlines) -> str:
    before, after = told["before"], told["after"]
    changes = [
        _("%(what)s from %(before)s to %(after)s")
        % {"what": what, "before": _value(name, before.get(name)), "after": _value(name, after.get(name))}
        for name, what in _details().items()
        if before.get(name) != after.get(name)
    ]
    return _("changed the pick “%(headline)s”: %(changes)s") % {
        "headline": told["headline"],
        "changes": "; ".join(changes),
    }


def _never_here(told: dict[str, Any], _names: Headlines) -> str:
    words = _("excluded “%(headline)s” from this list") % {"headline": told["headline"]}
    return f"{words}: {told['reason']}" if told.get("reason") else words


def _allowed_here(told: dict[str, Any], _names: Headlines) -> str:
    return _("allowed “%(headline)s” in this list again") % {"headline": told["headline"]}


def _started(told: dict[str, Any], _names: Headlines) -> str:
    return _("started a campaign: %(plan)s") % {"plan": _plan(told)}


def _ended(told: dict[str, Any], _names: Headlines) -> str:
    words = _("ended a campaign: %(plan)s") if told["begun"] else _("called off a campaign: %(plan)s")
    return words % {"plan": _plan(told)}


def _replanned(told: dict[str, Any], _names: Headlines) -> str:
    plans = {"before": _plan(told["before"]), "after": _plan(told["after"])}
    return _("changed a campaign from %(before)s to %(after)s") % plans


def _plan(told: dict[str, Any]) -> str:
    return _("“%(headline)s” at place %(slot)d beside %(reach)s, %(starts)s to %(ends)s") % {
        **told,
        "starts": _value("until", told["starts"]),
        "ends": _value("until", told["ends"]),
    }


def _apart(told: dict[str, Any], names: Headlines) -> str:
    words = _("kept apart %(articles)s: %(reason)s")
    return words % {"articles": _listed(told["after"], names), "reason": told["reason"]}


def _together(told: dict[str, Any], names: Headlines) -> str:
    return _("let stand together again %(articles)s") % {"articles": _listed(told["before"], names)}


def _never_anywhere(told: dict[str, Any], _names: Headlines) -> str:
    return _("excluded the article from every list: %(reason)s") % {"reason": told["reason"]}


def _details() -> dict[str, str]:
    return {"until": _("end"), "note": _("note"), "headline": _("headline"), "picture": _("picture")}


def _value(name: str, value: Any) -> str:
    if value in {None, ""}:
        return _("none")
    if name == "until":
        moment = timezone.localtime(datetime.fromisoformat(value))
        return str(format_date(moment, "D j F Y, H:i"))
    return _("“%(text)s”") % {"text": value}


def _listed(ids: Sequence[int], names: Headlines) -> str:
    return ", ".join(_("“%(text)s”") % {"text": names[pk]} for pk in ids) or _("nothing")


_WORDS: dict[str, Callable[[dict[str, Any], Headlines], str]] = {
    "picked": _picked,
    "unpicked": _unpicked,
    "reordered picks": _reordered,
    "changed pick": _changed,
    "switched list off": lambda _told, _names: _("switched the list off"),
    "switched list on": lambda _told, _names: _("switched the list on"),
    "never here": _never_here,
    "allowed here": _allowed_here,
    "never anywhere": _never_anywhere,
    "allowed anywhere": lambda _told, _names: _("allowed the article in lists again"),
    "kept apart": _apart,
    "let together": _together,
    "lost pick": lambda told, _names: _("deleted “%(headline)s”, which was picked here") % told,
    "started campaign": _started,
    "changed campaign": _replanned,
    "ended campaign": _ended,
}
