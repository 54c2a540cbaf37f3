"""The baseline of ``shared/data/related/BASELINES.md``, rebuilt from its description: LITE with tags and date."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.judged.archive import DATA, rows
from curation.engine.stems import STOP_WORDS, stem

Weights = dict[Any, float]
TOP = 300


def terms(text: str) -> list[str]:
    """Stemmed words that are no stop words."""
    words = re.findall("[a-z0-9]+", text.lower())
    return [stem(word) for word in words if len(word) > 1 and word not in STOP_WORDS]


def counts(row: dict[str, Any]) -> Counter[Any]:
    """Words and pairs, the headline's three times."""
    head, body = terms(row["title"]), terms(f"{row.get('summary') or ''}\n{row['body']}")
    found: Counter[Any] = Counter([*head, *pairwise(head)] * 3)
    found.update([*body, *pairwise(body)])
    return found


def unit(weights: Weights) -> Weights:
    """The same direction, length 1."""
    length = sum(weight * weight for weight in weights.values()) ** 0.5 or 1.0
    return {name: weight / length for name, weight in weights.items()}


def weighed(documents: list[Counter[Any]]) -> list[Weights]:
    """The heaviest features of each document that 2 documents and at most 30 % of them have."""
    size = len(documents)
    df = Counter(name for document in documents for name in document)
    kept = {name: log((size + 1) / (count + 1)) + 1 for name, count in df.items() if 2 <= count <= 0.3 * size}
    made = []
    for document in documents:
        weights = {name: (1 + log(tf)) * kept[name] for name, tf in document.items() if name in kept}
        made.append(unit(dict(sorted(weights.items(), key=lambda entry: -entry[1])[:TOP])))
    return made


def tag_weights(documents: list[list[str]]) -> list[Weights]:
    """Tags by rarity."""
    df = Counter(tag for tags in documents for tag in set(tags))
    return [unit({tag: log((len(documents) + 1) / (df[tag] + 1)) + 1 for tag in set(tags)}) for tags in documents]


class Lite:
    """Every article against every other."""

    def __init__(self, name: str) -> None:
        found = sorted(rows(DATA / name / "docs.jsonl.gz"), key=lambda row: (row["published"] or "", row["id"]))
        self.texts = weighed([counts(row) for row in found])
        self.tags = tag_weights([row["tags"] for row in found])
        days = [date.fromisoformat(row["published"]).toordinal() if row["published"] else np.nan for row in found]
        self.days = np.array(days)
        self.text_index, self.tag_index = inverted(self.texts), inverted(self.tags)

    def best(self, place: int, among: range | None = None) -> list[int]:
        """The five best, only ``among`` these places."""
        scores = self._dots(self.text_index, self.texts[place]) + 0.05 * self._dots(self.tag_index, self.tags[place])
        scores += 0.05 * np.nan_to_num(np.exp(-np.abs(self.days - self.days[place]) / 365))
        scores[place] = -1
        if among is not None:
            scores[: among.start] = scores[among.stop :] = -1
        return [int(other) for other in np.argsort(-scores, kind="stable")[:5]]

    def _dots(
        self, index: dict[Any, tuple[NDArray[np.int64], NDArray[np.float64]]], own: Weights
    ) -> NDArray[np.float64]:
        sums = np.zeros(len(self.texts))
        for name, weight in own.items():
            places, weights = index[name]
            sums[places] += weight * weights
        return sums


def inverted(documents: Iterable[Weights]) -> dict[Any, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """For each feature the places and weights of the documents that have it."""
    lists: dict[Any, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for place, weights in enumerate(documents):
        for name, weight in weights.items():
            lists[name][0].append(place)
            lists[name][1].append(weight)
    return {name: (np.array(places), np.array(weights)) for name, (places, weights) in lists.items()}
