"""Comments sent through the API: the same pipeline, tokens, limits and receipts as the form on the page."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from ninja import Schema
from ninja.decorators import decorate_view
from ninja.responses import Status
from pydantic import ConfigDict, Field

from articles.models import Article
from comments import submission, tokens
from comments.forms import MAX_EMAIL, MAX_NAME, MAX_TEXT, MAX_WEBSITE
from comments.models import State
from comments.pipeline.findings import Code, Finding
from comments.reader_views.door import client
from comments.refusals import ForeignOriginError, InvalidError, RefusedError, TokenError
from people.origin import Provenance, provenance
from syndication.addresses import absolute
from syndication.api.asked import LARGEST_ID, Id
from syndication.api.beside import router
from syndication.api.door import asking
from syndication.api.problems import Problem, ProblemError, invalid
from syndication.api.settings import cors_origins
from syndication.terms import may_hand_on


def _text(most: int, words: str, *, least: int = 1, form: str = "") -> Any:
    """A text whose length the comment form judges, in its own words."""
    default: Any = ... if least else ""
    told: dict[str, Any] = {"maxLength": most, "minLength": least} | ({"format": form} if form else {})
    return Field(default, description=words, json_schema_extra=told)


class CommentSent(Schema):
    """A comment as its writer sends it."""

    model_config = ConfigDict(extra="forbid")

    text: str = _text(MAX_TEXT, "Plain text.")
    name: str = _text(MAX_NAME, "Shown with the comment.")
    email: str = _text(MAX_EMAIL, "Never shown.", form="email")
    website: str = _text(MAX_WEBSITE, "Where the name leads, or empty.", least=0)
    parent: int | None = Field(None, ge=1, le=LARGEST_ID, description="The approved comment it answers.")
    follow: Literal["", "mine", "thread"] = Field("", description="The mail its writer wants; their address is asked.")
    token: str = Field(max_length=tokens.MAX_LENGTH, description="From /comments/token/; good for one comment.")


class CommentTaken(Schema):
    """What becomes of a comment."""

    message: str
    receipt: str = Field(description="A private page where its writer sees what becomes of it.")
    published: bool


class TokenGiven(Schema):
    """A token for one comment."""

    token: str


@router.get(
    "comments/token/",
    response={200: TokenGiven, 400: Problem, 403: Problem},
    url_name="api_comment_token",
    operation_id="comment_token",
    tags=["comments"],
)
@decorate_view(asking())
def comment_token(request: HttpRequest, response: HttpResponse) -> dict[str, str]:
    """A fresh token. Ask for it when the form is opened: a comment that comes at once looks like a program's."""
    if source_of(request) is Provenance.FOREIGN:
        raise ProblemError(403, str(ForeignOriginError.words))
    add_never_cache_headers(response)
    return {"token": tokens.issue(tokens.Origin.SCRIPT)}


@router.post(
    "articles/{pk}/comments/",
    response={201: CommentTaken, **dict.fromkeys((400, 403, 404, 409, 413, 422, 429), Problem)},
    url_name="api_comments",
    operation_id="send_comment",
    tags=["comments"],
)
@decorate_view(asking())
def send_comment(request: HttpRequest, response: HttpResponse, pk: Id, sent: CommentSent) -> Any:
    """Send a comment on a public article: it waits for a moderator unless the newsroom trusts its writer."""
    offered = may_hand_on(Article.objects.public()).select_related("section", "comment_settings")
    article = offered.filter(pk=pk).first()
    if article is None:
        raise ProblemError(404)
    typed = sent.model_dump(exclude={"token", "parent"}) | {"parent": str(sent.parent or "")}
    try:
        found = judged(request)
        comment = submission.submit(article, typed, address=client(request), token=sent.token, found=found)
    except RefusedError as refusal:
        raise told(refusal) from refusal
    receipt = absolute(reverse("comments:receipt", args=[comment.receipt]))
    response.headers["Location"] = receipt
    add_never_cache_headers(response)
    published = comment.state == State.APPROVED
    words = "It stands under the article now." if published else "It appears once a moderator has read it."
    return Status(201, {"message": words, "receipt": receipt, "published": published})


def source_of(request: HttpRequest) -> Provenance:
    """As the form judges it; the sites that the operator named count as ours."""
    found = provenance(request)
    named = request.headers.get("Origin", "") in cors_origins()
    return Provenance.OURS if found is Provenance.FOREIGN and named else found


def judged(request: HttpRequest) -> tuple[Finding, ...]:
    """What its way here tells of a comment. Raises ``ForeignOriginError`` for another site's page."""
    source = source_of(request)
    if source is Provenance.FOREIGN:
        raise ForeignOriginError
    return (Finding(Code.UNKNOWN_ORIGIN),) if source is Provenance.UNKNOWN else ()


def told(refusal: RefusedError) -> ProblemError:
    """A refusal as a problem, in the form's words; a spent token comes with a fresh one."""
    if isinstance(refusal, InvalidError):
        fields = {
            ("" if name == "__all__" else name): list(map(str, many)) for name, many in refusal.form.errors.items()
        }
        return invalid(fields)
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after is not None else {}
    more = {"token": tokens.issue(tokens.Origin.SCRIPT)} if isinstance(refusal, TokenError) else {}
    return ProblemError(refusal.status, str(refusal), headers=headers, more=more)
