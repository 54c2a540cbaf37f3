"""What the engine suggests beside an article, with its reasons."""

from typing import Any

from articles.models import Article
from curation.models import Suggestion

MOST = 60
"""Suggestions looked at: a full list, fifteen candidates, and as many again that are picked or excluded."""


def suggestions_for(article: Article) -> list[tuple[int, float, dict[str, Any]]]:
    """Target, score and reasons, best first."""
    rows = Suggestion.objects.filter(article=article).order_by("-score", "-target_id")
    return list(rows.values_list("target_id", "score", "reasons")[:MOST])
