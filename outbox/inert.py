"""Words that somebody typed, made unable to act on what stands around them."""

import re

_ACTING = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # directional embeddings, overrides and isolates; plain marks stay
    "\ud800-\udfff"  # lone surrogates, which no encoder accepts
    "\ufff9-\ufffb\ufeff"  # interlinear annotations, byte order mark
    "\U000e0000-\U000e007f"  # tag characters: text that nobody sees
    "]"
)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def neutral(text: str) -> str:
    """``text`` with every character that acts on its surroundings replaced by U+FFFD."""
    return _ACTING.sub("\ufffd", text)


def is_storable(text: str) -> bool:
    """Whether every database and every response can hold it: no NUL, no lone surrogate."""
    return _UNSTORABLE.search(text) is None


def encodable(text: str) -> str:
    """``text`` as it can be shown again to its writer, who must change what cannot be stored."""
    return _UNSTORABLE.sub("\ufffd", text)
