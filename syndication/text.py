"""Words on their way into XML and JSON: nothing in them breaks the document, or acts on what stands beside it."""

import re

from django.utils.text import Truncator

from outbox.inert import neutral

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not; JSON readers stumble over half of it too."""

SUMMARY_WORDS = 50


def legal(text: str) -> str:
    """``text`` with every character that no XML document may hold replaced by U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def plain(text: str) -> str:
    """One line of words for a title, a name or a caption."""
    return legal(neutral(" ".join(text.split())))


def summary(standfirst: str, text: str) -> str:
    """The standfirst, or else the first words of the story."""
    return plain(standfirst) or plain(Truncator(text[:2000]).words(SUMMARY_WORDS))


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters, ended between two words where that can be."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-") + "…"
