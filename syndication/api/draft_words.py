"""Between what is sent and the working state: names become rows, and what does not fit is refused by field."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from articles.article_form import TagsField
from articles.models import Article, Section, Source
from articles.state import PLAIN_FIELDS, TIME_FIELDS, Credit, WorkingState
from images.models import Image
from outbox.inert import is_storable
from people.models import Author
from syndication.api.draft_shapes import DraftSent
from syndication.api.problems import invalid

Complaints = dict[str, list[str]]

NAMED: dict[str, Any] = {"section": Section, "source": Source}
PICTURES = ("lead_picture", "social_picture")

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Beyond them, days cannot be counted in every time zone."""

UNSTORABLE = "There is a character in it that cannot be stored."


def changed(before: WorkingState, sent: DraftSent) -> WorkingState:
    """``before`` with what was sent. Raises ``ProblemError`` (422) naming every field that is wrong."""
    given = sent.model_dump(include=sent.model_fields_set)
    wrong: Complaints = {}
    values = _plain(given, wrong) | _named(given, wrong) | _pictures(given, wrong) | _times(given, wrong)
    if "tags" in given:
        values["tags"] = _tags(given["tags"], wrong)
    if "bylines" in given:
        values["bylines"] = _bylines(given["bylines"], wrong)
    if wrong:
        raise invalid(wrong)
    after = before.with_(**values)
    if after.publish_at and after.expire_at and after.expire_at <= after.publish_at:
        raise invalid({"expire_at": ["It would expire before it is published."]})
    return after


def told(state: WorkingState) -> dict[str, Any]:
    """A working state as it would be sent: three queries at most."""
    values: dict[str, Any] = {name: getattr(state, name) for name in (*PLAIN_FIELDS, *TIME_FIELDS, *PICTURES)}
    for name, model in NAMED.items():
        pk = getattr(state, name)
        values[name] = model._default_manager.filter(pk=pk).values_list("slug", flat=True).first() if pk else None
    authors = Author.objects.in_bulk([credit.author for credit in state.bylines]) if state.bylines else {}
    values["bylines"] = [
        {"author": authors[credit.author].slug, "role": credit.role}
        for credit in state.bylines
        if credit.author in authors
    ]
    return values | {"tags": list(state.tags)}


def _plain(given: dict[str, Any], wrong: Complaints) -> dict[str, Any]:
    """Texts and flags, judged by the article's own columns; the story's body is judged when it is cleaned."""
    values = {name: given[name] for name in PLAIN_FIELDS if name in given}
    if "headline" in values:
        values["headline"] = " ".join(values["headline"].split())
    for name, value in values.items():
        if isinstance(value, str) and not is_storable(value):
            wrong[name] = [UNSTORABLE]
    columns = {field.name for field in Article._meta.concrete_fields}
    try:
        Article(**values).clean_fields(exclude=columns - (values.keys() - {"body", *wrong}))
    except ValidationError as refused:
        wrong |= {name: list(map(str, words)) for name, words in refused.message_dict.items()}
    return values


def _named(given: dict[str, Any], wrong: Complaints) -> dict[str, Any]:
    values = {}
    for name, model in NAMED.items():
        if name not in given:
            continue
        slug = given[name]
        values[name] = _pks(model, [slug]).get(slug) if slug else None
        if slug and values[name] is None:
            wrong[name] = [f"There is no {name} of this address."]
    return values


def _pictures(given: dict[str, Any], wrong: Complaints) -> dict[str, Any]:
    values = {name: given[name] for name in PICTURES if name in given}
    wanted = {pk for pk in values.values() if pk is not None}
    known = set(Image.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    for name, pk in values.items():
        if pk is not None and pk not in known:
            wrong[name] = ["There is no picture of this number."]
    return values


def _times(given: dict[str, Any], wrong: Complaints) -> dict[str, Any]:
    values = {}
    for name in TIME_FIELDS:
        if name not in given:
            continue
        try:
            values[name] = _moment(given[name])
        except OverflowError:
            wrong[name] = ["That day cannot be counted."]
    return values


def _moment(sent: datetime | None) -> datetime | None:
    """A moment that every time zone can tell; raises ``OverflowError``."""
    if sent is None:
        return None
    if not FIRST_YEAR <= sent.year <= LAST_YEAR:
        raise OverflowError
    return sent


def _tags(names: list[str], wrong: Complaints) -> tuple[str, ...]:
    """As the form takes them, which knows other spellings and other names."""
    if any("," in name or not is_storable(name) for name in names):
        wrong["tags"] = ["A tag's name holds no comma, and nothing that cannot be stored."]
        return ()
    try:
        return tuple(TagsField(required=False).clean(", ".join(names)))
    except ValidationError as refused:
        wrong["tags"] = list(refused.messages)
        return ()


def _bylines(sent: list[dict[str, Any]], wrong: Complaints) -> tuple[Credit, ...]:
    known = _pks(Author, {credit["author"] for credit in sent})
    missing = [credit["author"] for credit in sent if credit["author"] not in known]
    if missing:
        wrong["bylines"] = ["There is no author of this address among them."]
        return ()
    return tuple(dict.fromkeys(Credit(known[credit["author"]], credit["role"]) for credit in sent))


def _pks(model: Any, slugs: Iterable[str]) -> dict[str, int]:
    wanted = [slug for slug in slugs if is_storable(slug)]
    return dict(model._default_manager.filter(slug__in=wanted).values_list("slug", "pk")) if wanted else {}
