"""Which addresses a story may link to, and what ``rel`` its links carry."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings

LinkRule = Callable[[str], set[str]]

link_rules: list[LinkRule] = []
"""Each is given a link's address, one of our own paths too, and answers the ``rel`` words it needs, or nothing.

A room above registers its own in ``ready()``: products marks what leads to its
merchants ``sponsored nofollow``. A rule is asked once for each distinct address of
a body, thousands of times in an import, so it must not query for each.
"""

MAX_HREF = 2_000
"""Characters of one address; browsers and proxies give up a little above."""

_REL_ORDER = ("sponsored", "nofollow", "ugc", "noopener")
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b\u2028\u2029\ufeff]")
_HOST = re.compile(
    r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?\.?(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?"
)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH = "/:@!$&'()*+,;=~%"
_QUERY = _PATH + "?"
_MAILTO = re.compile(r"[^@/\s<>\"]+@[^@/\s<>\"]+")
_TEL = re.compile(r"\+?[0-9()./-]{2,40}")
_OWN_ARTICLE = re.compile(r"/[-\w]+/[-\w]*-([0-9]{1,18})/(?:[?#].*)?")


def clean_href(raw: str) -> str:
    """The address to store for ``raw``, or ``""`` if a story may not link there.

    Allowed: ``http``, ``https``, ``mailto``, ``tel`` and paths of this site
    (``/…``). The site's own absolute addresses become paths. What a URL may not
    hold is percent-encoded; credentials, backslashes and empty hosts are out.
    """
    return _clean(raw, settings.BASE_URL.rstrip("/"))


@lru_cache(maxsize=4_096)
def _clean(raw: str, own: str) -> str:
    url = _IGNORED_BY_BROWSERS.sub("", raw.strip().replace(" ", "%20"))
    if not url or len(url) > MAX_HREF or "\\" in url:
        return ""
    if url.startswith("/"):
        return "" if url.startswith("//") else _encoded_rest(url)
    scheme, _colon, rest = url.partition(":")
    match scheme.lower():
        case "http" | "https" as web:
            return _web(web, rest, own)
        case "mailto":
            return _mailto(rest)
        case "tel":
            number = rest.replace("%20", "-")
            return f"tel:{number}" if _TEL.fullmatch(number) else ""
    return ""


def _web(scheme: str, rest: str, own: str) -> str:
    if not rest.startswith("//"):
        return ""
    host = re.split(r"[/?#]", rest[2:], maxsplit=1)[0]
    after = rest[2 + len(host) :]
    host = _as_browsers_read(host)
    port = host.rpartition(":")[2] if ":" in host and not host.endswith("]") else ""
    if not _HOST.fullmatch(host) or int(port or 0) > 65_535:  # noqa: PLR2004
        return ""
    url = f"{scheme}://{host}"
    if url == own:
        return _encoded_rest(after) if after.startswith("/") and not after.startswith("//") else "/"
    return url + _encoded_rest(after)


def _as_browsers_read(host: str) -> str:
    """Small letters, each in its plain form: what looks or is typed otherwise (full-width, say) leads to the same."""
    return (
        host.lower() if host.isascii() else unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", host).lower())
    )


def _mailto(rest: str) -> str:
    address, _mark, query = rest.partition("?")
    if not _MAILTO.fullmatch(address):
        return ""
    return "mailto:" + _encoded(address, _PATH) + ("?" + _encoded(query, _QUERY) if query else "")


def _encoded_rest(rest: str) -> str:
    """Path, query and fragment with every character a URL may not hold percent-encoded."""
    before, hash_sign, fragment = rest.partition("#")
    path, mark, query = before.partition("?")
    encoded = _encoded(path, _PATH)
    if mark:
        encoded += "?" + _encoded(query, _QUERY)
    if hash_sign and fragment:
        encoded += "#" + _encoded(fragment, _QUERY)
    return encoded


def _encoded(part: str, safe: str) -> str:
    return _BAD_PERCENT.sub("%25", quote(part, safe=safe, errors="replace"))


def is_external(href: str) -> bool:
    """Whether ``href``, cleaned or as somebody typed it, leads to another site."""
    return href[:8].lower().startswith(("http://", "https://"))


def rel_for(href: str) -> str:
    """The ``rel`` of a link to ``href``: what the rules ask, and ``noopener`` for other sites."""
    words = {"noopener"} if is_external(href) else set()
    for rule in link_rules:
        words |= rule(href)
    return " ".join(sorted(words, key=_rank))


def _rank(word: str) -> tuple[int, str]:
    return (_REL_ORDER.index(word) if word in _REL_ORDER else len(_REL_ORDER), word)


def article_ids_in(hrefs: Iterable[str]) -> set[int]:
    """The ids of our own articles among ``hrefs``."""
    matches = (_OWN_ARTICLE.fullmatch(href) for href in hrefs)
    return {int(match[1]) for match in matches if match}
