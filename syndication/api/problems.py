"""What goes wrong, told as RFC 9457 has it: a status, a sentence for a person, and which part was meant."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

PREFIX = "/api/"
"""Begins every address that answers with problems rather than pages."""

MEDIA_TYPE = "application/problem+json"

NOT_FOUND = "There is nothing here that the public may see."
NO_TOKEN = "This needs a staff token: send it as “Authorization: Bearer …”."  # noqa: S105 - words, no secret
SAID = {
    400: "The question could not be understood.",
    403: "This may not be done.",
    404: NOT_FOUND,
    405: "This address does not take that method.",
    410: "This was public once and is no more.",
    500: "Something broke on our side. It is not your question's fault.",
    503: "The newsroom cannot be reached just now. Ask again in a moment.",
}
"""What is said where nobody said anything better."""

STATUS_OF = {"path": 404, "body": 422}
"""By the part of a request that is wrong; any other part makes it 400."""


class Fault(Schema):
    """One part of a request that is wrong."""

    where: str = Field(description="query, path, header or body, and the part's name: “query.limit”.")
    detail: str


class Problem(Schema):
    """A problem as RFC 9457 has it."""

    type: str = Field("about:blank", description="Nothing beyond the status.")
    title: str
    status: int
    detail: str = Field(description="A sentence for a person.")
    errors: list[Fault] | None = None


class ProblemError(Exception):
    """An answer that is no success; ``more`` are further members, ``headers`` go out with it."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[tuple[str, str]] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail or SAID[status]
        self.errors = errors
        self.more = dict(more or {})
        self.headers = dict(headers or {})

    def answer(self) -> HttpResponse:
        """The problem as it goes out; nobody stores it."""
        told: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            told["errors"] = [{"where": where, "detail": detail} for where, detail in self.errors]
        return JsonResponse(
            told | self.more,
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )


def told(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """The answer for a problem of this status."""
    return ProblemError(status, detail, **more).answer()


def invalid(fields: Mapping[str, Sequence[str]], *, detail: str = "") -> ProblemError:
    """422 for a body whose ``fields`` have these complaints."""
    errors = [(f"body.{name}" if name else "body", words) for name, many in fields.items() for words in many]
    return ProblemError(422, detail or "Something in the body has to be changed first.", errors=errors)


def register(api: NinjaAPI) -> None:
    """Have every exception of an operation told as a problem; what nobody foresaw is Django's to report."""
    api.add_exception_handler(ProblemError, _problem)
    api.add_exception_handler(Http404, lambda _request, _error: told(404))
    api.add_exception_handler(PermissionDenied, lambda _request, error: told(403, str(error)))
    api.add_exception_handler(ValidationError, _wrong_parts)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(Exception, _raise)


def _problem(_request: HttpRequest, error: Any) -> HttpResponse:
    answer: HttpResponse = error.answer()
    return answer


def _wrong_parts(_request: HttpRequest, error: Any) -> HttpResponse:
    faults = [(_place(fault["loc"]), str(fault["msg"])) for fault in error.errors]
    status = STATUS_OF.get(str(error.errors[0]["loc"][0]), 400)
    if status == HTTPStatus.NOT_FOUND:
        return told(404)
    return told(status, "Part of the request is not as it should be.", errors=faults)


def _place(loc: Sequence[Any]) -> str:
    """Where a fault is: without the name that the operation gives to the whole body or question."""
    source, *rest = [str(part) for part in loc]
    return ".".join([source, *(rest[1:] if rest and rest[0] in {"question", "sent"} else rest)])


def _http_error(_request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return told(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    return told(error.status_code, str(error))


def _raise(_request: HttpRequest, error: Any) -> HttpResponse:
    raise error
