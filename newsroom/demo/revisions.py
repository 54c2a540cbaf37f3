"""A story on which several people have worked since readers saw it last, and somebody outside who has read it."""

from datetime import timedelta

from articles import revisions
from articles.models import Verdict
from articles.models.preview import PreviewAnswer
from articles.previews import links
from articles.state import Credit, WorkingState
from curation import picks
from newsroom.demo.made import Demo
from people.roles import CHIEF_EDITOR, EDITOR

STORY = "rents-six-years"
PICKED = ("old-mill-first-winter", "tenter-court-river-heat")


def make(demo: Demo) -> None:
    """Three saves on top of what readers see, a link, and an answer to what the first two left."""
    article = demo.articles[STORY]
    state = WorkingState.of(article)
    editor, chief = demo.staff[EDITOR], demo.staff[CHIEF_EDITOR]
    corrected = state.body.replace("2,204 adverts from the past twelve", "2,214 adverts from the past thirteen")
    state = state.with_(body=corrected, tags=(*state.tags, "Tenter Court"))
    revisions.save(article, state, actor=editor)
    state = state.with_(
        headline="What 4,328 adverts say about six years of rent",
        lead_picture=demo.pictures["mill-quarter"],
        bylines=(*state.bylines, Credit(demo.authors["ines-maren"].pk, "reporting")),
    )
    for key in PICKED:
        picks.pick(article, demo.articles[key], actor=editor)
    read = revisions.save(article, state, actor=editor)
    link, _secret = links.make(article, actor=editor, reader="Tenants’ Union, Brackwater", days=14)
    PreviewAnswer.objects.create(
        link=link,
        revision=read,
        digest=read.digest,
        name="Marit Solvang",
        verdict=Verdict.CHANGES,
        text="The figures are right, thank you. But the table says “asked”, and the text says “paid” in one place. "
        "Please make it “asked” throughout.",
        made_at=demo.now - timedelta(hours=2),
    )
    picks.reorder(article, [demo.articles[key].pk for key in reversed(PICKED)], actor=chief)
    paragraphs = state.body.split("</p>", 1)
    state = state.with_(body=f"{paragraphs[0]} All figures here are rents asked, not rents paid.</p>{paragraphs[1]}")
    revisions.save(article, state, actor=chief)
