"""Every word of 14,000 real articles through every form of feed, sitemap and JSON-LD: ``python -m bench.feeds``.

Documents are held against the schemas in ``shared/data`` and read by feedparser; pages are timed uncached, in one
process. Result: ``bench/results/feeds.md``. Needs jsonschema, lxml, feedparser.
"""

import gzip
import importlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bench.archive import ROOT, SETS, database, manage
from tests import document_checks

RESULT = ROOT / "bench" / "results" / "feeds.md"
DATA = ROOT.parent / "shared" / "data" / "related"
AT_A_TIME = 100
ROUNDS = 7


@dataclass
class Findings:
    """How many documents of each form there were, and what was found amiss in them."""

    documents: Counter[str] = field(default_factory=Counter)
    stories: Counter[str] = field(default_factory=Counter)
    amiss: dict[str, list[str]] = field(default_factory=dict)

    def note(self, form: str, stories: int, found: list[str]) -> None:
        """One more document of a form."""
        self.documents[form] += 1
        self.stories[form] += stories
        self.amiss.setdefault(form, []).extend(found)

    def rows(self) -> Iterator[str]:
        """As lines of a table."""
        for form, number in self.documents.items():
            wrong = self.amiss.get(form, [])
            first = f": `{wrong[0][:120]}`" if wrong else ""
            yield f"| {form} | {number:,} | {self.stories[form]:,} | {len(wrong)}{first} |"


def take_in() -> None:
    """The articles as readers see them, without revisions and search index, which no feed reads."""
    from articles.importing import REFUSALS, Importer, parse  # noqa: PLC0415
    from articles.models import Source  # noqa: PLC0415
    from articles.models.source import FeedTerms  # noqa: PLC0415
    from pagecache.writing import writing  # noqa: PLC0415

    importer = Importer(None)
    for name in SETS:
        with gzip.open(DATA / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
            for batch in batched(lines, AT_A_TIME * 5):
                with writing():
                    for line in batch:
                        with suppress(*REFUSALS):
                            store(importer, parse(line))
                print(name, flush=True)
    with writing():
        Source.objects.update(feeds=FeedTerms.FULL)


def store(importer: Any, record: dict[str, Any]) -> None:
    """One record as a published article with its names and tags."""
    from articles import body  # noqa: PLC0415
    from articles.models import Article, Status  # noqa: PLC0415
    from articles.publishing import row  # noqa: PLC0415

    state = importer._state(record)
    state = state.with_(body=body.clean(state.body))
    article = Article(status=Status.PUBLISHED, first_published_at=state.publish_at)
    row.apply(article, state, state.publish_at)
    article.save()
    row.write_relations(article, state)


def batched(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    """The lines, so many at a time."""
    each = iter(lines)
    while batch := list(islice(each, size)):
        yield batch


def all_words(findings: Findings) -> None:
    """Every article in every form of feed, a hundred at a time."""
    from articles.models import Article  # noqa: PLC0415 - settings depend on the database under test
    from syndication.published.feed import Feed, entry_of  # noqa: PLC0415
    from syndication.published.stories import told  # noqa: PLC0415

    last = 0
    while True:
        rows = list(Article.objects.public().for_page().filter(pk__gt=last).order_by("pk")[:AT_A_TIME])
        if not rows:
            return
        stories = told(rows)
        feed = Feed("Everything", "All", "/", "/feeds/rss.xml", [entry_of(story) for story in stories])
        for form, document in written(feed, stories):
            findings.note(form, len(rows), check(form, document, len(rows)))
        for story in stories:
            findings.note("JSON-LD", 1, structured(story.article))
        last = rows[-1].pk
        print(last, flush=True)


def written(feed: Any, stories: Any) -> Iterator[tuple[str, bytes]]:
    """The feed in each form."""
    from syndication.published import atom, json_feed, ninjs, rss  # noqa: PLC0415

    yield "RSS 2.0", rss.write(feed)
    yield "Atom", atom.write(feed)
    yield "JSON Feed 1.1", json_feed.write(feed)
    yield "ninjs 3.1", ninjs.write_list(feed, stories)


def check(form: str, document: bytes, stories: int) -> list[str]:
    """What is amiss in one document."""
    if form.startswith("JSON"):
        return document_checks.json_findings(document, "jsonfeed")
    if form.startswith("ninjs"):
        return document_checks.json_findings(document, "ninjs")
    return parsed(document, stories)


def parsed(document: bytes, stories: int) -> list[str]:
    """What feedparser makes of a feed: strict XML, every entry there, each with a date, a link and its words."""
    feedparser: Any = importlib.import_module("feedparser")
    feed = feedparser.parse(document)
    found = [str(feed.bozo_exception)] if feed.bozo else []
    found += [f"{len(feed.entries)} entries of {stories}"] if len(feed.entries) != stories else []
    for entry in feed.entries:
        if not (entry.get("published_parsed") and entry.get("updated_parsed") and entry.get("link")):
            found.append(f"no date or link: {entry.get('id')}")
        if not entry.get("content"):
            found.append(f"no words: {entry.get('id')}")
    return found


def structured(article: Any) -> list[str]:
    """What search engines ask of a story and it does not say."""
    from articles.stories import head_of  # noqa: PLC0415
    from syndication.structured.news_article import facts_of, news_article  # noqa: PLC0415

    data = json.loads(json.dumps(news_article(facts_of(article, head_of(article), 0))))
    missing = [name for name in ("headline", "author", "publisher", "mainEntityOfPage") if not data.get(name)]
    dates = ("datePublished", "dateModified")
    missing += [name for name in dates if datetime.fromisoformat(data[name]).utcoffset() is None]
    missing += [f"author {one}" for one in data["author"] if not one.get("name")]
    return [f"{article.pk}: {name}" for name in missing]


def sitemaps(findings: Findings, client: Any) -> int:
    """Every part against the schemas; how many addresses they name."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        index = client.get("/sitemap.xml").content
        findings.note("sitemap index", 0, document_checks.sitemap_findings(index, folder, "siteindex.xsd"))
        named = 0
        for address in [*locations(index), "http://127.0.0.1:8000/sitemaps/news.xml"]:
            content = client.get(address.removeprefix("http://127.0.0.1:8000")).content
            if b"<url>" in content:
                findings.note(
                    "sitemap part", content.count(b"<url>"), document_checks.sitemap_findings(content, folder)
                )
            named += content.count(b"<url>")
        return named


def locations(content: bytes) -> list[str]:
    """The addresses in a sitemap."""
    return [part.split("</loc>")[0] for part in content.decode().split("<loc>")[1:]]


def timed(act: Callable[[], Any]) -> float:
    """The median of some rounds, in milliseconds, after one for warming up."""
    act()
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def times(client: Any) -> Iterator[str]:
    """What an address costs uncached."""
    from django.db.models import Count  # noqa: PLC0415

    from articles.models import Section, Tag  # noqa: PLC0415

    section = Section.objects.annotate(size=Count("articles")).order_by("-size")[0]
    tag = Tag.objects.annotate(size=Count("tagged")).order_by("-size")[0]
    addresses = [f"/feeds/{form}" for form in ("rss.xml", "atom.xml", "feed.json", "ninjs.json")]
    addresses += [f"/feeds/section/{section.slug}/rss.xml", f"/feeds/tag/{tag.slug}/rss.xml"]
    addresses += ["/sitemap.xml", "/sitemaps/stories-0.xml", "/sitemaps/topics-0.xml", "/sitemaps/news.xml"]
    for address in addresses:
        size = len(client.get(address).content)
        yield f"| `{address}` | {size / 1000:,.0f} kB | {timed(partial(client.get, address)):.0f} ms |"


def measure() -> str:
    """All of it on SQLite; the result as Markdown."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    settings.DEBUG = False
    take_in()
    client, findings = Client(headers={"host": "127.0.0.1"}), Findings()
    named = sitemaps(findings, client)
    lines = ["| address | size | time |", "| --- | --- | --- |", *times(client), ""]
    all_words(findings)
    head = ["| form | documents | stories or addresses | findings |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *findings.rows(), "", f"{named:,} addresses in the sitemap.", "", *lines])


def main() -> None:
    """Take the articles in, look at them, write it down."""
    if not DATA.exists():
        raise SystemExit("The real articles are not on this machine; nothing measured.")
    with database("sqlite"):
        manage("migrate", "--verbosity", "0")
        found = measure()
    when = datetime.now(UTC).date().isoformat()
    about = (
        f"# Feeds, sitemaps and JSON-LD of real articles\n\nEvery article of the archive in every form ({when}, "
        f"SQLite, two shared cores). XML is read by feedparser and lxml, JSON held against the schemas; times are "
        f"medians of {ROUNDS} rounds, uncached, in one process.\n\n"
    )
    RESULT.write_text(about + found, encoding="utf-8")


if __name__ == "__main__":
    main()
