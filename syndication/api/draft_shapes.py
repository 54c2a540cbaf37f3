"""What drafts look like, coming and going."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from articles import body
from articles.models import Article, BylineRole, Kind, Status
from articles.models.tag import MAX_TAGS
from syndication.api.asked import LARGEST_ID, Moment, Paged
from syndication.api.problems import Problem
from syndication.api.shapes import Listing

MOST_BYLINES = 50

KINDS = tuple(Kind.values)
ROLES = tuple(BylineRole.values)
STATUSES = ("", *Status.values)


def _text(name: str, words: str) -> Any:
    """A text of an article's column; the column says what fits."""
    column: Any = Article._meta.get_field(name)
    most = column.max_length
    return Field("", description=words, json_schema_extra={"maxLength": most} if most else None)


def _picture(words: str) -> Any:
    return Field(None, ge=1, le=LARGEST_ID, description=words)


class CreditSent(Schema):
    """A name on the story."""

    model_config = ConfigDict(extra="forbid")

    author: str = Field(max_length=80, description="The author's address.")
    role: Literal[ROLES] = "words"  # type: ignore[valid-type]


class DraftSent(Schema):
    """What to change; a field that is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    headline: str = _text("headline", "On one line.")
    slug: str = _text("slug", "The last part of the address; empty to have it made from the headline.")
    standfirst: str = _text("standfirst", "A sentence or two under the headline.")
    section: str | None = Field(None, max_length=60, description="The section's address.")
    kind: Literal[KINDS] = "news"  # type: ignore[valid-type]
    sensitive: bool = False
    lead_picture: int | None = _picture("A picture's number.")
    lead_caption: str = _text("lead_caption", "In place of the picture's own caption.")
    body: str = Field("", json_schema_extra={"maxLength": body.MAX_LENGTH}, description="HTML; it is sanitised.")
    tags: list[str] = Field(default_factory=list, max_length=MAX_TAGS)
    bylines: list[CreditSent] = Field(default_factory=list, max_length=MOST_BYLINES)
    source: str | None = Field(None, max_length=80, description="The agency's address.")
    source_url: str = _text("source_url", "Where the agency published it.")
    search_title: str = _text("search_title", "For search engines.")
    search_description: str = _text("search_description", "For search engines.")
    social_picture: int | None = _picture("A picture's number, for sharing.")
    noindex: bool = False
    publish_at: Moment | None = Field(None, description="When it is to appear; with a time zone.")
    expire_at: Moment | None = Field(None, description="With a time zone.")
    embargo_until: Moment | None = Field(None, description="With a time zone.")


class SubmissionSent(Schema):
    """With what words, and to whom, a draft is handed."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field("", max_length=2000)
    to: str = Field("", max_length=254, description="A colleague's e-mail address; empty for the whole desk.")


class DraftsAsked(Paged):
    """Which drafts."""

    status: Literal[STATUSES] = ""  # type: ignore[valid-type]


class DraftRef(Schema):
    """An article as the desk's list shows it."""

    id: int
    headline: str
    status: str
    section: str | None
    revision: int
    saved_at: datetime | None
    edit_url: str


class Draft(DraftRef):
    """An article with its newest words."""

    state: DraftSent


class Drafts(Listing):
    """Articles of the token's owner and of their desks, the newest first."""

    items: list[DraftRef]


class Conflict(Problem):
    """Somebody saved a newer version: both are here, and nothing was written."""

    revision: int
    theirs: DraftSent
    yours: DraftSent


class Submitted(Schema):
    """Where the article stands now."""

    id: int
    status: str
    revision: int


class Whose(Schema):
    """Whose token it is, and what it is good for."""

    name: str
    token: str
    scopes: list[str]
    expires_at: datetime


class Reasoned(Schema):
    """One story beside another, and why it stands there."""

    id: int
    headline: str
    origin: str = Field(description="pick (an editor chose it), pin (a campaign) or fill (the engine).")
    reasons: str = Field(description="Why the engine suggests it; empty where it does not.")


class RelatedWithReasons(Schema):
    """What stands beside a story, in order."""

    items: list[Reasoned]
