"""Computing every suggestion anew: count the words, weigh the articles, compute the lists.

Where it stands is kept in the database after every batch, so it can be killed
and goes on where it was; and several processes may work at it. Readers and
editors keep the former suggestions until the new ones are there.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Article, TaggedArticle
from curation import frequencies
from curation.engine import Features, features_of
from curation.frequencies import Seen
from curation.indexing import Work, document_of, index, weighed
from curation.models import Fingerprint as Known
from curation.models import Phase, Tally
from curation.records import record_later
from curation.suggesting import ranked_for, write_list
from outbox import effects
from pagecache.writing import writing

BATCH = 50
"""Articles in one transaction: on SQLite a tenth of a second in which nobody else writes."""

COUNTED_AT_ONCE = 500
"""Articles read before the counts are written, a few megabytes each time."""

RENEW_AT = 2
"""When the archive has grown by so much since it was weighed, all is weighed anew."""

RENEW_FROM = 50
"""A handful of articles tells nothing about what is rare."""

REBUILD = "curation.rebuild"
"""The effect that takes the next step of a rebuild, and asks for one more; payload ``{"step": number}``."""

STEPS_AT_ONCE = 4


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
    ranked = [(one, ranked_for(one)) for one in _weighed(article_ids)]
    with writing():
        list(Known.objects.filter(pk__in=article_ids).select_for_update().order_by("pk").values_list("pk"))
        for one, found in ranked:
            write_list(one, found)
        record_later(article_ids)


def rebuild_in_background() -> None:
    """Begin a rebuild that the worker carries out between its other effects."""
    with transaction.atomic():
        start()
        _ask_for_step(0)


def fold_and_renew() -> None:
    """Bring the counts up to date; weigh everything anew when they have changed much since the last time."""
    while frequencies.fold() == frequencies.FOLDED_AT_ONCE:
        pass
    tally = Tally.objects.filter(pk=1).defer("pairs").first()
    if tally is None or tally.phase != Phase.IDLE or tally.articles < RENEW_FROM:
        return
    if tally.articles >= RENEW_AT * tally.weighed:
        rebuild_in_background()


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
