"""Shared features as an editor reads them."""

from collections.abc import Sequence

import numpy as np

from curation.engine.features import Features

SHOWN_PHRASES = 4


def phrases(features: Features, hashes: Sequence[int], limit: int = SHOWN_PHRASES) -> list[str]:
    """What the article calls these features, in their order; a word that is part of a listed pair is left out."""
    if not len(features.hashes):
        return []
    wanted = np.array(hashes, np.int32)
    places = np.searchsorted(features.hashes, wanted).clip(max=len(features.hashes) - 1)
    places = places[features.hashes[places] == wanted]
    pairs = places[features.is_pair[places]]
    hidden = {*features.first[pairs].tolist(), *features.second[pairs].tolist()}
    shown = [feature for feature in features.hashes[places].tolist() if feature not in hidden]
    return [features.surface(feature) for feature in shown[:limit]]
