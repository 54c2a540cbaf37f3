"""Whether readers should be told that a story was *updated*.

The rule: its words have changed. Markup, spacing, punctuation, pictures, tags
and capital letters have not changed its words, and neither has mending typing
mistakes: a word replaced by one a single letter away from it. A word of fewer
than five letters, a name, a number, and a word that begins with another letter
(*million*, *billion*) always count as changed, since one letter may turn round
what they say.
"""

import re
from itertools import zip_longest

from articles.models import Article
from articles.search.spelling import distance

_WORD = re.compile(r"\w+(?:[’'.,:/-]\w+)*")
SHORT = 5


def words_of(article: Article) -> list[str]:
    """Every word of headline, standfirst and rendered text, in order, as they are written."""
    return _WORD.findall(f"{article.headline} {article.standfirst} {article.body_text}")


def materially_differ(before: list[str], after: list[str]) -> bool:
    """Whether the words say something else now."""
    pairs = zip_longest(before, after, fillvalue="")
    return any(not _same(old, new) for old, new in pairs if old != new)


def _same(old: str, new: str) -> bool:
    """Whether ``new`` is ``old`` in another case, or with a typing mistake mended."""
    if old.casefold() == new.casefold():
        return True
    if min(len(old), len(new)) < SHORT or old[0] != new[0]:
        return False
    plain = (old + new).isalpha() and (old + new).islower()
    return plain and distance(old, new, 1) == 1
