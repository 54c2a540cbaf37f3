"""How byline profiles go into the bin and come back."""

from images import publicity
from people.models import Author, after_rename
from wastebin.kinds import BinKind, register


def register_all() -> None:
    """Profiles without a byline: one with bylines is in use."""
    register(BinKind(Author, back=_back))


def _back(author: Author, _actor: object) -> list[str]:
    """Readers see the portrait again, and stories are found by the name."""
    if author.portrait_id:
        publicity.show([author.portrait_id])
    for listener in after_rename:
        listener(author)
    return []
