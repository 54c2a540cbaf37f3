"""Moments as editors type and read them: in the site's zone, with the weekday, never guessed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EARLIEST_YEAR = 1600
"""The first newspapers are of 1605; an archive may hold a page of them, and nothing before."""

FARTHEST = timedelta(days=20 * 366)
"""Nothing is planned for longer: a year beyond it is a slip of the hand."""

DAY_ALONE = len("2026-11-27")
MOST_TYPED = 40
"""Characters of a moment in ISO 8601, to the microsecond and with its offset, and some to spare."""


def in_words(moment: datetime) -> str:
    """``Friday 27 November 2026, 18:00``, in the site's zone."""
    return format_date(timezone.localtime(moment), "l j F Y, H:i")


def from_now(moment: datetime) -> str:
    """``in 3 hours`` or ``2 days ago``: roughly how far away it is."""
    seconds = (moment - timezone.now()).total_seconds()
    span = _span(abs(seconds))
    return _("in %(span)s") % {"span": span} if seconds >= 0 else _("%(span)s ago") % {"span": span}


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(seconds / 3600)
    if hours < 36:  # noqa: PLR2004 - “in 30 hours” is clearer than “in 1 day”
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = round(seconds / 86_400)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def read(text: str) -> datetime:
    """The moment ``text`` names in ISO 8601; without an offset it is meant in the site's zone.

    Raises ``ValidationError`` in words for what is no moment, for an hour that
    does not exist or comes twice, and for a year nobody can mean.
    """
    text = text.strip()
    sound = DAY_ALONE < len(text) <= MOST_TYPED and text.isprintable()
    try:
        found = parse_datetime(text) if sound else None
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("Give a day and a time, such as 2026-11-27 18:00."))
    _refuse_absurd(found)
    return found if timezone.is_aware(found) else in_site_zone(found)


def in_site_zone(naive: datetime) -> datetime:
    """The moment a clock on the newsroom's wall means. Raises ``ValidationError`` as ``read`` does."""
    _refuse_absurd(naive)
    zone = timezone.get_current_timezone()
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive:
        raise ValidationError(_twice(first, second))
    raise ValidationError(_never(first, second))


def _twice(first: datetime, second: datetime) -> str:
    shift = (first.utcoffset() or timedelta()) - (second.utcoffset() or timedelta())
    words = _(
        "On %(day)s the clocks go back, and %(time)s comes twice: first as %(first)s, then as %(second)s. "
        "Choose a time that comes once, such as %(before)s or %(after)s."
    )
    return words % {
        "day": format_date(first, "l j F Y"),
        "time": format_date(first, "H:i"),
        "first": f"{first:%H:%M %Z (UTC%z)}",
        "second": f"{second:%H:%M %Z (UTC%z)}",
        "before": f"{first.replace(tzinfo=None) - shift:%H:%M}",
        "after": f"{first.replace(tzinfo=None) + shift:%H:%M}",
    }


def _never(first: datetime, second: datetime) -> str:
    zone = timezone.get_current_timezone()
    words = _(
        "On %(day)s the clocks go forward, and %(time)s does not exist. Choose %(before)s or %(after)s, for instance."
    )
    return words % {
        "day": format_date(first, "l j F Y"),
        "time": format_date(first, "H:i"),
        "before": f"{second.astimezone(UTC).astimezone(zone):%H:%M}",
        "after": f"{first.astimezone(UTC).astimezone(zone):%H:%M}",
    }


def _refuse_absurd(moment: datetime) -> None:
    if moment.year < EARLIEST_YEAR:
        raise ValidationError(
            _("The year %(year)d cannot be meant: there were no newspapers yet.") % {"year": moment.year}
        )
    if moment.replace(tzinfo=UTC) > timezone.now() + FARTHEST:
        raise ValidationError(_("The year %(year)d is too far away to plan for.") % {"year": moment.year})


class MomentField(forms.SplitDateTimeField):
    """A day and a time in two inputs, meant in the site's zone."""

    def compress(self, data_list: Any) -> datetime | None:
        """The moment; refuses in words what no clock of the site shows, or shows twice."""
        if not data_list:
            return None
        day, time = data_list
        if day in self.empty_values:
            raise ValidationError(_("A time alone is not enough: give the day as well."))
        if time in self.empty_values:
            raise ValidationError(_("A day alone is not enough: give the time as well, 06:00 for instance."))
        return in_site_zone(datetime.combine(day, time))


def note(moment: datetime | None) -> str:
    """What stands below an input that holds ``moment``; empty for none."""
    return f"{in_words(moment)} · {from_now(moment)}" if moment else ""
