"""Computing every suggestion anew: count the words, weigh the articles, compute the lists.

Where it stands is kept in the database after every batch, so it can be killed
and goes on where it was; and several processes may work at it. Readers and
editors keep the former suggestions until the new ones are there.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from articles.models import Article, TaggedArticle
from curation import frequencies
from curation.engine import Features, features_of
from curation.frequencies import Seen
from curation.indexing import Work, document_of, index, weighed
from curation.models import Fingerprint as Known
from curation.models import Phase, RelatedCount, Tally
from curation.records import record_later
from curation.suggesting import CATCH_UP, liked_first, ranked_for, refresh, write_list
from outbox import effects
from pagecache.writing import writing

BATCH = 50
"""Articles in one transaction: on SQLite a tenth of a second in which nobody else writes."""

COUNTED_AT_ONCE = 500
"""Articles read before the counts are written, some megabytes each time."""

RENEW_AT = 2
"""When the archive has grown by so much since it was weighed, all is weighed anew."""

RENEW_FROM = 50
"""A handful of articles tells nothing about what is rare."""

CATCH_UP_SHARE = 4
"""A quarter of the archive new: what is rare has changed for all."""

REBUILD = "curation.rebuild"
"""The effect that takes the next step of a rebuild, and asks for one more; payload ``{"step": number}``."""

STEPS_AT_ONCE = 4

RELIST = "curation.relist"
"""The effect that computes articles' own lists anew; payload ``{"articles": [ids]}``."""

MOST_SEEN = 500
"""Lists that follow their clicks: where most readers are, within seconds of a worker's time."""


@dataclass(frozen=True)
class Progress:
    """Where a rebuild stands: which phase, and how many of how many articles it has behind it."""

    phase: Phase
    done: int
    total: int


def start() -> None:
    """Begin a rebuild from nothing, whatever stood before."""
    with transaction.atomic():
        tally = frequencies.locked_tally()
        frequencies.forget_all(tally)
        tally.phase, tally.counted_to, tally.run = Phase.COUNT, 0, secrets.randbits(62)
        tally.save()


def progress() -> Progress:
    """Where the rebuild stands; phase ``IDLE`` when there is nothing to do."""
    tally = Tally.objects.filter(pk=1).defer("pairs").first() or Tally()
    articles = Article.objects.public()
    total = articles.count()
    left = {
        Phase.COUNT: articles.filter(pk__gt=tally.counted_to),
        Phase.INDEX: _unweighed(tally.run),
        Phase.LISTS: _unlisted(),
    }
    phase = Phase(tally.phase)
    return Progress(phase, total - (left[phase].count() if phase in left else 0), total)


def waiting(limit: int, after: int = 0) -> tuple[Phase, int, list[int]]:
    """The next ``limit`` articles of the phase at hand, and its run; when it has none left, the next phase begins.

    ``after`` is the last id that was handed out: looking on from there is
    quicker than from the first. Nothing is left out for it.
    """
    while True:
        tally = Tally.objects.filter(pk=1).defer("pairs").first() or Tally()
        phase = Phase(tally.phase)
        if phase == Phase.IDLE:
            return phase, tally.run, []
        found = _next_ids(_of_phase(phase, tally), limit, after)
        if found:
            return phase, tally.run, found
        _next_phase(tally)


def run_to_the_end() -> None:
    """Do all that is left, here and now: for small archives."""
    while True:
        phase, run, found = waiting(COUNTED_AT_ONCE)
        if not found:
            return
        work(phase, run, found)


def work(phase: Phase, run: int, article_ids: Sequence[int]) -> None:
    """Do these articles of a phase, in batches."""
    if phase == Phase.COUNT:
        count_seen(article_ids, seen_in(article_ids))
        return
    step = index_batch if phase == Phase.INDEX else list_batch
    for begin in range(0, len(article_ids), BATCH):
        step(article_ids[begin : begin + BATCH], run)


def seen_in(article_ids: Sequence[int]) -> list[Seen]:
    """What these articles add to the counts."""
    return [Seen.of(features, sorted(tags)) for _article, features, tags in _read(article_ids)]


def count_seen(article_ids: Sequence[int], seen: Sequence[Seen]) -> None:
    """Count these articles, the next after those counted so far, unless another process was faster."""
    with transaction.atomic():
        tally = frequencies.locked_tally()
        if tally.phase == Phase.COUNT and tally.counted_to < article_ids[0]:
            tally.counted_to = article_ids[-1]
            frequencies.count(tally, seen)


def index_batch(article_ids: Sequence[int], run: int) -> None:
    """Weigh and index these articles anew; each then waits for its list."""
    works = _weighed(article_ids)
    with writing():
        list(Known.objects.filter(pk__in=article_ids).select_for_update().order_by("pk").values_list("pk"))
        for one in works:
            index(one, Seen.of(one.features, one.subject.tags), run)


def list_batch(article_ids: Sequence[int], run: int) -> None:
    """Compute these articles' lists."""
    ranked = [(one, liked_first(one, ranked_for(one))) for one in _weighed(article_ids)]
    with writing():
        list(Known.objects.filter(pk__in=article_ids).select_for_update().order_by("pk").values_list("pk"))
        for one, found in ranked:
            write_list(one, found)
        record_later(article_ids)


def relist_later(article_ids: Iterable[int], *, why: str) -> None:
    """Ask, in the present transaction, for these articles' own lists to be computed anew."""
    waiting = sorted(set(article_ids))
    for begin in range(0, len(waiting), BATCH):
        key = f"relist:{why}:{timezone.now().isoformat()}:{begin}"
        effects.enqueue(RELIST, {"articles": waiting[begin : begin + BATCH]}, key=key)


def relist_most_seen() -> None:
    """Let the lists that readers see most follow what they choose there."""
    yesterday = timezone.localdate() - timedelta(days=1)
    seen = RelatedCount.objects.filter(day__gte=yesterday).values("article").annotate(shown=Sum("shown"))
    relist_later(seen.order_by("-shown").values_list("article", flat=True)[:MOST_SEEN], why="clicks")


@effects.handler(RELIST, outside=True)
def _relist(payload: dict[str, list[int]], _key: str) -> None:
    known = Known.objects.filter(pk__in=payload["articles"], live=True).order_by("pk")
    list_batch(list(known.values_list("pk", flat=True)), 0)


def rebuild_in_background() -> None:
    """Begin a rebuild that the worker carries out between its other effects."""
    with transaction.atomic():
        start()
        _ask_for_step(0)


def catch_up(payload: dict[str, int], _key: str) -> None:
    """Index public articles that are not; all anew where they are a large part of the archive."""
    known = Known.objects.filter(article=OuterRef("pk"), live=True)
    missing = Article.objects.public().filter(~Exists(known)).order_by("pk").values_list("pk", flat=True)
    found = list(missing[:RENEW_FROM])
    counted = Tally.objects.filter(pk=1).values_list("articles", flat=True).first() or 0
    if len(found) == RENEW_FROM and missing.count() * CATCH_UP_SHARE > counted:
        rebuild_in_background()
        return
    for pk in found:
        refresh(pk)
    if len(found) == RENEW_FROM:
        effects.enqueue(CATCH_UP, {}, key=f"catch-up:{found[-1]}:{timezone.now().isoformat()}")


effects.handler(CATCH_UP, outside=True)(catch_up)


def fold_and_renew() -> None:
    """Bring the counts up to date; weigh everything anew when they have changed much since the last time."""
    while frequencies.fold() == frequencies.FOLDED_AT_ONCE:
        pass
    tally = Tally.objects.filter(pk=1).defer("pairs").first() or Tally()
    grown = tally.articles >= max(RENEW_FROM, RENEW_AT * tally.weighed)
    if tally.phase == Phase.IDLE and (grown or _never_indexed(tally)):
        rebuild_in_background()


def _never_indexed(tally: Tally) -> bool:
    """Whether this is an archive older than its engine."""
    return not tally.articles and not Known.objects.exists() and Article.objects.public().exists()


@effects.handler(REBUILD, outside=True)
def _step(payload: dict[str, int], _key: str) -> None:
    for _number in range(STEPS_AT_ONCE):
        phase, run, found = waiting(BATCH)
        if not found:
            return
        work(phase, run, found)
    _ask_for_step(payload["step"] + 1)


def _ask_for_step(step: int) -> None:
    run = Tally.objects.filter(pk=1).values_list("run", flat=True).first()
    effects.enqueue(REBUILD, {"step": step}, key=f"rebuild:{run}:{step}")


def _of_phase(phase: Phase, tally: Tally) -> QuerySet[Article]:
    if phase == Phase.COUNT:
        return Article.objects.public().filter(pk__gt=tally.counted_to)
    return _unweighed(tally.run) if phase == Phase.INDEX else _unlisted()


def _next_ids(articles: QuerySet[Article], limit: int, after: int) -> list[int]:
    ids = articles.order_by("pk").values_list("pk", flat=True)
    return list(ids.filter(pk__gt=after)[:limit]) or (list(ids[:limit]) if after else [])


def _unweighed(run: int) -> QuerySet[Article]:
    weighed_now = Known.objects.filter(article=OuterRef("pk"), run=run, live=True)
    return Article.objects.public().filter(~Exists(weighed_now))


def _unlisted() -> QuerySet[Article]:
    known = Known.objects.filter(suggested_at=None, live=True)
    return Article.objects.public().filter(pk__in=known.values("pk"))


def _next_phase(tally: Tally) -> None:
    """The phase after the one ``tally`` was read in, unless somebody else began it."""
    following = {Phase.COUNT: Phase.INDEX, Phase.INDEX: Phase.LISTS, Phase.LISTS: Phase.IDLE}
    change: dict[str, object] = {"phase": following[Phase(tally.phase)]}
    if tally.phase == Phase.COUNT:
        change["weighed"] = tally.articles
    Tally.objects.filter(pk=1, phase=tally.phase, run=tally.run).update(**change)


def _weighed(article_ids: Sequence[int]) -> list[Work]:
    read = list(_read(article_ids))
    statistics = frequencies.statistics_for([features for _article, features, _tags in read])
    return [
        weighed(article.pk, document_of(article, tags), tags, features, statistics) for article, features, tags in read
    ]


def _read(article_ids: Iterable[int]) -> Iterable[tuple[Article, Features, dict[int, str]]]:
    """The articles that are still public, with their features and their tags by id: two queries."""
    ids = list(article_ids)
    tags: dict[int, dict[int, str]] = {pk: {} for pk in ids}
    rows = TaggedArticle.objects.filter(content_object__in=ids).order_by("tag")
    for pk, tag, name in rows.values_list("content_object", "tag", "tag__name"):
        tags[pk][tag] = name
    for article in Article.objects.public().filter(pk__in=ids).select_related(None).order_by("pk"):
        yield article, features_of(document_of(article, tags[article.pk])), tags[article.pk]
