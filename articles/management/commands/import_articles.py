"""Import articles from JSON Lines."""

import gzip
import sys
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.importing import Importer
from people.commands import add_person, person

SHOWN = 50
"""Refusals printed one by one; ``--report`` writes them all."""


class Command(BaseCommand):
    """``manage.py import_articles FILE [--dry-run] [--report FILE] [--as ADDRESS]``."""

    help = (
        "Import articles from JSON Lines (id, title, body, section, tags, published, authors, source). "
        "Running it again updates what changed and repeats nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what to do with it."""
        parser.add_argument("file", help="A .jsonl or .jsonl.gz file, or - for standard input.")
        parser.add_argument("--dry-run", action="store_true", help="Read and judge every line, write nothing.")
        add_person(parser)
        parser.add_argument("--report", help="Write every refusal to this file: line, id, reason, tab between.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, report, and fail when a line was refused."""
        importer = Importer(actor=person(options["as"]), dry_run=options["dry_run"])
        try:
            with self._open(options["file"]) as lines:
                for number in importer.run(lines):
                    self._progress(number, importer)
        except PermissionDenied as refused:
            raise CommandError(f"{importer.actor}: {refused}") from refused
        report = importer.report
        if options["report"]:
            rows = "".join(f"{number}\t{identity}\t{reason}\n" for number, identity, reason in report.refused)
            Path(options["report"]).write_text(rows, encoding="utf-8")
        for number, identity, reason in report.refused[:SHOWN]:
            self.stderr.write(f"line {number} ({identity}): {reason}")
        if len(report.refused) > SHOWN:
            self.stderr.write(f"… and {len(report.refused) - SHOWN} more; --report FILE lists them all.")
        prefix = "Dry run, nothing written: " if options["dry_run"] else ""
        self.stdout.write(
            f"{prefix}{report.created} created, {report.updated} updated, "
            f"{report.unchanged} unchanged, {len(report.refused)} refused."
        )
        if report.refused:
            raise CommandError("Some lines were refused.")

    def _open(self, name: str) -> TextIO:
        if name == "-":
            return sys.stdin
        path = Path(name)
        try:
            if path.suffix == ".gz":
                return gzip.open(path, "rt", encoding="utf-8", errors="surrogateescape")
            return path.open(encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from error

    def _progress(self, number: int, importer: Importer) -> None:
        if self.stderr.isatty():
            report = importer.report
            self.stderr.write(
                f"\r{number:,} lines, {report.created:,} created, {len(report.refused):,} refused", ending=""
            )
            self.stderr.flush()
