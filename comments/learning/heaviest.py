"""What weighs most in a model, in words: of all that was met, only what stands in writings at hand can be named."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from comments.learning.features import WEIGHTS, Feature, Features, named
from comments.learning.model import Model
from comments.learning.verdict import Because
from comments.learning.writing import Writing

OFTEN = 2
"""A word of one writing alone says more of that writing than of spam."""

USUAL_COUNT = 20
"""As though it stood among so many of its kind."""


def heaviest(model: Model, writings: Iterable[Writing], limit: int = 20) -> tuple[list[Because], list[Because]]:
    """Words, pairs and hosts that push most towards spam, and most away from it; at most ``limit`` each."""
    met = Counter(feature for writing in writings for feature in named(writing))
    common = [feature for feature, times in met.items() if times >= OFTEN and feature.tells]
    if not common:
        return [], []
    weighed = sorted(_weighed(model, common), key=lambda because: because.push)
    towards = [because for because in reversed(weighed) if because.push > 0]
    return towards[:limit], [because for because in weighed if because.push < 0][:limit]


def _weighed(model: Model, features: list[Feature]) -> list[Because]:
    places = np.fromiter((feature.place() for feature in features), np.int64, len(features))
    values = np.array([WEIGHTS[feature.kind] / USUAL_COUNT**0.5 for feature in features])
    pushes = model.pushes(Features(features, places, values)).tolist()
    return [Because(feature.kind, feature.tells, push) for feature, push in zip(features, pushes, strict=True)]
