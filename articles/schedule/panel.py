"""What the article's form says of time, at its top: when it goes out, what changes later, when it ends."""

from datetime import datetime
from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import knows_newest
from articles.models import Article, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import may_publish
from articles.registries import Panel, Place
from articles.schedule import moments
from articles.schedule.later_page import planned_for


class WhenPanel(Panel):
    """Lines of time, each only where it says something."""

    template_name = "admin/articles/schedule/_panel.html"
    media = Media(css={"all": ["desk/schedule.css"]})
    place = Place.TOP

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """The lines; nothing where the clock changes nothing."""
        if not knows_newest(request.user, article):
            return None
        lines, planned = lines_of(article), planned_for(article)
        if not lines and planned is None:
            return None
        return {
            "article": article,
            "lines": lines,
            "planned": planned,
            "may_publish": may_publish(request.user, article),
        }


def lines_of(article: Article) -> list[str]:
    """Sentences about the moments that lie ahead, and about a plan that has passed."""
    now = timezone.now()
    if article.status in LIVE_STATUSES:
        return [words % _values(moment) for words, moment in _ahead(article) if moment and moment > now]
    planned = article.latest.planned_at if article.latest else None
    if planned is None or article.status not in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED):
        return []
    if planned <= now:
        return [_("It was planned for %(when)s, %(how_long)s, and is not published.") % _values(planned)]
    return [_("Planned for %(when)s, %(how_long)s. It goes out only once somebody publishes it.") % _values(planned)]


def _ahead(article: Article) -> list[tuple[str, datetime | None]]:
    publish, embargo = article.publish_at, article.embargo_until
    held = bool(publish and embargo and embargo > publish)
    return [
        (_("Goes out %(how_long)s: %(when)s."), None if held else publish),
        (_("Goes out %(how_long)s, when its embargo ends: %(when)s."), embargo if held else None),
        (_("Expires %(how_long)s: %(when)s. Its address then says that it is gone."), article.expire_at),
    ]


def _values(moment: datetime) -> dict[str, str]:
    return {"when": moments.in_words(moment), "how_long": moments.from_now(moment)}
