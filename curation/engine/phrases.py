"""Shared features as an editor reads them."""

from collections.abc import Iterable

from curation.engine.features import Features

SHOWN_PHRASES = 4


def phrases(features: Features, hashes: Iterable[int], limit: int = SHOWN_PHRASES) -> list[str]:
    """What the article calls these features, in their order; a word that is part of a listed pair is left out."""
    rows = {feature: place for place, feature in enumerate(features.hashes.tolist())}
    places = [rows[feature] for feature in hashes if feature in rows]
    pairs = [place for place in places if features.is_pair[place]]
    hidden = {*features.first[pairs].tolist(), *features.second[pairs].tolist()}
    shown = [int(features.hashes[place]) for place in places]
    return [features.surface(feature) for feature in shown if feature not in hidden][:limit]
