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

from comments.pipeline.folding import LONGEST_REMEMBERED, Word, forms, joined, words
from comments.pipeline.patterns import Piece, fits, readings, weight

SHORTEST_SPELT = 4
"""Letters of a word that is found inside a longer row of single letters; a shorter one must be the whole row."""

FEWEST_SPELT = 3
MOST_SEEN = 50_000
"""Words remembered with what a structure may find in them."""

MOST_APART = 3
"""Characters between two single letters that still spell one word."""


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


@dataclass
class WordRules:
    """Patterns by what they are looked up by. All are added before the first text is read."""

    whole: dict[str, list[Pattern]] = field(default_factory=dict)
    beginnings: dict[str, list[Pattern]] = field(default_factory=dict)
    endings: dict[str, list[Pattern]] = field(default_factory=dict)
    inside: dict[str, list[Pattern]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _cold: set[str] = field(default_factory=set)

    def add(self, rule: int, pattern: str) -> None:
        """Look for ``pattern``; a match is told as ``rule``'s."""
        for pieces in readings(pattern):
            if pieces:
                anchor = max(range(len(pieces)), key=lambda place: weight(pieces[place]))
                self._hang(Pattern(rule, pieces, anchor))

    def find(self, texts: Sequence[str]) -> dict[int, Match]:
        """The first match of each rule that has one, by its number."""
        found: dict[int, Match] = {}
        if self.whole or self.beginnings or self.endings or self.inside:
            for number, text in enumerate(texts):
                for rule, start, end in self._in(text) if self._may_be_in(text) else ():
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

    def _may_be_in(self, text: str) -> bool:
        """Whether reading the text closely can find anything; mostly a look at words that were seen before."""
        chunks = text.split()
        fresh = {chunk for chunk in chunks if chunk not in self._seen}
        if fresh and (max(map(len, fresh)) > LONGEST_REMEMBERED or not self._learn(fresh)):
            return True
        singles = 0
        for chunk in chunks:
            seen = self._seen[chunk]
            singles = singles + seen if seen else 0
            if singles >= FEWEST_SPELT:
                return True
        return False

    def _learn(self, chunks: set[str]) -> bool:
        """Note of each run without blanks how many single letters it holds, many where a pattern may begin in it."""
        if len(self._seen) + len(chunks) > MOST_SEEN:
            self._seen.clear()
            self._cold.clear()
            return False
        rows = {chunk: words(chunk) for chunk in chunks}
        read = {chunk: {form for word in (*row, *joined(chunk)) for form in word.forms} for chunk, row in rows.items()}
        parts = self._parts_in([form for found in read.values() for form in found])
        for chunk, found in read.items():
            cold = {form for form in found if not any(True for _pattern in self._candidates(form, parts))}
            self._cold |= cold
            single = sum(len(word.forms[0]) == 1 for word in rows[chunk])
            self._seen[chunk] = single if cold == found else FEWEST_SPELT
        return True

    def _in(self, text: str) -> Iterator[tuple[int, int, int]]:
        row = words(text)
        places: dict[str, list[int]] = {}
        for place, word in enumerate(row):
            for form in word.forms:
                if form not in self._cold:
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
                    if len(pattern.pieces) == 1 and fits(pattern.pieces[0], word):
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


@lru_cache(maxsize=8)
def compiled(patterns: tuple[tuple[int, str], ...]) -> WordRules:
    """The structure for rules, by their numbers. What rules there are is its version: nothing in it gets old."""
    rules = WordRules()
    for rule, pattern in patterns:
        rules.add(rule, pattern)
    return rules


def _first(pattern: Pattern, row: list[Word], places: list[int]) -> tuple[int, int] | None:
    """Where the pattern's words stand in ``row``, its anchor at one of ``places``."""
    for place in places:
        start = place - pattern.anchor
        end = start + len(pattern.pieces)
        if start < 0 or end > len(row):
            continue
        if all(fits(piece, row[start + step]) for step, piece in enumerate(pattern.pieces)):
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
