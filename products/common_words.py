"""Words that stand in so many stories that they would call for a product nearly everywhere."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from articles import search
from articles.folding import words
from articles.models import Article

COMMON_SHARE = 0.02
"""Of the stories readers see: words that more of them use tell nothing of what a story is about."""

COMMON_AT_LEAST = 20
"""Stories, however few there are in all: a young paper cannot tell yet."""


def refuse_common(typed: str) -> None:
    """Refuse words of ``Product.words`` that stand in more than ``COMMON_SHARE`` of the stories, each with the reason.

    Raises ``ValidationError``. One query for each phrase; none counts further than it must.
    """
    public = Article.objects.public()
    total = public.order_by().count()
    most = max(COMMON_AT_LEAST, int(total * COMMON_SHARE))
    problems = [_problem(phrase, most, total) for phrase in _phrases(typed) if _stands_in_more(phrase, most)]
    if problems:
        raise ValidationError(problems)


def _phrases(typed: str) -> Iterator[str]:
    """Each once, as it was typed."""
    found = {" ".join(words(given)): given.strip() for given in typed.split(",")}
    return (given for folded, given in found.items() if folded)


def _stands_in_more(phrase: str, most: int) -> bool:
    found = search.matching(Article.objects.public(), f'"{" ".join(words(phrase))}"')
    return found.order_by()[: most + 1].count() > most


def _problem(phrase: str, most: int, total: int) -> ValidationError:
    told = ngettext(
        "“%(phrase)s” stands in more than %(most)d of %(total)d story and would bring the product nearly everywhere."
        " Write what is more particular, such as “dripping tap”.",
        "“%(phrase)s” stands in more than %(most)d of %(total)d stories and would bring the product nearly everywhere."
        " Write what is more particular, such as “dripping tap”.",
        total,
    )
    return ValidationError(told, code="common", params={"phrase": phrase, "most": most, "total": total})
