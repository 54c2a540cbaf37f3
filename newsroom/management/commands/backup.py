"""Backups by hand or by a timer."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.backups.containers import BackupError
from newsroom.backups.naming import TAR, forget_old, name_at
from newsroom.backups.taking import take


class Command(BaseCommand):
    """``manage.py backup [DIR | FILE.tar] [--keep N] [--without-media]``."""

    help = "Back up database and pictures while the site goes on. What has a backup's name is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """A directory gets a new backup with the time as its name; a name with ``.tar`` becomes that one file."""
        parser.add_argument("target", nargs="?", default=settings.BACKUP_DIR, help="Directory of backups, or FILE.tar.")
        parser.add_argument("--tar", action="store_true", help="One tar file in the directory.")
        parser.add_argument("--keep", type=int, default=0, help="Delete all but so many of the newest, afterwards.")
        parser.add_argument("--without-media", action="store_true", help="Pictures by their checksums only.")

    def handle(self, *args: Any, target: str, keep: int, without_media: bool, **options: Any) -> None:
        """Back up, say what is in it, and forget old ones."""
        if not target:
            raise CommandError("Name a directory, or set BACKUP_DIR.")
        if keep < 0:
            raise CommandError("--keep takes a number from 1 on.")
        path = Path(target).resolve()
        if path.suffix != TAR:
            path /= name_at(timezone.now()) + (TAR if options["tar"] else "")
        try:
            take(path, with_media=not without_media, say=self.stdout.write)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(self.style.SUCCESS(str(path)))
        for old in forget_old(path.parent, keep) if keep else ():
            self.stdout.write(f"deleted {old.name}")
