"""The list on the article's form."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest

from articles.models import Article
from articles.registries import Panel
from curation.desk.answers import context_of
from curation.desk.showing import NO_RIGHTS, desk_of

_MODULE: Any = forms.Script("desk/curation/desk.js", type="module")


class PicksPanel(Panel):
    """*Articles You May Like*: told by the page, brought to life by the desk's module."""

    template_name = "admin/curation/panel.html"

    media = forms.Media(css={"all": ["desk/curation/desk.css"]}, js=[_MODULE])

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """The list as it stands; nothing for whoever has no desk."""
        if not request.user.has_perm("curation.view_pick"):
            return None
        desk = replace(desk_of(article, request.user), may=NO_RIGHTS)
        return context_of(request, desk, {})
