"""Places where the rooms above hang themselves into people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.db.models import Prefetch

if TYPE_CHECKING:
    from people.models import Invitation, User

account_panels: list[type[Any]] = []
"""Admin inlines shown on an account's page, in order of registration."""


class InvitationPart(Protocol):
    """What another room gives along with an account, chosen when somebody is invited and given when they join."""

    related: "Sequence[str | Prefetch[Any]]"
    """What ``told`` reads of each invitation, to be fetched for a whole list."""

    def fields(self, actor: "User") -> dict[str, forms.Field]:
        """What ``actor`` may choose, by name; nothing where they may choose nothing."""

    def keep(self, invitation: "Invitation", chosen: Mapping[str, Any], actor: "User") -> dict[str, Any]:
        """Keep what was chosen in those fields, in the verb's transaction; returns what the audit trail tells.

        Raises ``PermissionDenied``, or ``ValidationError`` by field.
        """

    def check(self, invitation: "Invitation", actor: "User") -> None:
        """Raise as ``keep`` unless ``actor`` may give what was kept."""

    def give(self, invitation: "Invitation", user: "User") -> dict[str, Any]:
        """Give it to who joined, in the verb's transaction; returns what the audit trail tells.

        Raises ``ValidationError`` where it cannot be given any more.
        """

    def told(self, invitation: "Invitation") -> str:
        """In words for colleagues; empty where nothing is given."""


invitation_parts: list[InvitationPart] = []
"""In order of registration."""


def kept(invitation: "Invitation", chosen: Mapping[str, Any], actor: "User") -> dict[str, Any]:
    """What all of them keep."""
    return _joined(part.keep(invitation, chosen, actor) for part in invitation_parts)


def given(invitation: "Invitation", user: "User") -> dict[str, Any]:
    """What all of them give."""
    return _joined(part.give(invitation, user) for part in invitation_parts)


def _joined(told: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for one in told for name, value in one.items()}
