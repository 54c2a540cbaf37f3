"""What the engine suggests beside an article, with its reasons."""

from typing import Any

from articles.models import Article
from curation import suggesting
from curation.models import Suggestion

MOST = 60
"""Stored suggestions looked at: more than an article ever has."""

Suggested = tuple[int, float, dict[str, Any]]


def suggestions_for(article: Article) -> list[Suggested]:
    """Target, score and reasons, best first: as stored, or of a story readers do not see from its newest words."""
    if not article.is_public():
        return suggesting.suggestions_for(article)
    rows = Suggestion.objects.filter(article=article).order_by("-score", "-target_id")
    return list(rows.values_list("target_id", "score", "reasons")[:MOST])
