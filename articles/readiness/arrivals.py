"""The checklist for many articles that move in at once: the lines that would hold back the system itself.

What a person could waive does not hold the system back, and nothing of the
rooms above hangs on an article that was not there before; so these lines are all.
"""

from collections.abc import Callable, Iterable, Sequence

from django.utils import timezone

from articles.models import Article, Section, Source
from articles.permissions import Actor
from articles.readiness import belonging, body, pictures, wording
from articles.readiness.checking import holding_back
from articles.readiness.facts import Facts
from articles.readiness.story import Story
from articles.registries import Finding
from articles.state import WorkingState
from images.models import Image
from people.models import Author

LINES: tuple[Callable[[Facts], Iterable[Finding]], ...] = (
    wording.headline,
    belonging.section,
    body.something,
    pictures.lead,
    pictures.sharing,
    belonging.people,
    belonging.agency,
    belonging.times,
)

THE_SYSTEM: Actor = None


def missing(states: Sequence[WorkingState]) -> list[list[Finding]]:
    """What forbids publishing each of them, in their order: four queries for all."""
    now = timezone.now()
    sections = Section.objects.in_bulk({state.section for state in states if state.section})
    sources = Source.objects.in_bulk({state.source for state in states if state.source})
    wanted = {pk for state in states for pk in (state.lead_picture, state.social_picture) if pk}
    images = Image.objects.in_bulk(wanted)
    writers = {credit.author for state in states for credit in state.bylines}
    authors = frozenset(Author.objects.filter(pk__in=writers).values_list("pk", flat=True))
    unwritten = Article()
    return [
        _missing(
            Facts(
                article=unwritten,
                state=state,
                story=Story(),
                now=now,
                section=sections.get(state.section or 0),
                source=sources.get(state.source or 0),
                authors=authors,
                pictures=images,
                hrefs=(),
                linked={},
                redirects=frozenset(),
                answers={},
                tags={},
            )
        )
        for state in states
    ]


def _missing(facts: Facts) -> list[Finding]:
    return holding_back((finding for line in LINES for finding in line(facts)), THE_SYSTEM)
