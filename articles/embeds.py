"""Embeds: an address on another site becomes a card; a few providers may open in a frame, on a click.

The frame's address is worked out from the page's by known patterns; nothing is
asked of the provider. Providers that only work by running their script on our
page stay cards.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Embed:
    """What a card says, and what its frame loads.

    ``frame`` is empty where no frame may be opened; ``shape`` is ``"video"``
    (16:9), ``"audio"`` (a low strip) or ``"card"``.
    """

    url: str
    provider: str
    name: str
    frame: str = ""
    shape: str = "card"


NAMES = {
    "bsky.app": "Bluesky",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "linkedin.com": "LinkedIn",
    "open.spotify.com": "Spotify",
    "reddit.com": "Reddit",
    "soundcloud.com": "SoundCloud",
    "threads.net": "Threads",
    "tiktok.com": "TikTok",
    "twitter.com": "X",
    "vimeo.com": "Vimeo",
    "x.com": "X",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "youtube-nocookie.com": "YouTube",
}
_YOUTUBE_ID = re.compile(r"[\w-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})/?")
_SECONDS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
_VIMEO_PATH = re.compile(r"/(?:video/|channels/[\w-]+/)?(\d{5,12})(?:/([0-9a-f]{6,20}))?/?")
_SOUNDCLOUD_PATH = re.compile(r"/[\w-]+/(?:sets/)?[\w-]+/?")
_SPOTIFY_PATH = re.compile(
    r"/(?:intl-[a-z]{2}/)?(?:embed/)?(track|album|playlist|episode|show|artist)/([A-Za-z0-9]{22})/?"
)


def embed_for(url: str) -> Embed:
    """The embed for a cleaned ``http(s)`` address. Any address gives a card."""
    host = _host(url)
    site = host.removeprefix("m.").removeprefix("music.")
    name = NAMES.get(site, site)
    provider = name.lower() if site in NAMES else "other"
    builder, shape = _FRAMES.get(site, (_no_frame, "card"))
    frame = builder(url)
    if not frame or urlsplit(frame).hostname not in settings.EMBED_FRAME_HOSTS:
        return Embed(url, provider, name)
    return Embed(url, provider, name, frame, shape)


def _host(url: str) -> str:
    """The host, without ``www.``."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _no_frame(url: str) -> str:
    return ""


def _youtube(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if _host(url) == "youtu.be":
        video = parts.path.strip("/")
    elif parts.path == "/watch":
        video = query.get("v", [""])[0]
    else:
        found = _YOUTUBE_PATH.fullmatch(parts.path)
        video = found[1] if found else ""
    if not _YOUTUBE_ID.fullmatch(video):
        return ""
    start = _start(query.get("t", query.get("start", [""]))[0])
    return f"https://www.youtube-nocookie.com/embed/{video}" + (f"?start={start}" if start else "")


def _start(text: str) -> int:
    """Seconds in ``"90"``, ``"90s"`` or ``"1h2m3s"``; 0 for nonsense."""
    found = _SECONDS.fullmatch(text[:12])
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _vimeo(url: str) -> str:
    found = _VIMEO_PATH.fullmatch(urlsplit(url).path)
    if not found:
        return ""
    query = {"dnt": "1"} | ({"h": found[2]} if found[2] else {})
    return f"https://player.vimeo.com/video/{found[1]}?{urlencode(query)}"


def _soundcloud(url: str) -> str:
    path = urlsplit(url).path
    if not _SOUNDCLOUD_PATH.fullmatch(path):
        return ""
    return "https://w.soundcloud.com/player/?url=" + quote(f"https://soundcloud.com{path}", safe="")


def _spotify(url: str) -> str:
    found = _SPOTIFY_PATH.fullmatch(urlsplit(url).path)
    return f"https://open.spotify.com/embed/{found[1]}/{found[2]}" if found else ""


_FRAMES: dict[str, tuple[Callable[[str], str], str]] = {
    "open.spotify.com": (_spotify, "audio"),
    "player.vimeo.com": (_vimeo, "video"),
    "soundcloud.com": (_soundcloud, "audio"),
    "vimeo.com": (_vimeo, "video"),
    "youtu.be": (_youtube, "video"),
    "youtube.com": (_youtube, "video"),
    "youtube-nocookie.com": (_youtube, "video"),
}
