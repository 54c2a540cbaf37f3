"""What people outside see and say of the article, on its form."""

from typing import Any

from django import forms
from django.http import HttpRequest

from articles.models import Article
from articles.previews import links
from articles.previews.screens import answers_to
from articles.registries import Panel, Place

ANSWERS_SHOWN = 3
LINKS_SHOWN = 3


class OutsidePanel(Panel):
    """The links that are good, and the newest answers; all of it is managed on a screen of its own."""

    template_name = "admin/articles/article/_outside_panel.html"
    media = forms.Media(css={"all": ["desk/history/history.css"]})
    place = Place.BELOW

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """For whoever may share the article."""
        if article.latest_id is None or not links.may_share(request.user, article):
            return None
        good = links.good_links(article)
        return {
            "article": article,
            "links": good[:LINKS_SHOWN],
            "more": len(good[LINKS_SHOWN:]),
            "answers": answers_to(article)[:ANSWERS_SHOWN],
        }
