"""What the loading of the demo has made so far."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from articles.models import Article, Section, Source
from people.models import Author, User
from products.models import Product


@dataclass
class Demo:
    """What was made so far, by key."""

    now: datetime
    pictures: dict[str, int] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)

    def at(self, days_ago: float) -> datetime:
        """A moment on a whole minute, ``days_ago`` before the loading."""
        return (self.now - timedelta(days=days_ago)).replace(second=0, microsecond=0)
