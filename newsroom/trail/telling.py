"""How rows of the history are shown to one reader: names and links only of what they may know."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from articles.known import known_to, knows_all
from newsroom.trail.question import words_of
from outbox.models import AuditEntry

ARTICLE = "articles.article"

OPEN = {
    *("articles.section", "articles.tag", "articles.source", "auth.group", "people.author", "people.user"),
    *("people.invitation", "people.accesstoken"),
    *("pages.staticpage", "pages.menuitem", "products.merchant", "products.product"),
}
"""Kinds whose names never tell of an article that is not public."""


class Told(NamedTuple):
    """A row as one reader sees it; ``label`` is empty where its name is not theirs to know."""

    entry: AuditEntry
    kind: str
    label: str
    url: str
    open: bool


def kinds() -> list[tuple[str, str]]:
    """The kinds of objects that occur, with their names."""
    return sorted(((label, kind_name(label)) for label in words_of("object_type")), key=lambda kind: kind[1].lower())


def kind_name(label: str) -> str:
    """The name of a kind; its label where the model is gone."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def tell(entries: Iterable[AuditEntry], request: HttpRequest, site: AdminSite, *, linked: bool = True) -> list[Told]:
    """Each of ``entries`` as the person who asks may know it; one question for each kind among them.

    Not ``linked``, nobody looks where objects are that need no asking.
    """
    rows = list(entries)
    everything = knows_all(_person(request))
    if everything and not linked:
        return [_told(entry, {}, known=True) for entry in rows]
    numbers: dict[str, set[str]] = defaultdict(set)
    for entry in rows:
        numbers[entry.object_type].add(entry.object_id)
    here = {kind: _here(kind, wanted, request, site) for kind, wanted in numbers.items()}
    return [_told(entry, here[entry.object_type], known=everything or entry.object_type in OPEN) for entry in rows]


def searchable(request: HttpRequest) -> set[str] | None:
    """The kinds whose names this person may search; ``None`` for all."""
    return None if knows_all(_person(request)) else OPEN


def _person(request: HttpRequest) -> Any:
    return request.user


def _told(entry: AuditEntry, here: dict[str, str], *, known: bool) -> Told:
    named = known or (entry.object_type == ARTICLE and entry.object_id in here)
    label = entry.object_label if known else here.get(entry.object_id, "").partition("\n")[2]
    url = here.get(entry.object_id, "").partition("\n")[0]
    return Told(entry, kind_name(entry.object_type), label if named else "", url, known)


def _here(kind: str, numbers: set[str], request: HttpRequest, site: AdminSite) -> dict[str, str]:
    """Address and present name of each object that is still there and that this person may look at."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return {}
    screen = site._registry.get(model)
    if screen is None or not screen.has_view_permission(request):
        return {}
    pks = [int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 19]  # noqa: PLR2004
    rows = known_to(_person(request)) if kind == ARTICLE else screen.get_queryset(request)
    return {str(row.pk): f"{_address(kind, row.pk)}\n{row}" for row in rows.filter(pk__in=pks)}


def _address(kind: str, number: int) -> str:
    try:
        return reverse(f"admin:{kind.replace('.', '_')}_change", args=[number])
    except NoReverseMatch:
        return ""
