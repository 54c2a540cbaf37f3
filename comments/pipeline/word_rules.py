"""All words and phrases that rules look for, compiled into one structure that reads a text once.

A pattern is one word or several. In a word ``*`` stands for any letters, none
included; a ``*`` alone for any one word. Each pattern hangs at its longest
word, by the whole of it, its beginning, its end, or a piece of it; so a text
costs a few look-ups a word, however many patterns there are, and no regular
expression is made of what a moderator typed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from comments.pipeline.folding import Word, core, fold, forms, joined, words

SHORTEST_SPELT = 4
"""Letters of a word that is found inside a longer row of single letters; a shorter one must be the whole row."""

FEWEST_SPELT = 3
MOST_APART = 3
"""Characters between two single letters that still spell one word."""


@dataclass(frozen=True)
class Glob:
    """A word with stars: what it begins with, holds in this order, and ends with."""

    parts: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Its longest piece."""
        return max(self.parts, key=len)

    def matches(self, form: str) -> bool:
        """Whether a folded word is one of those it stands for; in time proportional to the word."""
        first, *middle, last = self.parts
        end = len(form) - len(last)
        if not form.startswith(first) or not form.endswith(last) or end < len(first):
            return False
        place = len(first)
        for part in middle:
            place = form.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
        return True


Piece = frozenset[str] | tuple[Glob, ...]
"""One word of a pattern: the forms it has, or the globs it may be read as."""


class Pattern(NamedTuple):
    """One reading of a rule's words, in their order; ``anchor`` is the place of the one it is looked up by."""

    rule: int
    pieces: tuple[Piece, ...]
    anchor: int


class Match(NamedTuple):
    """Where a rule's words stand: which of the texts, and from where to where in it."""

    field: int
    start: int
    end: int


def has_letters(pattern: str) -> bool:
    """Whether anything is left to look for once signs and stars are taken away."""
    return any(pieces for pieces in _readings(pattern))


@dataclass
class WordRules:
    """Patterns by what they are looked up by. All are added before the first text is read."""

    whole: dict[str, list[Pattern]] = field(default_factory=dict)
    beginnings: dict[str, list[Pattern]] = field(default_factory=dict)
    endings: dict[str, list[Pattern]] = field(default_factory=dict)
    inside: dict[str, list[Pattern]] = field(default_factory=dict)

    def add(self, rule: int, pattern: str) -> None:
        """Look for ``pattern``; a match is told as ``rule``'s."""
        for pieces in _readings(pattern):
            if pieces:
                anchor = max(range(len(pieces)), key=lambda place: _weight(pieces[place]))
                self._hang(Pattern(rule, pieces, anchor))

    def find(self, texts: Sequence[str]) -> dict[int, Match]:
        """The first match of each rule that has one, by its number."""
        found: dict[int, Match] = {}
        if self.whole or self.beginnings or self.endings or self.inside:
            for number, text in enumerate(texts):
                for rule, start, end in self._in(text):
                    match = Match(number, start, end)
                    found[rule] = min(found.get(rule, match), match)
        return found

    def _hang(self, pattern: Pattern) -> None:
        piece = pattern.pieces[pattern.anchor]
        if isinstance(piece, frozenset):
            for form in piece:
                self.whole.setdefault(form, []).append(pattern)
            return
        for glob in piece:
            shelf, key = self.inside, glob.anchor
            if glob.parts[0]:
                shelf, key = self.beginnings, glob.parts[0]
            elif glob.parts[-1]:
                shelf, key = self.endings, glob.parts[-1]
            shelf.setdefault(key, []).append(pattern)

    def _in(self, text: str) -> Iterator[tuple[int, int, int]]:
        row = words(text)
        places: dict[str, list[int]] = {}
        for place, word in enumerate(row):
            for form in word.forms:
                places.setdefault(form, []).append(place)
        done: set[int] = set()
        extra = [*joined(text), *_spelt(row)]
        parts = self._parts_in([*places, *(form for word in extra for form in word.forms)])
        for form, found in places.items():
            for pattern in self._candidates(form, parts):
                if pattern.rule not in done and (hit := _first(pattern, row, found)) is not None:
                    done.add(pattern.rule)
                    yield pattern.rule, *hit
        yield from self._singles(extra, parts)
        yield from self._within_spelt(row)

    def _parts_in(self, read: list[str]) -> list[str]:
        """The pieces from the middle of patterns that occur in any of these words."""
        everything = "\n".join(read)
        return [part for part in self.inside if part in everything]

    def _candidates(self, form: str, parts: list[str]) -> Iterator[Pattern]:
        """The patterns whose anchor a word read as ``form`` may be."""
        yield from self.whole.get(form, ())
        for length in self._beginning_lengths:
            if length <= len(form):
                yield from self.beginnings.get(form[:length], ())
        for length in self._ending_lengths:
            if length <= len(form):
                yield from self.endings.get(form[-length:], ())
        for part in parts:
            if part in form:
                yield from self.inside[part]

    @cached_property
    def _beginning_lengths(self) -> list[int]:
        return sorted({len(key) for key in self.beginnings})

    @cached_property
    def _ending_lengths(self) -> list[int]:
        return sorted({len(key) for key in self.endings})

    @cached_property
    def _spelt_lengths(self) -> list[int]:
        return sorted({len(key) for key in self.whole if len(key) >= SHORTEST_SPELT})

    def _singles(self, found: Iterable[Word], parts: list[str]) -> Iterator[tuple[int, int, int]]:
        for word in found:
            for form in word.forms:
                for pattern in self._candidates(form, parts):
                    if len(pattern.pieces) == 1 and _is(pattern.pieces[0], word):
                        yield pattern.rule, word.start, word.end

    def _within_spelt(self, row: list[Word]) -> Iterator[tuple[int, int, int]]:
        """Whole words inside rows of single letters, as in “b u y v i a g r a”."""
        for run in _runs(row) if self._spelt_lengths else ():
            for spelling in forms("".join(word.forms[0] for word in run)):
                if len(spelling) != len(run):
                    continue
                for start in range(len(run)):
                    for length in self._spelt_lengths:
                        for pattern in self.whole.get(spelling[start : start + length], ()):
                            if len(pattern.pieces) == 1:
                                last = min(start + length, len(run)) - 1
                                yield pattern.rule, run[start].start, run[last].end


@lru_cache(maxsize=64)
def compiled(patterns: tuple[tuple[int, str], ...]) -> WordRules:
    """The structure for rules, by their numbers. What rules there are is its version: nothing in it gets old."""
    rules = WordRules()
    for rule, pattern in patterns:
        rules.add(rule, pattern)
    return rules


def _readings(pattern: str) -> list[tuple[Piece, ...]]:
    """A pattern's words in their order, and as one word where it has no blank: “e-mail” is also “email”."""
    chunks = pattern.split()
    pieces = [piece for chunk in chunks for piece in _pieces(chunk)]
    while pieces and _is_any(pieces[0]):
        pieces.pop(0)
    while pieces and _is_any(pieces[-1]):
        pieces.pop()
    whole = _piece(core(chunks[0]) or chunks[0]) if len(chunks) == 1 and len(pieces) > 1 else frozenset()
    return [reading for reading in (tuple(pieces), (whole,)) if any(reading)]


def _pieces(chunk: str) -> list[Piece]:
    """The words of a run without blanks; a star belongs to the word it touches, a sign that is a letter too."""
    if any(sign in chunk for sign in "$€|!") or ("@" in chunk and "." not in chunk):
        return [piece] if (piece := _piece(chunk.strip(".,;:?"))) else []
    spans = [(word.start, word.end) for word in words(chunk)]
    spans += [(place, place + 1) for place, char in enumerate(chunk) if char == "*"]
    joined_up: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined_up and joined_up[-1][1] == start and "*" in (chunk[start], chunk[start - 1]):
            joined_up[-1] = (joined_up[-1][0], end)
        else:
            joined_up.append((start, end))
    return [piece for start, end in joined_up if (piece := _piece(chunk[start:end]))]


def _piece(word: str) -> Piece:
    if "*" not in word:
        readings = forms(word)
        return frozenset(readings[1:] if len(readings) > 1 and not core(word).isalnum() else readings)
    parts = zip(*_read_alike(word.split("*")), strict=True)
    return tuple(Glob(_without_empty_middle(tuple(reading))) for reading in dict.fromkeys(parts))


def _read_alike(parts: list[str]) -> list[list[str]]:
    """Each part plainly, and with its digits and look-alikes as letters."""
    return [[fold(part), (forms(part) or ("",))[-1]] for part in parts]


def _without_empty_middle(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (parts[0], *(part for part in parts[1:-1] if part), parts[-1])


def _is_any(piece: Piece) -> bool:
    """Whether it stands for any word at all."""
    return not isinstance(piece, frozenset) and all(not any(glob.parts) for glob in piece)


def _weight(piece: Piece) -> int:
    """How seldom a piece is likely to be found: whole words before stars, long before short."""
    if isinstance(piece, frozenset):
        return 2 * max(map(len, piece), default=0)
    return max(len(glob.anchor) for glob in piece)


def _is(piece: Piece, word: Word) -> bool:
    if isinstance(piece, frozenset):
        return not piece.isdisjoint(word.forms)
    return any(glob.matches(form) for glob in piece for form in word.forms)


def _first(pattern: Pattern, row: list[Word], places: list[int]) -> tuple[int, int] | None:
    """Where the pattern's words stand in ``row``, its anchor at one of ``places``."""
    for place in places:
        start = place - pattern.anchor
        end = start + len(pattern.pieces)
        if start < 0 or end > len(row):
            continue
        if all(_is(piece, row[start + step]) for step, piece in enumerate(pattern.pieces)):
            return row[start].start, row[end - 1].end
    return None


def _runs(row: list[Word]) -> Iterator[list[Word]]:
    """Rows of three and more single letters that stand near each other."""
    run: list[Word] = []
    for word in row:
        single = len(word.forms[0]) == 1
        if run and not (single and 0 < word.start - run[-1].end <= MOST_APART):
            if len(run) >= FEWEST_SPELT:
                yield run
            run = []
        if single:
            run.append(word)
    if len(run) >= FEWEST_SPELT:
        yield run


def _spelt(row: list[Word]) -> list[Word]:
    """Each row of single letters as one word."""
    return [Word(forms("".join(word.forms[0] for word in run)), run[0].start, run[-1].end) for run in _runs(row)]
