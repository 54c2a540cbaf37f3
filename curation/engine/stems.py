"""From a folded word to what it counts as: nothing, or the hash of its stem."""

from functools import lru_cache
from zlib import crc32

_ENGLISH = """
about above after again against all also am an and any are as at be because been before being below between both
but by can cannot could did do does doing don down during each few for from further get got had has have having he
her here hers herself him himself his how if in into is it its itself just let like ll many may me might more most
much must my myself new no nor not now of off on once one only or other our ours ourselves out over own re said
same say says shall she should so some such than that the their theirs them themselves then there these they this
those through to too under until up upon us ve very was we were what when where which while who whom why will with
would you your yours yourself yourselves
"""

STOP_WORDS = frozenset(_ENGLISH.split())
"""English words that say nothing about a story. Other languages' are found by how many articles hold them."""

NOTHING = 0
"""The hash of a word that counts as nothing."""


def stem(word: str) -> str:
    """A folded word without the -s of an English (French, Spanish …) plural; any other script as it is."""
    if not word.isascii() or len(word) <= 3 or not word.endswith("s"):  # noqa: PLR2004 - "gas", "bus"
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties"
        return f"{word[:-3]}y"
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


@lru_cache(maxsize=100_000)
def word_hash(word: str) -> int:
    """The hash of a folded word's stem; ``NOTHING`` for stop words and single Latin letters or digits."""
    if word in STOP_WORDS or (len(word) == 1 and word.isascii()):
        return NOTHING
    return signed(crc32(stem(word).encode()))


def signed(number: int) -> int:
    """An unsigned 32-bit number as a signed one, as databases keep them."""
    return number - (1 << 32) if number >= 1 << 31 else number
