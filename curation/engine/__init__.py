"""Which articles belong beside which: pure functions, no database.

An article becomes ``Features``, with the archive's ``Statistics`` a ``Fingerprint``; ``rank`` orders ``Subject``s.
"""

from curation.engine.documents import Document
from curation.engine.features import Features, features_of
from curation.engine.fingerprints import KEPT, POSTED, Fingerprint, fingerprint
from curation.engine.phrases import phrases
from curation.engine.ranking import FLOOR, LIMIT, POPULARITY, Reasons, Scored, Subject, TagCounts, rank
from curation.engine.statistics import PAIR_BUCKETS, PairCounts, Statistics
from curation.engine.variety import SHOWN, cosine, diversify

__all__ = [
    "FLOOR",
    "KEPT",
    "LIMIT",
    "PAIR_BUCKETS",
    "POPULARITY",
    "POSTED",
    "SHOWN",
    "Document",
    "Features",
    "Fingerprint",
    "PairCounts",
    "Reasons",
    "Scored",
    "Statistics",
    "Subject",
    "TagCounts",
    "cosine",
    "diversify",
    "features_of",
    "fingerprint",
    "phrases",
    "rank",
]
