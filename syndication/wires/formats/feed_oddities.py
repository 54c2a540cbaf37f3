"""What a feed says against itself or its extensions: seen only where several of its parts are looked at together."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from syndication.wires.formats.feed_values import faulty_address
from syndication.wires.xml_tree import Node

XHTML = "http://www.w3.org/1999/xhtml"
HISTORY = "http://purl.org/syndication/history/1.0"
"""Paged and archived feeds (RFC 5005)."""

THREADS = "http://purl.org/syndication/thread/1.0"
"""Answers and their number (RFC 4685)."""

RSS_1 = {
    "channel": frozenset(("title", "link", "description", "image", "items", "textinput")),
    "image": frozenset(("title", "url", "link")),
}
"""What RSS 1.0 knows there; whatever RSS 2.0 has besides is said by an extension."""

_PAGES = ("first", "last", "next", "previous")


def oddities_of_feed(root: Node, channel: Node, *, is_atom: bool) -> Iterator[str]:
    """What is odd about the feed itself."""
    if is_atom:
        yield from _of_history(root)
        return
    yield from _of_identity(root, channel)
    if root.local == "RDF":
        yield from _of_rss_1([*root.all("channel"), *root.all("image")])
    picture, link = channel.first("image"), channel.first("link")
    shown = picture.first("link") if picture is not None else None
    if shown is not None and link is not None and _plain(shown) != _plain(link):
        yield _("The link of its picture is not its own.")
    for node in channel.all("skipHours", "skipDays"):
        said = Counter(child.text().strip() for child in node.elements())
        if any(number > 1 for number in said.values()):
            yield _said(_("“%(name)s” says one thing twice."), node.name)


def oddities_of_entry(node: Node, *, is_atom: bool) -> Iterator[str]:
    """What is odd about one item."""
    for child in node.elements() if is_atom else ():
        if child.space == XHTML:
            yield _said(_("“%(name)s” is markup that stands in no text."), child.name)
        if child.space == THREADS:
            yield from _of_thread(child)


def _said(words: str, name: str) -> str:
    return words % {"name": name[:40]}


def _plain(node: Node) -> str:
    """An address by which two are compared."""
    return node.text().strip().rstrip("/").lower()


def _of_identity(root: Node, channel: Node) -> Iterator[str]:
    about = channel.attributes.get("rdf:about", "")
    lists = [channel.first("items") or channel, root]
    if about and any(item.attributes.get("rdf:about") == about for place in lists for item in place.all("item")):
        yield _("One of its items has the identity of the feed.")
    if about and faulty_address(about, whole=False):
        yield _said(_("“%(name)s” is no address as the standard writes it."), "rdf:about")


def _of_rss_1(places: list[Node]) -> Iterator[str]:
    for place in places:
        for child in place.elements():
            if ":" not in child.name and child.name not in RSS_1[place.name]:
                yield _said(_("“%(name)s” is none of RSS 1.0."), child.name)


def _of_history(feed: Node) -> Iterator[str]:
    links = {link.attributes.get("rel", ""): link.attributes.get("href", "") for link in feed.all("link")}
    said = {child.local for child in feed.elements() if child.space == HISTORY}
    if "archive" in said and "current" not in links:
        yield _("It says that it is an archive, and not where the current feed is.")
    if "complete" in said and any(rel in links for rel in _PAGES):
        yield _("It says that it is complete, and has further pages.")
    if "previous" in links and links.get("first") and links["first"] == links.get("self"):
        yield _("It is the first page by its own words, and has a page before it.")


def _of_thread(node: Node) -> Iterator[str]:
    if node.local not in {"in-reply-to", "total"}:
        yield _said(_("Nobody knows what “%(name)s” means there."), node.name)
    if node.local == "in-reply-to" and faulty_address(node.attributes.get("ref", ""), whole=True, canonical=False):
        yield _said(_("“%(name)s” is no address as the standard writes it."), "ref")
