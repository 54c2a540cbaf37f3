"""A lively month in the demo's calendar: scheduled, planned, changing later, expiring, and something late."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article
from articles.schedule import later
from articles.state import Credit, WorkingState
from newsroom.demo.made import Demo
from people.roles import CONTRIBUTOR, EDITOR

SCHEDULED = (
    (1, 6, "city", "Night buses get their own lane over the Tide Gate", "tram-rain"),
    (2, 17, "sport", "Rovers name an unchanged side for Saturday", "football-floodlights"),
    (3, 6, "culture", "What the Corn Exchange will play in spring", "stage-lights"),
    (6, 7, "city", "Council publishes the flood wall’s second bill", "council-chamber"),
    (9, 18, "culture", "Four new books about living beside water", "bookshelf"),
    (13, 6, "sport", "The regatta’s winter course, mile by mile", "rowers-mist"),
)
PLANNED = (
    (2, 9, "city", "Who owns the quay wall? A reader’s question, answered"),
    (4, 12, "culture", "Portrait of a bell founder"),
    (8, 6, "city", "A day with the dredgers"),
    (11, 10, "sport", "Why the women’s league plays on Thursdays"),
    (16, 6, "culture", "Winter concerts: our ten"),
)
LATE = (-1, 16, "city", "The allotments’ waiting list, ten years on")


def make(demo: Demo) -> None:
    """All of it, as of the demo's now; after the stories are published."""
    for days, hour, section, headline, picture in SCHEDULED:
        state = _state(demo, section, headline, demo.pictures.get(picture))
        plan = state.with_(publish_at=_at(demo, days, hour))
        publishing.publish(revisions.create(plan, actor=demo.staff[EDITOR]), actor=None)
    for days, hour, section, headline in PLANNED:
        plan = _state(demo, section, headline).with_(publish_at=_at(demo, days, hour))
        revisions.create(plan, actor=demo.staff[CONTRIBUTOR if days % 4 == 0 else EDITOR])
    days, hour, section, headline = LATE
    forgotten = _state(demo, section, headline).with_(publish_at=_at(demo, days, hour))
    revisions.create(forgotten, actor=demo.staff[CONTRIBUTOR])
    _make_later_change(demo, demo.articles["night-bus-petition"])
    _make_expiry(demo, demo.articles["council-vote-tonight"])


def _make_later_change(demo: Demo, story: Article) -> None:
    state = WorkingState.of(story)
    state = state.with_(body=state.body + "<p>The petition closed at noon; the council answers next week.</p>")
    revision = revisions.save(story, state, actor=demo.staff[EDITOR])
    later.schedule_change(story, revision, _at(demo, 2, 12), actor=demo.staff[EDITOR])


def _make_expiry(demo: Demo, story: Article) -> None:
    revisions.save(story, WorkingState.of(story).with_(expire_at=_at(demo, 5, 23)), actor=None)
    publishing.publish(story, actor=None)


def _state(demo: Demo, section: str, headline: str, picture: int | None = None) -> WorkingState:
    home: Any = demo.sections.get(section) or next(iter(demo.sections.values()))
    return WorkingState(
        headline=headline,
        standfirst="Filed ahead of its day, so that the calendar has something to hold.",
        section=home.pk,
        lead_picture=picture,
        body="<p>The reporting is done; the last numbers come on the morning itself.</p>",
        tags=("planning",),
        bylines=(Credit(demo.authors["ines-maren"].pk),),
    )


def _at(demo: Demo, days: int, hour: int) -> datetime:
    """A full hour of the newsroom's clock, ``days`` after the loading; never the hour that is passing."""
    day = timezone.localtime(demo.now) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)
