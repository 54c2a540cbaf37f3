"""The promise to editors: better than the plain method on archives whose own links are known."""

import pytest

from bench.judged.archive import DATA, Index, fingerprints, load
from bench.related_quality import engine, quality

FLOORS = {"18f": 0.519, "digitalgov": 0.388, "allsides": 0.801}
"""nDCG@5 of LITE with tags and date (``shared/data/related/BASELINES.md``), and 0.01 more."""

here = pytest.mark.skipif(not DATA.is_dir(), reason=f"the evaluation sets are not at {DATA}")


def reached(name: str) -> float:
    archive = load(name)
    return quality(archive, engine(Index(archive, fingerprints(archive.features))))


@here
def test_suggestions_in_a_small_archive_are_better_than_the_plain_method() -> None:
    assert reached("18f") >= FLOORS["18f"]


@here
@pytest.mark.soak
@pytest.mark.parametrize("name", ["digitalgov", "allsides"])
def test_suggestions_in_larger_archives_are_better_than_the_plain_method(name: str) -> None:
    assert reached(name) >= FLOORS[name]
