"""Tables of tag and attribute names, readable as text."""


def names(text: str) -> frozenset[str]:
    """The words of ``text`` as a set."""
    return frozenset(text.split())
