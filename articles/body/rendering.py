"""From the stored source to what readers get. Sanitised by nh3 as the very last step."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.body import references
from articles.body.figures import Figures, PictureMarkup
from articles.body.links import article_ids_in, clean_href, rel_for
from articles.body.policy import STORED_TAGS, reader_form
from articles.body.tree import TOKEN, attributes_of
from images.markup import image_markup
from images.models import Image

PIPELINE_VERSION = f"2-nh3-{version('nh3')}"
"""Stored beside each rendered body; another value here means rendering all of them again."""

HEADING_ID_LENGTH = 60
_LINE_ENDS = frozenset(("p", "h2", "h3", "h4", "li", "tr", "table", "ul", "ol", "blockquote"))
_REFERENCE = re.compile(r"<figure ([^<>]*)></figure>")
_WORD = re.compile(r"[^\W_]+(?:[’'.\-][^\W_]+)*")


def picture_markup(image: Image, ratio: str, sizes: str) -> str:
    """A picture for readers; previews of what is not public pass another function."""
    return image_markup(image, ratio=ratio, sizes=sizes)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body as readers get it, and what must be known about it.

    ``image_ids`` are the library pictures it refers to, shown or not, in order;
    ``keys`` the page keys of what it shows; ``article_ids`` our own articles its
    text links to; ``until`` the instant at which a picture's licence ends and the
    body must be rendered again.
    """

    html: str = ""
    text: str = ""
    image_ids: tuple[int, ...] = ()
    keys: frozenset[str] = frozenset()
    article_ids: frozenset[int] = frozenset()
    word_count: int = 0
    until: datetime | None = None


def render(source: str, picture: PictureMarkup = picture_markup) -> Rendered:
    """Render one stored source; at most one query. ``picture`` makes a picture's markup (previews pass their own)."""
    return render_many({0: source}, picture)[0]


def render_many(sources: Mapping[int, str], picture: PictureMarkup = picture_markup) -> dict[int, Rendered]:
    """Render many sources by article id, with one query for the pictures of all of them."""
    wanted = {pk: list(image_ids_in(source)) for pk, source in sources.items()}
    ids = {image_id for image_ids in wanted.values() for image_id in image_ids}
    pictures = Image.objects.in_bulk(ids) if ids else {}
    return {
        pk: _Page(Figures(pictures, picture)).render(source, [image for image in wanted[pk] if image in pictures])
        for pk, source in sources.items()
    }


def image_ids_in(source: str) -> Iterable[int]:
    """The ids of the library pictures in a stored source, each once, in order."""
    found: dict[int, None] = {}
    for match in _REFERENCE.finditer(source):
        match references.read(attributes_of(" " + match[1])):
            case references.PictureReference(image_id=image_id):
                found[image_id] = None
            case references.GalleryReference(image_ids=image_ids):
                found.update(dict.fromkeys(image_ids))
    return found


def count_words(text: str) -> int:
    """Words as the editor counts them: runs of letters and digits, joined by apostrophe, hyphen or point."""
    pieces = text.split()
    others = [piece for piece in pieces if not piece.isalnum()]
    return len(pieces) - len(others) + len(_WORD.findall(" ".join(others)))


@dataclass(slots=True)
class _Page:
    """One body on its way through: HTML and text so far, and what its links say."""

    figures: Figures
    out: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    hrefs: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    heading: tuple[int, int] = (0, 0)
    level: int = 1
    table: tuple[int, int] = (0, 0)
    in_head: bool = False
    empty_header: bool = False

    def render(self, source: str, image_ids: list[int]) -> Rendered:
        for match in TOKEN.finditer(source):
            closing, tag, attributes, text = match.groups()
            if text is not None:
                self.out.append(text)
                self.text.append(html.unescape(text) if "&" in text else text)
            elif tag not in STORED_TAGS:
                continue
            elif closing:
                self._close(tag)
            elif tag == "th" and source.startswith("</th>", match.end()):
                self.empty_header = True  # a header that says nothing is no header: a plain cell
                self.out.append(f"<td{attributes}>")
            else:
                self._open(tag, attributes)
        plain = "\n".join(filter(None, (" ".join(line.split()) for line in "".join(self.text).split("\n"))))
        return Rendered(
            html=reader_form.clean("".join(self.out)),
            text=plain,
            image_ids=tuple(image_ids),
            keys=frozenset(f"image:{image_id}" for image_id in image_ids),
            article_ids=frozenset(article_ids_in(self.hrefs)),
            word_count=count_words(plain),
            until=self.figures.until,
        )

    def _open(self, tag: str, attributes: str) -> None:
        match tag:
            case "a":
                self._link(clean_href(attributes_of(attributes).get("href", "")))
            case "figure":
                self._figure(attributes)
            case "h2" | "h3" | "h4":
                self.level = min(int(tag[1]), self.level + 1)  # no level is left out, for those who walk by headings
                self.heading = (len(self.out), len(self.text))
                self.out.append("")
            case "table":
                self.text.append("\n")
                self.table = (len(self.out), len(self.text))
                self.out.append("")
            case "th" if " scope=" not in attributes:
                self.out.append(f'<th{attributes} scope="{"col" if self.in_head else "row"}">')
            case "br":
                self.out.append("<br>")
                self.text.append("\n")
            case _:
                self.in_head = tag == "thead" or (self.in_head and tag != "tbody")
                if tag in {"ul", "ol"}:
                    self.text.append("\n")
                self.out.append(f"<{tag}{attributes}>")

    def _close(self, tag: str) -> None:
        if tag == "figure":
            return
        if tag in {"h2", "h3", "h4"}:
            tag = self._name_heading()
        self.out.append("</td>" if self.empty_header and tag == "th" else f"</{tag}>")
        self.empty_header = False
        if tag in _LINE_ENDS:
            self.text.append("\n")
        elif tag in {"td", "th"}:
            self.text.append(" ")
        if tag == "table":
            self._wrap_table()

    def _link(self, href: str) -> None:
        if not href:
            self.out.append("<a>")
            return
        rel = self.hrefs.get(href)
        if rel is None:
            rel = self.hrefs[href] = rel_for(href)
        self.out.append(f'<a href="{escape(href)}" rel="{escape(rel)}">' if rel else f'<a href="{escape(href)}">')

    def _figure(self, attributes: str) -> None:
        reference = references.read(attributes_of(attributes))
        if reference is None:
            return
        if isinstance(reference, references.EmbedReference):
            self.hrefs[reference.url] = rel_for(reference.url)
        markup, text = self.figures.expand(reference)
        self.out.append(markup)
        if text:
            self.text.append(text + "\n")

    def _name_heading(self) -> str:
        """Give the heading an id made of its words, so that readers can link to it; returns its tag."""
        tag = f"h{self.level}"
        place, text_from = self.heading
        base = "h-" + slugify("".join(self.text[text_from:]), allow_unicode=True)[:HEADING_ID_LENGTH].strip("-")
        name, number = base, 1
        while name in self.ids:
            number += 1
            name = f"{base}-{number}"
        self.ids.add(name)
        self.out[place] = f'<{tag} id="{name}">'
        return tag

    def _wrap_table(self) -> None:
        """A wide table scrolls by itself, also by keyboard, and says what it is."""
        place, text_from = self.table
        head = " ".join("".join(self.text[text_from:]).partition("\n")[0].split())[:80]
        label = _("Table: %(head)s") % {"head": head} if head else _("Table")
        region = f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
        self.out[place] = f"{region}<table>"
        self.out.append("</div>")
