"""Which fields of an article somebody may not change, though they may edit it; asked by every save, and by the form.

Bylines and the time of publication are open to whoever may edit: publishing
is what makes them count. An embargo is a promise to somebody outside, and the
section says whose article it is.
"""

from django.utils.translation import gettext as _

from articles.desks import is_limited, places_of
from articles.models import Article, Status
from articles.permissions import Actor, may_place, may_publish
from articles.state import WorkingState

OUT = (Status.SCHEDULED, Status.PUBLISHED, Status.ARCHIVED)
"""Where an article belongs to a section's desk for good: readers met it there, or will."""


def refusals(actor: Actor, article: Article, before: WorkingState, after: WorkingState) -> dict[str, str]:
    """By field: why this change is not ``actor``'s to make. Empty: all of it is."""
    refused = {name: why for name, why in frozen(actor, article, before).items() if _differs(before, after, name)}
    if _differs(before, after, "section") and article.status in OUT and not may_place(actor, after.section):
        refused["section"] = _("You do not publish in that section, and the story is out already. Ask its desk.")
    return refused


def frozen(actor: Actor, article: Article, state: WorkingState) -> dict[str, str]:
    """By field: why ``actor`` may not change it at all."""
    closed = {}
    if state.embargo_until is not None and not may_publish(actor, article):
        closed["embargo_until"] = _("Only those who publish this article may change its embargo.")
    if article.status in OUT and is_limited(actor) and len(places_of(actor).edits) < 2:  # noqa: PLR2004 - nowhere to
        closed["section"] = _("The story is out already: moving it takes somebody who publishes in both sections.")
    return closed


def _differs(before: WorkingState, after: WorkingState, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
