"""What a new article's form can know by itself: the desk its writer works on, and their name."""

from typing import Any

from articles.models import BylineRole, Section
from articles.permissions import Actor
from people.models import Author, User


def section_of(actor: Actor) -> int | None:
    """The only section ``actor`` has a place on, or the only one there is."""
    if not isinstance(actor, User):
        return None
    own = list(actor.desks.values_list("section", flat=True)[:2])
    found = own or list(Section.objects.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def bylines_of(actor: Actor) -> list[dict[str, Any]]:
    """Their own byline, as the rows of the form; nothing for whoever has no author's profile."""
    if not isinstance(actor, User):
        return []
    author = Author.objects.filter(user=actor).values_list("pk", flat=True).first()
    return [{"author": author, "role": BylineRole.WORDS}] if author else []
