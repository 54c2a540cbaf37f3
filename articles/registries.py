"""Places where the rooms above hang themselves into articles; each registers in its ``ready()``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest
from django.template.loader import render_to_string

from articles.models import Article, Tag
from articles.permissions import Actor


@dataclass(frozen=True)
class Finding:
    """One line of the checklist before publishing: what is amiss, and whether it forbids publishing."""

    message: str
    required: bool = False
    field: str = ""
    code: str = ""
    """Names the finding for a waiver; empty where nobody may waive it."""


class RevisionPart(Protocol):
    """How a room keeps a copy of its rows in a revision."""

    def dump(self, article: Article) -> Any:
        """The rows as JSON."""

    def restore(self, article: Article, dumped: Any) -> None:
        """Make the rows what ``dump`` gave."""


@dataclass(frozen=True)
class Use:
    """One place that shows an object: words for a person, and where to go."""

    label: str
    url: str


class Place(StrEnum):
    """Where on the article's form a panel stands."""

    TOP = "top"
    MAIN = "main"
    SIDE = "side"


class Panel:
    """A part of the article's form that is no formset: it tells, and what it lets people do is live at once.

    It is shown for articles that exist, takes no part in saving the form, and
    must hold no form element of its own, as forms do not nest.
    """

    template_name = ""
    media = Media()
    place = Place.MAIN

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """What its template needs; ``None`` where there is nothing for this person."""
        raise NotImplementedError

    def render(self, request: HttpRequest, article: Article) -> str:
        """The panel itself; empty where there is nothing for this person."""
        context = self.context(request, article)
        return "" if context is None else render_to_string(self.template_name, context, request)


@dataclass(frozen=True)
class Standing:
    """Where readers find an article besides its own page: a sentence, the places, and the screen that names all."""

    sentence: str
    places: tuple[Use, ...] = ()
    more_url: str = ""


class TakeDownNote(Protocol):
    """What a room says to whoever is about to take articles down."""

    def of_one(self, article: Article, actor: Actor) -> list[Standing]:
        """Where one article stands, place by place, and what fills each gap."""

    def of_many(self, articles: Sequence[Article], actor: Actor) -> dict[int, str]:
        """The same in figures, by article id; nothing for those that stand nowhere."""


class TagFollower(Protocol):
    """What a room does with its rows when one tag is merged into another."""

    def foretell(self, gone: Tag, kept: Tag) -> list[str]:
        """Sentences for the page that asks: what of this room moves from ``gone`` to ``kept``."""

    def move(self, gone: Tag, kept: Tag, actor: Actor) -> None:
        """Move it, inside the verb's transaction, both tags locked. Whatever takes longer belongs into an effect."""


article_panels: list[type[InlineModelAdmin[Any, Any]] | Panel] = []
"""Admin inlines and panels shown on the article's form, in order of registration."""

revision_parts: dict[str, RevisionPart] = {}
"""By name: dump, diff and restore of live rows that belong to an article."""

publish_checks: list[Callable[[Article, dict[str, Any]], list[Finding]]] = []
"""Each is given the article and the working state about to be published."""

where_used: list[Callable[[Model], list[Use]]] = []
"""Each says where an object is shown; an empty list when it knows nothing of that kind of object."""

article_changed: list[Callable[[Article], None]] = []
"""Each is told, inside the verb's transaction, of an article whose place among what readers see may have changed:
published anew, appeared, taken down. Whatever takes longer than a row or two belongs into an effect."""

take_down_notes: list[TakeDownNote] = []
"""What is told before an article is taken down, in order of registration."""

article_leaving: list[Callable[[Article, Actor], None]] = []
"""Each is told, inside the verb's transaction, of an article about to be deleted, while what hangs on it exists."""

tag_followers: list[TagFollower] = []
"""What follows a tag that is merged into another, in order of registration."""

tag_neighbours: list[Callable[[Article], dict[int, float]]] = []
"""Each is given an article with newest words and says which tags the articles nearest to it carry: weights by tag id,
1 for a tag that all of them carry."""
