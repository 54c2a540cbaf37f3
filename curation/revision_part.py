"""The copy of the picks that each revision of an article keeps: made, compared, restored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor
from articles.registries import PartChange
from curation import picks
from curation.models import Pick

Dumped = Iterable[dict[str, Any]] | None


class PicksPart:
    """The picks of an article, as a revision keeps them."""

    title = gettext_lazy("Articles You May Like")

    def dump(self, article: Article) -> list[dict[str, Any]]:
        """The picks in order, each with what it carries."""
        rows = Pick.objects.filter(article=article)
        return [{"target": row.target_id, **picks.Details.of(row).to_json()} for row in rows]

    def diff(self, old: Dumped, new: Dumped, actor: Actor) -> list[PartChange]:
        """What was picked, unpicked and described anew, and whether the order changed. One query."""
        before, after = _by_target(old), _by_target(new)
        names = _Names({*before, *after}, actor)
        lines = [PartChange("gone", _("Unpicked: %s") % names.of(pk)) for pk in before if pk not in after]
        lines += [PartChange("new", _("Picked: %s") % names.of(pk)) for pk in after if pk not in before]
        lines += [line for pk in after if pk in before for line in _described(names.of(pk), before[pk], after[pk])]
        stayed = [pk for pk in before if pk in after]
        if stayed != [pk for pk in after if pk in before]:
            order = ", ".join(names.of(pk) for pk in after)
            lines.append(PartChange("changed", _("New order: %s") % order))
        return lines

    def holds(self, dumped: Dumped) -> set[int]:
        """The articles that are picked."""
        return set(_by_target(dumped))

    def may_restore(self, actor: Actor, article: Article) -> bool:
        """Whoever may pick, unpick and order here."""
        return picks.may_restore(actor, article)

    def restore(self, article: Article, dumped: Dumped, *, actor: Actor) -> None:
        """Make the picks what ``dump`` gave. Raises ``PermissionDenied``."""
        picks.restore(article, dumped or (), actor=actor)


class _Names:
    """The names of picked articles, as far as somebody may know them."""

    def __init__(self, ids: set[int], actor: Actor) -> None:
        self.found = known_to(actor).in_bulk(ids)

    def of(self, pk: int) -> str:
        """The article's name in quotes, or that it is not to be told."""
        return f"“{self.found[pk]}”" if pk in self.found else _("an article that is not public")


def _by_target(dumped: Dumped) -> dict[int, dict[str, Any]]:
    return {int(entry["target"]): entry for entry in dumped or ()}


def _described(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[PartChange]:
    """What a pick carried before and carries now, where that differs."""
    words = {"headline": _("headline"), "note": _("note"), "picture": _("picture"), "until": _("end")}
    changed = [field for field in words if (old.get(field) or None) != (new.get(field) or None)]
    line = _("%(pick)s: %(what)s was %(before)s, is %(after)s")
    told = [
        line % {"pick": name, "what": words[field], "before": _value(field, old), "after": _value(field, new)}
        for field in changed
    ]
    return [PartChange("changed", text) for text in told]


def _value(field: str, entry: dict[str, Any]) -> str:
    value = entry.get(field)
    if not value:
        return _("none")
    if field == "until":
        return format_date(timezone.localtime(datetime.fromisoformat(value)), "D j F Y, H:i")
    return _("number %d in the library") % value if field == "picture" else f"“{value}”"
