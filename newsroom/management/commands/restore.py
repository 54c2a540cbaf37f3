"""Bringing a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.backups import containers, database_in, pictures
from newsroom.backups.checking import check
from newsroom.backups.containers import BackupError, Source
from newsroom.backups.manifest import Manifest


class Command(BaseCommand):
    """``manage.py restore BACKUP [--check] [--media-only] [--overwrite]``. Stop the site first."""

    help = "Restore a backup, once every byte of it is found to be as it was written."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """What to restore, and how much of it."""
        parser.add_argument("backup", help="A backup's directory or tar file.")
        parser.add_argument("--check", action="store_true", help="Only look whether it is whole.")
        parser.add_argument("--media-only", action="store_true", help="Only pictures that are missing or differ.")
        parser.add_argument("--overwrite", action="store_true", help="Replace what is in the database.")

    def handle(self, *args: Any, backup: str, **options: Any) -> None:
        """Check, then restore the database, then the pictures."""
        try:
            with containers.existing(Path(backup).resolve()) as source:
                manifest = check(source)
                words = f"{len(manifest.tables)} tables, {manifest.media_files} files, of {manifest.made_at}"
                self.stdout.write(f"whole: {words}")
                if not options["check"]:
                    self._restore(source, manifest, **options)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _restore(self, source: Source, manifest: Manifest, *, media_only: bool, overwrite: bool, **_more: Any) -> None:
        if not media_only:
            database_in.restore(source, manifest, overwrite=overwrite, say=self.stdout.write)
            self.stdout.write("database restored; start the web processes anew")
        wanted = list(pictures.listed(source))
        if manifest.media_included:
            self.stdout.write(f"{pictures.put_back(source, wanted)} files written")
        elif lacking := pictures.missing(wanted):
            raise BackupError(f"{len(lacking)} files are not in storage as they were, such as {lacking[0].name}.")
        self.stdout.write(self.style.SUCCESS("done"))
