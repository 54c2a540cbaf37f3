"""From bytes to items, whatever the format."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from outbox.inert import encodable
from syndication.wires.decoding import decode
from syndication.wires.formats.feeds import read_feed
from syndication.wires.formats.jsons import read_json
from syndication.wires.formats.newsml_1 import read_newsml_1
from syndication.wires.formats.newsml_g2 import ITEMS, read_newsml_g2
from syndication.wires.formats.nitf import read_nitf
from syndication.wires.items import MOST_ITEMS, Reading, Refused, finished
from syndication.wires.links import with_whole_links
from syndication.wires.salvage import salvaged
from syndication.wires.xml_tree import MOST_BYTES, Node, parse

_MIXED_UP = re.compile("[\x80-\x84\x86-\x9f]")
"""Control characters that nobody writes, but for the one that ends a line."""

_FEEDS = {"rss", "RDF", "feed", "channel", "Channel", "entry"}


def read(data: bytes, *, base: str = "", encoding: str = "") -> Reading:
    """The items of a document, each with an identity and a headline.

    ``base`` is where it came from, for addresses that are relative to it;
    ``encoding`` what the server said of it. Raises ``Refused`` and nothing else.
    """
    if len(data) > MOST_BYTES:
        raise Refused(_("It is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    if not data.strip():
        raise Refused(_("It is empty."))
    text, problems = decode(data, encoding)
    if _MIXED_UP.search(text):
        problems.append(_("It holds signs that stand for nothing: one encoding was taken for another on the way."))
    found = read_json(text, base) if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["} else _read_xml(text, base)
    found.problems[:0] = problems
    if len(found.items) > MOST_ITEMS:
        found.add_problem(_("It has more than %(most)d items; the others were not read.") % {"most": MOST_ITEMS})
    found.items = [
        finished(item.with_(html=with_whole_links(encodable(item.html), item.link or base)))
        for item in found.items[:MOST_ITEMS]
    ]
    return found


def _read_xml(text: str, base: str) -> Reading:
    if "<" not in text:
        raise Refused(_("It is neither XML nor JSON; ANPA, IPTC 7901 and mail are not read."))
    root, problems = parse(text, base)
    found = _reader(root)(root, base)
    found.problems[:0] = problems
    if not root.complete and root.local in _FEEDS:
        found = salvaged(text, root, found, base, read_feed)
    return found


def _reader(root: Node) -> Callable[[Node, str], Reading]:
    if root.local in _FEEDS:
        return read_feed
    if root.local in ITEMS or root.local == "newsMessage":
        return lambda node, _base: read_newsml_g2(node)
    if root.local == "NewsML":
        return lambda node, _base: read_newsml_1(node)
    if root.local == "nitf":
        return lambda node, _base: read_nitf(node)
    words = _("It is XML, but no format of news that is known here: it begins with “%(name)s”.")
    raise Refused(words % {"name": root.name[:40]})
