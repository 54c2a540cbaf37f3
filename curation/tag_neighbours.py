"""Which tags the articles nearest to a story carry: for whoever is looking for the right ones."""

from collections import defaultdict

from articles.models import Article, TaggedArticle
from curation.suggesting import suggestions_for

NEAREST = 8
"""Articles whose tags are looked at."""


def tags_nearby(article: Article) -> dict[int, float]:
    """Weights by tag id: 1 for one that each of the nearest articles carries, those more alike counting more."""
    near = {pk: score for pk, score, _reasons in suggestions_for(article)[:NEAREST]}
    whole = sum(near.values())
    weights: dict[int, float] = defaultdict(float)
    for pk, tag in TaggedArticle.objects.filter(content_object__in=near).values_list("content_object", "tag"):
        weights[tag] += near[pk] / whole if whole else 0
    return dict(weights)
