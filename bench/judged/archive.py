"""The archives of ``bench.related_quality``: read, indexed and searched as the product's tables would."""

import gzip
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.engine import (
    Document,
    Features,
    Fingerprint,
    PairCounts,
    Statistics,
    Subject,
    TagCounts,
    features_of,
    fingerprint,
)

DATA = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data" / "related"
CANDIDATES, NEWEST = 200, 100


@dataclass
class Archive:
    """A set of articles from the oldest to the newest (undated ones first).

    ``judged`` has for the place of each query the grades of what belongs beside it.
    """

    name: str
    documents: list[Document]
    features: list[Features]
    judged: dict[int, dict[int, int]]
    tag_counts: TagCounts
    dated: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.dated = [document.published.timestamp() if document.published else 0.0 for document in self.documents]

    def older(self, place: int) -> range:
        """The places of the articles that are no newer than this one, by day; of all if it has no date."""
        at = self.documents[place].published
        if at is None:
            return range(len(self.documents))
        return range(bisect_right(self.dated, 0.0), bisect_right(self.dated, at.timestamp()))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from map(json.loads, text.splitlines())


class Numbers(dict[str, int]):
    """Ids for names, from 1."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self) + 1
        return self[name]


def load(name: str) -> Archive:
    """Read a set, with the features of its texts; the bodies themselves are let go."""
    tags, sections = Numbers(), Numbers()
    found = sorted(rows(DATA / name / "docs.jsonl.gz"), key=lambda row: (row["published"] or "", row["id"]))
    documents, features = [], []
    for row in found:
        document = Document(
            headline=row["title"],
            standfirst=row.get("summary") or "",
            body=row["body"],
            tags=tuple(tags[tag] for tag in dict.fromkeys(row["tags"])),
            section=sections[str(row["section"])],
            published=datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row["published"] else None,
        )
        documents.append(replace(document, body=""))
        features.append(features_of(document))
    places = {row["id"]: place for place, row in enumerate(found)}
    judged = {
        places[row["id"]]: {places[other["id"]]: other["grade"] for other in row["related"]}
        for row in rows(DATA / name / "qrels.jsonl")
    }
    carriers = Counter(tag for document in documents for tag in document.tags)
    return Archive(name, documents, features, judged, TagCounts(len(found), carriers))


def fingerprints(features: Sequence[Features], growing: bool = False) -> list[Fingerprint]:
    """All fingerprints as they come back from the database.

    As a rebuild makes them, all counted first; or ``growing``: each weighed by the counts of its day, and all of
    them again whenever the archive is twice as large as it was the last time.
    """
    words: Counter[int] = Counter()
    pairs = PairCounts()
    rebuilt = 1 << (len(features).bit_length() - 1) if growing else len(features)
    made: list[Fingerprint] = []
    for number, one in enumerate(features, 1):
        words.update(one.counted.tolist())
        pairs.add(one.pairs)
        if number >= rebuilt:
            now = Statistics(number, words, pairs)
            made.extend(fingerprint(each, now) for each in features[len(made) : number])
    return [Fingerprint.unpack(one.pack()) for one in made]


class Index:
    """Postings of the heaviest features, and what ranking needs of each article."""

    def __init__(self, archive: Archive, prints: Sequence[Fingerprint]) -> None:
        self.archive = archive
        self.subjects = [
            Subject(place, one, document.tags, document.section, document.source, document.kind, document.published)
            for place, (document, one) in enumerate(zip(archive.documents, prints, strict=True))
        ]
        self.found: dict[tuple[int, range | None], NDArray[np.int64]] = {}
        postings: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(prints):
            for feature in one.heaviest().tolist():
                postings[feature].append(place)
        self.postings = {feature: np.array(places) for feature, places in postings.items()}

    def candidates(self, place: int, among: range | None = None) -> list[Subject[int]]:
        """The best by the heavy features they share, of the newest of each; only ``among`` these places."""
        if (place, among) not in self.found:
            self.found[place, among] = self._find(place, among or range(len(self.subjects)))
        return [self.subjects[other] for other in self.found[place, among]]

    def _find(self, place: int, among: range) -> NDArray[np.int64]:
        one = self.subjects[place].fingerprint
        weights = dict(zip(one.hashes.tolist(), one.weights.tolist(), strict=True))
        sums = np.zeros(len(self.subjects))
        for feature in one.heaviest().tolist():
            places = self.postings[feature]
            low, high = np.searchsorted(places, (among.start, among.stop))
            sums[places[low:high][-NEWEST:]] += weights[feature] ** 2
        sums[place] = 0
        best = np.argsort(-sums, kind="stable")[:CANDIDATES]
        return best[sums[best] > 0]
