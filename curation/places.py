"""Where a list stands: beside an article, on a section's page, or on the front page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desks import is_limited, places_of
from articles.models import Article, Section
from articles.permissions import Actor, may_edit
from curation.models import CuratedList, Pick
from curation.models.lists import list_key
from pagecache.writing import bump
from people.models import User


@dataclass(frozen=True)
class FrontPage:
    """The front page: there is one."""

    pk: int = 0

    def __str__(self) -> str:
        return _("Front page")


FRONT = FrontPage()

Place: TypeAlias = Article | Section | FrontPage


def where(place: Place) -> dict[str, Any]:
    """The columns of a pick or list that name the place."""
    if isinstance(place, Article):
        return {"article": place, "section": None}
    return {"article": None, "section": place if isinstance(place, Section) else None}


def picks_of(place: Place) -> QuerySet[Pick]:
    """Its picks in the editor's order."""
    article, section = where(place).values()
    if article is not None:
        return Pick.objects.filter(article=article)
    if section is not None:
        return picks_in(section)
    # "+ 0" keeps SQLite from reading every pick beside an article, as none of them has a section.
    no_section = ExpressionWrapper(F("section_id") + 0, BigIntegerField())
    return Pick.objects.alias(no_section=no_section).filter(article__isnull=True, no_section__isnull=True)


def picks_in(section: Any) -> QuerySet[Pick]:
    """The picks of a section's page; ``section`` may be the place of one in a prepared query."""
    return Pick.objects.filter(article__isnull=True, section=section)


def key_of(place: Place) -> str:
    """The page key that rises with the list."""
    article, section = where(place).values()
    return list_key(article.pk if article else None, section.pk if section else None)


def rows_of(place: Place) -> QuerySet[CuratedList]:
    """The list's row, or none, as a query to build on."""
    if isinstance(place, FrontPage):
        return CuratedList.objects.filter(front__in=[True])  # "= true" would make SQLite read every list
    return CuratedList.objects.filter(**_one(place))


def list_of(place: Place) -> CuratedList | None:
    """The list's row, if anybody has touched the list."""
    return rows_of(place).select_related("changed_by").first()


def list_with(place: Place) -> CuratedList | None:
    """The list's row as it was when ``place`` was read together with it (``curated``); else as ``list_of``."""
    return getattr(place, "curated", None) if isinstance(place, Article) else list_of(place)


def locked_list(place: Place) -> CuratedList:
    """The list's row, made where there is none; whoever else changes the list waits until we are done."""
    held = rows_of(place).select_for_update()
    row = held.first()
    if row is None:
        CuratedList.objects.bulk_create([CuratedList(**_one(place))], ignore_conflicts=True)
        row = held.get()
    return row


def hold(article: Article) -> None:
    """Keep ``article`` from being deleted until we are done; to be asked before any list is locked.

    Raises ``ValidationError`` where it is gone already.
    """
    rows = Article.objects.filter(pk=article.pk).select_related(None).order_by()
    if not rows.select_for_update(no_key=True).values_list("pk"):
        raise ValidationError(_("That article was deleted in the meantime."))


def hold_all(article_ids: Iterable[int]) -> dict[int, Article]:
    """Keep these articles, as far as they exist, from being deleted until we are done; by id.

    They are held in the order of their ids, and to be held before any list.
    """
    rows = Article.objects.filter(pk__in=set(article_ids)).select_related(None).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True)}


def note_change(row: CuratedList, actor: Actor) -> None:
    """Write the list that ``locked_list`` gave, with a new version; whoever changed it has also looked at it."""
    row.version += 1
    row.changed_at = row.looked_at = timezone.now()
    row.changed_by = actor if isinstance(actor, User) else None
    bump(row.page_keys())
    names = ("off", "version", "changed_at", "changed_by", "looked_at")
    CuratedList.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})


def may_curate(actor: Actor, place: Place, action: str = "change") -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` picks of this list; of a section: where they lead."""
    if actor is None:
        return True
    if isinstance(place, Article):
        return actor.has_perm(f"curation.{action}_pick") and may_edit(actor, place)
    if isinstance(place, Section) and is_limited(actor) and place.pk not in places_of(actor).edits:
        return False
    return actor.has_perm("curation.curate_front")


def _one(place: Place) -> dict[str, Any]:
    if isinstance(place, FrontPage):
        return {"front": True}
    return {"article": place} if isinstance(place, Article) else {"section": place}
