"""Shared features as an editor reads them."""

from collections.abc import Sequence

import numpy as np

from curation.engine.features import Features


def phrases(features: Features, hashes: Sequence[int]) -> list[str]:
    """What the article calls these features, in their order; a word that is part of a listed pair is left out."""
    if not len(features.hashes):
        return []
    wanted = np.array(hashes, np.int32)
    places = np.searchsorted(features.hashes, wanted).clip(max=len(features.hashes) - 1)
    places = places[features.hashes[places] == wanted]
    pairs = places[features.second[places] != 0]
    hidden = {*features.first[pairs].tolist(), *features.second[pairs].tolist()}
    return [features.surface(feature) for feature in features.hashes[places].tolist() if feature not in hidden]
