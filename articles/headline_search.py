"""The desk's search in headlines, for those who may know all: the newest ones and those that readers see.

Each word is looked for in an index of its own for either, which is read whole; going through the rows themselves
would read every story there is.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from articles.models import Article, Revision
from pagecache.admin import is_id


def with_words(articles: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """Those of ``articles`` with every word in a headline, or whose number is the word; what is quoted is one word."""
    for bit in smart_split(typed):
        articles = articles.filter(_with_word(_unquoted(bit)))
    return articles


def _with_word(word: str) -> Q:
    shown: Any = Article.objects.filter(headline__icontains=word).order_by().values("pk")
    newest: Any = Revision.objects.filter(headline__icontains=word).order_by().values("pk")
    found = Q(pk__in=shown) | Q(latest__in=newest)
    return found | Q(pk=int(word)) if is_id(word) else found


def _unquoted(bit: str) -> str:
    quoted = len(bit) > 1 and bit[0] in {'"', "'"} and bit[0] == bit[-1]
    return unescape_string_literal(bit) if quoted else bit
