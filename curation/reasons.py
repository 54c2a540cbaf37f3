"""Why the engine suggests an article, in words an editor understands.

Stored as ``{"shares": [phrases], "tags": [ids], "days": number, "section": bool, "source": bool}``,
strongest first; what does not hold is left out. Tags are named when somebody reads it, so that a tag
renamed since has its present name, and one that is gone is no reason any more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MONTH, YEAR = 31, 365
"""Days up to which a distance is told in days, and in months."""


def in_words(reasons: dict[str, Any], tags: Mapping[int, str]) -> str:
    """One line: “shares “heat pumps” and “council” · tag “housing-retrofit” · 2 days apart · same source”.

    ``tags`` are the names of the article's own tags by id: what it shares is among them.
    """
    names = [tags[pk] for pk in reasons.get("tags", ()) if pk in tags]
    parts = [*_shares(reasons.get("shares", ())), *_tags(names)]
    if "days" in reasons:
        parts.append(apart(reasons["days"]))
    if reasons.get("section"):
        parts.append(_("same section"))
    if reasons.get("source"):
        parts.append(_("same source"))
    return " · ".join(parts)


def apart(days: int) -> str:
    """A distance between two publications."""
    if days == 0:
        return _("within a day")
    if days <= MONTH:
        return ngettext("%(days)d day apart", "%(days)d days apart", days) % {"days": days}
    if days <= YEAR:
        months = round(days / 30.4)
        return ngettext("%(months)d month apart", "%(months)d months apart", months) % {"months": months}
    years = round(days / 365.25)
    return ngettext("%(years)d year apart", "%(years)d years apart", years) % {"years": years}


def _shares(phrases: Sequence[str]) -> list[str]:
    return [_("shares %(phrases)s") % {"phrases": _listed(phrases)}] if phrases else []


def _tags(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [ngettext("tag %(tags)s", "tags %(tags)s", len(names)) % {"tags": _listed(names)}]


def _listed(names: Sequence[str]) -> str:
    *first, last = [_("“%(name)s”") % {"name": name} for name in names]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
