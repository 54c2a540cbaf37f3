"""Index articles in the background: again when a name they are found by has changed, at first when many moved in."""

from collections.abc import Iterable
from typing import Any

from articles import search
from articles.models import Article, SearchEntry
from articles.models.article import LIVE_STATUSES
from articles.models.tag import INDEX_AGAIN, have_indexed_again
from outbox import effects
from pagecache.writing import writing
from people.models import Author

INDEX_ARRIVED = "articles.index_arrived"
"""The effect that makes articles findable for the first time; payload ``{"articles": [ids]}``."""

AT_ONCE = 50
"""Articles in one effect: a second's work."""


def have_arrivals_indexed(article_ids: Iterable[int]) -> None:
    """Ask, in the transaction that made them, for new articles to be found by search, some an effect."""
    waiting = sorted(article_ids)
    parts = [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]
    wanted = [effects.Wanted({"articles": part}, f"index-arrived:{part[0]}:{part[-1]}") for part in parts]
    effects.enqueue_all(INDEX_ARRIVED, wanted)


@effects.handler(INDEX_ARRIVED)
def _index_arrived(payload: dict[str, Any], _key: str) -> None:
    with writing() as keys:
        rows = Article.objects.filter(pk__in=payload["articles"], status__in=LIVE_STATUSES)
        found = list(rows.select_for_update(no_key=True).order_by("pk"))
        if found:
            search.index_many(found)
            keys.add("archive")


def index_again(payload: dict[str, Any], _key: str) -> None:
    """The effect behind ``INDEX_AGAIN``: one article after the other, each under its row lock."""
    known = SearchEntry.objects.filter(article__in=payload["articles"]).values("article_id")
    for pk in Article.objects.filter(pk__in=known).order_by("pk").values_list("pk", flat=True):
        with writing() as keys:
            row = Article.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if row is not None:
                search.index(row)
                keys.add("archive")


effects.handler(INDEX_AGAIN)(index_again)


def author_renamed(author: Author) -> None:
    """Have every story with the author's byline found by the new name."""
    have_indexed_again(author.bylines.values_list("article", flat=True), why=f"author:{author.pk}")
