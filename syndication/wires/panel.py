"""On an article that came from a wire: what the agency said of it, and what it sent since."""

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse

from articles.known import knows_newest
from articles.models import Article
from articles.registries import Panel, Place
from syndication.models import WireItem
from syndication.wires.items import Item


class WirePanel(Panel):
    """Rights, terms and notes of the agency, beside the story; nothing for articles of our own."""

    template_name = "admin/syndication/_panel.html"
    media = Media(css={"all": ["desk/wires.css"]})
    place = Place.SIDE

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """The item behind the article, for whoever may read the article's newest words."""
        if not knows_newest(request.user, article):
            return None
        row = WireItem.behind(article)
        if row is None:
            return None
        may_open = request.user.has_perm("syndication.view_wireitem")
        url = reverse("admin:syndication_wireitem_change", args=[row.pk]) if may_open else ""
        return {"wire": row, "sent": Item.from_json(row.story), "wire_url": url}
