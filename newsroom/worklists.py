"""Lists of the start page: a heading, rows, and where the others are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

SHOWN = 6
"""Rows a list shows; its link leads to the others."""


@dataclass(frozen=True)
class Row:
    """One article on the start page."""

    headline: str
    url: str
    moment: datetime | None
    when: str = ""
    about: tuple[str, ...] = ()
    said: str = ""
    """What a colleague wrote with it."""


@dataclass(frozen=True)
class Worklist:
    """One heading with its articles."""

    name: str
    title: str
    rows: list[Row]
    more_url: str
    empty: str
    """What to say when it is; a list without such words is left out then."""

    @property
    def more(self) -> bool:
        """Whether there are articles that are not shown."""
        return len(self.rows) > SHOWN

    @property
    def shown(self) -> list[Row]:
        """What stands on the page."""
        return self.rows[:SHOWN]


def when(moment: datetime | None) -> str:
    """A moment for a narrow margin: with its weekday when it is near, with its date when it is not."""
    if moment is None:
        return ""
    local, now = timezone.localtime(moment), timezone.localtime()
    if local.date() == now.date():
        return _("Today %(time)s") % {"time": format_date(local, "H:i")}
    if abs(local.date() - now.date()) < timedelta(days=7):
        return format_date(local, "D H:i")
    if local > now:
        return format_date(local, "D j M H:i")
    return format_date(local, "j M" if local.year == now.year else "j M Y")


def all_of(query: str) -> str:
    """The list of articles, narrowed."""
    return f"{reverse('admin:articles_article_changelist')}?{query}"
