"""What in a feed breaks its standard, in words for whoever asks its maker to mend it. It is read all the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from syndication.wires.formats import feed_words as known
from syndication.wires.formats.feed_oddities import oddities_of_entry, oddities_of_feed
from syndication.wires.formats.feed_texts import faults_of_text
from syndication.wires.formats.feed_values import faulty_address, faulty_moment, faulty_number, is_media_type
from syndication.wires.items import MOST_PROBLEMS
from syndication.wires.xml_tree import Node

MOST_NODES = 600
"""Elements of one item that are looked at; what is wrong in a longer one is wrong at its beginning too."""

_ATOM = {"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"}
_MAIL = re.compile(r"[^@\s()<>,;]+@[^@\s()<>,;]+\.[A-Za-z]{2,}(?:\s*\([^()]+\))?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def faults_of_feed(root: Node, channel: Node, *, is_atom: bool) -> list[str]:
    """What is wrong with the feed itself, its items aside."""
    entries = {id(node) for node in (*channel.all("item", "entry"), *root.all("item", "entry"))}
    found = [*_of_root(root, is_atom), *_of_spaces(root), *_repeated_items(root, channel)]
    found += oddities_of_feed(root, channel, is_atom=is_atom)
    places = [channel] if channel is root else [root, channel, *root.all("image", "textinput")]
    for place in places:
        found += _of_place(place, is_atom)
        for node in place.elements():
            if id(node) not in entries and node is not channel:
                found += faults_of_tree(node, place, is_atom)
    return list(dict.fromkeys(found))[:MOST_PROBLEMS]


def faults_of_entry(node: Node, *, is_atom: bool) -> list[str]:
    """What is wrong with one item."""
    found = [*_of_place(node, is_atom), *oddities_of_entry(node, is_atom=is_atom)]
    if is_atom:
        found += _of_atom_entry(node)
    elif node.first("title", "description", "dc:title", "content:encoded") is None:
        found.append(_("It has neither title nor description."))
    names = [child.name for child in node.elements()]
    if "content:encoded" in names and "description" not in names[: names.index("content:encoded")]:
        found.append(_said(_("“%(name)s” has no “description” before it."), "content:encoded"))
    for child in node.elements():
        found += faults_of_tree(child, node, is_atom)
    return list(dict.fromkeys(found))[:MOST_PROBLEMS]


def faults_of_tree(node: Node, parent: Node, is_atom: bool) -> list[str]:
    """What is wrong with an element and those inside it."""
    found, seen = [], 0
    waiting = [(node, parent)]
    while waiting and seen < MOST_NODES:
        one, above = waiting.pop()
        seen += 1
        found += [*_of_value(one, above, is_atom), *_of_attributes(one, is_atom)]
        held, inside = faults_of_text(one, above, is_atom)
        found += held
        if not inside:
            found += _of_place(one, is_atom) if one.name in known.REQUIRED else []
            waiting += [(child, one) for child in one.elements()]
    return found


def _said(words: str, node: Node | str) -> str:
    return words % {"name": (node if isinstance(node, str) else node.name)[:40]}


def _of_root(root: Node, is_atom: bool) -> Iterator[str]:
    if is_atom and root.space not in _ATOM:
        yield _("Its elements do not stand in Atom's namespace.")
    if root.local == "Channel" and "rdf:about" not in root.attributes:
        yield _said(_("“%(name)s” is missing."), "rdf:about")
    if root.local == "rss":
        if root.space:
            yield _("RSS stands in no namespace, this one does.")
        if "version" not in root.attributes:
            yield _said(_("“%(name)s” says no version."), root)
        if root.first("channel") is None:
            yield _said(_("“%(name)s” is missing."), "channel")


def _of_spaces(root: Node) -> Iterator[str]:
    """Namespaces that are no addresses, and names whose namespace nobody declared."""
    for number, node in enumerate(root.walk()):
        if number >= MOST_NODES:
            return
        if ":" in node.name and not node.space:
            yield _said(_("Nobody says what “%(name)s” means: its namespace is not declared."), node)
        if node.space and (faulty_address(node.space, whole=True, canonical=False) or node.space in known.FOREIGN):
            yield _said(_("“%(name)s” stands in a namespace that is none for feeds."), node)


def _repeated_items(root: Node, channel: Node) -> Iterator[str]:
    entries = [*channel.all("item", "entry"), *([] if root is channel else root.all("item", "entry"))]
    named = [one.first("id", "guid") for one in entries]
    told = Counter(node.text().strip() for node in named if node is not None)
    abouts = Counter(one.attributes["rdf:about"] for one in entries if "rdf:about" in one.attributes)
    if any(number > 1 for number in (*told.values(), *abouts.values())):
        yield _("Two of its items have one identity.")


def _of_place(place: Node, is_atom: bool) -> Iterator[str]:
    """Of an element that holds others: what is missing, what stands twice, what nobody knows."""
    children = (known.ATOM_CHILDREN if is_atom else known.RSS_CHILDREN).get(place.name, frozenset())
    names = Counter(child.name for child in place.elements())
    yield from (_said(_("“%(name)s” is missing."), name) for name in _missing(place, names, is_atom))
    for name, number in names.items():
        if (
            number > 1
            and (name not in known.REPEATED or place.name == "image")
            and (name in children or name in known.SINGLE)
        ):
            yield _said(_("“%(name)s” stands more than once."), name)
        if children and ":" not in name and name not in children:
            yield _said(_("Nobody knows what “%(name)s” means there."), name)
        if known.SAME_AS.get(name) in names and not is_atom:
            yield _said(_("“%(name)s” is said twice, under two names."), name)
    if children and any(isinstance(child, str) and child.strip() for child in place.children):
        yield _said(_("There is text between the elements of “%(name)s”."), place)
    yield from _of_links(place) if is_atom else ()


def _missing(place: Node, names: Counter[str], is_atom: bool) -> Iterable[str]:
    if place.name == "source" and not is_atom:
        return ()
    if place.name in {"author", "contributor"} and not is_atom:
        return ()
    wanted = known.REQUIRED.get(place.name, ())
    if "modified" in names:  # Atom 0.3
        wanted = tuple(name for name in wanted if name not in {"updated", "id"})
    return (name for name in wanted if name not in names)


def _of_links(place: Node) -> Iterator[str]:
    alternates = Counter(
        (link.attributes.get("type", ""), link.attributes.get("hreflang", ""))
        for link in place.all("link")
        if link.attributes.get("rel", "alternate") == "alternate"
    )
    if any(number > 1 for number in alternates.values()):
        yield _("Several links say that they are the page itself.")


def _of_atom_entry(node: Node) -> Iterator[str]:
    content = node.first("content")
    kind = content.attributes.get("type", "") if content is not None else ""
    far = content is not None and (
        "src" in content.attributes or ("/" in kind and not kind.startswith("text/") and "xml" not in kind)
    )
    if far and node.first("summary") is None:
        yield _said(_("“%(name)s” is missing."), "summary")
    for link in node.all("link"):
        if link.attributes.get("rel") in {
            "first",
            "last",
            "next",
            "previous",
            "prev-archive",
            "next-archive",
            "previous-archive",
        }:
            yield _("An item has a link that only a whole feed can have.")


def _of_value(node: Node, above: Node, is_atom: bool) -> Iterator[str]:
    text = "" if any(node.elements()) else node.text()
    if node.name in known.MOMENTS and faulty_moment(node.name, text, is_atom=is_atom):
        yield _said(_("“%(name)s” is no moment as the standard writes it."), node)
    if (_is_address(node, above, is_atom) and faulty_address(text, whole=node.name == "id")) or (
        _is_address(node, above, is_atom) and _is_relative(node, text, is_atom)
    ):
        yield _said(_("“%(name)s” is no address as the standard writes it."), node)
    if node.name in known.NUMBERS and faulty_number(text, *known.NUMBERS[node.name]):
        yield _said(_("“%(name)s” is no number that fits."), node)
    if node.name in known.LISTED and text.strip() not in known.LISTED[node.name]:
        yield _said(_("“%(name)s” says a word outside its list."), node)
    if node.name in known.PEOPLE and not _MAIL.fullmatch(text.strip()[:300]):
        yield _said(_("“%(name)s” is no mail address."), node)
    if node.name in known.LANGUAGES and not _LANGUAGE.fullmatch(text.strip()):
        yield _said(_("“%(name)s” names no language."), node)
    yield from _of_picture(node, above, text)
    if node.name == "guid" and node.attributes.get("isPermaLink", "true") == "true" and not _is_web(text):
        yield _("“guid” says that it is an address and is none.")


def _of_picture(node: Node, above: Node, text: str) -> Iterator[str]:
    if (
        node.name == "url"
        and above.name == "image"
        and not text.strip().lower().endswith((".gif", ".png", ".jpg", ".jpeg", ".svg"))
    ):
        yield _said(_("“%(name)s” is no picture that a browser shows."), node)
    if node.name in {"textInput", "textinput"}:
        yield _said(_("“%(name)s” is shown by no reader."), node)


def _is_address(node: Node, above: Node, is_atom: bool) -> bool:
    if node.name in known.ADDRESSES:
        return not (node.name == "comments" and is_atom)
    if node.name == "id":
        return is_atom
    return node.name == "link" and not is_atom and above.name in {"channel", "item", "image", "textInput"}


def _is_relative(node: Node, text: str, is_atom: bool) -> bool:
    """RSS and the extensions know no base: their addresses name the scheme."""
    return (not is_atom or ":" in node.name) and ":" not in text.partition("/")[0]


def _is_web(text: str) -> bool:
    try:
        return urlsplit(text.strip()).scheme in {"http", "https"}
    except ValueError:
        return False


def _of_attributes(node: Node, is_atom: bool) -> Iterator[str]:
    for name, value in node.attributes.items():
        if name in known.ADDRESS_ATTRIBUTES and ":" not in node.name and faulty_address(value, whole=False):
            yield _said(_("“%(name)s” is no address as the standard writes it."), name)
        if name in known.NUMBER_ATTRIBUTES and faulty_number(value, *known.NUMBER_ATTRIBUTES[name]):
            yield _said(_("“%(name)s” is no number that fits."), name)
    yield from _of_named(node, is_atom)


def _of_named(node: Node, is_atom: bool) -> Iterator[str]:
    wanted = {
        "enclosure": ("url", "length", "type"),
        "cloud": ("domain", "port", "path", "registerProcedure", "protocol"),
    }
    atom = {"link": ("href",), "category": ("term",)}
    for name in (atom if is_atom else wanted).get(node.name, ()):
        if not node.attributes.get(name, "").strip():
            yield _said(_("“%(name)s” is missing."), f"{node.name} {name}")
    if is_atom and node.name == "link":
        rel = node.attributes.get("rel", "alternate")
        if rel not in known.RELATIONS and not _is_web(rel):
            yield _("A link says in no known word what it leads to.")
    kind = node.attributes.get("type", "")
    if node.name in {"link", "enclosure"} and kind and not is_media_type(kind):
        yield _said(_("“%(name)s” names no media type."), node)
