"""XML documents, built as trees: what is put in cannot break them."""

import xml.etree.ElementTree as ET
from xml.etree.ElementTree import Element

from syndication.text import legal

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}

for _prefix, _uri in NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


def name(qualified: str) -> str:
    """``dc:creator`` as the tree wants it; a name without a prefix stays."""
    prefix, colon, local = qualified.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else qualified


def add(parent: Element, qualified: str, text: str = "", /, **attributes: str) -> Element:
    """A new last child of ``parent``; an attribute named like a keyword ends in an underscore."""
    legal_ones = {key.rstrip("_"): legal(value) for key, value in attributes.items()}
    child = ET.SubElement(parent, name(qualified), legal_ones)
    if text:
        child.text = legal(text)
    return child


def written(root: Element, default: str = "") -> bytes:
    """The document; ``default`` is the namespace of names without a prefix."""
    if default:
        root.set("xmlns", default)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
