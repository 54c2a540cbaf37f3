"""A working state as the article's form sends it, and the other way round for words that never passed the form."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import SplitDateTimeField
from django.http import QueryDict
from django.utils import timezone

from articles import body
from articles.state import PLAIN_FIELDS, RELATION_FIELDS, TIME_FIELDS, Credit, WorkingState
from articles.together.copies import formset_rows
from articles.together.merge import with_whole_seconds
from pagecache.admin import is_id

FLAGS = ("sensitive", "noindex")
BYLINES = "bylines"
BASE = "base_revision"

_SLUG = re.compile(r"[-a-zA-Z0-9_]*")


def rewritten(posted: QueryDict, mine: WorkingState, joined: WorkingState, base: int) -> QueryDict:
    """``posted``, which said ``mine``, with what ``joined`` says instead, begun from revision ``base``."""
    data = posted.copy()
    for name in (*PLAIN_FIELDS, *RELATION_FIELDS, *TIME_FIELDS, "tags"):
        if getattr(mine, name) != getattr(joined, name):
            _write(data, name, getattr(joined, name))
    if tuple(mine.bylines) != tuple(joined.bylines):
        _write_bylines(data, joined)
    data[BASE] = str(base)
    return data


def _write(data: QueryDict, name: str, value: Any) -> None:
    if name in TIME_FIELDS:
        here = timezone.localtime(value) if value else None
        data[f"{name}_0"] = here.strftime("%Y-%m-%d") if here else ""
        data[f"{name}_1"] = here.strftime("%H:%M:%S") if here else ""
    elif name in FLAGS:
        data.pop(name, None)
        if value:
            data[name] = "on"
    else:
        data[name] = ", ".join(value) if name == "tags" else str(value or "")


def _write_bylines(data: QueryDict, state: WorkingState) -> None:
    for key in [key for key in data if key.startswith(f"{BYLINES}-") and key.split("-")[1].isdecimal()]:
        del data[key]
    data[f"{BYLINES}-TOTAL_FORMS"] = str(len(state.bylines))
    data[f"{BYLINES}-INITIAL_FORMS"] = "0"
    for row, credit in enumerate(state.bylines):
        data[f"{BYLINES}-{row}-author"] = str(credit.author)
        data[f"{BYLINES}-{row}-role"] = credit.role
        data[f"{BYLINES}-{row}-position"] = str(row + 1)


def unsaved_state(fields: Mapping[str, str], known: WorkingState) -> WorkingState:
    """The words of a working copy, to look at: what the form would refuse is left as ``known`` says."""
    values: dict[str, Any] = {name: fields[name] for name in PLAIN_FIELDS if name in fields and name not in FLAGS}
    values |= {name: bool(fields.get(name)) for name in FLAGS}
    values |= {name: int(fields[name]) if is_id(fields[name]) else None for name in RELATION_FIELDS if name in fields}
    values |= {n: _moment(fields, n, getattr(known, n)) for n in TIME_FIELDS if f"{n}_0" in fields}
    if "body" in fields:
        values["body"] = _story(fields["body"], known.body)
    if "slug" in fields and not _SLUG.fullmatch(fields["slug"]):
        values["slug"] = known.slug
    if "headline" in fields:
        values["headline"] = " ".join(fields["headline"].split())
    if "tags" in fields:
        values["tags"] = tuple(name for name in (" ".join(part.split()) for part in fields["tags"].split(",")) if name)
    if f"{BYLINES}-TOTAL_FORMS" in fields:
        values["bylines"] = _bylines(fields)
    return with_whole_seconds(known.with_(**values), known)


def _story(typed: str, known: str) -> str:
    try:
        return body.clean(typed)
    except body.BodyRefused:
        return known


def _bylines(fields: Mapping[str, str]) -> tuple[Credit, ...]:
    rows = formset_rows(fields, BYLINES, ("author", "role", "position"))
    rows = [row for row in rows if is_id(row["author"])]
    rows.sort(key=lambda row: int(row["position"]) if is_id(row["position"]) else 0)
    return tuple(Credit(int(row["author"]), row["role"]) for row in rows)


def _moment(fields: Mapping[str, str], name: str, known: datetime | None) -> datetime | None:
    """The moment as the form's own field reads it; ``known`` where it cannot."""
    try:
        moment: datetime | None = SplitDateTimeField(required=False).clean(
            [fields[f"{name}_0"], fields.get(f"{name}_1", "")]
        )
    except ValidationError:
        return known
    return moment
