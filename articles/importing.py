"""Taking in articles from JSON Lines, one object a line: streaming, repeatable, every refusal explained."""

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, TextIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.text import slugify

from articles import body, publishing, revisions
from articles.models import Article, BylineRole, Section, Source
from articles.models.section import RESERVED_SLUGS
from articles.models.tag import MAX_TAGS, tag_key
from articles.permissions import Actor
from articles.state import Credit, WorkingState
from pagecache.writing import writing
from people.models import Author

MAX_LINE = 2_000_000
"""Characters of one line; nothing longer is parsed."""

MAX_HEADLINE = 160
MAX_STANDFIRST = 1000
MAX_TAG = 80
BATCH = 200
"""Lines in one transaction."""


class RefusedError(ValueError):
    """A line that cannot be taken in; the message says why."""


class _DryRunEndError(Exception):
    """Rolls back a batch that was only judged."""


REFUSALS = (
    RefusedError,
    publishing.NotReadyError,
    revisions.NewerVersion,
    PermissionDenied,
    ValidationError,
    body.BodyRefused,
)


@dataclass
class Report:
    """What became of the lines."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Line number (from 1), id, reason."""


@dataclass
class Importer:
    """Keeps sections, sources and authors at hand while lines come in."""

    actor: Actor
    dry_run: bool = False
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        self._load_names()

    def _load_names(self) -> None:
        """What exists already; read again when a refused line took back what it had made."""
        self.sections = {section.slug: section for section in Section.objects.all()}
        self.sources = {source.slug: source for source in Source.objects.all()}
        self.authors = {author.slug: author.pk for author in Author.objects.only("slug")}

    def run(self, lines: TextIO) -> Iterator[int]:
        """Take in every line; yields the number of the last line of each batch."""
        batch: list[tuple[int, str]] = []
        number = 0
        for number, line in enumerate(lines, 1):
            batch.append((number, line))
            if len(batch) == BATCH:
                self._take(batch)
                batch = []
                yield number
        self._take(batch)
        yield number

    def _take(self, batch: list[tuple[int, str]]) -> None:
        try:
            with writing():
                for number, line in batch:
                    if line.strip():
                        self._take_line(number, line)
                if self.dry_run:
                    raise _DryRunEndError
        except _DryRunEndError:
            self._load_names()

    def _take_line(self, number: int, line: str) -> None:
        identity = "?"
        try:
            record = parse(line)
            identity = record["id"]
            self._store(record)
        except REFUSALS as error:
            self.report.refused.append((number, identity, " ".join(getattr(error, "messages", [str(error)]))))
            self._load_names()

    def _store(self, record: dict[str, Any]) -> None:
        existing = Article.objects.filter(import_id=record["id"]).select_related("latest").first()
        with writing():
            state = self._state(record)
            article = existing or revisions.start(Article(import_id=record["id"]), actor=self.actor)
            before = article.latest.digest if article.latest else None
            base = article.latest.number if article.latest else None
            revision = revisions.save(article, state, actor=self.actor, base=base)
            changed = revision.digest != before
            if changed:
                publishing.publish(article, actor=self.actor)
        self._count(existing, changed=changed)

    def _count(self, existing: Article | None, *, changed: bool) -> None:
        if existing is None:
            self.report.created += 1
        elif changed:
            self.report.updated += 1
        else:
            self.report.unchanged += 1

    def _state(self, record: dict[str, Any]) -> WorkingState:
        source = self._source(record["source"]) if record["source"] else None
        return WorkingState(
            headline=record["title"],
            slug=slugify(record["title"])[:80].strip("-"),
            standfirst=record["summary"],
            section=self._section(record["section"]).pk,
            body=record["body"],
            tags=tuple(record["tags"]),
            bylines=tuple(Credit(self._author(name), BylineRole.WORDS.value) for name in record["authors"]),
            source=source.pk if source else None,
            publish_at=record["published"] or timezone.now(),
        )

    def _section(self, name: str) -> Section:
        slug = slugify(name)[:60]
        if not slug or slug in RESERVED_SLUGS:
            raise RefusedError(f"section: {name!r} cannot be the address of a section")
        if slug not in self.sections:
            section = Section(name=name[:60], slug=slug, position=len(self.sections))
            section.save()
            self.sections[slug] = section
        return self.sections[slug]

    def _source(self, name: str) -> Source:
        slug = slugify(name)[:80] or "source"
        if slug not in self.sources:
            source = Source(name=name[:120], slug=slug)
            source.save()
            self.sources[slug] = source
        return self.sources[slug]

    def _author(self, name: str) -> int:
        slug = slugify(name)[:80]
        if not slug:
            raise RefusedError(f"authors: {name!r} has no letters to make an address of")
        if slug not in self.authors:
            author = Author(name=name[:120], slug=slug)
            author.save()
            self.authors[slug] = author.pk
        return self.authors[slug]


def parse(line: str) -> dict[str, Any]:
    """One line as a record with every field present; raises ``RefusedError`` naming the field that is wrong."""
    if len(line) > MAX_LINE:
        raise RefusedError(f"the line has {len(line):,} characters, more than {MAX_LINE:,}")
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise RefusedError("not a JSON object")
    if "\x00" in line or "\\u0000" in line:
        raise RefusedError("holds a NUL character")
    title = _text(raw, "title", most=MAX_HEADLINE)
    if not title:
        raise RefusedError("title: missing or empty")
    return {
        "id": _identity(raw),
        "title": title,
        "body": _body(raw),
        "summary": _text(raw, "summary", most=MAX_STANDFIRST),
        "section": _text(raw, "section", most=60) or "News",
        "tags": _tags(raw),
        "authors": _names(raw, "authors", most=120),
        "source": _text(raw, "source", most=120),
        "published": _moment(raw.get("published")),
    }


def _identity(raw: dict[str, Any]) -> str:
    value = raw.get("id")
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise RefusedError("id: missing")
    if len(str(value)) > 200:  # noqa: PLR2004 - the column's width
        raise RefusedError("id: longer than 200 characters")
    return str(value)


def _text(raw: dict[str, Any], name: str, *, most: int) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusedError(f"{name}: not a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RefusedError(f"{name}: holds a broken character") from None
    text = " ".join(value.split())
    if len(text) > most:
        raise RefusedError(f"{name}: {len(text):,} characters, more than {most:,}")
    return text


def _names(raw: dict[str, Any], name: str, *, most: int) -> list[str]:
    values = raw.get(name) or []
    if not isinstance(values, list):
        raise RefusedError(f"{name}: not a list")
    return [text for value in values if (text := _text({name: value}, name, most=most))]


def _tags(raw: dict[str, Any]) -> list[str]:
    names = list({tag_key(name): name for name in _names(raw, "tags", most=MAX_TAG)}.values())
    if len(names) > MAX_TAGS:
        raise RefusedError(f"tags: {len(names)}, more than {MAX_TAGS}")
    return names


def _body(raw: dict[str, Any]) -> str:
    value = raw.get("body")
    if not isinstance(value, str) or not value.strip():
        raise RefusedError("body: missing or empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RefusedError("body: holds a broken character") from None
    if value.lstrip().startswith("<"):
        return value
    paragraphs = (" ".join(part.split()) for part in value.split("\n\n"))
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs if part)


def _moment(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RefusedError("published: not a date")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RefusedError(f"published: {value[:40]!r} is not an ISO 8601 date") from None
    if isinstance(moment, date) and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC) if moment.time() != time.min else moment.replace(hour=12, tzinfo=UTC)
    return moment
