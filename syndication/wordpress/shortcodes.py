"""Shortcodes: ``[caption]``, ``[gallery]``, ``[embed]`` and their like become HTML, those of other plugins go.

WordPress prints a word in brackets that is no shortcode; so does this. Taken
for one is what has attributes, a closing tag, or a name that plugins use.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

_CODE = re.compile(
    r"""(\[)?\[(/?)([A-Za-z][\w-]{0,60})((?:=|\s)(?:[^\[\]"']{1,4000}|"[^"]{0,4000}"|'[^']{0,4000}')*)?(/?)\](\])?"""
)
_ATTRIBUTE = re.compile(r"""([\w-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|(?:"([^"]*)"|(\S+))""")
_LAST_PICTURE = re.compile(r"<img\b[^<>]*>(?:\s*</a>)?", re.IGNORECASE)
_KNOWN = re.compile(
    r"(?:vc_|et_pb_|av_|fusion_|su_|wpb_|mk_|cs_|ads?\b|adrotate|adsense|contact-form|gravityform|mailpoet|"
    r"woocommerce|product|instagram-feed|toc\b|easy|rev_slider|layerslider|slideshow|playlist|polldaddy|"
    r"wpforms|ninja_form|jetpack|tiled|sharethis|addtoany|nggallery|ngg|read-more|button|column|columns|row\b)"
)

PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "wpvideo": "https://videopress.com/v/{}",
    "videopress": "https://videopress.com/v/{}",
    "tweet": "https://twitter.com/i/status/{}",
    "ted": "https://www.ted.com/talks/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "gist": "https://gist.github.com/{}",
}
ADDRESSED = frozenset(
    {
        "embed",
        "soundcloud",
        "twitter",
        "instagram",
        "facebook",
        "tiktok",
        "spotify",
        "flickr",
        "scribd",
        "reddit",
        "embedyt",
    }
)
FILES = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "mov", "flv", "wmv", "url", "file")
WITH_CONTENT = frozenset(
    {"caption", "wp_caption", "embed", *ADDRESSED, "youtube", "vimeo", "audio", "video", "sourcecode"}
)


@dataclass
class Expander:
    """Turns the shortcodes of one text into HTML; ``gone`` counts those that mean nothing here."""

    attached: Callable[[], list[int]]
    """The pictures that belong to the post, for a gallery that names none."""

    gone: Counter[str] = field(default_factory=Counter)

    def expand(self, source: str) -> str:
        """``source`` without shortcodes, in one pass."""
        out: list[str] = []
        place = 0
        while (found := _next(source, place)) is not None:
            out.append(source[place : found.start()])
            if found[1] and found[6]:
                out.append(found[0][1:-1])
                place = found.end()
                continue
            lead, tail = found[1] or "", found[6] or ""
            made, place = self._one(source, found)
            out.append(f"{lead}{made}{tail if place == found.end() else ''}")
        out.append(source[place:])
        return "".join(out)

    def _one(self, source: str, found: re.Match[str]) -> tuple[str, int]:
        """What stands instead of one shortcode, and where the text goes on."""
        name, end = found[3].lower(), found.end()
        inner = None
        if not found[2] and not found[5] and name in WITH_CONTENT:
            inner, end = _content(source, found)
        made = None if found[2] else self._made(name, attributes_of(found[4] or ""), inner)
        if made is not None:
            return made, end
        if self._is_one(source, found):
            self.gone[f"[{name}]"] += 0 if found[2] else 1
            return "", found.end()
        return found[0].removeprefix("[" * bool(found[1])).removesuffix("]" * bool(found[6])), found.end()

    def _made(self, name: str, given: dict[str, str], inner: str | None) -> str | None:
        match name:
            case "caption" | "wp_caption" if inner is not None:
                return _captioned(self.expand(inner), given.get("caption", ""))
            case "gallery":
                return self._gallery(given)
            case "sourcecode" if inner is not None:
                return f"<pre>{inner}</pre>"
            case "audio" | "video":
                return _file(given, inner)
            case _ if name in ADDRESSED or name in PLAYERS:
                return _player(name, given, inner)
        return None

    def _gallery(self, given: dict[str, str]) -> str:
        named = [int(part) for part in re.findall(r"\d{1,18}", given.get("ids", given.get("include", "")))]
        ids = named or self.attached()
        return f'\n\n<figure class="wp-gallery" data-ids="{",".join(map(str, ids))}"></figure>\n\n'

    def _is_one(self, source: str, found: re.Match[str]) -> bool:
        name = found[3].lower()
        if found[2] or "=" in (found[4] or "") or found[5] or "_" in name:
            return True
        return bool(_KNOWN.match(name)) or source.find(f"[/{found[3]}]", found.end()) >= 0


def _next(source: str, place: int) -> re.Match[str] | None:
    """The first shortcode from ``place`` on; the places to try are found faster than the expression finds them."""
    at = source.find("[", place)
    while at >= 0 and (found := _CODE.match(source, at)) is None:
        at = source.find("[", at + 1)
    return found if at >= 0 else None


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a shortcode by name; those without a name by their number."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text.lstrip("= ").rstrip("/")):
        if match[1]:
            found[match[1].lower()] = match[2] or match[3] or match[4] or ""
        else:
            found[str(len(found))] = match[5] or match[6] or ""
    return found


def embed(url: str) -> str:
    """The mark by which the translation of HTML knows an address to show as a card."""
    return f'\n\n<div class="wp-embed-url">{escape(url.strip())}</div>\n\n'


def _content(source: str, found: re.Match[str]) -> tuple[str | None, int]:
    closing = f"[/{found[3]}]"
    at = source.find(closing, found.end())
    return (None, found.end()) if at < 0 else (source[found.end() : at], at + len(closing))


def _captioned(inner: str, caption: str) -> str:
    pictures = list(_LAST_PICTURE.finditer(inner))
    cut = pictures[-1].end() if pictures else 0
    words = inner[cut:].strip() or escape(caption)
    return f"\n\n<figure>{inner[:cut]}<figcaption>{words}</figcaption></figure>\n\n"


def _file(given: dict[str, str], inner: str | None) -> str | None:
    url = next((given[name] for name in FILES if given.get(name)), "") or given.get("0", "") or (inner or "").strip()
    return embed(url) if url.startswith(("http:", "https:")) else None


def _player(name: str, given: dict[str, str], inner: str | None) -> str | None:
    said = (
        (inner or "").strip()
        or given.get("url", "")
        or given.get("src", "")
        or given.get("id", "")
        or given.get("0", "")
    )
    said = said.split("|", maxsplit=1)[0].replace("&amp;", "&")
    if said.startswith(("http://", "https://")):
        return embed(said)
    pattern = PLAYERS.get(name)
    return embed(pattern.format(said)) if pattern and re.fullmatch(r"[\w/-]{3,120}", said) else None
