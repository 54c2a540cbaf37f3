"""All lines of the checklist for one working state, and what they forbid."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from articles.models import Article
from articles.permissions import Actor
from articles.readiness import belonging, body, links, pictures, wording
from articles.readiness.facts import Facts, gather
from articles.readiness.standing_waivers import applied
from articles.registries import Finding, publish_checks
from articles.state import WorkingState

LINES: tuple[Callable[[Facts], Iterable[Finding]], ...] = (
    wording.headline,
    wording.standfirst,
    belonging.section,
    body.something,
    wording.placeholders,
    pictures.lead,
    pictures.sharing,
    pictures.in_the_story,
    body.headings,
    body.tables,
    body.emptiness,
    links.inside,
    links.outside,
    links.words,
    belonging.tags,
    belonging.people,
    belonging.agency,
    belonging.times,
)
"""In the order in which an editor mends things."""


@dataclass
class NotReadyError(Exception):
    """The article may not go on as it stands; ``findings`` say why, in the editor's words."""

    findings: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(str(finding.message) for finding in self.findings)


def check(article: Article, state: WorkingState) -> list[Finding]:
    """Everything the checklist has to say; ``required`` findings forbid publishing.

    What somebody waived is in it with its ``waiver``, and required no longer.
    """
    facts = gather(article, state)
    findings = [finding for line in LINES for finding in line(facts)]
    values = asdict(state)
    for extra in publish_checks:
        findings += extra(article, values)
    return applied(article, findings)


def holding_back(findings: Iterable[Finding], actor: Actor) -> list[Finding]:
    """Those that forbid ``actor`` to publish; the system is not held up by what a person could waive."""
    return [finding for finding in findings if finding.required and not (actor is None and finding.waivable_by)]


def expect_ready(article: Article) -> None:
    """Raise ``NotReadyError`` unless the newest revision may be handed in for review."""
    missing = [finding for finding in check(article, WorkingState.of(article)) if finding.for_review]
    if missing:
        raise NotReadyError(missing)
