"""Small documents of every wire format, and feeds to take them in."""

from typing import Any

from articles.models import Source
from syndication.models import Feed
from syndication.wires.reading import read
from syndication.wires.receiving import Tally, take_in
from tests.factories import make_source

LONG = (
    "The harbour board voted on Tuesday to keep the old lighthouse lit for another winter, after fishermen told the"
    " council that the new buoys cannot be seen in fog. The vote passed by seven to two. Repairs to the lantern will"
    " begin before the first storms, and the cost is shared by the port and the town, the chairman said afterwards."
)


def make_feed(name: str = "Northline wire", **fields: Any) -> Feed:
    """A feed from a folder that nobody reads, unless ``fields`` say otherwise."""
    fields.setdefault("source", Source.objects.filter(name="Northline").first() or make_source())
    if "address" not in fields:
        fields.setdefault("folder", "northline")
    return Feed.objects.create(name=name, **fields)


def bring(feed: Feed, document: str | bytes, base: str = "https://wire.example/feed") -> Tally:
    """Take a document in as though it had come from the feed."""
    data = document.encode() if isinstance(document, str) else document
    return take_in(feed, read(data, base=base))


def g2(
    headline: str = "Lighthouse stays lit",
    *,
    guid: str = "urn:newsml:northline:1",
    version: int = 1,
    status: str = "usable",
    signal: str = "",
    text: str = LONG,
    meta: str = "",
) -> str:
    """One NewsML-G2 news item."""
    told = f'<signal qcode="sig:{signal}"/>' if signal else ""
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}" xml:lang="en">'
        "<rightsInfo><copyrightHolder literal='Northline'/><usageTerms>No archive use</usageTerms></rightsInfo>"
        f'<itemMeta><itemClass qcode="ninat:text"/>'
        f"<versionCreated>2026-03-01T0{min(version, 9)}:00:00Z</versionCreated>"
        f'<pubStatus qcode="stat:{status}"/>{told}{meta}</itemMeta>'
        f"<contentMeta><headline>{headline}</headline><by>By Jo Vane</by>"
        '<subject qcode="medtop:20000538"><name>maritime</name></subject></contentMeta>'
        '<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"<p>{text}</p></body></html></inlineXML></contentSet></newsItem>"
    )


def rss(*items: str) -> str:
    """A channel with these items."""
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'
