"""What somebody asks the site's history, and the rows that answer it."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from outbox.models import TOKEN, AuditEntry
from people.models import AccessToken, User

SYSTEM = "system"

MOST_PEOPLE = 1000
"""Names in the choice of people."""

MOST_TOKENS = 500
"""Tokens in the choice of tokens."""

Cursor = tuple[datetime, int]
"""Where the next page begins: time and number of the last row that was shown."""

_DISTINCT = """
WITH RECURSIVE found(word) AS (
  SELECT MIN({column}) FROM outbox_auditentry
  UNION ALL
  SELECT (SELECT MIN({column}) FROM outbox_auditentry WHERE {column} > found.word)
  FROM found WHERE found.word IS NOT NULL
) SELECT word FROM found WHERE word IS NOT NULL
"""
"""Every word of a column in one statement that hops from word to word in its index, whatever the number of rows."""


def words_of(column: str) -> list[str]:
    """The different words of ``verb`` or ``object_type``."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT.format(column=connection.ops.quote_name(column)))
        return [word for (word,) in cursor.fetchall()]


class Question(forms.Form):
    """The filters of the history; each may be left empty."""

    q = forms.CharField(label=_("Object's name has"), required=False, max_length=100)
    who = forms.ChoiceField(label=_("Who"), required=False)
    token = forms.ChoiceField(label=_("With access token"), required=False)
    verb = forms.ChoiceField(label=_("What"), required=False)
    kind = forms.ChoiceField(label=_("Kind of object"), required=False)
    object = forms.CharField(label=_("Number of the object"), required=False, max_length=60)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.order_by("name", "email").only("pk", "name", "email")[:MOST_PEOPLE]
        tokens = _tokens()
        choices: dict[str, list[tuple[str, Any]]] = {
            "who": [("", _("anybody")), (SYSTEM, _("the system")), *((str(one.pk), str(one)) for one in people)],
            "token": [("", _("any, or none")), *tokens],
            "verb": [("", _("anything")), *((word, word) for word in words_of("verb"))],
            "kind": [("", _("any kind")), *kinds],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not tokens:
            del self.fields["token"]

    def clean(self) -> dict[str, Any]:
        """An end before the beginning is a slip to be told."""
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return asked

    def rows(self) -> QuerySet[AuditEntry]:
        """The rows asked for, newest first; none while the question makes no sense."""
        if not self.is_valid():
            return AuditEntry.objects.none()
        return AuditEntry.objects.filter(*_conditions(self.cleaned_data)).order_by("-at", "-id")


def _conditions(asked: dict[str, Any]) -> list[Q]:
    wanted: dict[str, Any] = {
        "verb": asked["verb"],
        "object_type": asked["kind"],
        "object_id": asked["object"],
        "object_label__icontains": asked["q"].strip(),
        "at__gte": _midnight(asked["since"]),
        "at__lt": _midnight(asked["until"], days=1),
    }
    if asked["who"]:
        wanted |= {"actor__isnull": True} if asked["who"] == SYSTEM else {"actor": asked["who"]}
    return [Q(**{name: value}) for name, value in wanted.items() if value] + _with_token(asked.get("token"))


def _tokens() -> list[tuple[str, str]]:
    """The tokens that programs hold or held, the newest first, each with its owner and day: names may repeat."""
    rows = AccessToken.objects.select_related("owner").order_by("-made_at", "-id")[:MOST_TOKENS]
    return [(str(row.pk), f"{row.name} ({row.owner}, {date_format(localtime(row.made_at))})") for row in rows]


def _with_token(number: str | None) -> list[Q]:
    """What a program did with this token: rows of its owner, none older than the token."""
    token = AccessToken.objects.filter(pk=number).first() if number else None
    if token is None:
        return []
    path = {f"details__{TOKEN}__id": token.pk}
    return [Q(actor=token.owner_id, at__gte=token.made_at, **path)]


def _midnight(day: Any, *, days: int = 0) -> datetime | None:
    """Where ``day`` begins in the site's zone, or some days later."""
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))
    except OverflowError:
        return None


def after(rows: QuerySet[AuditEntry], cursor: Cursor | None) -> QuerySet[AuditEntry]:
    """The rows that stand behind ``cursor``."""
    if cursor is None:
        return rows
    at, number = cursor
    return rows.filter(at__lte=at).exclude(at=at, id__gte=number)


def written(entry: AuditEntry) -> str:
    """The cursor behind ``entry``, for an address."""
    return f"{entry.at.isoformat()}_{entry.pk}"


def read(text: str) -> Cursor | None:
    """The cursor in an address; ``None`` for anything that is none."""
    moment, _bar, number = text.partition("_")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004 - below 2 ** 63
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(number)) if timezone.is_aware(at) and 1900 < at.year < 9000 else None  # noqa: PLR2004
