"""Addresses readers may be sent to."""

import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ONE_WRITING = {
    "CJK": "Han",
    "HIRAGANA": "Han",
    "KATAKANA": "Han",
    "KATAKANA-HIRAGANA": "Han",
    "HANGUL": "Han",
    "BOPOMOFO": "Han",
}
"""Scripts that are written together; every other one stands alone in a name."""

LIKE_LATIN = frozenset("асԁеһіїјӏорԛѕԝхуѵҽзьпгԍмкнвтαικνορτυχηωɑɡοս")
"""Letters of other scripts that readers take for Latin ones (Unicode TS 39); a name of these alone deceives."""


def web_address(url: str) -> None:
    """Refuse everything but ``http`` and ``https`` addresses of hosts that are what they look like.

    No name or password in them, no backslash, blank or control character, and
    no host whose letters are borrowed from another script to look like another
    name.
    """
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
        fine = parts.scheme.lower() in {"http", "https"} and host and "@" not in parts.netloc
    except ValueError:
        fine, host = None, None
    if not fine or not host or any(character in "\\\x7f" or character <= " " for character in url.strip()):
        raise ValidationError(_("Enter an address that begins with https:// or http://."), code="web_address")
    if not all(_is_plain(label) for label in host.split(".")):
        raise ValidationError(
            _("The name of the website mixes letters of several scripts, or looks like another name."),
            code="look_alike",
        )


def _is_plain(label: str) -> bool:
    """Whether a part of a host's name is written in one script, and not in one borrowed to look like another."""
    try:
        shown = label.encode("ascii").decode("idna") if label.lower().startswith("xn--") else label
    except UnicodeError:
        return False
    letters = {character for character in shown.lower() if not (character.isascii() and not character.isalpha())}
    scripts = {_script(letter) for letter in letters}
    looks = unicodedata.normalize("NFKC", shown) == shown and not (letters and letters <= LIKE_LATIN)
    return looks and len(scripts) <= 1 and "" not in scripts


def _script(letter: str) -> str:
    """The script of a letter, as its name begins; empty for what no name of a website is written with."""
    if not letter.isalnum() and not unicodedata.category(letter).startswith("M"):
        return ""
    first = unicodedata.name(letter, "").split(" ")[0]
    return ONE_WRITING.get(first, first)


def host_of(url: str) -> str:
    """The host an address leads to as browsers ask for it: small, in ASCII, without ``www.`` and the point at the end.

    Empty where there is none.
    """
    try:
        return _asked_for(urlsplit(url.strip()).hostname or "")
    except ValueError:
        return ""


def spellings(host: str) -> set[str]:
    """A host of ``host_of``, and the same as people write it where it is not ASCII."""
    return {host, ".".join(_shown(label) for label in host.split("."))}


@lru_cache(maxsize=4_096)
def _asked_for(host: str) -> str:
    """By the steps of Unicode TS 46 that matter to hosts a story may hold: compatible letters are the same letter."""
    one = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", host).lower()).replace("\u3002", ".")
    labels = one.strip(".").removeprefix("www.").split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in labels)


def _shown(label: str) -> str:
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def is_web(field: str) -> Q:
    """The condition of a field that holds such an address."""
    return Q(**{f"{field}__istartswith": "http://"}) | Q(**{f"{field}__istartswith": "https://"})
