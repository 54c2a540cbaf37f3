"""What an article is known by, and that it survives the database."""

import numpy as np
import pytest

from curation.engine import (
    KEPT,
    Document,
    Features,
    Fingerprint,
    PairCounts,
    Statistics,
    cosine,
    features_of,
    fingerprint,
)


def counted(*texts: str, copies: int = 1) -> Statistics:
    """Statistics of an archive of these texts."""
    words: dict[int, int] = {}
    pairs = PairCounts()
    for text in texts * copies:
        found = features_of(Document("", body=text))
        pairs.add(found.pairs)
        for word in found.counted.tolist():
            words[word] = words.get(word, 0) + 1
    return Statistics(len(texts) * copies, words, pairs)


def weights(features: Features, statistics: Statistics) -> dict[str, float]:
    made = fingerprint(features, statistics)
    return {
        features.surface(feature): float(weight)
        for feature, weight in zip(made.hashes.tolist(), made.weights, strict=True)
    }


EMPTY = Statistics(0, {}, PairCounts())


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    archive = counted("harbour tea", "harbour milk", "harbour bread", "lighthouse", "lighthouse")
    found = weights(features_of(Document("", body="harbour. lighthouse")), archive)
    assert found["lighthouse"] > found["harbour"]


def test_what_nearly_every_article_has_is_left_out_of_a_big_archive() -> None:
    archive = counted("heute harbour", "heute tea", "heute milk", "bread", copies=20)
    assert "heute" not in weights(features_of(Document("heute harbour")), archive)


def test_a_small_archive_calls_nothing_common() -> None:
    archive = counted("harbour", "harbour", "tea")
    assert "harbour" in weights(features_of(Document("harbour")), archive)


def test_what_no_other_article_has_counts_only_when_repeated_or_in_the_headline() -> None:
    archive = counted("tea", "tea")
    found = weights(features_of(Document("Zanzibar", body="tea. quokka. wombat. wombat")), archive)
    assert set(found) == {"Zanzibar", "tea", "wombat"}


def test_a_fingerprint_has_length_one_and_at_most_three_hundred_features() -> None:
    text = ". ".join(f"word{number} word{number}" for number in range(1000))
    made = fingerprint(features_of(Document("", body=text * 2)), EMPTY)
    assert len(made.hashes) == KEPT
    assert np.linalg.norm(made.weights) == pytest.approx(1)
    assert np.all(np.diff(made.hashes.astype(np.int64)) > 0)


def test_the_heaviest_come_first_whatever_their_hash() -> None:
    made = Fingerprint(np.array([1, 2, 3], np.int32), np.array([0.1, 0.9, 0.4], np.float32), np.zeros(3, np.bool_))
    assert made.heaviest(2).tolist() == [2, 3]


def test_packing_takes_five_bytes_a_feature_and_loses_next_to_nothing() -> None:
    made = fingerprint(
        features_of(Document("Harbour ferry", body="Ferry fares rise. Fares rise. Harbour pilots")), EMPTY
    )
    packed = made.pack()
    back = Fingerprint.unpack(packed)
    assert len(packed) == 5 * len(made.hashes)
    assert np.array_equal(back.hashes, made.hashes)
    assert np.array_equal(back.headline, made.headline)
    assert cosine(back, made) > 0.999
    assert back.pack() == packed


def test_nothing_packs_to_nothing() -> None:
    made = fingerprint(features_of(Document("")), EMPTY)
    assert made.pack() == b""
    assert not len(Fingerprint.unpack(b"").hashes)
    assert not made.heaviest().size
    assert cosine(made, made) == 0


def test_pair_counts_survive_packing_and_never_fall_below_nothing() -> None:
    pairs = features_of(Document("heat pumps save money")).pairs
    counts = PairCounts()
    counts.add(pairs)
    counts.add(pairs)
    assert PairCounts.unpack(counts.pack()).of(pairs).min() == 2
    for _time in range(3):
        counts.add(pairs, -1)
    assert not counts.buckets.any()


def test_a_pair_is_no_more_common_than_the_rarer_of_its_words() -> None:
    found = features_of(Document("heat pumps"))
    crowded = PairCounts()
    crowded.buckets[:] = 1000
    words = dict(zip(found.counted.tolist(), (7, 9), strict=True))
    assert Statistics(5000, words, crowded).df(found).max() == 9
    assert Statistics(5000, words, crowded).df(found)[found.is_pair].tolist() == [7]


def test_many_are_unpacked_at_once_as_one_after_the_other() -> None:
    random = np.random.default_rng(1)
    sizes = (3, 0, 300, 1)
    packed = [
        Fingerprint(
            np.sort(random.choice(10_000, size, replace=False)).astype(np.int32),
            random.random(size).astype(np.float32),
            random.random(size) < 0.1,
        ).pack()
        for size in sizes
    ]
    many = Fingerprint.unpack_many(packed)
    assert [len(one.hashes) for one in many] == list(sizes)
    for data, one in zip(packed, many, strict=True):
        alone = Fingerprint.unpack(data)
        assert np.array_equal(alone.hashes, one.hashes)
        assert np.array_equal(alone.headline, one.headline)
        assert np.allclose(alone.weights, one.weights)
        assert not len(one.weights) or float((one.weights**2).sum()) == pytest.approx(1, abs=1e-5)
    assert Fingerprint.unpack_many([]) == []
