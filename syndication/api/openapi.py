"""The API described for programs: what django-ninja makes of it, with our problems under their own media type."""

from typing import Any

from ninja import NinjaAPI

from syndication.api.problems import MEDIA_TYPE, Problem

PREFIX = "api/v1/"


def described(api: NinjaAPI, site: str) -> dict[str, Any]:
    """The OpenAPI document; ``site`` is where it stands."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    found["servers"] = [{"url": site}]
    for operations in found["paths"].values():
        for operation in operations.values():
            _name_media_type(operation["responses"])
    return found


def _name_media_type(responses: dict[Any, Any]) -> None:
    for response in responses.values():
        content = response.get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if schema.get("$ref", "").endswith(f"/{Problem.__name__}"):
            response["content"] = {MEDIA_TYPE: content["application/json"]}
