"""Move in from WordPress."""

import gc
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from syndication.wordpress.mapping import MapError, Wanted, read_map
from syndication.wordpress.moving import Move, Options
from syndication.wordpress.pictures import Opener, from_folder, not_at_all, over_the_network
from syndication.wordpress.report import Report
from syndication.wordpress.text_stream import NotReadableError

BAR = 30
"""Characters of the progress bar."""

RARELY = (20_000, 10, 10)
"""When Python looks for garbage in rings: a batch makes thousands of short-lived rows, and each look costs time."""


class Command(BaseCommand):
    """``manage.py import_wordpress EXPORT.xml [--media DIR | --fetch-media] [--dry-run] …``."""

    help = (
        "Take in a WordPress export (Tools, Export, All content): posts with comments, pictures, tags, authors, "
        "hand-picked related posts and old addresses. Running it again takes in what is new and repeats nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, where its pictures are, and how to read it."""
        parser.add_argument("file", help="The export, an XML file (WXR 1.0 to 1.2), as it is or packed with gzip.")
        media = parser.add_mutually_exclusive_group()
        media.add_argument("--media", metavar="DIR", help="A copy of wp-content/uploads to take the pictures from.")
        media.add_argument(
            "--fetch-media", action="store_true", help="Fetch the pictures from the site, from public addresses only."
        )
        parser.add_argument("--dry-run", action="store_true", help="Read and judge everything, write nothing.")
        parser.add_argument("--map", metavar="FILE", help="A TOML file that says where categories and writers go.")
        parser.add_argument(
            "--pages", choices=["skip", "archive"], default="skip", help="Leave pages out, or keep them in the archive."
        )
        parser.add_argument(
            "--types", default="post", help="Kinds of items to take as articles, with commas between; “post” by itself."
        )
        parser.add_argument("--site", default="", help="What to know the site by, if the file does not say it rightly.")
        parser.add_argument("--report", metavar="FILE.json", help="Write the whole report to this file.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Move in and report; fails where the file, or a post of it, could not be taken."""
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(_("%(file)s: there is no such file.") % {"file": path})
        move = Move(path, self._options(options))
        gc.set_threshold(*RARELY)
        try:
            report = move.run(self._progress(path, _("Reading")), self._progress(path, _("Taking in")))
        except NotReadableError as refusal:
            raise CommandError(f"{path.name}: {refusal}") from None
        except OSError as error:
            raise CommandError(f"{path.name}: {error.strerror or error}") from error
        except (OperationalError, InterfaceError) as error:
            words = _("The database: %(why)s. Run it again; it goes on where it stopped.") % {"why": error}
            raise CommandError(words) from error
        self._tell(report, options)

    def _options(self, options: dict[str, Any]) -> Options:
        try:
            wanted = read_map(Path(options["map"])) if options["map"] else Wanted()
        except MapError as refusal:
            raise CommandError(str(refusal)) from None
        return Options(
            pages=options["pages"],
            types=frozenset(part.strip() for part in options["types"].split(",") if part.strip()),
            wanted=wanted,
            open_file=_opener(options),
            dry_run=options["dry_run"],
            site=options["site"],
        )

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was written."))
        for line in report.words():
            self.stdout.write(line)
        try:
            if options["report"]:
                report.write_json(Path(options["report"]))
        except OSError as error:
            raise CommandError(f"{options['report']}: {error.strerror}") from error
        if report.fault:
            raise CommandError(_("The file could not be read to its end."))
        if report.posts["refused"]:
            raise CommandError(_("Some posts were refused."))

    def _progress(self, path: Path, doing: str) -> Any:
        size, began = max(path.stat().st_size, 1), time.monotonic()
        last = [-1]

        def tell(at: int) -> None:
            part = min(at * 100 // size, 100)
            if part == last[0] or not self.stderr.isatty():
                return
            last[0] = part
            bar = "#" * (part * BAR // 100)
            seconds = time.monotonic() - began
            self.stderr.write(f"\r{doing} [{bar:<{BAR}}] {part:3d} %  {seconds:,.0f} s", ending="")
            self.stderr.write("\n" if part == 100 else "", ending="")  # noqa: PLR2004 - the whole
            self.stderr.flush()

        return tell


def _opener(options: dict[str, Any]) -> Opener:
    if options["fetch_media"]:
        return over_the_network
    if not options["media"]:
        return not_at_all
    folder = Path(options["media"])
    if not folder.is_dir():
        raise CommandError(_("%(folder)s: there is no such folder.") % {"folder": folder})
    return from_folder(folder)
