"""By what comments are alike: the same words, nearly the same words, a linked site. Each becomes a ``Mark``.

Words count as letters only: case, accents, look-alike letters, invisible
signs, punctuation, digits and addresses make no difference. Texts are nearly
the same where they share at least ``ENOUGH_BANDS`` of their ``BANDS`` marks:
each is the smallest of ``ROWS`` hashes over all runs of ``RUN`` letters, so two
texts share one with the probability of their overlap (Jaccard) to that power.
Overlap 0.8 is found in 97 of 100 cases, overlap 0.3 in less than one.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from django.conf import settings

from articles.models import Article
from comments.models import Comment, Mark
from comments.pipeline.folding import fold_name

RUN = 4
BANDS, ROWS = 12, 2
ENOUGH_BANDS = 5

LONG_ENOUGH = 24
"""Bytes of folded text from which likeness tells something: “Thank you all!” is said by many."""

MOST_DOMAINS = 10
"""Linked sites of one comment that are looked at; somebody who links more is caught by the number."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
"""Signs that show nothing, with which an address is broken for a program and whole for the eye."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'\ufffd]{1,2000}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![@\w.-])(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,5}"
    r"(?:com|net|org|info|biz|ru|cn|xyz|top|site|online|shop|club|icu|vip|live|store|link|click|io|me|co|tk|ml|ga|cf|gq)"
    r"(?![\w.-])(?:/[^\s<>\"']{0,2000})?",
    re.IGNORECASE,
)

_SECOND_LEVELS = {"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"}
_PLATFORMS = {
    "blogspot.com", "wordpress.com", "tumblr.com", "github.io", "gitlab.io", "weebly.com", "wixsite.com", "web.app",
    "netlify.app", "vercel.app", "pages.dev", "herokuapp.com", "substack.com",
}  # fmt: skip
"""Where each name below is somebody else's site."""

WELL_KNOWN = {
    "youtube.com", "youtu.be", "wikipedia.org", "wikimedia.org", "facebook.com", "instagram.com", "twitter.com",
    "x.com", "t.co", "linkedin.com", "reddit.com", "github.com", "google.com", "goo.gl", "apple.com", "microsoft.com",
    "amazon.com", "archive.org", "vimeo.com", "bsky.app", "mastodon.social", "medium.com", "openstreetmap.org",
    "bbc.co.uk", "bbc.com", "theguardian.com", "nytimes.com", "washingtonpost.com", "reuters.com", "apnews.com",
    "europa.eu", "who.int", "un.org", "nature.com", "doi.org",
}  # fmt: skip
"""Sites that everybody links: that two comments do says nothing about them."""

_seeds = np.random.default_rng(20260302).integers(1, 2**63, size=(2, BANDS * ROWS), dtype=np.uint64)
_FACTORS, _OFFSETS = _seeds[0] | np.uint64(1), _seeds[1]
"""Never to be changed: stored marks were made with them."""


class Key(NamedTuple):
    """Kind and value of a mark."""

    kind: str
    value: int


def letters(text: str) -> str:
    """The letters of ``text``, folded, without addresses."""
    bare = _BARE.sub(" ", _ADDRESS.sub(" ", _UNSEEN.sub("", text)))
    return "".join(char for char in fold_name(bare) if char.isalpha())


def keys_of(text: str, website: str = "", ignored: Iterable[str] = ()) -> frozenset[Key]:
    """What the marks of a comment are; at most 23. ``ignored`` sites get none."""
    folded = letters(text)
    found = {Key(Mark.Kind.TEXT, _number(folded))} if folded else set()
    if is_telling(folded):
        found |= {Key(Mark.Kind.NEAR, value) for value in _bands(folded)}
    linked = [site for site in sites(text, website) if site not in ignored]
    return frozenset(found | {Key(Mark.Kind.DOMAIN, _number(site)) for site in linked[:MOST_DOMAINS]})


def is_telling(folded: str) -> bool:
    """Whether folded text is long enough for its likeness to mean something."""
    return len(folded.encode()) >= LONG_ENOUGH


def site_mark(site: str) -> int:
    """The value of the mark of one site."""
    return _number(site)


def keep(comment: Comment, keys: Iterable[Key]) -> None:
    """Store the marks of a comment, in one statement."""
    Mark.objects.bulk_create(Mark(comment=comment, kind=key.kind, value=key.value) for key in sorted(keys))


def renew(comment: Comment, keys: Iterable[Key] | None = None) -> None:
    """Store the marks of a comment whose words were changed; ``keys`` where they are known already."""
    comment.marks.all().delete()
    found = keys_of(comment.text, comment.website, ignored_under(comment.article)) if keys is None else keys
    keep(comment, found)


def ignored_under(article: Article) -> set[str]:
    """Sites that tell nothing in a comment on ``article``: our own, the well-known, and those it links itself."""
    return own_sites().union(sites(article.body_html.replace('"', " ")))


def sites(text: str, website: str = "") -> list[str]:
    """The sites that are linked, each once, in their order."""
    text = _UNSEEN.sub("", text)
    addresses = [website] if website else []
    addresses += [match[0] for match in _ADDRESS.finditer(text)]
    addresses += [match[0] for match in _BARE.finditer(_ADDRESS.sub(" ", text))]
    return list(dict.fromkeys(site for site in map(site_of, addresses) if site))


def site_of(address: str) -> str:
    """Whose site an address is on: ``shop.example.co.uk`` is on ``example.co.uk``. Empty for what is no address."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    labels = _ascii(host).rstrip(".").split(".")
    if len(labels) > 1 and labels[0] == "www":
        labels = labels[1:]
    if len(labels) < 2 or labels[-1].isdigit():  # noqa: PLR2004
        return ".".join(labels)
    return ".".join(labels[-_depth(labels) :])


def own_sites() -> set[str]:
    """The newsroom's own, the well-known, and those its operator named: nobody is judged by them."""
    own = [settings.BASE_URL, *settings.ALLOWED_HOSTS, *settings.COMMENTS_KNOWN_SITES]
    return {site_of(address) for address in own} | WELL_KNOWN


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host.casefold()


def _depth(labels: list[str]) -> int:
    under_country = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS  # noqa: PLR2004 - a country's ending
    return 3 if under_country or ".".join(labels[-2:]) in _PLATFORMS else 2


def _number(text: str) -> int:
    """64 bits of a hash, as the databases' big integer."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def _bands(folded: str) -> set[int]:
    runs = {folded[place : place + RUN].encode() for place in range(len(folded) - RUN + 1)}
    hashes = np.fromiter((zlib.crc32(run) for run in runs), np.uint64, len(runs))
    spread = (hashes[:, None] * _FACTORS + _OFFSETS) >> np.uint64(11)
    smallest = (spread * _FACTORS[::-1]).min(axis=0)
    rows = smallest.reshape(BANDS, ROWS)
    return {_number(f"{band}:{row.tobytes().hex()}") for band, row in enumerate(rows)}
