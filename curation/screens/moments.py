"""Moments in words: with the weekday, in the site's own time zone."""

from datetime import datetime

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

DEPTH = 2


def moment(when: datetime) -> str:
    """“Mon 2 March 2026, 14:00”."""
    return str(format_date(timezone.localtime(when), "D j F Y, H:i"))


def span(starts: datetime, ends: datetime) -> str:
    """From when until when; the day once where it is the same."""
    local = timezone.localtime(ends)
    same = timezone.localtime(starts).date() == local.date()
    return _("%(starts)s – %(ends)s") % {"starts": moment(starts), "ends": f"{local:%H:%M}" if same else moment(ends)}


def ends_in(when: datetime, now: datetime) -> str:
    """“ends in 2 hours, 5 minutes”."""
    return _("ends in %(time)s") % {"time": timeuntil(when, now, depth=DEPTH)}


def starts_in(when: datetime, now: datetime) -> str:
    """“starts in 2 hours”."""
    return _("starts in %(time)s") % {"time": timeuntil(when, now, depth=DEPTH)}


def ago(when: datetime, now: datetime) -> str:
    """“2 hours ago”."""
    return _("%(time)s ago") % {"time": timesince(when, now, depth=1)}
