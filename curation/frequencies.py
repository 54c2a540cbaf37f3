"""How many articles hold a word, a pair of words, a tag: the engine's sense of what is rare.

An article that is indexed leaves its features in ``Uncounted``; ``fold`` adds
them to the counts every few minutes. The counts are estimates: edits and
deletions do not change them, a rebuild counts anew.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db import connection, transaction

from curation.engine import Features, PairCounts, Statistics, TagCounts
from curation.models import Frequency, Tally, Uncounted

TAGS_FROM = 1 << 40
"""Tags share a table with words, whose hashes have 32 bits."""

FOLDED_AT_ONCE = 1_000

_RAISE = (
    "INSERT INTO curation_frequency (feature, articles) VALUES {rows}"
    " ON CONFLICT (feature) DO UPDATE SET articles = curation_frequency.articles + excluded.articles"
)
_ROWS = 5_000


@dataclass(frozen=True)
class Seen:
    """What one article adds to the counts."""

    words: Sequence[int]
    pairs: bytes
    tags: Sequence[int]

    @classmethod
    def of(cls, features: Features, tags: Sequence[int]) -> "Seen":
        """Of an article with these features and tags."""
        return cls(features.counted.tolist(), features.pairs.astype("<i4").tobytes(), tags)


def tag_feature(tag_id: int) -> int:
    """The number under which a tag is counted."""
    return TAGS_FROM + tag_id


def statistics_for(articles: Iterable[Features]) -> Statistics:
    """What must be known to weigh these articles: two queries."""
    words = _counts(list({word for features in articles for word in features.counted.tolist()}))
    total, stamp = _tally()
    return Statistics(total, words, _pairs(stamp))


def with_one_more(statistics: Statistics, features: Features) -> Statistics:
    """The same counts with one more article of these features."""
    words = {word: statistics.words.get(word, 0) + 1 for word in features.counted.tolist()}
    pairs = PairCounts(statistics.pairs.buckets.copy())
    pairs.add(features.pairs)
    return Statistics(statistics.articles + 1, words, pairs)


def tag_counts(tag_ids: Iterable[int]) -> TagCounts:
    """How many articles carry each of the tags: one query, and one for tags this process has not met."""
    wanted = set(tag_ids)
    total, stamp = _tally()
    known = _tags(stamp)
    missing = [tag_feature(pk) for pk in wanted if pk not in known]
    if missing:
        counts = _counts(missing)
        known.update((feature - TAGS_FROM, counts.get(feature, 0)) for feature in missing)
    return TagCounts(total, {pk: known[pk] for pk in wanted})


def note(article_id: int, seen: Seen) -> None:
    """Leave a newly indexed article's features for ``fold``."""
    words = np.array(seen.words, "<i4").tobytes()
    row = Uncounted(article=article_id, words=words, pairs=seen.pairs, tags=list(seen.tags))
    Uncounted.objects.bulk_create([row], ignore_conflicts=True)


def fold() -> int:
    """Add what was noted to the counts; returns how many articles. Safe in two workers at once."""
    if not Uncounted.objects.exists():
        return 0
    with transaction.atomic():
        tally = locked_tally()
        rows = list(Uncounted.objects.order_by("article")[:FOLDED_AT_ONCE])
        count(tally, [Seen(_unpacked(row.words), bytes(row.pairs), row.tags) for row in rows])
        Uncounted.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def count(tally: Tally, articles: Sequence[Seen]) -> None:
    """Add these articles to the counts, ``tally`` being locked."""
    counted: Counter[int] = Counter()
    pairs = PairCounts.unpack(bytes(tally.pairs)) if tally.pairs else PairCounts()
    for seen in articles:
        counted.update(seen.words)
        counted.update(tag_feature(pk) for pk in seen.tags)
        pairs.add(np.frombuffer(seen.pairs, "<i4").astype(np.int32))
    _raise(sorted(counted.items()))
    tally.articles += len(articles)
    tally.pairs = pairs.pack()
    tally.stamp = secrets.randbits(62)
    tally.save()


def merge_tags(gone: int, kept: int) -> None:
    """Count every article of ``gone`` for ``kept``; one that carried both counts twice until the next rebuild."""
    with transaction.atomic():
        tally = locked_tally()
        row = Frequency.objects.filter(feature=tag_feature(gone)).first()
        if row is None:
            return
        _raise([(tag_feature(kept), row.articles)])
        row.delete()
        tally.stamp = secrets.randbits(62)
        tally.save(update_fields=["stamp"])


def locked_tally() -> Tally:
    """The row of counts; whoever else changes them waits."""
    Tally.objects.bulk_create([Tally(pk=1)], ignore_conflicts=True)
    return Tally.objects.select_for_update().get(pk=1)


def forget_all(tally: Tally) -> None:
    """Take every count back to nothing, ``tally`` being locked; it is not saved."""
    Frequency.objects.all().delete()
    Uncounted.objects.all().delete()
    tally.articles, tally.pairs = 0, b""
    tally.stamp = secrets.randbits(62)


def _tally() -> tuple[int, int]:
    """How many articles are counted, and the stamp of the counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT articles, stamp FROM curation_tally WHERE id = 1")
        return cursor.fetchone() or (0, 0)


@lru_cache(maxsize=1)
def _tags(stamp: int) -> dict[int, int]:
    """The tags' counts this process has looked up since the counts changed last."""
    return {}


@lru_cache(maxsize=1)
def _pairs(stamp: int) -> PairCounts:
    """The pairs' counts, kept in this process until they change."""
    packed = Tally.objects.filter(pk=1, stamp=stamp).values_list("pairs", flat=True).first()
    return PairCounts.unpack(bytes(packed)) if packed else PairCounts()


def _counts(features: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(features), _ROWS):
        rows = Frequency.objects.filter(feature__in=features[start : start + _ROWS])
        found.update(rows.values_list("feature", "articles"))
    return found


def _raise(counted: Sequence[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(counted), _ROWS):
            part = counted[start : start + _ROWS]
            rows = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(_RAISE.format(rows=rows), [value for pair in part for value in pair])


def _unpacked(words: bytes | memoryview) -> list[int]:
    return np.frombuffer(bytes(words), "<i4").tolist()  # type: ignore[no-any-return]
