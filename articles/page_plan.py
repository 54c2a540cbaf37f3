"""The page plan: what already stands on the page being rendered, so that nothing stands there twice."""

from dataclasses import dataclass, field
from typing import Any

from articles.models import Article


@dataclass
class PagePlan:
    """Made by the view, put into the context as ``plan``; each template tag reads it and adds what it showed.

    ``article_ids`` and ``product_ids`` hold what is shown already;
    ``comment_count`` is known before the comments are rendered, because it
    also stands beside the headline. ``kept`` is where a room keeps what its
    next tag on the page needs again, under the room's name.
    """

    article: Article | None = None
    article_ids: set[int] = field(default_factory=set)
    product_ids: set[int] = field(default_factory=set)
    comment_count: int = 0
    kept: dict[str, Any] = field(default_factory=dict)
