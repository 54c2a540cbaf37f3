"""What was done with an article, in sentences for colleagues."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article, Handover
from articles.publishing import steps

SHOWN = 12
"""Steps the panel tells, the newest first."""


@dataclass(frozen=True)
class Told:
    """One step: a sentence, when, and what was said with it."""

    sentence: str
    at: datetime
    note: str


def way_of(article: Article, most: int = SHOWN) -> list[Told]:
    """The article's last steps, the newest first: one query."""
    rows = Handover.objects.filter(article=article).select_related("made_by", "to")
    return [Told(sentence_of(row), row.made_at, row.note) for row in rows[:most]]


def sentence_of(step: Handover) -> str:
    """“Ada asked Ines for changes”, and the like."""
    who, whom = str(step.made_by or _("The system")), str(step.to or "")
    words = {
        steps.SUBMITTED: _("%(who)s submitted it to %(whom)s") if whom else _("%(who)s submitted it for review"),
        steps.APPROVED: _("%(who)s approved it"),
        steps.CHANGES_ASKED: _("%(who)s asked %(whom)s for changes") if whom else _("%(who)s asked for changes"),
        steps.SENT_BACK: _("%(who)s made it a draft again"),
        steps.REOPENED: _("%(who)s reopened it"),
        steps.EDITED: _("%(who)s edited it after approval, so it is in review again"),
        steps.TAKEN_DOWN: _("%(who)s took it down"),
        steps.KILLED: _("%(who)s killed it"),
        "published": _("%(who)s published it"),
        "scheduled": _("%(who)s scheduled it"),
    }
    return words.get(step.verb, f"%(who)s: {step.verb}") % {"who": who, "whom": whom}
