"""Read feeds now, or rehearse what a file would bring."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from syndication.models import Feed
from syndication.wires.drafting import why_not
from syndication.wires.items import Reading, Refused
from syndication.wires.looking import look
from syndication.wires.reading import read
from syndication.wires.xml_tree import MOST_BYTES


class Command(BaseCommand):
    """``manage.py read_wires [NAME …] [--judge FILE …]``."""

    help = "Read the feeds that are switched on, or those named; or only say what is in some files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names of feeds, or files."""
        parser.add_argument("names", nargs="*", help="Names of feeds, also of those that are switched off.")
        parser.add_argument("--judge", nargs="+", metavar="FILE", help="Say what is in these files; nothing is stored.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and report; fails when a feed or file could not be read."""
        if options["judge"]:
            self._end([name for name in options["judge"] if not self._judged(Path(name))])
            return
        feeds = Feed.objects.select_related("source")
        chosen = feeds.filter(name__in=options["names"]) if options["names"] else feeds.filter(is_on=True)
        missing = set(options["names"]) - {feed.name for feed in chosen}
        if missing:
            raise CommandError(f"There is no feed named {', '.join(sorted(missing))}.")
        self._end([feed.name for feed in chosen if not self._looked(feed)])

    def _looked(self, feed: Feed) -> bool:
        tally = look(feed)
        feed.refresh_from_db()
        said = f"{tally.arrived} arrived, {tally.updated} updated, {tally.unchanged} unchanged, {tally.failed} failed"
        self.stdout.write(f"{feed.name}: {feed.problem or said}")
        return not feed.problem

    def _judged(self, path: Path) -> bool:
        try:
            with path.open("rb") as file:
                found = read(file.read(MOST_BYTES + 1))
        except (OSError, Refused) as error:
            self.stderr.write(f"{path}: refused: {error}")
            return False
        self.stdout.write(f"{path}: {found.format}, {len(found.items)} items, {len(found.refused)} refused")
        self._say(found)
        return True

    def _say(self, found: Reading) -> None:
        for words in found.problems:
            self.stdout.write(f"  {words}")
        for label, reason in found.refused:
            self.stdout.write(f"  refused: {label}: {reason}")
        for item in found.items:
            self.stdout.write(f"  {item.headline or item.guid}: {why_not(item) or 'a story'}")
            for words in item.problems:
                self.stdout.write(f"    {words}")

    def _end(self, failed: list[str]) -> None:
        if failed:
            raise CommandError(f"Not read: {', '.join(failed)}")
