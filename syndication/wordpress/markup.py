"""HTML of WordPress to ours: pictures, galleries and embeds become references, before anything is sanitised.

What the story's cleaner would drop in silence is translated here or counted. No
``data-`` attribute of the source is passed on: none may name a picture of our library.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import nh3

from articles.body import clean_href
from articles.body.names import names
from articles.body.references import EmbedReference, GalleryReference, PictureReference
from articles.body.tree import BLOCKS, DROPPED_WITH_CONTENT, INLINE, VOID, Element, Node, parse
from articles.embeds import NAMES

MEDIA = names("img iframe video audio source embed object")
EMPTY = VOID | names("img source embed")
PASSED = names("href style colspan rowspan scope start")
COUNTED = ("script", "style", "form", "svg", "canvas", "map", "math", "applet", "noscript")
"""Tags that go with all they hold, and are told."""

_COUNTED = {tag: re.compile(rf"<{tag}[\s/>]", re.IGNORECASE) for tag in COUNTED}
_EMOJI = re.compile(r"^https?://s\.w\.org/images/core/emoji/")
_LAZY = ("data-src", "data-lazy-src", "data-original", "src")

_cleaner = nh3.Cleaner(
    tags=set(INLINE | BLOCKS | VOID | MEDIA),
    clean_content_tags=set(DROPPED_WITH_CONTENT - MEDIA),
    attributes={
        "*": {"class", "style", "data-ids"},
        "a": {"href"},
        "ol": {"start"},
        "td": {"colspan", "rowspan", "scope"},
        "th": {"colspan", "rowspan", "scope"},
        "img": {"src", "alt", "title", "width", "height", "data-src", "data-lazy-src", "data-original", "data-id"},
        "iframe": {"src", "title", "data-src"},
        "video": {"src"},
        "audio": {"src"},
        "source": {"src"},
        "embed": {"src"},
        "object": {"data"},
        "blockquote": {"cite"},
    },
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)


class Pictures(Protocol):
    """Finds pictures of the export in our library, taking them in where they are not yet there."""

    def by_number(self, number: int) -> int | None:
        """Our id for an attachment's number."""

    def by_address(self, url: str, number: int | None, alt: str) -> int | None:
        """Our id for a picture at an address; ``number`` is its attachment's, where the text says so."""


class Links(Protocol):
    """Knows the export's own addresses."""

    def own(self, url: str) -> str:
        """``url`` as the story shall have it."""


@dataclass
class Translator:
    """Translates one text; ``gone`` counts what was left out, by kind and address."""

    pictures: Pictures
    links: Links
    gone: Counter[str] = field(default_factory=Counter)

    def translate(self, source: str) -> str:
        """``source`` as HTML that the story's cleaner takes."""
        for tag, pattern in _COUNTED.items():
            if count := len(pattern.findall(source)):
                self.gone[tag] += count
        return self._all(parse(source, _cleaner, EMPTY).children)

    def _all(self, children: Iterable[Node]) -> str:
        return "".join(escape(child, quote=False) if isinstance(child, str) else self._one(child) for child in children)

    def _one(self, element: Element) -> str:
        made = ""
        match element.tag:
            case "img":
                made = self._picture(element, "")
            case "iframe" | "embed" | "object":
                made = self._frame(element)
            case "video" | "audio":
                made = self._file(element)
            case "figure":
                made = self._figure(element)
            case "blockquote" | "div" if _embedded(element):
                made = self._embed(_embedded(element), "")
            case _ if not _says_nothing(element):
                made = self._plain(element)
        return made

    def _plain(self, element: Element) -> str:
        given = {name: value for name, value in element.attributes.items() if name in PASSED}
        if "href" in given:
            given["href"] = self.links.own(given["href"])
        tag = "div" if element.tag in {"figcaption", "figure"} else element.tag
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
        return f"<{tag}{attributes}>" + ("" if tag in VOID else f"{self._all(element.children)}</{tag}>")

    # Figures

    def _figure(self, figure: Element) -> str:
        css = figure.attributes.get("class", "")
        caption = _caption_of(figure)
        if css == "wp-gallery":
            return self._numbered_gallery(figure.attributes.get("data-ids", ""))
        pictures = [found for found in _within(figure, "img") if not _is_pixel(found.attributes)]
        if len(pictures) > 1 and "gallery" in css:
            return self._gallery(pictures, _own_caption(figure))
        if len(pictures) == 1 and not _words_outside(figure):
            return self._picture(pictures[0], caption)
        if url := _embedded(figure):
            return self._embed(url, caption)
        rest = [child for child in figure.children if not _is(child, "figcaption")]
        inner = self._all(rest)
        return f"<div>{inner}</div>" + (f"<p><em>{escape(caption)}</em></p>" if caption and inner.strip() else "")

    def _picture(self, element: Element, caption: str) -> str:
        given = element.attributes
        url = next((given[name] for name in _LAZY if given.get(name)), "")
        alt = " ".join(given.get("alt", "").split())
        if _EMOJI.match(url) or "wp-smiley" in given.get("class", ""):
            return escape(alt, quote=False)
        if _is_pixel(given):
            return ""
        found = self.pictures.by_address(url, _number_of(given), alt) if url else None
        if found is None:
            self.gone[f"picture {url[:300] or 'without an address'}"] += 1
            return ""
        return PictureReference(found, caption[:400]).markup()

    def _gallery(self, pictures: list[Element], caption: str) -> str:
        made = [self._picture(picture, "") for picture in pictures]
        ids = re.findall(r'data-image="(\d+)"', "".join(made))
        return _gallery_of([int(number) for number in ids], caption)

    def _numbered_gallery(self, numbers: str) -> str:
        ids = []
        for number in (int(part) for part in numbers.split(",") if part.isascii() and part.isdigit()):
            found = self.pictures.by_number(number)
            if found is None:
                self.gone[f"picture of number {number}"] += 1
            else:
                ids.append(found)
        return _gallery_of(ids, "")

    # What stands elsewhere

    def _frame(self, element: Element) -> str:
        given = element.attributes
        url = _page_of(given.get("src") or given.get("data-src") or given.get("data") or "")
        return self._embed(url, given.get("title", "")) if url else self._lost(element.tag)

    def _file(self, element: Element) -> str:
        sources = [element, *_within(element, "source")]
        url = next((found.attributes["src"] for found in sources if found.attributes.get("src")), "")
        return self._embed(url, "") if url else self._lost(element.tag)

    def _lost(self, tag: str) -> str:
        self.gone[f"{tag} without an address"] += 1
        return ""

    def _embed(self, url: str, title: str) -> str:
        address = clean_href(_absolute(url))
        if not address.startswith(("http://", "https://")):
            self.gone[f"embed {url[:300]}"] += 1
            return ""
        return EmbedReference(address, " ".join(title.split())[:200]).markup()


def _says_nothing(element: Element) -> bool:
    return element.tag == "source" or "wp-block-file__button" in element.attributes.get("class", "")


def is_provider(url: str) -> bool:
    """Whether an address that stands alone on a line is one that WordPress shows as an embed."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return False
    return host in NAMES


def _gallery_of(ids: list[int], caption: str) -> str:
    if not ids:
        return ""
    return (
        PictureReference(ids[0], caption).markup() if len(ids) == 1 else GalleryReference(tuple(ids), caption).markup()
    )


def _embedded(element: Element) -> str:
    """The address that a figure, a quote or a box stands for; empty where it is none of these."""
    css = element.attributes.get("class", "")
    frames = [found for tag in ("iframe", "embed") for found in _within(element, tag)]
    if element.tag == "figure" and len(frames) == 1:
        given = frames[0].attributes
        return _page_of(given.get("src") or given.get("data-src", ""))
    if "wp-embed-url" in css or "wp-block-embed" in css:
        words = _text(child for child in element.children if not _is(child, "figcaption")).split()
        return words[0] if len(words) == 1 and words[0].startswith(("http", "//")) else ""
    if any(name in css for name in ("twitter-tweet", "instagram-media", "tiktok-embed", "fb-post", "reddit-embed")):
        links = [found.attributes.get("href", "") for found in _within(element, "a")]
        return next((link for link in reversed(links) if link), element.attributes.get("cite", ""))
    return ""


def _page_of(src: str) -> str:
    """The page of what a frame shows, where it can be told; else the frame's own address."""
    url = _absolute(src)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    if host == "w.soundcloud.com":
        return parse_qs(parts.query).get("url", [url])[0]
    if host == "facebook.com" and parts.path.startswith("/plugins/"):
        return parse_qs(parts.query).get("href", [url])[0]
    return url


def _absolute(url: str) -> str:
    url = url.strip()
    return f"https:{url}" if url.startswith("//") else url


def _number_of(given: Mapping[str, str]) -> int | None:
    found = re.search(r"\bwp-image-(\d{1,18})\b", given.get("class", ""))
    said = found[1] if found else given.get("data-id", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None  # noqa: PLR2004


def _is_pixel(given: Mapping[str, str]) -> bool:
    return given.get("width") in {"0", "1"} and given.get("height") in {"0", "1"}


def _is(node: Node, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _within(element: Element, tag: str) -> list[Element]:
    found = []
    for child in element.children:
        if isinstance(child, Element):
            found += [child] if child.tag == tag else _within(child, tag)
    return found


def _text(nodes: Iterable[Node]) -> str:
    return "".join(node if isinstance(node, str) else f" {_text(node.children)} " for node in nodes)


def _caption_of(figure: Element) -> str:
    return " ".join(_text(child for found in _within(figure, "figcaption") for child in found.children).split())


def _own_caption(figure: Element) -> str:
    own = [child for child in figure.children if isinstance(child, Element) and child.tag == "figcaption"]
    return " ".join(_text(child for found in own for child in found.children).split())[:400]


def _words_outside(figure: Element) -> str:
    return _text(child for child in figure.children if not _is(child, "figcaption")).strip()
