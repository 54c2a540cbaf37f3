"""How good the learnt score is: on comments it never saw, beside TF-IDF and logistic regression of scikit-learn.

    python3 -m venv run/bench-venv && run/bench-venv/bin/pip install numpy scikit-learn
    run/bench-venv/bin/python -m bench.comments_score && run/bench-venv/bin/python -m bench.comments_report

scikit-learn stands in that environment alone; without it the reference is left out. Writes
``bench/results/comments-score.json``.
"""

import importlib
import json
import time
from copy import deepcopy
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bench.comments_figures import (
    Floats,
    Labels,
    auc,
    average_precision,
    brier,
    calibration_error,
    difference,
    held,
    strictest,
)
from bench.comments_sets import SETS, VIDEOS, Halves, Rows, load
from comments.learning.earning import Pair, measure_all
from comments.learning.model import Model
from comments.learning.packing import dump
from comments.learning.training import Trainer
from comments.learning.writing import Writing

RESULTS = Path(__file__).resolve().parent / "results" / "comments-score.json"
HAM_SHARE = 0.01
REFERENCES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "as it comes": ({}, {"max_iter": 2000}),
    "words and pairs, C=10": ({"ngram_range": (1, 2), "sublinear_tf": True}, {"C": 10, "max_iter": 2000}),
}


def main() -> None:
    """Measure everything."""
    if find_spec("sklearn") is None:
        print("scikit-learn is not installed here: the reference is left out. See bench/comments_score.py.")
    results = {
        "sets": {name: measured(name) for name in SETS},
        "across": {first: {second: across(first, second) for second in SETS} for first in SETS},
        "other videos": {video: other_videos(video) for video in VIDEOS},
        "cost": cost(load("youtube-spam")),
    }
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Wrote {RESULTS.name}.")


def measured(name: str) -> dict[str, Any]:
    """One set, learnt from its first half and tested on its second."""
    halves = load(name)
    learner = deepcopy(learnt(name))
    labels = labels_of(halves.second)
    scores = learner.scores(halves.second)
    first = labels_of(halves.first)
    threshold = strictest(first, learner.before, HAM_SHARE)
    recall, ham = held(labels, scores, threshold)
    result: dict[str, Any] = {
        "first half": [len(first), int(first.sum())],
        "second half": [len(labels), int(labels.sum())],
        "prior alone": figures(labels, Learnt([]).scores(halves.second)),
        "learnt": figures(labels, scores),
        "threshold": {"at": threshold, "recall": recall, "ham held": ham},
        "learning on": going_on(learner, halves.second, threshold),
        "references": references(halves, labels, scores),
    }
    print(name, result["learnt"])
    return result


class Learnt:
    """The product's learner after ``rows``: each scored, then learnt, as at a desk; then all looked at again."""

    def __init__(self, rows: Rows) -> None:
        self.trainer = Trainer(Model())
        self.before = np.array([self.told(text, is_spam) for text, is_spam in rows])
        self.trainer.look_again()

    def told(self, text: str, is_spam: bool) -> float:
        """The score before the decision."""
        score = self.trainer.model.score(Writing(text)).probability
        self.trainer.learn(Writing(text), is_spam)
        return score

    def scores(self, rows: Rows) -> Floats:
        """The probabilities."""
        return np.array([self.trainer.model.score(Writing(text)).probability for text, _ in rows])


def going_on(learner: Learnt, rows: Rows, threshold: float) -> dict[str, Any]:
    """The second half as a desk meets it: each scored, then decided and learnt. Changes ``learner``."""
    labels = labels_of(rows)
    scores = np.array([learner.told(text, is_spam) for text, is_spam in rows])
    recall, ham = held(labels, scores, threshold)
    pairs = [Pair(float(score), bool(label)) for score, label in zip(scores, labels, strict=True)]
    earned = [
        {"threshold": row.threshold, "precision": row.precision, "at least": row.at_least, "earned": row.earned}
        for row in measure_all(pairs)
    ]
    return {**figures(labels, scores), "recall": recall, "ham held": ham, "earned": earned}


def references(halves: Halves, labels: Labels, ours: Floats) -> dict[str, Any]:
    """Each reference on the same halves, and ours less it with its interval."""
    found = {}
    for name in REFERENCES if find_spec("sklearn") else ():
        theirs = reference(name, halves.first, halves.second)
        found[name] = {
            **figures(labels, theirs),
            "ours less this, AUC": difference(labels, ours, theirs, auc),
            "ours less this, recall": difference(labels, ours, theirs, recall_at_ham_share),
        }
    return found


def reference(name: str, first: Rows, second: Rows) -> Floats:
    """Probabilities of scikit-learn's pair."""
    to_words, to_score = REFERENCES[name]
    vectorizer = importlib.import_module("sklearn.feature_extraction.text").TfidfVectorizer(**to_words)
    regression = importlib.import_module("sklearn.linear_model").LogisticRegression(**to_score)
    regression.fit(vectorizer.fit_transform([text for text, _ in first]), labels_of(first))
    return np.array(regression.predict_proba(vectorizer.transform([text for text, _ in second]))[:, 1])


def across(first: str, second: str) -> dict[str, float]:
    """Learnt from one set's first half, tested on another's second."""
    rows = load(second).second
    return figures(labels_of(rows), learnt(first).scores(rows))


@cache
def learnt(name: str) -> Learnt:
    """After the first half of a set; not to be changed."""
    return Learnt(load(name).first)


def other_videos(video: str) -> dict[str, float]:
    """Learnt from both halves of the other two videos, tested on all of ``video``."""
    others = [load(other) for other in VIDEOS if other != video]
    own = load(video)
    rows = own.first + own.second
    first = [row for other in others for row in other.first + other.second]
    return figures(labels_of(rows), Learnt(first).scores(rows))


def figures(labels: Labels, scores: Floats) -> dict[str, float]:
    """What is reported of every score."""
    return {
        "AUC": auc(labels, scores),
        "average precision": average_precision(labels, scores),
        "recall at 1 % of ham": recall_at_ham_share(labels, scores),
        "Brier": brier(labels, scores),
        "calibration error": calibration_error(labels, scores),
    }


def recall_at_ham_share(labels: Labels, scores: Floats) -> float:
    """Share of the spam above the threshold that, on these very comments, 1 % of the ham exceeds."""
    return held(labels, scores, strictest(labels, scores, HAM_SHARE))[0]


def labels_of(rows: Rows) -> Labels:
    """1 for spam."""
    return np.array([int(is_spam) for _, is_spam in rows])


def cost(halves: Halves) -> dict[str, float]:
    """Microseconds of processor time of one score and one lesson, and bytes of the state as it grows."""
    model = Model()
    learnt = _micros(lambda row: model.learn(Writing(row[0]), row[1]), halves.first)
    scored = _micros(lambda row: model.score(Writing(row[0])), halves.second)
    longest = _micros(lambda row: model.score(Writing(row[0])), [(" ".join(t for t, _ in halves.first)[:8000], True)])
    small = len(dump(model))
    for text, label in load("toxic-spans").first:
        model.learn(Writing(text), label)
    started = time.process_time()
    large = len(dump(model))
    return {
        "score": scored,
        "lesson": learnt,
        "score of 8,000 characters": longest,
        f"bytes after {len(halves.first)} lessons": small,
        f"bytes after {model.total} lessons": large,
        "packing": (time.process_time() - started) * 1e6,
    }


def _micros(act: Any, rows: Rows) -> float:
    took = []
    for row in rows:
        started = time.process_time()
        act(row)
        took.append(time.process_time() - started)
    return float(np.median(took) * 1e6)


if __name__ == "__main__":
    main()
