"""Drafts, for staff with a token: through the verbs of the desk, with the rights of the token's owner."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import HeaderEx, Query, Router
from ninja.decorators import decorate_view
from ninja.responses import Status

from articles import body, publishing, revisions
from articles.known import of_concern
from articles.models import Article, Revision
from articles.models import Status as Stage
from articles.publishing import NotReadyError
from articles.state import WorkingState
from articles.stories import public_article
from curation.models import Suggestion
from curation.reasons import in_words
from curation.related import related_list
from outbox import audit
from people.models import Scope, User
from syndication.addresses import absolute
from syndication.api import draft_words, once
from syndication.api.asked import Id, names_of
from syndication.api.door import asking
from syndication.api.draft_shapes import (
    Conflict,
    Draft,
    Drafts,
    DraftsAsked,
    DraftSent,
    RelatedWithReasons,
    SubmissionSent,
    Submitted,
    Whose,
)
from syndication.api.keyset import Order, page_of
from syndication.api.problems import Problem, ProblemError, invalid
from syndication.api.reading import shown_story
from syndication.api.staff import StaffToken, actor_of, token_of

router = Router(tags=["desk"])

REFUSED = dict.fromkeys((400, 401, 403, 404, 429), Problem)
NOT_WRITTEN = REFUSED | dict.fromkeys((409, 413, 422), Problem)

NEWEST = Order(("id",), falling=True)
UNSEEN = (Stage.DRAFT, Stage.IN_REVIEW, Stage.APPROVED)
"""What the API changes: words no reader has seen."""

IfMatch = Annotated[str, HeaderEx(alias="If-Match", description="The ETag of the version that was read.")]

_TAG = re.compile(r'"r([0-9]{1,9})"')


@router.get("me/", auth=StaffToken(), response={200: Whose} | REFUSED, url_name="api_me", operation_id="me")
@decorate_view(asking())
def me(request: HttpRequest) -> dict[str, Any]:
    """Whose token this is, and what it is good for."""
    token = token_of(request)
    return {"name": str(token.owner), "token": token.name, "scopes": token.scopes, "expires_at": token.expires_at}


@router.get(
    "articles/",
    auth=StaffToken(Scope.READ),
    response={200: Drafts} | REFUSED,
    url_name="api_drafts",
    operation_id="drafts",
)
@decorate_view(asking(*names_of(DraftsAsked)))
def drafts(request: HttpRequest, question: Query[DraftsAsked]) -> dict[str, Any]:
    """Articles whose newest words the token's owner may read. Scope: desk:read."""
    rows = _known(actor_of(request))
    if question.status:
        rows = rows.filter(status=question.status)
    scope = f"drafts:{actor_of(request).pk}:{question.status}"
    page = page_of(rows, NEWEST, scope=scope, cursor=question.cursor, limit=question.limit)
    return {"items": [_in_short(row) for row in page.rows], "next": page.next}


@router.post(
    "articles/",
    auth=StaffToken(Scope.WRITE),
    response={201: Draft} | NOT_WRITTEN,
    url_name="api_drafts",
    operation_id="create_draft",
)
@decorate_view(asking())
def create(request: HttpRequest, response: HttpResponse, sent: DraftSent, key: once.Key = "") -> Any:
    """A new draft. Scope: drafts:write. With an Idempotency-Key it may be sent again when the answer was lost."""

    def make() -> once.Answer:
        state = draft_words.changed(WorkingState(), sent)
        with _acting(request) as actor:
            pk = revisions.create(state, actor=actor).pk
        told = Draft.model_validate(_whole(_one(actor, pk), response)).model_dump(mode="json")
        response.headers["Location"] = absolute(reverse("syndication:api_draft", args=[pk]))
        return once.Answer(told, {name: response[name] for name in ("Location", "ETag", "Cache-Control")})

    answer = once.once(token_of(request), key, sent, make)
    for name, value in answer.headers.items():
        response.headers[name] = value
    return Status(201, answer.body)


@router.get(
    "articles/{pk}/",
    auth=StaffToken(Scope.READ),
    response={200: Draft} | REFUSED,
    url_name="api_draft",
    operation_id="draft",
)
@decorate_view(asking())
def draft(request: HttpRequest, response: HttpResponse, pk: Id) -> dict[str, Any]:
    """The newest words of an article. Scope: desk:read."""
    return _whole(_one(actor_of(request), pk), response)


@router.patch(
    "articles/{pk}/",
    auth=StaffToken(Scope.WRITE),
    response={200: Draft, 412: Conflict, 428: Problem} | NOT_WRITTEN,
    url_name="api_draft",
    operation_id="change_draft",
)
@decorate_view(asking())
def change(
    request: HttpRequest,
    response: HttpResponse,
    pk: Id,
    sent: DraftSent,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Save a new revision on top of the one named in If-Match. Scope: drafts:write."""
    article = _one(actor_of(request), pk)
    base = _base(if_match)
    _require_unseen(article)
    state = draft_words.changed(_state_at(article, base), sent)
    with _acting(request) as actor:
        try:
            revisions.save(article, state, actor=actor, base=base)
        except revisions.NewerVersion as newer:
            raise _conflict(newer) from newer
    return _whole(_one(actor, pk), response)


@router.post(
    "articles/{pk}/review/",
    auth=StaffToken(Scope.SUBMIT),
    response={200: Submitted} | NOT_WRITTEN,
    url_name="api_review",
    operation_id="submit_draft",
)
@decorate_view(asking())
def submit(request: HttpRequest, pk: Id, sent: SubmissionSent) -> dict[str, Any]:
    """Hand a draft to the desk, or to one colleague. Scope: drafts:submit."""
    article = _one(actor_of(request), pk)
    _require_unseen(article)
    with _acting(request) as actor:
        publishing.submit_for_review(article, actor=actor, to=_colleague(sent.to), note=sent.note)
    return {"id": pk, "status": article.status, "revision": _number(article)}


@router.get(
    "articles/{pk}/related/",
    auth=StaffToken(Scope.READ),
    response={200: RelatedWithReasons, 410: Problem} | REFUSED,
    url_name="api_reasons",
    operation_id="related_with_reasons",
)
@decorate_view(asking())
def reasons(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """What stands beside a public story, and why. Scope: desk:read."""
    if not actor_of(request).has_perm("curation.view_pick"):
        raise PermissionDenied("Your role does not see why stories are suggested.")
    story = shown_story(pk, public_article)
    tags = {tag.pk: tag.name for tag in story.tag_list}
    stored = dict(Suggestion.objects.filter(article=pk).values_list("target_id", "reasons"))
    return {
        "items": [
            {
                "id": item.article.pk,
                "headline": item.headline or item.article.headline,
                "origin": item.origin,
                "reasons": in_words(stored.get(item.article.pk) or {}, tags),
            }
            for item in related_list(story)
        ]
    }


def _known(actor: User) -> Any:
    """The articles whose newest words ``actor`` may read; whatever else there is does not exist for them."""
    return Article.objects.filter(of_concern(actor)).for_desk().select_related("section")


def _one(actor: User, pk: int) -> Article:
    found: Article | None = _known(actor).filter(pk=pk).first()
    if found is None:
        raise ProblemError(404, "There is no article of this number that you may know of.")
    return found


def _require_unseen(article: Article) -> None:
    if article.status not in UNSEEN:
        raise ProblemError(409, "This story is out, or was: what readers saw is changed at the desk.")


def _base(if_match: str) -> int:
    """The number of the revision that a change began from."""
    if not if_match.strip() or if_match.strip() == "*":
        words = "Name in If-Match the ETag of the version you read, so that nobody's work is lost."
        raise ProblemError(428, words, errors=[("header.If-Match", words)])
    match = _TAG.fullmatch(if_match.strip())
    return int(match[1]) if match else 0


def _state_at(article: Article, base: int) -> WorkingState:
    """What the writer began from; the newest words where there is no such revision."""
    row = Revision.objects.filter(article=article, number=base).first()
    return WorkingState.from_json(row.state) if row is not None else WorkingState.of(article)


def _conflict(newer: revisions.NewerVersion) -> ProblemError:
    """412 with both versions."""
    number = newer.revision.number
    theirs = WorkingState.from_json(newer.revision.state)
    both = {"theirs": theirs, "yours": newer.mine}
    more = {name: DraftSent(**draft_words.told(state)).model_dump(mode="json") for name, state in both.items()}
    words = "Somebody saved a newer version. Both are here, and nothing was written."
    return ProblemError(412, words, more={"revision": number, **more}, headers={"ETag": f'"r{number}"'})


@contextmanager
def _acting(request: HttpRequest) -> Iterator[User]:
    """The token's owner, as who calls the desk's verbs inside: noted with the token, and refused in problems."""
    try:
        with audit.through(token_of(request)):
            yield actor_of(request)
    except PermissionDenied as refused:
        raise ProblemError(403, str(refused)) from refused
    except body.BodyRefused as refused:
        raise invalid({"body": [str(refused)]}) from refused
    except revisions.TooManyTagsError as refused:
        raise invalid({"tags": [str(refused)]}) from refused
    except NotReadyError as refused:
        raise invalid({"": [str(finding.message) for finding in refused.findings]}) from refused
    except ValidationError as refused:
        raise ProblemError(409, " ".join(refused.messages)) from refused


def _colleague(address: str) -> User | None:
    """Whom a draft is handed to; an unknown one is refused in the words for one who does not review it."""
    if not address:
        return None
    found = User.objects.filter(email__iexact=address, is_active=True).first() if "\0" not in address else None
    if found is None:
        raise ProblemError(409, "This colleague does not review articles of this section.")
    return found


def _number(article: Article) -> int:
    return article.latest.number if article.latest else 0


def _in_short(article: Article) -> dict[str, Any]:
    latest = article.latest
    section = latest.section if latest else article.section
    return {
        "id": article.pk,
        "headline": latest.headline if latest else article.headline,
        "status": article.status,
        "section": section.slug if section else None,
        "revision": _number(article),
        "saved_at": latest.made_at if latest else None,
        "edit_url": absolute(reverse("admin:articles_article_change", args=[article.pk])),
    }


def _whole(article: Article, response: HttpResponse) -> dict[str, Any]:
    response.headers["ETag"] = f'"r{_number(article)}"'
    response.headers["Cache-Control"] = "private, no-store"
    return _in_short(article) | {"state": draft_words.told(WorkingState.of(article))}
