"""What the article's form says once readers have seen the story: its notes, and where its readers go."""

from typing import Any

from django import forms
from django.http import HttpRequest

from articles import corrections, departure
from articles.models import Article
from articles.registries import Panel, Place


class AfterPublication(Panel):
    """Corrections with the way to add one, and where the address leads when the story is gone."""

    template_name = "admin/articles/article/_after_panel.html"
    media = forms.Media(css={"all": ["desk/after.css"]})
    place = Place.SIDE

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """Nothing for a story that no reader saw, or that was killed; nor where there is nothing to read or do."""
        if not corrections.takes_notes(article):
            return None
        notes = list(article.corrections.order_by("-made_at", "-id"))
        may_lead = departure.may_lead(request.user, article)
        if not (notes or may_lead or request.user.has_perm("articles.view_correction")):
            return None
        return {
            "article": article,
            "notes": notes,
            "may_add": corrections.may(request.user, "add", article),
            "may_lead": may_lead,
            "leads_to": article.moved_to or article.moved_to_section,
            "is_public": article.is_public(),
        }
