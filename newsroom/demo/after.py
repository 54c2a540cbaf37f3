"""What happened to the demo's stories after publication: notes, a merger, a moved address, something in the bin."""

from articles import corrections, departure, publishing, redirects, revisions
from articles.models import Article, CorrectionKind
from articles.state import Credit, WorkingState
from newsroom.demo.made import Demo
from people.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

NOTES = (
    (
        "rents-six-years",
        CorrectionKind.CLARIFICATION,
        1.2,
        "The second chart shows rents asked for empty flats. People who stay pay less; the article now says so.",
    ),
    (
        "tide-gate-north-leaf-arrives",
        CorrectionKind.UPDATE,
        0.4,
        "The harbour office has named a date for the lift: Thursday week, on the morning tide, if the wind allows.",
    ),
)


def make(demo: Demo) -> None:
    """All of it, by the verbs the desk uses."""
    for key, kind, days_ago, text in NOTES:
        if key in demo.articles:
            corrections.add(demo.articles[key], kind, text, actor=demo.staff[EDITOR], made_at=demo.at(days_ago))
    _merge(demo)
    redirects.lead("/2019/tram-extension.html", to=demo.articles["tram-line-4-late"], actor=demo.staff[EDITOR])
    redirects.lead("/competitions/", to=None, actor=demo.staff[EDITOR])
    _throw_away(demo)


def _merge(demo: Demo) -> None:
    """The first, short report of the ferry's return, which the full story took over."""
    full = demo.articles["dunmere-ferry-returns"]
    words = WorkingState(
        headline="The Dunmere ferry is back, operator says",
        standfirst="First sailing on time, according to a one-line notice on the quay.",
        section=full.section_id,
        body="<p>The Dunmere ferry sailed again this morning. More soon.</p>",
        publish_at=(full.publish_at or demo.now),
    )
    short = publishing.publish(_saved(words, demo), actor=demo.staff[EDITOR])
    departure.leave(short, actor=demo.staff[EDITOR], reason="The full story says it all.", to=full, with_picks=True)


def _throw_away(demo: Demo) -> None:
    draft = WorkingState(
        headline="What is the clock on the Corn Exchange waiting for?",
        standfirst="It stopped at 4.20 in March. Nobody admits to having the key.",
        section=demo.sections["city"].pk,
        body="<p>Dropped: the works department wound it on Tuesday.</p>",
        bylines=(Credit(demo.authors["ines-maren"].pk),),
    )
    revisions.discard(revisions.create(draft, actor=demo.staff[CONTRIBUTOR]), actor=demo.staff[CHIEF_EDITOR])


def _saved(words: WorkingState, demo: Demo) -> Article:
    return revisions.create(words, actor=demo.staff[EDITOR])
