"""Moving in: two walks through the file, the second of which writes, some posts in each transaction.

A post and all that belongs to it (article, comments, old addresses, and the
mark that it moved in) are written together or not at all; so a run that was
killed is simply started again, and goes on where it stopped.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from articles.models import Status
from pagecache.writing import writing
from syndication.models import Imported
from syndication.wordpress.mapping import Places, Wanted
from syndication.wordpress.outline import VERSIONS, number_of, outline_of
from syndication.wordpress.packed import opened
from syndication.wordpress.pictures import Library, Opener, not_at_all
from syndication.wordpress.posts import Post, Preparing
from syndication.wordpress.reading import Node, Progress, Reading, records
from syndication.wordpress.report import READ, Report
from syndication.wordpress.standing import SKIPPED
from syndication.wordpress.writer import Writer

logger = logging.getLogger("syndication")

BATCH = 200
"""Posts in one transaction."""

BATCH_WEIGHT = 3_000_000
"""Characters and comments (a thousand each) after which a batch is full, whatever the number of its posts."""


@dataclass(frozen=True)
class Options:
    """How to move in."""

    pages: str = "skip"
    types: frozenset[str] = frozenset({"post"})
    wanted: Wanted = field(default_factory=Wanted)
    open_file: Opener = not_at_all
    dry_run: bool = False
    site: str = ""


class _DryRunEnd(Exception):  # noqa: N818 - no error: it takes back what was only judged
    pass


@dataclass
class Move:
    """One run over one file."""

    path: Path
    options: Options
    report: Report = field(default_factory=Report)

    def run(self, reading: Progress, writing_on: Progress) -> Report:
        """Read, then write; both are told the byte they have reached. Raises ``NotReadableError``, nothing written."""
        with opened(self.path) as file:
            self.outline = outline_of(file, reading)
        try:
            self._describe()
            self.library = Library(self.outline, self.site, self.options.open_file, self.options.dry_run)
            self.places = Places(self.outline, self.options.wanted)
            self.preparing = Preparing(self.outline, self.library, self.places)
            self.seen: dict[str, dict[str, str]] = {}
            self.met: set[str] = set()
            self.writer = Writer(self.site, self.report)
            for batch in self._batches(writing_on):
                self._take(batch)
            if not self.options.dry_run:
                self.writer.pick_related(self.outline.related())
            self._sum_up()
        finally:
            self.outline.close()
        return self.report

    def _describe(self) -> None:
        outline, report = self.outline, self.report
        self.site = (self.options.site or outline.site or self.path.name)[:200]
        report.site = self.site
        report.version = outline.reading.channel.get("wp:wxr_version", "")
        report.read = {name: outline.counts[name] for name in READ}
        report.types = dict(outline.types)
        report.fault = outline.reading.fault
        if report.version not in VERSIONS:
            report.warnings.append(_("The file does not say that it is WXR 1.0, 1.1 or 1.2; it was read all the same."))
        if not (self.options.site or outline.site):
            report.warnings.append(
                _("The file does not say which site it is of; its posts are known by the file’s name. See --site.")
            )
        if report.fault:
            report.warnings.append(_("Only what stands whole before the fault was taken in."))

    def _sum_up(self) -> None:
        self.report.mended = dict(self.outline.reading.mended)
        self.report.pictures = self.library.counts
        for name, made in self.places.made.items():
            self.report.others[name] = len(made)

    def _batches(self, tell: Progress) -> Iterator[list[Node]]:
        batch: list[Node] = []
        weight = 0
        with opened(self.path) as file:
            for record in records(file, Reading(), tell):
                if record.name != "item" or not self._is_wanted(record):
                    continue
                batch.append(record)
                weight += len(record.raw("content:encoded")) + 1_000 * len(record.children)
                if len(batch) == BATCH or weight > BATCH_WEIGHT:
                    yield batch
                    batch, weight = [], 0
        if batch:
            yield batch

    def _is_wanted(self, item: Node) -> bool:
        kind = item.get("wp:post_type")
        if kind == "page" and self.options.pages == "skip":
            self.report.posts["skipped pages"] += 1
            self.report.comments["on skipped pages"] += sum(1 for _comment in item.all("wp:comment"))
            return False
        if kind and kind != "page" and kind not in self.options.types:
            return False
        if item.get("wp:status") in SKIPPED:
            self.report.posts["skipped, in the bin or unfinished"] += 1
            return False
        return self._is_first(item)

    def _is_first(self, item: Node) -> bool:
        """Whether this very item did not come before. One with the number of another gets a number of its own."""
        number = number_of(item)
        if number not in self.outline.twice:
            return True
        post = self.preparing.start(item)
        first = self.seen.setdefault(number, {post.twin: number})
        if post.twin not in first:
            first[post.twin] = f"{number[:170]}~{post.twin[:12]}"
        elif first[post.twin] in self.met:
            post.refused = _("The same item stands in the file before.")
            self._count(post)
            return False
        self.met.add(first[post.twin])
        return True

    def _key(self, item: Node) -> str:
        """What the item is known by here: its number, unless another item had it first."""
        number = number_of(item)
        if number not in self.seen:
            return number
        return self.seen[number].get(self.preparing.start(item).twin, number)

    def _take(self, items: Sequence[Node]) -> None:
        """Write a batch; should the database refuse it, each post alone, so that one bad one spoils no other."""
        try:
            self.writer.begin()
            posts = self._written(items)
            self.writer.keep()
        except (OperationalError, InterfaceError):
            raise  # the database is gone or busy: no post is to blame, and the run goes on when it is started again
        except Exception as error:
            self.places.load()
            if len(items) > 1:
                for item in items:
                    self._take([item])
                return
            logger.warning("post could not be taken in", extra={"post": number_of(items[0])}, exc_info=error)
            posts = [self.preparing.start(items[0])]
            posts[0].refused = _("It could not be taken in: %(why)s") % {"why": _first_line(error)}
        for post in posts:
            self._count(post)

    def _written(self, items: Sequence[Node]) -> list[Post]:
        posts: list[Post] = []
        try:
            if not self.options.dry_run:
                known = self._known(items)
                posts = [self._prepared(item, known) for item in items]
                with writing():
                    self.writer.write(posts, known)
                return posts
            with writing():
                known = self._known(items)
                posts = [self._prepared(item, known) for item in items]
                self.writer.write(posts, known)
                raise _DryRunEnd
        except _DryRunEnd:
            self.places.load()
        return posts

    def _known(self, items: Sequence[Node]) -> dict[str, Imported]:
        numbers = [self._key(item) for item in items]
        return {row.source: row for row in self.writer.marks(Imported.Kind.POST, numbers)}

    def _prepared(self, item: Node, known: dict[str, Imported]) -> Post:
        post = self.preparing.start(item)
        key = self._key(item)
        if key != post.number:
            post.notes.append(_("Another item of the file has its number, %(number)s.") % {"number": post.number})
            post.number = key
        found = known.get(post.number)
        if found is None:
            self.preparing.article(post, item)
        elif found.stamp != post.stamp:
            post.refused = _("Another post of this number moved in before. Is it another site? See --site.")
        if not post.refused:
            self.preparing.comments(post, item)
        return post

    def _count(self, post: Post) -> None:
        counts, article = self.report.posts, post.arrival.article if post.arrival else None
        if post.refused:
            counts["refused"] += 1
        elif article is None:
            counts["known"] += 1
        else:
            counts["created"] += 1
            counts[_STANDS[article.status]] += 1
        made = {"article": article.pk} if article is not None and not self.options.dry_run and post.notes else {}
        self.report.about(post, **made)


_STANDS: dict[str, str] = {
    Status.PUBLISHED.value: "live",
    Status.SCHEDULED.value: "scheduled",
    Status.DRAFT.value: "drafts",
    Status.ARCHIVED.value: "archived",
}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
