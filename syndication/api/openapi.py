"""The API described for programs: what django-ninja makes of it, with our problems under their own media type."""

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI

from syndication.api.once import HEADER
from syndication.api.problems import MEDIA_TYPE

PREFIX = "api/v1/"
OPTIONAL = frozenset({HEADER})


def described(api: NinjaAPI, site: str) -> dict[str, Any]:
    """The OpenAPI document; ``site`` is where it stands."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    found["servers"] = [{"url": site}]
    for operations in found["paths"].values():
        for operation in operations.values():
            _name_media_type(operation["responses"])
            _tell_headers(operation["parameters"])
    return found


def _name_media_type(responses: dict[Any, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST:
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}


def _tell_headers(parameters: list[dict[str, Any]]) -> None:
    """Only what may be left out is optional; a header without which we answer 428 in our own words must be sent."""
    for parameter in parameters:
        if parameter["in"] == "header":
            parameter["required"] = parameter["name"] not in OPTIONAL
            parameter["schema"].pop("default", None)
