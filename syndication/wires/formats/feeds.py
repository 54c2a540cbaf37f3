"""RSS 0.9 to 2.0, RDF, and Atom 0.3 and 1.0: read liberally, since half of the world's feeds break a rule or two."""

import base64
import binascii
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from syndication.wires.formats.feed_faults import faults_of_entry, faults_of_feed
from syndication.wires.items import LONG, Item, Reading, Signal, line, paragraphs, plain_line, plain_text
from syndication.wires.links import absolute, web_address
from syndication.wires.moments import moment
from syndication.wires.xml_tree import Node

ENTRIES = ("item", "entry")
_TEXTS = {"text", "text/plain", "plain"}


def read_feed(root: Node, base: str) -> Reading:
    """Every item of a feed whose end was read, newest or not, in the feed's order."""
    is_atom = root.local == "feed"
    channel = root if is_atom or root.local == "Channel" else (root.first("channel") or root)
    found = Reading("Atom" if is_atom else _rss_name(root), _words(channel.first("title")))
    found.problems += faults_of_feed(root, channel, is_atom=is_atom)
    read: Callable[[Node, Node, str], Item] = _atom_item if is_atom else _rss_item
    for node in entries_of(root, channel):
        if node.complete:
            item = read(node, channel, base)
            for words in faults_of_entry(node, is_atom=is_atom):
                item = item.with_problem(words)
            found.items.append(item)
        else:
            found.refused.append((_words(node.first("title")), _("It breaks off in the middle.")))
    return found


def entries_of(root: Node, channel: Node) -> list[Node]:
    """The items, inside the channel as RSS 2.0 has them or beside it as RDF has them."""
    inside = channel.all(*ENTRIES)
    lists = [node for node in root.elements() if node.local == "items"]
    beside = [] if root is channel else root.all(*ENTRIES)
    return inside + beside + [item for node in lists for item in node.all(*ENTRIES)]


def _rss_name(root: Node) -> str:
    version = line(root.attributes.get("version", ""), 10)
    return "RSS 1.0" if root.local == "RDF" else f"RSS {version}".strip()


def _rss_item(node: Node, channel: Node, base: str) -> Item:
    full = node.first("content:encoded", "xhtml:body", "xhtml:div", "content")
    short = node.first("description", "summary", "dcterms:abstract")
    markup = _markup(full) or _markup(short)
    summary = plain_text(_markup(short)) if _markup(full) and short is not None else ""
    link = _rss_link(node, base)
    updated = node.first("dcterms:modified", "updated", "dc:modified")
    sent = node.first("pubDate", "dc:date", "dcterms:created", "dcterms:issued", "published", "pubdate")
    return Item(
        guid=line(_text(node.first("guid", "id", "dc:identifier")), 500) or node.attributes.get("rdf:about", "")[:500],
        version=_version(updated),
        signal=Signal.USABLE.value,
        headline=_words(node.first("title", "dc:title", "media:title")),
        standfirst=line(summary, LONG),
        html=markup,
        link=link,
        byline=_names(node.all("dc:creator", "author", "creator")),
        provider=_words(node.first("source", "dc:publisher", "dc:source")),
        credit=_words(node.first("media:credit")),
        rights=_words(node.first("dc:rights", "media:copyright", "rights", "copyright"))
        or _words(channel.first("copyright", "dc:rights", "rights")),
        language=line(_text(node.first("dc:language") or channel.first("language", "dc:language")), 35),
        subjects=_subjects(node.all("category", "dc:subject", "keywords")),
        pictures=_pictures(node, markup),
        sent_at=moment(_text(updated)) or moment(_text(sent)),
        expire_at=moment(_text(node.first("expirationDate"))),
    )


def _atom_item(node: Node, feed: Node, base: str) -> Item:
    content, summary = node.first("content"), node.first("summary")
    markup = _markup(content) or _markup(summary)
    updated = node.first("updated", "modified")
    sent = node.first("published", "issued", "created")
    source = node.first("source") or node
    return Item(
        guid=line(_text(node.first("id")), 500),
        version=_version(updated),
        headline=_words(node.first("title")),
        standfirst=line(plain_text(_markup(summary)), LONG) if _markup(content) else "",
        html=markup,
        link=_atom_link(node, base),
        byline=_names(node.all("author")) or _names(feed.all("author")),
        provider=_words(source.first("title")) if source is not node else "",
        rights=_words(node.first("rights", "copyright")) or _words(feed.first("rights", "copyright")),
        language=line(node.attributes.get("xml:lang", "") or feed.attributes.get("xml:lang", ""), 35),
        subjects=_subjects(node.all("category", "dc:subject")),
        pictures=_pictures(node, markup),
        sent_at=moment(_text(updated)) or moment(_text(sent)),
    )


def _text(node: Node | None) -> str:
    return node.text().strip() if node is not None else ""


def _words(node: Node | None) -> str:
    """An element that names something, as one line; markup in it is taken off."""
    if node is None:
        return ""
    return plain_line(_markup(node) if node.name != "source" or not any(node.elements()) else "")


def _markup(node: Node | None) -> str:
    """What an element holds, as HTML: written inside, escaped, in base 64, or plain."""
    if node is None:
        return ""
    kind = node.attributes.get("type", "").strip().lower()
    mode = node.attributes.get("mode", "").strip().lower()
    if any(node.elements()):
        return node.inner_html().strip()
    text = node.text().strip()
    if mode == "base64" or (
        kind and "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))
    ):
        return _from_base64(text)
    plain = (kind in _TEXTS and mode != "escaped") or (mode == "xml" and kind not in {"html", "text/html"})
    return paragraphs(text) if plain and "<" in text else text


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace").strip()
    except (binascii.Error, ValueError):
        return ""


def _rss_link(node: Node, base: str) -> str:
    for link in node.all("link"):
        if address := absolute(_text(link) or link.attributes.get("href", ""), link.base or base):
            return address
    guid = node.first("guid")
    if guid is not None and guid.attributes.get("isPermaLink", "true").lower() != "false":
        return web_address(_text(guid))
    return web_address(node.attributes.get("rdf:about", ""))


def _atom_link(node: Node, base: str) -> str:
    links = node.all("link")
    for rel in ("alternate", "self", "via", "related"):
        for link in links:
            if link.attributes.get("rel", "alternate").rpartition("/")[2] == rel and "href" in link.attributes:
                return absolute(link.attributes["href"], link.base or base)
    return web_address(_text(node.first("id")))


def _names(nodes: Iterable[Node]) -> str:
    names = [_words(node.first("name")) or _person(node) for node in nodes]
    return line(", ".join(dict.fromkeys(name for name in names if name)))


def _person(node: Node) -> str:
    """``jane@example.org (Jane Doe)`` is Jane Doe; an address alone is nobody's by-line."""
    told = "" if node.first("email", "uri") is not None else _words(node)
    address, bracket, name = told.partition("(")
    if bracket and "@" in address:
        return name.rstrip(") ")
    return "" if "@" in told and " " not in told else told


def _subjects(nodes: Iterable[Node]) -> tuple[str, ...]:
    names = (line(node.attributes.get("label") or node.attributes.get("term") or _words(node), 80) for node in nodes)
    return tuple(dict.fromkeys(name for name in names if name))


def _pictures(node: Node, markup: str) -> int:
    sent = [one for one in node.walk() if one.name in {"media:content", "enclosure", "media:thumbnail"}]
    shown = [one for one in sent if _is_picture(one)]
    return min(markup.lower().count("<img"), 999) or len(shown[:999])


def _is_picture(node: Node) -> bool:
    kind, medium = node.attributes.get("type", ""), node.attributes.get("medium", "")
    return node.name == "media:thumbnail" or medium == "image" or kind.startswith("image/")


def _version(updated: Node | None) -> str:
    when = moment(_text(updated))
    return when.isoformat() if when else ""
