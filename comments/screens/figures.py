"""Figures: what waits, how long, and what readers are promised."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import figures
from comments.screens.bars import draw
from comments.screens.base import READ, ScreenAdmin


class FiguresAdmin(ScreenAdmin):
    """One page."""

    def addresses(self) -> list[URLPattern]:
        """The page."""
        return [path("", self.door(self.page, *READ), name="comments_deskday_changelist")]

    def page(self, request: HttpRequest) -> HttpResponse:
        """Today's queue, the last thirty days, the promise."""
        days = figures.days()
        promise = figures.made_of()
        return self.screen(
            request,
            "figures",
            title=_("Figures"),
            tab="figures",
            queue=figures.now(),
            at=timezone.now(),
            days=[(day, figures.span_in_words(day.median_wait)) for day in reversed(days)],
            chart=draw([(day.day, day.arrived, day.decided) for day in days]),
            promise=promise,
            promised=figures.in_words(promise.within),
            median=figures.span_in_words(promise.median),
            fewest=figures.FEWEST_DECISIONS,
            promise_days=figures.PROMISE_DAYS,
        )
