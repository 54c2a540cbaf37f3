"""What is used and by what, asked before anything is deleted: in a fixed number of queries, however much there is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import PROTECT, RESTRICT, ForeignObjectRel, Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

MOST_SHOWN = 20
"""Uses named one by one for each kind of use; a person reads no more."""


@dataclass(frozen=True)
class Line:
    """One use: words for a person, and where to go; empty where there is no screen."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Holder:
    """What uses ``held``: a row of ``model`` that the desk can open."""

    held: Any
    model: type[Model]
    pk: Any


Holders = tuple[list[Holder], int]
"""Some of them, and how many more there are."""

further_holders: list[Callable[[type[Model], Sequence[Any]], Holders]] = []
"""Uses no foreign key knows of, such as drafts that keep ids in JSON: each is given a model and ids of its rows.
What they find forbids deleting as much as a foreign key does."""

also_shown: list[Callable[[Model, HttpRequest], list[Line]]] = []
"""Where an object is shown without that forbidding to delete it; rooms register in ``ready()``."""


def forbidding(rows: Sequence[Model], request: HttpRequest) -> list[Line]:
    """What forbids deleting the rows, which are of one model, in words this person may read."""
    if not rows:
        return []
    model, ids = type(rows[0]), [row.pk for row in rows]
    found = [_protecting(relation, ids) for relation in _relations(model)] + further(model, ids)
    names = {row.pk: str(row) for row in rows} if len(rows) > 1 else {}
    holders = list(dict.fromkeys(holder for some, _more in found for holder in some))
    lines = [*_told(holders, names, request)]
    more = sum(count for _some, count in found)
    return [*lines, Line(_("and %(count)d more") % {"count": more})] if more else lines


def further(model: type[Model], ids: Sequence[Any]) -> list[Holders]:
    """What the registered rooms know."""
    return [ask(model, ids) for ask in further_holders]


def shown(row: Model, request: HttpRequest) -> list[Line]:
    """Where the row is shown besides."""
    return [line for ask in also_shown for line in ask(row, request)]


def capped(held: Any, rows: QuerySet[Any]) -> Holders:
    """The first of ``rows``, and how many more there are: one query, two beyond ``MOST_SHOWN``."""
    ids = list(rows.values_list("pk", flat=True)[: MOST_SHOWN + 1])
    more = rows.count() - MOST_SHOWN if len(ids) > MOST_SHOWN else 0
    return [Holder(held, rows.model, pk) for pk in ids[:MOST_SHOWN]], more


def _relations(model: type[Model]) -> Iterator[ForeignObjectRel]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and getattr(relation, "on_delete", None) in {PROTECT, RESTRICT}:
            yield relation


def _protecting(relation: ForeignObjectRel, ids: Sequence[Any]) -> Holders:
    """The rows behind one foreign key; of a joining table, the objects they belong to."""
    model: Any = relation.related_model
    column = relation.field.name
    opens, owner = _opens(model, column)
    rows = model._base_manager.filter(**{f"{column}__in": ids}).order_by(owner or "pk")
    pairs = rows.values_list(column, owner or "pk").distinct()
    some = list(pairs[: MOST_SHOWN + 1])
    more = pairs.count() - MOST_SHOWN if len(some) > MOST_SHOWN else 0
    return [Holder(held, opens, pk) for held, pk in some[:MOST_SHOWN]], more


def _opens(model: type[Model], column: str) -> tuple[type[Model], str]:
    """The model whose screen shows such a row, and the column that leads there; empty for the row's own."""
    if model in admin.site._registry:
        return model, ""
    for field in model._meta.concrete_fields:
        if field.name != column and field.related_model in admin.site._registry:
            return field.related_model, field.attname
    return model, ""


def _told(holders: Iterable[Holder], names: dict[Any, str], request: HttpRequest) -> Iterator[Line]:
    """Each with the name this person may know: one query for each kind of holder."""
    by_model: dict[type[Model], list[Holder]] = defaultdict(list)
    for holder in holders:
        by_model[holder.model].append(holder)
    for model, some in by_model.items():
        known = _known(model, [holder.pk for holder in some], request)
        for holder in some:
            row = known.get(holder.pk)
            words = f"{capfirst(model._meta.verbose_name)}: {row}" if row else _("Something that you may not see")
            before = f"{names[holder.held]} – " if holder.held in names else ""
            yield Line(f"{before}{words}", _screen(row) if row else "")


def _known(model: type[Model], ids: list[Any], request: HttpRequest) -> dict[Any, Model]:
    desk = admin.site._registry.get(model)
    if desk is None or not desk.has_view_permission(request):
        return {}
    return desk.get_queryset(request).in_bulk(ids)


def _screen(row: Model) -> str:
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[quote(row.pk)])
    except NoReverseMatch:
        return ""
