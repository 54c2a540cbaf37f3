"""Text as search sees it: the same words for “Élan”, “ÉLAN” and “elan”, whatever the database.

Words are folded by NFKC, casefold and the loss of accents ("ß" is "ss", "ł" is
"l"). Writing without blanks between words (Chinese, Japanese, Thai …) and
Hangul becomes overlapping pairs of characters, so that any two neighbours can
be found.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MAX_WORD = 40
"""Characters of a folded word that count; what is longer is no word anybody types."""

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters whose stroke Unicode does not count as an accent."""

_UNSPACED_RANGES = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
    "\uac00-\ud7a3"  # Hangul
    "\uff66-\uff9f"  # half-width katakana
)


def _ranges(codes: list[int]) -> str:
    """The inside of a character class for these code points, in order."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)


_MARKS = _ranges([code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)).startswith("M")])
_LETTERS = rf"[^\W_{_UNSPACED_RANGES}]"
_TOKEN = re.compile(
    rf"(?P<pairs>[{_UNSPACED_RANGES}]+)|(?P<word>{_LETTERS}+(?:[{_MARKS}]+{_LETTERS}*)*)(?:['’ʼ][sS](?!\w))?"
)
_PLAIN_WORD = re.compile(r"([^\W_]+)(?:'[sS](?!\w))?", re.ASCII)
_NO_PART_OF_A_WORD = re.compile(rf"[^\w{_MARKS}]|_")


class Term(NamedTuple):
    """A folded word, and where in the text it stands.

    ``last`` marks the single character that ends a run written in pairs: it is
    indexed so that one character can be searched for, and left off a query.
    """

    word: str
    start: int
    end: int
    last: bool = False


def normal(text: str) -> str:
    """The text with accents composed: what the offsets of ``terms`` refer to."""
    return unicodedata.normalize("NFC", text)


def terms(text: str) -> Iterator[Term]:
    """The folded words of ``text``, which must be ``normal``, in their order."""
    for match in _TOKEN.finditer(text):
        if match["word"] is not None:
            word = fold_word(match["word"][: MAX_WORD * 4])
            if word:
                yield Term(word, match.start("word"), match.end("word"))
        else:
            yield from _pairs(_fold(match[0]), match.start(), match.end())


def words(text: str) -> list[str]:
    """The folded words of any text: those of ``terms``, sooner where it is all ASCII."""
    if text.isascii():
        return [fold_word(word) for word in _PLAIN_WORD.findall(text)]
    return [term.word for term in terms(normal(text))]


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """One word without case and accents, cut at ``MAX_WORD``; empty when nothing of it is a letter or digit."""
    return (word.lower() if word.isascii() else _fold(word))[:MAX_WORD]


def _fold(word: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", word).casefold() if not _is_accent(char))
    folded = unicodedata.normalize("NFKC", bare.translate(_STROKES))
    return _NO_PART_OF_A_WORD.sub("", folded)


def _is_accent(char: str) -> bool:
    """Accents above and below, Hebrew points and Arabic vowels; not the vowel signs of Indian scripts."""
    place = unicodedata.combining(char)
    return place >= 200 or 10 <= place <= 36  # noqa: PLR2004 - canonical combining classes


def _pairs(run: str, start: int, end: int) -> Iterator[Term]:
    aligned = len(run) == end - start
    for place in range(len(run)):
        word = run[place : place + 2]
        where = (start + place, start + place + len(word)) if aligned else (start, end)
        yield Term(word, *where, last=len(word) == 1 and len(run) > 1)
