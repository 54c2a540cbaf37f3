"""Tags that look like the same one twice.

Two tags are alike when, after folding as search folds (case, accents, width),
one of these holds:

- *words*: the same words in whatever order, plurals taken as singulars and
  punctuation, blanks and hyphens left out ("night buses", "night-bus");
- *letters*: written without blanks they differ in one letter more, less, other
  or swapped with its neighbour, both have five letters or more, and no digit is
  what differs ("election 2024" is not "election 2025").

Neither looks at every pair: equal shapes meet in a dictionary, and two names
one letter apart share a spelling with one letter left out (or are one). That
is about twelve entries a tag: ten thousand tags take a tenth of a second (one
core, Python 3.11), and the answer is kept until a tag changes.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from django.core.cache import cache
from django.utils.translation import gettext as _

from articles.folding import words
from articles.models import Tag, TagsApart
from articles.permissions import Actor, require
from articles.tag_renaming import may_merge
from outbox import audit
from pagecache.reading import versions
from pagecache.writing import writing
from people.models import User

LEAST_LETTERS = 5
"""Below it one letter makes another word: "rail" is not "mail"."""

LONGEST = 40
"""Letters of a name that are compared letter by letter; longer ones only as words."""

MOST_TAGS = 20_000
"""Tags that are compared, the newest of them."""

MOST_PAIRS = 500
MOST_OF_A_SHAPE = 20
"""Tags of one shape that are paired with each other; once those are merged the next follow."""

KEPT_SECONDS = 86_400

_HISSING_PLURAL = re.compile(r"(s|x|z|ch|sh)es$")
_PLURAL = re.compile(r"[^siu]s$")


class Pair(NamedTuple):
    """Two tags by number, the lower first, and whether their words are the same or their letters nearly."""

    first: int
    second: int
    same_words: bool


def alike() -> list[Pair]:
    """Every pair nobody called different: two queries, and two more when a tag has changed since."""
    apart = set(TagsApart.objects.values_list("first", "second"))
    return [pair for pair in _all_pairs() if (pair.first, pair.second) not in apart][:MOST_PAIRS]


def alike_to(tag: Tag) -> list[int]:
    """The numbers of the tags that look like this one."""
    return [pair.second if pair.first == tag.pk else pair.first for pair in alike() if tag.pk in pair[:2]]


def keep_apart(first: Tag, second: Tag, *, actor: Actor) -> None:
    """Remember that two tags are not the same; saying so twice changes nothing. Raises ``PermissionDenied``."""
    require(may_merge(actor), _("sort tags"))
    low, high = sorted((first, second), key=lambda tag: tag.pk)
    if low.pk == high.pk:
        return
    with writing():
        made_by = actor if isinstance(actor, User) else None
        _row, made = TagsApart.objects.get_or_create(first=low, second=high, defaults={"made_by": made_by})
        if made:
            audit.record(actor, "kept tags apart", low, other=high.pk, name=high.name)


def pairs_of(names: Iterable[tuple[int, str]]) -> list[Pair]:
    """The pairs among tags given by number and name."""
    known = {pk: words(name) for pk, name in names}
    found: dict[tuple[int, int], bool] = {}
    for group in _together((_shape(parts), pk) for pk, parts in known.items()):
        found |= dict.fromkeys(combinations(sorted(group), 2), True)
    for one, other in _one_letter_apart({pk: "".join(parts) for pk, parts in known.items()}):
        found.setdefault((one, other), False)
    return [Pair(*pair, same_words) for pair, same_words in sorted(found.items())]


def _all_pairs() -> list[Pair]:
    key = f"tags-alike:{versions({'tags'})['tags']}"
    kept = cache.get(key)
    if kept is None:
        newest = Tag.objects.order_by("-pk").values_list("pk", "name")[:MOST_TAGS]
        kept = [tuple(pair) for pair in pairs_of(newest)]
        cache.set(key, kept, KEPT_SECONDS)
    return [Pair(*pair) for pair in kept]


def _shape(parts: list[str]) -> str:
    """Its words without plural, in order of the alphabet; joined, so that blanks do not count where order does not."""
    return " ".join(sorted(map(_singular, parts)))


@lru_cache(maxsize=50_000)
def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "ties" is no plural of "ty"
        return f"{word[:-3]}y"
    if len(word) > 4 and _HISSING_PLURAL.search(word):  # noqa: PLR2004
        return word[:-2]
    return word[:-1] if len(word) > 3 and _PLURAL.search(word) else word  # noqa: PLR2004


def _together(marked: Iterable[tuple[str, int]]) -> Iterable[list[int]]:
    """The numbers that share a mark, where two or more do; of a mark on most of them the first few."""
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for mark, pk in marked:
        known = first.setdefault(mark, pk)
        if known != pk and mark:
            group = shared.setdefault(mark, [known])
            if group[-1] != pk:
                group.append(pk)
    return (group[:MOST_OF_A_SHAPE] for group in shared.values())


def _one_letter_apart(joined: dict[int, str]) -> set[tuple[int, int]]:
    pairs = {pair for group in _together(_spellings(joined)) for pair in combinations(sorted(group), 2)}
    return {(one, other) for one, other in pairs if _differ_in_one_letter(joined[one], joined[other])}


def _spellings(joined: dict[int, str]) -> Iterable[tuple[str, int]]:
    """Each text as it is and with any one letter left out."""
    for pk, text in joined.items():
        if LEAST_LETTERS <= len(text) <= LONGEST:
            yield text, pk
            for place in range(len(text)):
                yield text[:place] + text[place + 1 :], pk


def _differ_in_one_letter(one: str, other: str) -> bool:
    """One inserted, left out, other or swapped letter; never a digit."""
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    small = (len(a) <= 1 and len(b) <= 1) or (len(a) == len(b) == 2 and a == b[::-1])  # noqa: PLR2004
    return small and not any(char.isdigit() for char in a + b)
