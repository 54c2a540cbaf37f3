"""What somebody typed, as words to find and words to leave out.

Understood are ``word``, ``"some words"``, ``-word``, ``-"some words"``,
``prefix*`` and ``this OR that``. Everything else in the text separates words,
so no input is a syntax error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from articles.folding import Term, normal, terms

MAX_LENGTH = 200
"""Characters of a query; longer ones are refused with a message."""

MAX_GROUPS = 10
"""Conditions of one query that count, the longest words first: a whole headline may be pasted in,
and each further condition costs a walk through the index."""

LEAST_PREFIX = 3
"""Letters a beginning must have; shorter ones would gather half of the dictionary."""

_PART = re.compile(r'(?P<minus>(?<!\S)[-−])?(?:["“”„«»](?P<quoted>[^"“”„«»]*)["“”„«»]?|(?P<plain>[^\s"“”„«»]+))')


class QueryTooLongError(ValueError):
    """More than ``MAX_LENGTH`` characters."""

    def __str__(self) -> str:
        return _("Please search for %(most)d characters at most.") % {"most": MAX_LENGTH}


@dataclass(frozen=True)
class Phrase:
    """Folded words that must stand side by side; with ``prefix`` the last one is the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False

    def __len__(self) -> int:
        return sum(map(len, self.words))


@dataclass(frozen=True)
class Query:
    """Every group must be met, each by one of its phrases, and no phrase of ``without`` may occur."""

    groups: tuple[tuple[Phrase, ...], ...] = ()
    without: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)

    def phrases(self) -> Iterator[Phrase]:
        """What a result may show as found."""
        for group in self.groups:
            yield from group


def parse(text: str, *, finished: bool = False) -> Query:
    """The query somebody typed; empty (false) when it names nothing to look for.

    Unless it is ``finished``, its last word may be the beginning of one.
    Raises ``QueryTooLongError``.
    """
    if len(text) > MAX_LENGTH:
        raise QueryTooLongError
    groups: list[tuple[Phrase, ...]] = []
    without: list[Phrase] = []
    alternative = open_end = False
    for match in _PART.finditer(normal(text)):
        if match["plain"] == "OR" and groups and not match["minus"]:
            alternative = True
            continue
        phrase = _phrase(match)
        if not phrase.words:
            continue
        if match["minus"]:
            without.append(phrase)
        elif alternative:
            groups[-1] = (*groups[-1], phrase)
        else:
            groups.append((phrase,))
        open_end = match["plain"] is not None and not match["minus"]
        alternative = False
    if open_end and not finished:
        groups[-1] = _open_end(groups[-1])
    return Query(_most_telling(groups), tuple(dict.fromkeys(without))[:MAX_GROUPS])


def _phrase(match: re.Match[str]) -> Phrase:
    source = match["quoted"] if match["plain"] is None else match["plain"]
    found = list(terms(source))
    if len(found) > 1 and found[-1].last:
        found.pop()
    asked = match["plain"] is not None and source.endswith("*")
    return Phrase(tuple(term.word for term in found), prefix=bool(found) and _may_be_prefix(found[-1], asked=asked))


def _may_be_prefix(term: Term, *, asked: bool) -> bool:
    """A single Chinese character begins every pair it stands in; other beginnings are asked for and long enough."""
    single = len(term.word) == 1 and not term.word.isascii() and _is_unspaced(term)
    return single or (asked and len(term.word) >= LEAST_PREFIX)


def _is_unspaced(term: Term) -> bool:
    return len(list(terms(term.word * 2))) == 2  # noqa: PLR2004 - "京京" is a pair and its last character


def _open_end(group: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """The last word typed may be unfinished: it is found whole, or as a beginning."""
    last = group[-1]
    if last.prefix or len(last.words) > 1 or len(last.words[0]) < LEAST_PREFIX:
        return group
    return (*group, replace(last, prefix=True))


def _most_telling(groups: list[tuple[Phrase, ...]]) -> tuple[tuple[Phrase, ...], ...]:
    """At most ``MAX_GROUPS`` different groups, in their order; the ones with the longest phrases stay."""
    different = list(dict.fromkeys(group[:MAX_GROUPS] for group in groups))
    longest = sorted(different, key=lambda group: -max(map(len, group)))[:MAX_GROUPS]
    return tuple(group for group in different if group in longest)
