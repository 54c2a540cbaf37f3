"""Which articles stand beside which now, as far as beacons are concerned, remembered by each process."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db.models import Prefetch
from django.utils import timezone

from articles.models import Article, TaggedArticle
from curation.beacons import Pair
from curation.related import related_list
from pagecache.reading import depends_on, recording, versions

REMEMBERED = timedelta(seconds=30)
"""A list is looked up anew at the latest then, and at once when one of its keys has risen."""

FORMER = timedelta(minutes=10)
"""How long what stood there before still counts: readers still have that page open."""

PAGES = 1000
"""Pages one process remembers, some 2 kB each."""


@dataclass(frozen=True)
class _Known:
    """The list of one page, when it was looked up, what it depends on, and the list before it."""

    pairs: frozenset[Pair]
    at: datetime
    versions: dict[str, int]
    boundary: datetime | None
    former: frozenset[Pair] = frozenset()
    former_until: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether the list is surely still this one."""
        in_time = now - self.at < REMEMBERED and (self.boundary is None or now < self.boundary)
        return in_time and versions(set(self.versions)) == self.versions


_known: OrderedDict[int, _Known] = OrderedDict()
_lock = Lock()


def is_public(page: int) -> bool:
    """Whether readers may see this article now."""
    return _lookup(page) is not None


def stands(page: int, pairs: Iterable[Pair]) -> bool:
    """Whether each of the articles stands in its place beside the public article ``page``, or did until just now."""
    known, wanted = _lookup(page), set(pairs)
    if known is None:
        return False
    gone = wanted - known.pairs
    if not gone:
        return True
    if known.former_until is None or known.former_until <= timezone.now() or not gone <= known.former:
        return False
    targets = {target for target, _slot in gone}
    return Article.objects.public().filter(pk__in=targets).count() == len(targets)


def forget() -> None:
    """Know nothing any more."""
    with _lock:
        _known.clear()


def _lookup(page: int) -> _Known | None:
    now = timezone.now()
    with _lock:
        known = _known.get(page)
    if known is not None and known.is_fresh(now):
        return known
    fresh = _look(page, known, now)
    with _lock:
        _known.pop(page, None)
        if fresh is not None:
            _known[page] = fresh
            if len(_known) > PAGES:
                _known.popitem(last=False)
    return fresh


def _look(page: int, before: _Known | None, now: datetime) -> _Known | None:
    tags = Prefetch("tagged", TaggedArticle.objects.select_related("tag"))
    article = Article.objects.public().prefetch_related(tags).filter(pk=page).first()
    if article is None:
        return None
    with recording() as record:
        depends_on(f"article:{page}", until=article.expire_at)
        items = related_list(article, {page})
    pairs = frozenset((item.article.pk, slot) for slot, item in enumerate(items, start=1))
    former, until = _former(pairs, before, now)
    return _Known(pairs, now, versions(record.keys), record.boundary, former, until)


def _former(pairs: frozenset[Pair], before: _Known | None, now: datetime) -> tuple[frozenset[Pair], datetime | None]:
    """The list before this one, and until when it counts."""
    if before is None:
        return frozenset(), None
    if before.pairs == pairs:
        return before.former, before.former_until
    return before.pairs, now + FORMER
