"""Words as a rule sees them: the same whatever case, accents, look-alike or invisible characters they are written in.

A *form* of a word is one way to read it. ``V1AGRA`` has two: with its digit,
and with the letter that the digit looks like; ``freeeee`` has three. A rule
matches where one of its forms is one of the word's. The same reading is done
to a rule's own words, so nothing depends on how a moderator wrote them. Every
function takes time in proportion to the length of the text.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import NamedTuple

_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŧ": "t"}
)
"""Letters whose stroke Unicode does not count as an accent."""

_CYRILLIC = ("аеорсухіјѕһԁԛԝвмтгпкёѵӏАВЕЅНІЈКМОРСТУХѴӀԜ", "aeopcyxijshdqwbmtrnkevlABESHIJKMOPCTYXVIW")
_GREEK = ("αβγεηικνορτυχωϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "abyenikvoptuxwcjABEZHIKMNOPTYXC")
_OTHERS = ("օոսհցզԍʀɢʜʟɴʏɪʙᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢɑɡɩʋꜱƽ", "onuhgqgrghlnyibacdejkmoptuvwzagivss")
_LOOKALIKES = {ord(seen): meant for pair in (_CYRILLIC, _GREEK, _OTHERS) for seen, meant in zip(*pair, strict=True)}
"""Letters that pass for a Latin one, after Unicode's confusables (UTS 39) as far as people use them to hide a word."""

_PLAIN_DIGITS = str.maketrans("034578@$€!|6", "oeastbaseiig")
_LEET = (_PLAIN_DIGITS | {ord("1"): "i"}, _PLAIN_DIGITS | {ord("1"): "l", ord("!"): "l", ord("|"): "l"})
"""Digits and signs read as letters; a 1 is an i or an l."""

_UNSEEN = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"} | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0x180B, 0x1810))
}
"""Fillers and variation selectors: they show nothing, and no category says so."""

_SQUARED = {0x1F130: 26, 0x1F150: 26, 0x1F170: 26, 0x1F1E6: 26}
"""Where the alphabets in boxes and circles begin that Unicode does not call letters."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3031-\u31ff\u3400-\u4dbf\u4e00-\u9fff]")
"""Writing without blanks between words: each character counts as a word, and a word as a phrase."""

_STRETCH = re.compile(r"([^\W\d_])\1{2,}")

MOST_STRETCHES = 4
"""Stretched letters of one word that are each read as one and as two; with more, all together."""

_AROUND = ".,;:?…()[]{}\"'“”‘’«»„-–—*_"

SHORTEST_LEET = 3
"""Characters of a word whose digits may be letters: “4G” and “B2” are none."""

LONGEST_REMEMBERED = 40
"""Characters of a word whose forms are kept for the next text."""

_ACCENTS_FROM = 200
"""Canonical combining classes from here stand above or below a letter."""


class Word(NamedTuple):
    """One word of a text: how it can be read, and where it stands in the text as it was written."""

    forms: tuple[str, ...]
    start: int
    end: int


@lru_cache(maxsize=8192)
def fold_char(char: str) -> str | None:
    """``char`` as plain small letters and digits; empty where it shows nothing; ``None`` where it ends a word."""
    category = unicodedata.category(char)
    if char in _UNSEEN or category == "Cf":
        return ""
    if category[0] == "M":
        return "" if _is_accent(char, category) else char
    if category == "So":
        return _boxed(char)
    parts = unicodedata.normalize("NFKD", char).casefold()
    bare = "".join(part for part in parts if not _is_accent(part, unicodedata.category(part)))
    kept = "".join(_digit(part) for part in bare.translate(_STROKES) if part.isalnum())
    return kept or None


def fold(word: str) -> str:
    """All that is left of ``word``: plain small letters and digits."""
    return word.lower() if word.isascii() and word.isalnum() else "".join(fold_char(char) or "" for char in word)


def fold_name(name: str) -> str:
    """A name so that two that look alike are the same: folded, without blanks and signs."""
    return fold(name.translate(_LOOKALIKES))


def forms(word: str) -> tuple[str, ...]:
    """Every way to read ``word``, which holds no blank; the plain one first; empty when nothing of it is a letter."""
    return _remembered(word) if len(word) <= LONGEST_REMEMBERED else _forms(word)


def _forms(word: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for seen in dict.fromkeys([word, word.translate(_LOOKALIKES)]):
        found |= dict.fromkeys([fold(seen), *_leet(seen), *_swapped(seen)])
    for form in list(found):
        found |= dict.fromkeys(_unstretched(form))
    return tuple(form for form in found if form)


_remembered = lru_cache(maxsize=50_000)(_forms)


def words(text: str) -> list[Word]:
    """The words of ``text`` in their order, each character of unspaced writing as one."""
    found: list[Word] = []
    for chunk in re.finditer(r"\S+", text):
        found += _of_chunk(chunk[0], chunk.start())
    return found


def joined(text: str) -> list[Word]:
    """What is one word only when one leaves out the signs inside it: “v.i.a.g.r.a”, “fr-ee”, “$ex”."""
    found = []
    for chunk in re.finditer(r"\S+", text):
        if not chunk[0].isalnum():
            word = _whole(chunk[0], chunk.start())
            if word.forms:
                found.append(word)
    return found


def core(chunk: str) -> str:
    """A run without blanks, without the marks of the sentence around it."""
    return chunk.lstrip(_AROUND).rstrip(_AROUND + "!")


def _of_chunk(chunk: str, offset: int) -> list[Word]:
    if chunk.isascii() and chunk.isalnum():
        return [Word(forms(chunk), offset, offset + len(chunk))]
    pieces = _pieces(chunk)
    if len(pieces) == 1 and not chunk.isalnum():
        start, end = pieces[0]
        whole = _whole(chunk, offset)
        either = dict.fromkeys((*forms(chunk[start:end]), *whole.forms))
        return [Word(tuple(either), whole.start, whole.end)]
    return [Word(forms(chunk[start:end]), offset + start, offset + end) for start, end in pieces]


def _whole(chunk: str, offset: int) -> Word:
    bare = core(chunk)
    start = offset + len(chunk) - len(chunk.lstrip(_AROUND))
    return Word(forms(bare), start, start + len(bare))


def _pieces(chunk: str) -> list[tuple[int, int]]:
    """Where the words inside a run without blanks begin and end."""
    if chunk.isascii():
        return [match.span() for match in re.finditer("[A-Za-z0-9]+", chunk)]
    pieces, start, last = [], -1, -1
    for place, char in enumerate(chunk):
        folded = fold_char(char)
        alone = bool(folded) and _UNSPACED.match(char) is not None
        if start >= 0 and (folded is None or alone):
            pieces.append((start, last + 1))
            start = -1
        if alone:
            pieces.append((place, place + 1))
        elif folded:
            start, last = (place if start < 0 else start), place
    return [*pieces, (start, last + 1)] if start >= 0 else pieces


def _is_accent(char: str, category: str) -> bool:
    """Marks above, below and across letters, Hebrew points and Arabic vowels; not the vowels of Indian scripts."""
    place = unicodedata.combining(char)
    return category[0] == "M" and (place >= _ACCENTS_FROM or place == 1 or 10 <= place <= 36 or category == "Me")  # noqa: PLR2004


def _boxed(char: str) -> str | None:
    code = ord(char)
    for first, number in _SQUARED.items():
        if first <= code < first + number:
            return chr(ord("a") + code - first)
    bare = unicodedata.normalize("NFKD", char).casefold()
    return bare if bare.isalnum() and bare.isascii() else None


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _leet(word: str) -> list[str]:
    """Readings with digits and signs as letters, where there are letters beside them."""
    if word.isascii() and word.isalpha():
        return []
    signed = "".join(char if char in "@$€!|" else fold_char(char) or "" for char in word)
    if len(signed) < SHORTEST_LEET or not any(char.isalpha() for char in signed):
        return []
    return [fold(signed.translate(table)) for table in _LEET]


def _swapped(word: str) -> list[str]:
    """Readings of “VlAGRA” and “heIIo”: a small L among capitals is an I, a capital I among small letters an L."""
    if "l" in word and word.replace("l", "").isupper():
        return [fold(word.replace("l", "i"))]
    if "I" in word[1:] and not word.isupper():
        return [fold(word[0] + word[1:].replace("I", "l"))]
    return []


def _unstretched(form: str) -> list[str]:
    """Readings of “freeeee”: a letter that stands three times or more, once and twice."""
    runs = _STRETCH.findall(form)
    if not runs:
        return []
    if len(runs) > MOST_STRETCHES:
        return [_STRETCH.sub(r"\1", form), _STRETCH.sub(r"\1\1", form)]
    return [_with_runs(form, lengths) for lengths in product((1, 2), repeat=len(runs))]


def _with_runs(form: str, lengths: tuple[int, ...]) -> str:
    left = iter(lengths)
    return _STRETCH.sub(lambda run: run[1] * next(left), form)
