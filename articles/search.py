"""Search."""

from articles.models import Article


def index(article: Article) -> None:
    """Make the published article findable."""


def remove(article_id: int) -> None:
    """Forget it."""
