"""What became of an export, in words and as JSON; what is said of single posts is kept on disk."""

import json
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from syndication.wordpress.posts import Post

SHOWN = 40
"""Posts that are named one by one at the end; the JSON names them all."""

MOST_WARNINGS = 1_000

READ = ("items", "posts", "attachments", "comments", "replies", "authors", "categories", "tags")


@dataclass
class Report:
    """Counts, and a line for each post there is something to say about."""

    site: str = ""
    version: str = ""
    read: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    posts: Counter[str] = field(default_factory=Counter)
    """created, live, scheduled, drafts, archived, known, skipped, refused."""

    comments: Counter[str] = field(default_factory=Counter)
    pictures: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    """redirects, picks, sections, authors."""

    gone: Counter[str] = field(default_factory=Counter)
    """What was left out of texts, by kind."""

    mended: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    fault: str = ""

    def __post_init__(self) -> None:
        self._lines = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the report
        weakref.finalize(self, self._lines.close)

    def warn(self, line: str) -> None:
        """Keep a line that is about no single post, of very many the first."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(line)

    def about(self, post: Post, **more: Any) -> None:
        """Keep what there is to say of one post."""
        for what, count in post.gone.items():
            self.gone[_kind(what)] += count
        told = {"source": post.number, "title": post.title[:200], **more}
        if post.refused:
            told["refused"] = post.refused
        if post.notes:
            told["notes"] = post.notes[:100]
        if post.gone:
            told["left_out"] = dict(post.gone.most_common(200))
        if len(told) > 2:  # noqa: PLR2004 - more than what names it
            self._lines.write(json.dumps(told, ensure_ascii=False).replace("\x7f", "") + "\n")

    def details(self) -> Iterator[dict[str, Any]]:
        """The lines about single posts, in the order of the file."""
        self._lines.seek(0)
        for line in self._lines:
            yield json.loads(line)
        self._lines.seek(0, 2)

    def write_json(self, path: Path) -> None:
        """Everything, line by line, so that its size does not matter."""
        head = {
            name: getattr(self, name)
            for name in (
                "site",
                "version",
                "read",
                "types",
                "posts",
                "comments",
                "pictures",
                "others",
                "gone",
                "mended",
            )
        }
        head |= {"warnings": self.warnings, "fault": self.fault}
        with path.open("w", encoding="utf-8") as out:
            out.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "articles": [')
            for number, told in enumerate(self.details()):
                out.write((",\n  " if number else "\n  ") + json.dumps(told, ensure_ascii=False))
            out.write("\n ]\n}\n")

    def words(self) -> Iterator[str]:
        """The report a person reads at the end."""
        yield _("From %(site)s, WXR %(version)s.") % {"site": self.site or "?", "version": self.version or "?"}
        yield _("In the file: %(counts)s.") % {"counts": _listed(self.read)}
        if self.types:
            yield _("Kinds of items: %(counts)s.") % {"counts": _listed(self.types)}
        yield _("Articles: %(counts)s.") % {"counts": _listed(self.posts) or _("none")}
        for title, counts in (
            (_("Comments"), self.comments),
            (_("Pictures"), self.pictures),
            (_("Besides"), self.others),
            (_("Left out of texts"), dict(self.gone.most_common(20))),
            (_("Mended in the file"), self.mended),
        ):
            if any(counts.values()):
                yield f"{title}: {_listed(counts)}."
        yield from self.warnings[:SHOWN]
        yield from self._about_posts()
        if self.fault:
            yield self.fault

    def _about_posts(self) -> Iterator[str]:
        number = 0
        for number, told in enumerate(self.details(), start=1):
            if number > SHOWN:
                continue
            said = [told.get("refused", ""), *told.get("notes", ())]
            lost = told.get("left_out", {})
            if lost:
                said.append(_("left out: %(what)s") % {"what": _listed(dict(list(lost.items())[:8]))})
            yield f"  {told['source']} “{told['title'][:60]}”: {' '.join(part for part in said if part)[:600]}"
        if number > SHOWN:
            yield _("  … and %(count)d more posts; --report FILE.json names them all.") % {"count": number - SHOWN}


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def _kind(what: str) -> str:
    """What was left out, without its address."""
    for beginning in ("picture", "lead picture", "embed"):
        if what.startswith((f"{beginning} ", f"{beginning},")):
            return beginning
    return what
