"""Addresses in a text, also those written so that no program makes a link of them: “example . com”, “/watch?v=…”."""

import re
from dataclasses import dataclass

PLACE = "\ufffc"
"""Stands in the text where an address was."""

MOST_PATH_WORDS = 8

_SPACED_ENDINGS = "com|net|org|info"
_ENDINGS = (
    f"{_SPACED_ENDINGS}|biz|co|ru|pl|de|fr|es|br|uk|io|ly|tv|gl|gg|be|xyz|top|site|shop|online|club|store|app|live|link"
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])"
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}"
    rf"|(?<![\w@.-]){_LABEL}(?:\.{_LABEL}){{0,3}}"
    rf"(?:\.(?:{_ENDINGS})|\s{{0,2}}\.\s{{0,2}}(?:{_SPACED_ENDINGS}))\b(?:/[^\s<>\"]{{0,2000}})?"
    r"|(?<!\S)/?watch\?v=\S{1,100}",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/?#:]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """One address: its host in small letters, and what follows."""

    host: str
    path: str

    def traits(self) -> list[str]:
        """What can be learnt of it, the most particular first: host, its parents, words of the path."""
        labels = self.host.split(".")
        parents = [".".join(labels[place:]) for place in range(1, len(labels))]
        words = re.findall(r"[^\W\d_]{3,}", self.path)[:MOST_PATH_WORDS]
        traits = [self.host, *(f".{parent}" for parent in parents), *(f"/{word}" for word in words)]
        return [*traits, f"/{min(len(self.path).bit_length(), 8)}", *("?" for _ in range("?" in self.path))]


def split(text: str) -> tuple[str, list[Link]]:
    """``text`` with ``PLACE`` for each address, and the addresses."""
    pieces, links, end = [], [], 0
    for match in _ADDRESS.finditer(text):
        pieces += [text[end : match.start()], f" {PLACE} "]
        links.append(read(match[0]))
        end = match.end()
    return "".join([*pieces, text[end:]]), links


def read(address: str) -> Link:
    """The parts of one address, whatever is typed there."""
    match = _HOST.match("".join(address.split()).lower())
    host, path = match.groups() if match else ("", "")
    return Link(host.rstrip(".,"), path)
