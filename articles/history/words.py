"""What changed between two texts, word by word, with a bound on the work."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeAlias

MOST_STEPS = 12_000_000
"""Steps of one comparison, counted for the worst case: a second or two of one processor, and far more than the
changes of a long story need. What would take more is told whole: this went, that came."""

LEAST_ALIKE = 0.25
"""Below this share of words in common a text was written anew, and two whole texts are easier to read than patches."""

_CJK = "぀-ヿ㐀-䶿一-鿿가-힯豈-﫿"
_TOKEN = re.compile(rf"(?:[{_CJK}]|\d+(?:[.,:]\d+)+|[^\W{_CJK}]+(?:[’'\-.][^\W{_CJK}]+)*|[^\w\s]|_)\s*|\s+")

Opcode: TypeAlias = tuple[str, int, int, int, int]


class Change(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that had the same fate."""

    change: Change
    text: str


class Work:
    """The steps that one comparison may still take, shared by all its texts."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.left = most
        self.was_cut = False

    def take(self, steps: int) -> bool:
        """Whether that many are left; then they are taken, else it is noted that something was told whole."""
        if steps > self.left:
            self.was_cut = True
            return False
        self.left -= steps
        return True


def difference(old: str, new: str, work: Work | None = None) -> list[Run]:
    """The words of both texts in reading order, each run with its fate; what went stands before what came.

    White space alone is no change. Texts that have little in common, or whose
    comparison would take more ``work`` than is left, come whole.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found = opcodes([token.rstrip() for token in before], [token.rstrip() for token in after], work or Work())
    if _share_alike(found, len(before), len(after)) < LEAST_ALIKE:
        return _runs([(Change.GONE, old), (Change.NEW, new)])
    return _runs(_pieces(_without_islands(found), before, after))


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable], work: Work) -> list[Opcode]:
    """As ``difflib`` gives them; beginnings and ends in common cost nothing, the rest is one change where work ends."""
    most = min(len(old), len(new))
    start = next((place for place in range(most) if old[place] != new[place]), most)
    most -= start
    end = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    head: list[Opcode] = [("equal", 0, start, 0, start)] if start else []
    tail: list[Opcode] = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
    return [*head, *_middle(old[start : len(old) - end], new[start : len(new) - end], start, work), *tail]


def _middle(old: Sequence[Hashable], new: Sequence[Hashable], start: int, work: Work) -> list[Opcode]:
    if not old and not new:
        return []
    if not old or not new or not work.take(_steps(old, new)):
        tag = "replace" if old and new else "delete" if old else "insert"
        return [(tag, start, start + len(old), start, start + len(new))]
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in found]


def _steps(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """At most this many does ``difflib`` take: it looks at all equal pairs once for each run it finds."""
    there = Counter(new)
    pairs = sum(number * there[word] for word, number in Counter(old).items())
    return len(old) + len(new) + pairs * min(len(old), len(new))


def _share_alike(found: Sequence[Opcode], before: int, after: int) -> float:
    if not before or not after:
        return 1.0
    same = sum(i2 - i1 for tag, i1, i2, _j1, _j2 in found if tag == "equal")
    return 2 * same / (before + after)


def _without_islands(found: Sequence[Opcode]) -> list[Opcode]:
    """One word that stayed between two longer changes reads as part of them."""
    kept: list[Opcode] = []
    for place, code in enumerate(found):
        tag, i1, i2, j1, j2 = code
        island = tag == "equal" and i2 - i1 == 1 and 0 < place < len(found) - 1
        if island and _is_long(found[place - 1]) and _is_long(found[place + 1]):
            tag = "replace"
        if kept and tag != "equal" and kept[-1][0] != "equal":
            _tag, i1, _i2, j1, _j2 = kept.pop()
            tag = "replace"
        kept.append((tag, i1, i2, j1, j2))
    return kept


def _is_long(code: Opcode) -> bool:
    _tag, i1, i2, j1, j2 = code
    return min(i2 - i1, j2 - j1) > 1


def _pieces(found: Sequence[Opcode], before: list[str], after: list[str]) -> list[tuple[Change, str]]:
    """The words themselves; blanks around what changed stand outside of it, where both sides have them."""
    pieces: list[tuple[Change, str]] = []
    blank = ""
    for tag, i1, i2, j1, j2 in found:
        gone, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            pieces.append((Change.SAME, new))
            blank = _blank(gone) if not _blank(new) else ""
            continue
        shared = _blank(new) if gone and _blank(gone) else ""
        pieces += [(Change.GONE, blank + (gone.rstrip() if shared else gone))]
        pieces += [(Change.NEW, new.rstrip() if shared else new), (Change.SAME, shared)]
        blank = ""
    return pieces


def _blank(text: str) -> str:
    """The blanks at its end."""
    return text[len(text.rstrip()) :]


def _runs(pieces: Sequence[tuple[Change, str]]) -> list[Run]:
    """As runs, what follows with the same fate joined."""
    runs: list[Run] = []
    for change, text in pieces:
        if text and runs and runs[-1].change is change:
            runs[-1] = Run(change, runs[-1].text + text)
        elif text:
            runs.append(Run(change, text))
    return runs
