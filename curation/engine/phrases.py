"""Shared features as an editor reads them."""

from collections.abc import Iterable

from curation.engine.features import Features


def phrases(features: Features, hashes: Iterable[int]) -> list[str]:
    """What the article calls these features, in their order; a word that is part of a listed pair is left out."""
    wanted = list(hashes)
    rows = {int(feature): place for place, feature in enumerate(features.hashes) if int(feature) in frozenset(wanted)}
    places = [rows[feature] for feature in wanted if feature in rows]
    hidden = {
        int(part)
        for place in places
        if features.second[place]
        for part in (features.first[place], features.second[place])
    }
    shown = [int(features.hashes[place]) for place in places]
    return [features.surface(feature) for feature in shown if feature not in hidden]
