"""What stands below the words on the article's form: formsets and panels, in one order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest

from articles.models import Article
from articles.registries import Panel, Place, article_panels


@dataclass(frozen=True)
class FormPart:
    """One of them: a formset as the admin wraps it, or a panel as it is shown."""

    formset: Any = None
    panel: str = ""
    place: str = Place.MAIN
    media: forms.Media = field(default_factory=forms.Media)


def form_parts(request: HttpRequest, article: Article | None, formsets: Iterable[Any]) -> list[FormPart]:
    """The article's own formsets first, then what other rooms registered, in its order."""
    ranked = [(_rank(wrapped.opts), FormPart(formset=wrapped)) for wrapped in formsets]
    if article is not None:
        ranked += _panels(request, article)
    return [part for _place, part in sorted(ranked, key=lambda pair: pair[0])]


def _panels(request: HttpRequest, article: Article) -> list[tuple[int, FormPart]]:
    shown = []
    for place, panel in enumerate(article_panels):
        words = panel.render(request, article) if isinstance(panel, Panel) else ""
        if isinstance(panel, Panel) and words:
            shown.append((place, FormPart(panel=words, place=panel.place, media=panel.media)))
    return shown


def _rank(inline: Any) -> int:
    """Its place among what was registered; bylines before all."""
    if type(inline) in article_panels:
        return article_panels.index(type(inline))
    return -1
