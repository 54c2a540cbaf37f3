"""What a moderator typed, as something that words are compared with: whole words, and words with stars."""

from dataclasses import dataclass

from comments.pipeline.folding import Word, core, fold, forms, words


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


def has_letters(pattern: str) -> bool:
    """Whether anything is left to look for once signs and stars are taken away."""
    return any(pieces for pieces in readings(pattern))


def readings(pattern: str) -> list[tuple[Piece, ...]]:
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


def weight(piece: Piece) -> int:
    """How seldom a piece is likely to be found: whole words before stars, long before short."""
    if isinstance(piece, frozenset):
        return 2 * max(map(len, piece), default=0)
    return max(len(glob.anchor) for glob in piece)


def fits(piece: Piece, word: Word) -> bool:
    if isinstance(piece, frozenset):
        return not piece.isdisjoint(word.forms)
    return any(glob.matches(form) for glob in piece for form in word.forms)
