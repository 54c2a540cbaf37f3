"""Places where the rooms above hang themselves into articles; each registers in its ``ready()``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from articles.models import Article, Tag, Waiver
from articles.permissions import Actor
from articles.state import WorkingState

PUBLISHERS, CHIEFS = "articles.publish_article", "articles.kill_article"
"""Who may waive a finding, by the permission they hold: whoever publishes, or those who answer for the law."""

_GROUPS = {"bylines": "bylines-group", "products": "placements-group", "picks": "picks", "comments": "comments"}
"""Where on the form those parts stand that are no single field."""


@dataclass(frozen=True)
class Finding:
    """One line of the checklist before publishing: what is amiss, and whether it forbids publishing."""

    message: str
    required: bool = False
    field: str = ""
    """The form's field, or ``bylines``, ``products``, ``picks`` or ``comments``."""

    code: str = ""
    """Names the line, and what it is about where there may be several: ``body-alt:17``. At most 60 characters."""

    for_review: bool = False
    """Whether it also forbids handing the article in for review."""

    waivable_by: str = ""
    """The permission of those who may waive it (``PUBLISHERS``, ``CHIEFS``); empty where nobody may."""

    url: str = ""
    """Where it is mended, when that is not this form."""

    waiver: Waiver | None = None
    """Who answers for it. Set by ``readiness.check``, which then requires it no longer."""

    @property
    def anchor(self) -> str:
        """The id of what it is about, on the article's form; empty where it is about nothing there."""
        return _GROUPS.get(self.field, f"id_{self.field}" if self.field else "")


@dataclass(frozen=True)
class PartChange:
    """One line of what differs between two copies: ``kind`` is ``new``, ``gone`` or ``changed``."""

    kind: str
    words: str


class RevisionPart(Protocol):
    """How a room keeps a copy of its rows in a revision."""

    title: Any
    """What the rows are, as a heading: a lazy string."""

    def dump(self, article: Article) -> Any:
        """The rows as JSON."""

    def diff(self, old: Any, new: Any, actor: Actor) -> list[PartChange]:
        """What differs between two dumps, either of which may be ``None``; names only what ``actor`` may know."""

    def holds(self, dumped: Any) -> set[int]:
        """The ids of the articles whose rows ``restore`` will lock besides the article itself."""

    def may_restore(self, actor: Actor, article: Article) -> bool:
        """Whether ``restore`` would let ``actor`` do it."""

    def restore(self, article: Article, dumped: Any, *, actor: Actor) -> None:
        """Make the rows what ``dump`` gave, live at once. Raises ``PermissionDenied``."""


@dataclass(frozen=True)
class Use:
    """One place that shows an object: words for a person, and where to go."""

    label: str
    url: str
    article_id: int | None = None
    """The article the words name, if they name one, so that the desk can ask who may know of it."""


class Place(StrEnum):
    """Where on the article's form a panel stands."""

    TOP = "top"
    MAIN = "main"
    SIDE = "side"
    BELOW = "below"
    """Beside the story, below the article's own fields: what few stories need."""


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

publish_outcomes: list[Callable[[Article, WorkingState, Actor], list[Standing]]] = []
"""Each says in words what publishing the working state will do, naming nothing that ``actor`` may not know."""

publish_letters: list[Callable[[Article, WorkingState], list[str]]] = []
"""Each names who gets a mail when the working state is published."""

where_used: list[Callable[[Model], list[Use]]] = []
"""Each says where an object is shown; an empty list when it knows nothing of that kind of object."""

article_changed: list[Callable[[Article], None]] = []
"""Each is told, inside the verb's transaction, of an article whose place among what readers see may have changed:
published anew, appeared, taken down. Whatever takes longer than a row or two belongs into an effect."""

articles_arrived: list[Callable[[Sequence[Article]], None]] = []
"""Each is told, inside the verb's transaction, of articles that moved in together from another system, and that nobody
here could have known before. Those that are news are told to ``article_changed`` besides."""

take_down_notes: list[TakeDownNote] = []
"""What is told before an article is taken down, in order of registration."""

story_pages: list[Callable[[HttpRequest, Article, Any], HttpResponse]] = []
"""One function: an article's page as readers get it, of a row that may be unsaved; the third argument is the preview
it stands for, or ``None``. Whoever shows articles to readers registers it, so that a preview is the same page."""

article_leaving: list[Callable[[Article, Actor], None]] = []
"""Each is told, inside the verb's transaction, of an article about to be deleted, while what hangs on it exists."""

article_merged: list[Callable[[Article, Article, Actor], int]] = []
"""Each is asked, inside the verb's transaction, to show the second article wherever somebody chose the first;
it returns in how many places it did."""
tag_followers: list[TagFollower] = []
"""What follows a tag that is merged into another, in order of registration."""

tag_neighbours: list[Callable[[Article], dict[int, float]]] = []
"""Each is given an article with newest words and says which tags the articles nearest to it carry: weights by tag id,
1 for a tag that all of them carry."""

reader_pages: list[Callable[[], Iterable[tuple[str, datetime | None]]]] = []
"""Each gives paths of pages that are neither stories nor topics nor authors, and when each changed, for the sitemap."""
