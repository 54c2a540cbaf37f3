"""What a list does, in words and figures: for the page that asks before, and for the record after."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from products.deliveries.plan import Change, Plan, differences
from products.prices import price_text

SHOWN = 100
"""Lines of each kind that a report names; further ones are counted."""

HOSTS_SHOWN = 8


@dataclass
class Report:
    """Counts, and the first lines of each kind."""

    created: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    unknown: int = 0
    gone: int = 0
    notes: list[str] = field(default_factory=list)
    hosts: list[list[Any]] = field(default_factory=list)
    """Where the links lead, with how many of them."""

    created_lines: list[list[Any]] = field(default_factory=list)
    """Line, name, price."""

    changed_lines: list[list[Any]] = field(default_factory=list)
    """Line, name, what changes."""

    gone_lines: list[list[Any]] = field(default_factory=list)
    """No line, name, price."""

    refused_lines: list[list[Any]] = field(default_factory=list)
    """Line, name, reason."""

    @property
    def writes(self) -> bool:
        """Whether anything is written at all."""
        return any((self.created, self.changed, self.same, self.gone))

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def report_of(plan: Plan) -> Report:
    """What the plan does. Made before it is carried out."""
    return Report(
        created=len(plan.created),
        changed=len(plan.changed),
        same=len(plan.same),
        refused=len(plan.refused),
        unknown=plan.unknown,
        gone=len(plan.gone),
        notes=plan.notes,
        hosts=[[host, count] for host, count in plan.hosts.most_common(HOSTS_SHOWN)],
        created_lines=[
            [
                wanted.line,
                product.name if product else wanted.name,
                price_text(wanted.price, wanted.currency or plan.terms.currency),
            ]
            for product, wanted in plan.created[:SHOWN]
        ],
        gone_lines=[["", offer.product.name, price_text(offer.price, offer.currency)] for offer in plan.gone[:SHOWN]],
        changed_lines=[_changed(change) for change in plan.changed[:SHOWN]],
        refused_lines=[list(refusal) for refusal in plan.refused[:SHOWN]],
    )


def stored_report(stored: dict[str, Any]) -> Report:
    """The report of a delivery that was applied."""
    return Report(**stored)


def _changed(change: Change) -> list[Any]:
    offer, words = change.offer, []
    different = differences(*change)
    if {"price", "currency"} & different.keys():
        after = price_text(change.wanted.price, change.wanted.currency or offer.currency)
        words.append(f"{price_text(offer.price, offer.currency)} → {after}")
    if "available" in different:
        words.append(_("available again") if different["available"] else _("sold out"))
    if "url" in different:
        words.append(_("another link"))
    if "sku" in different:
        words.append(_("another article number"))
    return [change.wanted.line, offer.product.name, ", ".join(words)]
