"""Articles as the desk shows them: a card for each that this person may know of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import date as format_date
from django.utils import timezone

from articles.known import known_to, knows_all
from articles.models import Article, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor
from images.models import Image
from images.renditions import best, preview_address

THUMB_WIDTH = 240
"""Pixels of a thumbnail, twice what it takes on the screen."""

_HEAVY = ("body", "body_html", "body_text", "body_keys", "linked_ids")
_HEAVY_NEWEST = ("latest__state", "latest__parts")


@dataclass(frozen=True)
class Card:
    """One article with the words and the picture this person may see."""

    article: Article
    is_public: bool

    @property
    def headline(self) -> str:
        """What readers see; of a story they do not see, the newest words."""
        return self.article.headline if self.is_public else str(self.article)

    @property
    def section(self) -> str:
        """The section's name."""
        return str(self.article.section or (self.article.latest and self.article.latest.section) or "")

    @property
    def thumb(self) -> str:
        """Where the desk sees its picture; empty without one."""
        return thumb_of(self.article.picture)

    @property
    def state(self) -> str:
        """Its status as a person would say it; ``hidden`` where a released story is not visible now."""
        if self.is_public:
            return str(Status.PUBLISHED)
        return "hidden" if self.article.status == Status.PUBLISHED else str(self.article.status)

    @property
    def when(self) -> datetime | None:
        """When readers see it, or saw it."""
        return self.article.publish_at


def cards_of(actor: Actor, ids: Iterable[int]) -> dict[int, Card]:
    """The cards of those articles that ``actor`` may know of: one query, two for who knows only some."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = known_to(actor).filter(pk__in=wanted).select_related("section", "lead_picture")
    heavy = (*_HEAVY, *_HEAVY_NEWEST) if knows_all(actor) else _HEAVY
    return {article.pk: card_of(article) for article in rows.defer(*heavy)}


def card_of(article: Article) -> Card:
    """The card of an article that came from ``known_to``."""
    return Card(article, article.is_public())


def thumb_of(picture: Image | None) -> str:
    """Where the desk sees a small version of a picture; empty without one, or while its licence has ended."""
    if picture is None or not picture.is_usable():
        return ""
    made = best(picture, "3:2", THUMB_WIDTH)
    return preview_address(picture, made) if made else ""


def appears_at(article: Article, now: datetime) -> datetime | None:
    """When a released story will be seen by itself; ``None`` for one that is visible, or waits for a person."""
    if article.status not in LIVE_STATUSES:
        return None
    ahead = [moment for moment in (article.publish_at, article.embargo_until) if moment and moment > now]
    return max(ahead, default=None)


def told(moment: datetime) -> str:
    """A time as the desk says it: “Tue 3 Mar, 12:00”; the year where it is another one."""
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localtime().year
    return format_date(local, "D j M, H:i" if same_year else "D j M Y, H:i")
