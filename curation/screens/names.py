"""Headlines of articles for whoever looks: the newest words where they may read them, else what readers see."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor


class Names:
    """The articles among some ids that ``actor`` may know of, fetched in one query."""

    def __init__(self, actor: Actor, ids: Iterable[int]) -> None:
        wanted = [pk for pk in dict.fromkeys(ids) if isinstance(pk, int) and not isinstance(pk, bool)]
        self.found: dict[int, Article] = known_to(actor).in_bulk(wanted) if wanted else {}

    def __getitem__(self, pk: int) -> str:
        """The headline, or that there is none to be told."""
        article = self.found.get(pk)
        return str(article) if article is not None else _("an article that was deleted")

    def __contains__(self, pk: int) -> bool:
        return pk in self.found
