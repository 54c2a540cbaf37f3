"""What a question may hold: each operation's parameters with their limits."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Schema
from pydantic import AwareDatetime, BeforeValidator, Field

from articles.models import Kind
from articles.search import MAX_LENGTH

MOST = 100
"""Rows of one page."""

USUAL = 20


def _is_written_out(value: Any) -> Any:
    """Seconds since 1970, which pydantic would take, are not what we say we take."""
    if not isinstance(value, datetime) and not (isinstance(value, str) and "T" in value.upper()):
        raise ValueError("write it as 2026-05-04T06:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_is_written_out)]
"""A date and time with its zone, as RFC 3339 has it."""

LARGEST_ID = 2**63 - 1
"""Every database's big integer."""

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Slug = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[-\w]+$")]
SlugPart = Annotated[str, Field(max_length=100, pattern=r"^[-\w]*$")]

KINDS = ("", *Kind.values)


class Paged(Schema):
    """A page of a list."""

    cursor: str = Field("", max_length=1_000, description="“next” of the page before; empty for the first one.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="Rows of the page.")


class ArticlesAsked(Paged):
    """Which articles; every filter narrows the list."""

    section: SlugPart = Field("", description="The address of a section.")
    tag: SlugPart = Field("", description="The address of a tag.")
    author: SlugPart = Field("", description="The address of an author.")
    source: SlugPart = Field("", description="The address of an agency.")
    kind: Literal[KINDS] = Field("", description="What sort of story.")  # type: ignore[valid-type]
    since: Moment | None = Field(None, description="Published then or later; with a time zone.")
    until: Moment | None = Field(None, description="Published before; with a time zone.")


class SearchAsked(Paged):
    """What to look for."""

    q: str = Field(min_length=1, max_length=MAX_LENGTH, description="Words, as the site's search takes them.")


def names_of(asked: type[Schema]) -> tuple[str, ...]:
    """The parameters of a question."""
    return tuple(asked.model_fields)
