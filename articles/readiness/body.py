"""Lines about how the story is built: headings, tables, and what is empty."""

from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.readiness.facts import Facts, clipped, first_of
from articles.readiness.story import Heading
from articles.registries import Finding

LONGEST_HEADING = 90
"""Characters of a bold line that is taken for a heading; a longer one is emphasis."""

TOP_LEVEL = 2
"""The first level inside a story; the headline is level 1."""


def something(facts: Facts) -> Iterator[Finding]:
    """There is a story."""
    if not facts.state.body.strip():
        yield Finding(_("The story is empty."), required=True, for_review=True, field="body", code="body-missing")


def headings(facts: Facts) -> list[Finding]:
    """Headings that people who walk by them can follow, and none that only looks like one."""
    return [*first_of(_levels(facts.story.headings)), *first_of(_bold_lines(facts.story.bold_lines))]


def tables(facts: Facts) -> Iterator[Finding]:
    """Each has a row or column that says what the cells are."""
    if count := facts.story.bare_tables:
        message = ngettext(
            "A table has no header cells: mark its first row as header, so that each cell can be told.",
            "%(count)d tables have no header cells: mark their first rows as header, so that each cell can be told.",
            count,
        )
        yield Finding(message % {"count": count}, field="body", code="table-header")


def emptiness(facts: Facts) -> Iterator[Finding]:
    """No paragraph or picture frame without anything in it."""
    if count := facts.story.empty:
        message = ngettext(
            "The story holds %(count)d empty paragraph or frame.",
            "The story holds %(count)d empty paragraphs or frames.",
            count,
        )
        yield Finding(message % {"count": count}, field="body", code="body-empty-parts")


def _levels(found: list[Heading]) -> Iterator[Finding]:
    for number, heading in enumerate(found, start=1):
        if not heading.text:
            yield Finding(_("A heading in the story is empty."), field="body", code=f"heading-empty:{number}")
    steps = pairwise([Heading(TOP_LEVEL - 1, ""), *found])
    for number, (before, heading) in enumerate(steps, start=1):
        if heading.level > before.level + 1:
            message = _("The heading “%(heading)s” skips a level; readers get it one level below the one before.")
            told = message % {"heading": clipped(heading.text)}
            yield Finding(told, field="body", code=f"heading-level:{number}")


def _bold_lines(lines: list[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, start=1):
        if len(line) <= LONGEST_HEADING and not line.endswith((".", "!", "?", "”", ":")):
            message = _("“%(line)s” is a bold paragraph that looks like a heading: make it one.")
            told = message % {"line": clipped(line)}
            yield Finding(told, field="body", code=f"heading-bold:{number}")
