"""How good the suggestions are: nDCG@5 on three archives whose editors' own choices are known.

Runs the product's engine as the database does: postings of the heaviest features, two hundred candidates, packed
fingerprints. Writes ``bench/results/related-quality.md``, the notes under its tables kept.
"""

import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.judged.archive import DATA, Archive, Index, fingerprints, load
from bench.judged.lite import Lite
from curation.engine import diversify, ranking, statistics
from curation.engine.features import Features

SETS = ("digitalgov", "18f", "allsides")
RESULTS = Path(__file__).resolve().parent / "results" / "related-quality.md"
NOTES = "## Tried, kept, dropped"
SHOWN = 5
Best = Callable[[int, range | None], list[int]]

ABLATIONS: tuple[tuple[str, str, float], ...] = (
    ("without the headlines' share", "HEADLINE", 0.0),
    ("without tags", "TAGS", 0.0),
    ("without the short decay of date", "MOMENT", 0.0),
    ("short decay for what is hardly alike, too", "ALIKE_FROM", -1e9),
    ("without the long decay of date", "SEASON", 0.0),
)
"""Parts to take out, each by one constant of ``ranking``."""

COUNTERS = (("pairs counted in 2^18 buckets", 1 << 18), ("pairs counted one by one (2^24 buckets)", 1 << 24))


def ndcg(best: Iterable[int], grades: dict[int, int]) -> float:
    """nDCG@5 as ``evaluate.py`` defines it: gain 2^grade - 1, discount log2(rank + 1)."""
    discounts = 1 / np.log2(np.arange(2, SHOWN + 2))
    gains = [2.0 ** grades.get(place, 0) - 1 for place in best]
    ideal = sorted((2.0**grade - 1 for grade in grades.values()), reverse=True)[:SHOWN]
    return float(np.dot(gains, discounts[: len(gains)]) / np.dot(ideal, discounts[: len(ideal)]))


def quality(archive: Archive, best: Best, older: bool = False) -> float:
    """Mean nDCG@5 over the judged queries; ``older`` allows only what was there on the day of publication."""
    return float(
        np.mean(
            [
                ndcg(best(place, archive.older(place) if older else None), grades)
                for place, grades in archive.judged.items()
            ]
        )
    )


def engine(index: Index, varied: bool = True) -> Best:
    """The five that readers see."""

    def best(place: int, among: range | None = None) -> list[int]:
        candidates = index.candidates(place, among)
        ranked = ranking.rank(index.subjects[place], candidates, index.archive.tag_counts)
        if varied:
            ranked = diversify(ranked, {scored.id: index.subjects[scored.id].fingerprint for scored in ranked})
        return [scored.id for scored in ranked[:SHOWN]]

    return best


def coverage(archive: Archive, best: Best) -> float:
    """Share of the archive that stands in somebody's five."""
    shown = {other for place in range(len(archive.documents)) for other in best(place, None)}
    return len(shown) / len(archive.documents)


def without_pairs(features: Features) -> Features:
    """Words only."""
    kept = ~features.is_pair
    columns = ("hashes", "counts", "headline", "first", "second", "spans")
    return Features(**{name: getattr(features, name)[kept] for name in columns}, text=features.text)


def measured(archive: Archive, everything: bool) -> dict[str, str]:
    """All rows of the table for one set, by name."""
    found: dict[str, str] = {}

    def note(name: str, value: float) -> None:
        found[name] = f"{value:.3f}"
        print(f"{archive.name:12} {name:45} {value:.4f}", flush=True)

    index = Index(archive, fingerprints(archive.features))
    lite, ours = Lite(archive.name), engine(index)
    note("LITE + tags + date, rebuilt", quality(archive, lite.best))
    note("**engine**", quality(archive, ours))
    note("LITE, older articles only", quality(archive, lite.best, older=True))
    note("**engine, older articles only**", quality(archive, ours, older=True))
    if not everything:
        return found
    note("coverage of the engine's fives", coverage(archive, ours))
    note("engine without `diversify`", quality(archive, engine(index, varied=False)))
    for name, constant, value in ABLATIONS:
        with patch.object(ranking, constant, value), without_floor():
            note(name, quality(archive, ours))
    with without_floor():
        note("without a floor", quality(archive, ours))
    words = Index(archive, fingerprints([without_pairs(one) for one in archive.features]))
    note("without pairs of words", quality(archive, engine(words)))
    grown = Index(archive, fingerprints(archive.features, growing=True))
    note("grown, weighed again at each doubling", quality(archive, engine(grown)))
    note("the same, older articles only", quality(archive, engine(grown), older=True))
    for name, buckets in COUNTERS:
        with patch.object(statistics, "PAIR_BUCKETS", buckets):
            counted = Index(archive, fingerprints(archive.features))
        note(name, quality(archive, engine(counted)))
    return found


def without_floor() -> AbstractContextManager[object]:
    """Nothing is too little alike."""
    return patch.multiple(ranking, FLOOR=0.0, STRANGERS_FLOOR=0.0)


def table(results: dict[str, dict[str, str]]) -> str:
    """Markdown, a column for each set."""
    names = next(iter(results.values()))
    lines = [f"| | {' | '.join(results)} |", f"| --- |{' --- |' * len(results)}"]
    lines += [f"| {name} | {' | '.join(result[name] for result in results.values())} |" for name in names]
    return "\n".join(lines)


INTRODUCTION = """\
nDCG@5 on the dev queries of three archives, by `python -m bench.related_quality`; one setting for all. *Older articles
only*: a dated query may show what is dated no later than itself; an undated one may show anything. Single parts are
taken out with everything else left as it is. 95 % intervals are about ±0.03 (digitalgov), ±0.06 (18f), ±0.015
(allsides): differences between rows of one column are more certain than that, differences under 0.005 say nothing."""


def main(everything: bool = True) -> None:
    """Measure, print, and write the results."""
    if not DATA.is_dir():
        print(f"Nothing to measure: the evaluation sets are not at {DATA}.")
        return
    start = time.perf_counter()
    results = {name: measured(load(name), everything) for name in SETS}
    text = table(results)
    print(text)
    print(f"{time.perf_counter() - start:.0f} s")
    if everything:
        notes = RESULTS.read_text(encoding="utf-8").partition(NOTES)[2] if RESULTS.exists() else "\n"
        RESULTS.write_text(
            f"# Quality of the suggestions\n\n{INTRODUCTION}\n\n{text}\n\n{NOTES}{notes}", encoding="utf-8"
        )


if __name__ == "__main__":
    main("--quick" not in sys.argv)
