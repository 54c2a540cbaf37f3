"""JSON documents: readable, and without anything that no document may hold."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from syndication.text import legal


def filled(**values: Any) -> dict[str, Any]:
    """``values`` without those that say nothing: ``None``, empty words, empty lists."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def written(document: Any) -> bytes:
    """The document in UTF-8."""
    return json.dumps(pure(document), ensure_ascii=False, separators=(",", ":")).encode()


def pure(value: Any) -> Any:
    """The same document with all its words as ``text.legal`` has them."""
    match value:
        case str():
            return legal(value)
        case Mapping():
            return {key: pure(inner) for key, inner in value.items()}
        case Sequence():
            return [pure(inner) for inner in value]
    return value
