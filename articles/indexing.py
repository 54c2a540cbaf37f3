"""Index articles again, in the background, when a name they are found by has changed."""

from typing import Any

from articles import search
from articles.models import Article, SearchEntry
from articles.models.tag import INDEX_AGAIN, have_indexed_again
from outbox import effects
from pagecache.writing import writing
from people.models import Author


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
