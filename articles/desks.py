"""Places on desks: which sections somebody works in, and as what."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from articles.models import Article, DeskMembership, DeskRole
from people.models import User

EVERY_DESK = "articles.edit_every_desk"
GIVES_PLACES = "articles.add_deskmembership"
WRITES = "articles.change_article"
"""Without it a place gives nothing: somebody who does not work on articles has no desk."""


@dataclass(frozen=True)
class Places:
    """The sections in which somebody edits and publishes, and those in which they write."""

    edits: frozenset[int] = field(default_factory=frozenset)
    writes: frozenset[int] = field(default_factory=frozenset)

    @property
    def all(self) -> frozenset[int]:
        """Every section they have a place in."""
        return self.edits | self.writes

    def __bool__(self) -> bool:
        return bool(self.all)


NOWHERE = Places()


def places_of(actor: User | AnonymousUser | None) -> Places:
    """The places of ``actor``; one query, kept on the object, so that a request asks once."""
    if not isinstance(actor, User) or not actor.has_perm(WRITES):
        return NOWHERE
    kept: Places | None = getattr(actor, "_desk_places", None)
    if kept is None:
        kept = _fetched(actor)
        actor._desk_places = kept  # type: ignore[attr-defined]
    return kept


def is_limited(actor: User | AnonymousUser | None) -> bool:
    """Whether ``actor`` works on some desks only: they have places, and no leave to work on every desk."""
    return bool(places_of(actor)) and actor is not None and not actor.has_perm(EVERY_DESK)


def may_seat(actor: User, sections: Iterable[int]) -> bool:
    """Whether ``actor`` may give somebody a place in ``sections``: all of them theirs, if they work on some only."""
    if not actor.has_perm(GIVES_PLACES):
        return False
    return not is_limited(actor) or places_of(actor).edits.issuperset(sections)


def is_on(sections: frozenset[int], article: Article) -> bool:
    """Whether the article belongs to ``sections``: by what readers see, and by its newest revision.

    One whose newest section is not named, or not known to whoever fetched it, belongs to nobody's.
    """
    if not sections or (article.latest_id and article.latest is None):
        return False
    newest = article.latest.section_id if article.latest else article.section_id
    return newest in sections and (article.section_id is None or article.section_id in sections)


def belongs_to(sections: frozenset[int]) -> Q:
    """What ``is_on`` asks, of rows of articles."""
    newest = Q(latest__section__in=sections) | Q(latest=None, section__in=sections)
    return newest & (Q(section=None) | Q(section__in=sections))


def _fetched(actor: User) -> Places:
    rows = list(DeskMembership.objects.filter(user=actor).order_by().values_list("section", "role"))
    edits = frozenset(section for section, role in rows if role == DeskRole.EDITOR)
    return Places(edits, frozenset(section for section, _role in rows) - edits)
