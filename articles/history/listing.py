"""The list of an article's revisions, a page at a time: who, when, and what changed in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from articles.history.restoring import RESTORED
from articles.models import Article, PreviewAnswer, Revision
from articles.registries import revision_parts
from articles.revisions import SAVED
from articles.state import WorkingState
from outbox.models import AuditEntry

PER_PAGE = 25
"""Rows of one page: each is read whole, with its text, to say what changed."""


@dataclass(frozen=True)
class Entry:
    """One revision in the list."""

    revision: Revision
    changes: Sequence[str]
    restored: int | None
    program: str
    answers: Sequence[PreviewAnswer]


@dataclass(frozen=True)
class History:
    """One page of the list."""

    page: Page[Revision]
    entries: Sequence[Entry]


class _Noted(NamedTuple):
    """By number of a revision: the number of the one it went back to, and the program that saved it."""

    restored: dict[int, int]
    programs: dict[int, str]


def history_of(article: Article, number: Any = 1) -> History:
    """The page with this number, or the nearest there is: four queries, however many revisions there are."""
    rows = Revision.objects.filter(article=article).select_related("made_by").order_by("-number")
    page = Paginator(rows, PER_PAGE).get_page(number)
    first, last = page.start_index() - 1, page.end_index()
    shown = list(rows[first : last + 1]) if last else []
    here = shown[: last - first]
    noted, answers = _noted(article, here), _answers(here)
    entries = [
        Entry(
            row,
            what_changed(shown[place + 1 : place + 2], row),
            noted.restored.get(row.number),
            noted.programs.get(row.number, ""),
            answers.get(row.pk, []),
        )
        for place, row in enumerate(here)
    ]
    return History(page, entries)


def what_changed(before: Sequence[Revision], row: Revision) -> list[str]:
    """What this save changed, a word or two each; ``before`` holds the revision it followed, if there was one."""
    if not before:
        return [_("first save")]
    old, new = WorkingState.from_json(before[0].state), WorkingState.from_json(row.state)
    words = [name for fields, name in _groups() if any(getattr(old, each) != getattr(new, each) for each in fields)]
    old_parts, new_parts = before[0].parts, row.parts
    words += [str(part.title) for name, part in revision_parts.items() if old_parts.get(name) != new_parts.get(name)]
    return words or [_("nothing")]


def _groups() -> list[tuple[tuple[str, ...], str]]:
    return [
        (("headline",), _("headline")),
        (("standfirst",), _("standfirst")),
        (("body",), _("text")),
        (("lead_picture", "lead_caption"), _("picture")),
        (("tags",), _("tags")),
        (("bylines",), _("bylines")),
        (("section", "kind"), _("section or kind")),
        (("source", "source_url"), _("source")),
        (("publish_at", "expire_at", "embargo_until"), _("times")),
        (("slug",), _("address")),
        (("search_title", "search_description", "social_picture", "noindex"), _("search and sharing")),
        (("sensitive",), _("sensitive")),
    ]


def _noted(article: Article, rows: Sequence[Revision]) -> _Noted:
    """What the audit trail says of the revisions on this page."""
    if not rows:
        return _Noted({}, {})
    told = AuditEntry.objects.filter(
        object_type=article._meta.label_lower,
        object_id=str(article.pk),
        verb__in=(SAVED, RESTORED),
        at__gte=rows[-1].made_at,
    )
    entries = list(told.order_by("at", "id")[: 4 * PER_PAGE])
    return _Noted(
        {one.details["revision"]: one.details["restored"] for one in entries if one.verb == RESTORED},
        {one.details["revision"]: one.program for one in entries if one.verb == SAVED},
    )


def _answers(rows: Sequence[Revision]) -> dict[int, list[PreviewAnswer]]:
    found: dict[int, list[PreviewAnswer]] = {}
    for answer in PreviewAnswer.objects.filter(revision__in=rows).order_by("made_at", "id"):
        found.setdefault(answer.revision_id or 0, []).append(answer)
    return found
