"""A story of the demo that is not ready: some lines of its checklist are open, one is waived."""

from articles import publishing, revisions
from articles.readiness.waivers import waive
from articles.state import Credit, WorkingState
from newsroom.demo.made import Demo
from people.roles import CONTRIBUTOR, EDITOR

BODY = """<p>The last shop in Pump Lane with a bell on its door shuts on Saturday, after 48 years. What comes next is a
question that the landlord, XXX, has not answered.</p>
<p><strong>What the neighbours say</strong></p>
<p>“I bought my first radio there,” says a man with a bag of valves. The council’s plan for the street is
<a href="/city/plans-for-pump-lane-999999/">here</a>.</p>"""

WAIVED, REASON = "placeholder:headline:tk", "TK Radio is the name of the shop; checked with its owner."


def make(demo: Demo) -> None:
    """Written by the contributor, handed in, and waived in one line by the editor."""
    writer, editor = demo.staff[CONTRIBUTOR], demo.staff[EDITOR]
    state = WorkingState(
        headline="TK Radio rings its bell for the last time.",
        standfirst="Nobody mends a valve amplifier in Pump Lane any more.",
        section=demo.sections["city"].pk,
        body=BODY,
        tags=("transprot", "pump lane"),
        bylines=(Credit(demo.authors["ines-maren"].pk),),
    )
    article = revisions.create(state, actor=writer)
    publishing.submit_for_review(article, actor=writer)
    waive(article, WAIVED, REASON, actor=editor)
