"""Where a picture is used: asked before it is deleted, and shown beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import Exists, ManyToOneRel, Model, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from images.models import Image, RenditionName

MOST_SHOWN = 20
"""Uses named for each kind of object; a portrait may stand beside thousands of stories."""


@dataclass(frozen=True)
class Use:
    """One place that uses a picture: words for a person, and where to go (empty when there is no screen for it)."""

    label: str
    url: str = ""
    row: Model | None = None
    """What uses it, so that the desk can ask who may know of it."""


unlinked_uses: list[Callable[[Image], list[Use]]] = []
"""Uses no foreign key knows of, such as drafts that keep ids in JSON; rooms register in ``ready()``."""


def where_used(image: Image) -> list[Use]:
    """Every place that uses the picture, found by foreign keys and by ``unlinked_uses``; at most 20 of a kind."""
    found: dict[Use, None] = {}
    for model, field in _links():
        rows = model._base_manager.filter(**{field: image.pk}).order_by("pk")
        for row in _with_parents(rows, model)[:MOST_SHOWN]:
            found[_use_of(row)] = None
    for ask in unlinked_uses:
        found.update(dict.fromkeys(ask(image)))
    return list(found)


def _with_parents(rows: QuerySet[Model], model: type[Model]) -> QuerySet[Model]:
    parents = _parents(model)
    return rows.select_related(*parents) if parents else rows


def used() -> Q:
    """A condition on pictures: some row links to it. Drafts that only keep its id do not count."""
    condition = Q(pk__in=[])
    for model, field in _links():
        condition |= Q(Exists(model._base_manager.filter(**{field: OuterRef("pk")})))
    return condition


def _links() -> Iterator[tuple[type[Model], str]]:
    """Models and foreign keys that point to pictures, those without a name for the way back included."""
    for relation in Image._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model is not RenditionName:
            yield relation.related_model, relation.field.name


def _parents(model: type[Model]) -> list[str]:
    """Foreign keys of a joining row, so that naming its uses asks nothing more."""
    return [field.name for field in model._meta.fields if field.many_to_one and field.related_model is not Image]


def _use_of(row: Model) -> Use:
    """The row itself, or for a row of a joining table the object it belongs to."""
    url = _admin_url(row)
    if not url:
        for name in _parents(type(row)):
            parent: Any = getattr(row, name)
            if parent is not None and (parent_url := _admin_url(parent)):
                row, url = parent, parent_url
                break
    return Use(f"{row._meta.verbose_name}: {row}", url, row)


def _admin_url(row: Model) -> str:
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[quote(row.pk)])
    except NoReverseMatch:
        return ""
