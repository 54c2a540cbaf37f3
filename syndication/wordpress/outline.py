"""The first walk through an export: who and what is in it, kept on disk, so that its size does not matter.

Posts refer to pictures, authors, reusable blocks and one another by numbers
that may stand anywhere in the file; here they are found by number.
"""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from articles.short_addresses import short_number
from syndication.wordpress.reading import Node, Progress, Reading, records
from syndication.wordpress.related import related_of
from syndication.wordpress.text_stream import NotReadableError, Source

VERSIONS = frozenset({"1.0", "1.1", "1.2"})

_TABLES = """
CREATE TABLE attachment (id TEXT PRIMARY KEY, url TEXT, parent TEXT, alt TEXT, caption TEXT, credit TEXT, title TEXT);
CREATE INDEX attached ON attachment (parent);
CREATE INDEX by_file ON attachment (url);
CREATE TABLE address (path TEXT PRIMARY KEY, post TEXT);
CREATE TABLE post (id TEXT PRIMARY KEY);
CREATE TABLE block (id TEXT PRIMARY KEY, source TEXT);
CREATE TABLE related (post TEXT, place INTEGER, target TEXT, PRIMARY KEY (post, target));
"""


@dataclass(frozen=True)
class Attachment:
    """A picture or other file of the site."""

    number: str
    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    title: str = ""


@dataclass
class Term:
    """A category: its name, its address part, and that of the one above it."""

    name: str
    slug: str
    parent: str = ""
    number: str = ""


@dataclass
class Outline:
    """What was found; the counts are of what the file holds, whether or not it can be taken in."""

    reading: Reading = field(default_factory=Reading)
    counts: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    authors: dict[str, str] = field(default_factory=dict)
    """Display names by login."""

    guests: dict[str, str] = field(default_factory=dict)
    """Names of Co-Authors Plus' guest authors by their address part."""

    categories: dict[str, Term] = field(default_factory=dict)
    published_categories: set[str] = field(default_factory=set)
    """Address parts of the categories that published posts carry."""

    twice: set[str] = field(default_factory=set)
    """Numbers that more than one item carries."""

    def __post_init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="newsroom-wordpress-")
        self.store = sqlite3.connect(Path(self._folder.name) / "outline.sqlite3", isolation_level=None)
        self.store.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;" + _TABLES)
        self.store.execute("BEGIN")

    def close(self) -> None:
        """Remove what was kept on disk."""
        self.store.close()
        self._folder.cleanup()

    @property
    def site(self) -> str:
        """The site's address without scheme; empty where the file does not say."""
        said = (self.reading.channel.get(name, "") for name in ("wp:base_blog_url", "link", "wp:base_site_url"))
        try:
            parts = urlsplit(next((url for url in said if url), ""))
        except ValueError:
            return ""
        return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}"[:200]

    def attachment(self, number: str) -> Attachment | None:
        """The attachment of this number."""
        return self._attachment("id = ?", number)

    def attachment_at(self, address: str) -> Attachment | None:
        """The attachment whose file has this address, scheme left out."""
        return self._attachment("url = ?", address)

    def attached_to(self, post: str) -> list[str]:
        """The numbers of the files that were added to a post."""
        found = self.store.execute("SELECT id FROM attachment WHERE parent = ? ORDER BY rowid", (post,))
        return [row[0] for row in found]

    def post_at(self, path: str) -> str:
        """The number of the post that stood at this path; empty where none did."""
        return self._one("SELECT post FROM address WHERE path = ?", path)

    def has_post(self, number: str) -> bool:
        """Whether a post has this number."""
        return bool(self._one("SELECT id FROM post WHERE id = ?", number))

    def block(self, number: int) -> str:
        """The source of a reusable block."""
        return self._one("SELECT source FROM block WHERE id = ?", str(number))

    def related(self) -> Iterator[tuple[str, list[str]]]:
        """Each post that has hand-picked related posts, with their numbers in order."""
        posts = self.store.execute("SELECT DISTINCT post FROM related ORDER BY rowid").fetchall()
        for (post,) in posts:
            rows = self.store.execute("SELECT target FROM related WHERE post = ? ORDER BY place", (post,))
            yield post, [row[0] for row in rows]

    def _attachment(self, where: str, value: str) -> Attachment | None:
        columns = "id, url, alt, caption, credit, title"
        row = self.store.execute(f"SELECT {columns} FROM attachment WHERE {where} LIMIT 1", (value,)).fetchone()  # noqa: S608
        return Attachment(*row) if row else None

    def _one(self, sql: str, value: str) -> str:
        row = self.store.execute(sql, (value,)).fetchone()
        return row[0] if row else ""


def outline_of(file: Source, progress: Progress) -> Outline:
    """Walk through the whole file once. Raises ``NotReadableError`` for what is no WordPress export."""
    outline = Outline()
    try:
        for record in records(file, outline.reading, progress):
            _TAKE[record.name](outline, record)
        if not outline.counts and "wp:wxr_version" not in outline.reading.channel:
            raise NotReadableError(_("This is a feed, no WordPress export: nothing of WordPress is in it."))
    except BaseException:
        outline.close()
        raise
    return outline


def without_scheme(url: str) -> str:
    """An address by which files are compared."""
    return url.strip().partition("://")[2].partition("?")[0].removeprefix("www.") if "://" in url else url.strip()


def path_of(url: str) -> str:
    """The path of an address, as requests carry it; empty for one that is told apart by its query only."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    path = unquote(parts.path)
    return "" if parts.query or path in {"", "/"} else path


def number_in(url: str) -> str:
    """The number of a post's short address (``https://site/?p=7``); empty for any other address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    number = short_number(parts.query) if parts.path in {"", "/"} else None
    return "" if number is None else str(number)


def number_of(item: Node) -> str:
    """What an item is known by: its number, else its permanent name, else its address or title."""
    said = (item.get(name) for name in ("wp:post_id", "guid", "link", "title"))
    return next((text for text in said if text), "")[:190]


def _author(outline: Outline, record: Node) -> None:
    outline.counts["authors"] += 1
    login = record.get("wp:author_login")
    outline.authors[login] = record.get("wp:author_display_name") or login


def _category(outline: Outline, record: Node) -> None:
    outline.counts["categories"] += 1
    slug = record.get("wp:category_nicename")
    outline.categories[slug] = Term(
        record.get("wp:cat_name") or slug, slug, record.get("wp:category_parent"), record.get("wp:term_id")
    )


def _tag(outline: Outline, record: Node) -> None:
    outline.counts["tags"] += 1


def _term(outline: Outline, record: Node) -> None:
    outline.counts["terms"] += 1


def _item(outline: Outline, item: Node) -> None:
    kind, number = item.get("wp:post_type"), number_of(item)
    outline.counts["items"] += 1
    outline.types[kind or "without a type"] += 1
    comments = list(item.all("wp:comment"))
    outline.counts["comments"] += len(comments)
    outline.counts["replies"] += sum(one.get("wp:comment_parent") not in {"", "0"} for one in comments)
    match kind:
        case "attachment":
            outline.counts["attachments"] += 1
            _attachment(outline, item, number)
        case "guest-author":
            _guest(outline, item)
        case "wp_block":
            outline.store.execute("INSERT OR IGNORE INTO block VALUES (?, ?)", (number, item.raw("content:encoded")))
        case _:
            outline.counts["posts"] += kind == "post"
            _post(outline, item, number)


def _attachment(outline: Outline, item: Node, number: str) -> None:
    told = meta_of(item, ("_wp_attachment_image_alt", "_media_credit", "media_credit", "credit"))
    credit = told.get("_media_credit") or told.get("media_credit") or told.get("credit") or ""
    row = (
        number,
        without_scheme(item.get("wp:attachment_url") or item.get("guid")),
        item.get("wp:post_parent"),
        told.get("_wp_attachment_image_alt", ""),
        item.get("excerpt:encoded"),
        credit,
        item.get("title"),
    )
    outline.store.execute("INSERT OR IGNORE INTO attachment VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _guest(outline: Outline, item: Node) -> None:
    told = meta_of(item, ("cap-display_name", "cap-user_login"))
    slug = told.get("cap-user_login") or item.get("wp:post_name").removeprefix("cap-")
    outline.guests[slug] = told.get("cap-display_name") or item.get("title")


def _post(outline: Outline, item: Node, number: str) -> None:
    if not outline.store.execute("INSERT OR IGNORE INTO post VALUES (?)", (number,)).rowcount:
        outline.twice.add(number)
        return
    if item.get("wp:status") == "publish" and not item.get("wp:post_password"):
        slugs = (node.attributes.get("nicename", "") for node in item.all("category"))
        outline.published_categories.update(slug for slug in slugs if slug)
    if path := path_of(item.get("link")):
        outline.store.execute("INSERT OR IGNORE INTO address VALUES (?, ?)", (path, number))
    outline.store.executemany(
        "INSERT OR IGNORE INTO related VALUES (?, ?, ?)",
        [(number, place, target) for place, target in enumerate(related_of(item))],
    )


def meta_of(item: Node, names: tuple[str, ...]) -> dict[str, str]:
    """The item's metadata of these names; of several with one name the last."""
    rows = ((row.get("wp:meta_key"), row.raw("wp:meta_value")) for row in item.all("wp:postmeta"))
    return {key: value for key, value in rows if key in names}


_TAKE = {"item": _item, "wp:author": _author, "wp:category": _category, "wp:tag": _tag, "wp:term": _term}
