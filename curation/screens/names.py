"""Headlines of articles for whoever looks: the newest words where they may read them, else what readers see."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from articles.known import known_to, knows_all
from articles.models import Article
from articles.permissions import Actor


class Names:
    """The articles among some ids that ``actor`` may know of, fetched in one query."""

    def __init__(self, actor: Actor, ids: Iterable[int]) -> None:
        wanted = [pk for pk in dict.fromkeys(ids) if isinstance(pk, int) and not isinstance(pk, bool)]
        self.all_known = knows_all(actor)
        self.found: dict[int, Article] = known_to(actor).in_bulk(wanted) if wanted else {}

    def __getitem__(self, pk: int) -> str:
        """The headline, or that there is none to be told."""
        article = self.found.get(pk)
        if article is not None:
            return str(article)
        return _("an article that was deleted") if self.all_known else _("another article")

    def __contains__(self, pk: int) -> bool:
        return pk in self.found
