"""Feeds in XML: RSS and Atom as search engines' shopping pages take them, and plain lists of products.

Any document type is refused before it can declare anything, so there are no
entities to grow and none to fetch; depth, number and length of everything are
capped while it is read.
"""

from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from products.deliveries.sheet import (
    LONGEST_FIELD,
    MOST_ROWS,
    Row,
    Sheet,
    Unreadable,
    column_of,
    require_columns,
    too_many,
)

ITEMS = frozenset({"item", "entry", "product", "offer"})
"""What one product is called, whatever its namespace."""

MOST_DEEP = 30
MOST_ATTRIBUTES = 50


def xml_sheet(content: bytes) -> Sheet:
    """The products of a feed. Raises ``Unreadable``."""
    reading = _Reading()
    try:
        reading.parser.Parse(content, True)
    except expat.ExpatError as error:
        words = _("Line %(line)d: this is not well-formed XML.")
        raise Unreadable(words % {"line": error.lineno}) from None
    except (LookupError, ValueError):
        raise Unreadable(_("The feed is in no encoding that is known here.")) from None
    if not reading.rows:
        raise Unreadable(_("The feed names no products: they are looked for as <item>, <entry>, <product> or <offer>."))
    require_columns(set().union(*(row.fields for row in reading.rows)))
    return Sheet(reading.rows)


class _Reading:
    """One pass through a document."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.open: list[str] = []
        self.item_depth = 0
        self.begins = 0
        self.fields: dict[str, str] = {}
        self.words: list[str] = []
        self.length = 0
        self.parser = expat.ParserCreate(namespace_separator="|")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.EntityDeclHandler = _refuse_doctype
        self.parser.ExternalEntityRefHandler = _refuse_doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition("|")[2].lower()
        self.open.append(name)
        if len(self.open) > MOST_DEEP or len(attributes) > MOST_ATTRIBUTES:
            raise Unreadable(_("The feed is nested far deeper than any feed of products."))
        if not self.item_depth and name in ITEMS:
            self.item_depth, self.begins, self.fields = len(self.open), self.parser.CurrentLineNumber, {}
        elif self._is_column() and column_of(name) == "url" and attributes.get("href"):
            self._keep("url", attributes["href"])
        self.words, self.length = [], 0

    def _is_column(self) -> bool:
        return bool(self.item_depth) and len(self.open) == self.item_depth + 1

    def _text(self, data: str) -> None:
        if self._is_column() and self.length <= LONGEST_FIELD:
            self.words.append(data)
            self.length += len(data)

    def _end(self, _name: str) -> None:
        if self._is_column():
            self._keep(column_of(self.open[-1]), "".join(self.words).strip())
        elif self.item_depth == len(self.open):
            self._take()
        self.open.pop()
        self.words, self.length = [], 0

    def _keep(self, column: str, text: str) -> None:
        """The first of several wins: ``g:id`` before the ``id`` of Atom is a matter of order, as in the list itself."""
        if column and text and not self.fields.get(column):
            self.fields[column] = text

    def _take(self) -> None:
        if len(self.rows) >= MOST_ROWS:
            raise too_many()
        problem = ""
        if any(len(text) > LONGEST_FIELD for text in self.fields.values()):
            problem = _("A cell is longer than %(most)d characters.") % {"most": LONGEST_FIELD}
        self.rows.append(Row(self.begins, self.fields, problem))
        self.item_depth = 0


def _refuse_doctype(*_declared: Any) -> Any:
    raise Unreadable(_("The feed declares a document type or entities; such feeds are not read."))
