"""Make the search index anew, article by article, while the site goes on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import Q

from articles import headline_index, search
from articles.models import Article, SearchEntry
from articles.models.article import LIVE_STATUSES
from pagecache.writing import writing


class Command(BaseCommand):
    """``manage.py rebuild_search [--batch N]``. It may be stopped and started again at any time."""

    help = "Index every published and scheduled article anew, and forget all others. Searching goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--batch`` is how many articles one transaction holds."""
        parser.add_argument("--batch", type=int, default=100, help="Articles in one transaction (default: 100).")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        """Walk the articles by id; memory holds one batch."""
        if options["verbosity"]:
            self.stdout.write(f"{Article.objects.filter(status__in=LIVE_STATUSES).count()} articles to index")
        done = last = 0
        while rows := self._index_after(last, max(batch, 1)):
            last, done = rows[-1].pk, done + len(rows)
            if options["verbosity"]:
                self.stdout.write(f"{done} indexed")
        with transaction.atomic():
            headline_index.fill()
        forgotten, _rows = SearchEntry.objects.filter(~Q(article__status__in=LIVE_STATUSES)).delete()
        self.stdout.write(self.style.SUCCESS(f"{done} articles indexed, {forgotten} forgotten"))

    def _index_after(self, last: int, batch: int) -> list[Article]:
        """Lock, read and index the next articles, so that nobody publishes between reading and indexing."""
        with writing():
            live = Article.objects.filter(pk__gt=last, status__in=LIVE_STATUSES).order_by("pk")
            rows = list(live.select_for_update()[:batch])
            for article in rows:
                search.index(article)
        return rows
