"""What the score has learnt: from how much, what weighs, how often it was right, and what it may do because of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from comments import merits
from comments.learning.earning import Measured, lower_bound, still_needed
from comments.learning.verdict import Because
from comments.score_words import shown
from comments.screens.base import READ, ScreenAdmin


@dataclass(frozen=True, slots=True)
class Weight:
    """A word or feature as it is shown; ``width``: its push of the heaviest one's, 1 to 100."""

    words: str
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold, in whole percents. ``acts``: from here on it acts by itself."""

    threshold: int
    measured: Measured
    precision: str
    at_least: str
    recall: str
    acts: bool


class ScoreAdmin(ScreenAdmin):
    """One page."""

    def addresses(self) -> list[URLPattern]:
        """The page."""
        return [path("", self.door(self.page, *READ), name="comments_learner_changelist")]

    def page(self, request: HttpRequest) -> HttpResponse:
        """What was learnt, and what came of it."""
        standing = merits.standing()
        half = standing.measured[0]
        agreed = half.right + half.ham - (half.held - half.right)
        heaviest = max((abs(because.push) for because in (*standing.towards, *standing.away)), default=1.0)
        return self.screen(
            request,
            "score",
            title=_("What the score has learnt"),
            tab="score",
            standing=standing,
            agreed=agreed,
            agreed_share=percent(agreed / standing.decisions) if standing.decisions else "",
            agreed_at_least=percent(lower_bound(agreed, standing.decisions)),
            sides=[
                ("towards", _("Speaks for spam"), weights(standing.towards, heaviest)),
                ("away", _("Speaks against it"), weights(standing.away, heaviest)),
            ],
            rows=[row_of(measured, standing.threshold) for measured in standing.measured],
            required=percent(standing.required),
            acts_from=percent(standing.threshold) if standing.threshold is not None else "",
            switched_on=settings.COMMENTS_SPAM_BY_SCORE,
            needed=nearest(standing.measured, standing.required),
            fewest=still_needed(0, 0, standing.required),
        )


def weights(reasons: Sequence[Because], heaviest: float) -> list[Weight]:
    """Reasons for the page, hostile words inert."""
    return [Weight(shown(because), max(1, round(abs(because.push) / heaviest * 100))) for because in reasons]


def row_of(measured: Measured, threshold: float | None) -> Row:
    """One threshold's figures; a precision only where it would have held anything."""
    tried = measured.held > 0
    return Row(
        threshold=round(measured.threshold * 100),
        measured=measured,
        precision=percent(measured.precision) if tried else "–",
        at_least=percent(measured.at_least) if tried else "–",
        recall=percent(measured.recall) if measured.spam else "–",
        acts=threshold is not None and measured.threshold >= threshold,
    )


def nearest(rows: Sequence[Measured], required: float) -> tuple[str, int] | None:
    """The threshold that lacks least, and how many spam decisions without a mistake; ``None`` if none held anything."""
    tried = [row for row in rows if row.held]
    lacks = [(still_needed(row.right, row.held, required), round(row.threshold * 100)) for row in tried]
    return (f"{min(lacks)[1]} %", min(lacks)[0]) if lacks else None


def percent(share: float) -> str:
    """A share for a table, rounded down: 99.96 % is not 100 %."""
    tenths = int(share * 1000 + 1e-9)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
