"""What in an item breaks the rules of ninjs, in words.

The rules that a newsroom can act on, not the whole schema: a property that no
version knows, one of the wrong type, a word outside its list, a moment that
is none. Which version is meant is often not said, so every version is allowed
but where the document names one.
"""

from typing import Any

from django.utils.translation import gettext as _

from articles.body.names import names
from syndication.wires.moments import moment

_TEXTS = names(
    "uri type mimetype representationtype profile version firstcreated versioncreated contentcreated embargoed "
    "pubstatus copyrightholder copyrightnotice usageterms ednote language title byline by headline slugline "
    "located expires guid digitalsourcetype_uri source keyword creditline"
)
_NUMBERS = frozenset(["urgency", "charcount", "wordcount", "priority"])
_LISTS = names(
    "person people organisation organisations place places subject subjects event events object objects "
    "infosource infosources trustindicator trustindicators genre genres descriptions bodies headlines "
    "plannedcoverage"
)
_MOMENTS = ("firstcreated", "versioncreated", "contentcreated", "embargoed", "expires")
_WORDS = {
    "type": frozenset(["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]),
    "representationtype": frozenset(["complete", "incomplete", "full", "partial"]),
    "pubstatus": frozenset(["usable", "withheld", "canceled"]),
}
_OTHERS = names(
    "renditions associations altids $standard standard rightsinfo digitalsourcetype eventdetails "
    "newscoveragestatus contactinfo id signal service products extra authors attachments evolvedfrom readtime "
    "name"
)
_KNOWN = _TEXTS | _NUMBERS | _LISTS | _OTHERS
_OPEN = ("description_", "body_", "headline_")
_GEO = {"type", "coordinates", "bbox", "geometries", "geometry", "features", "properties"}
_SHAPES = {
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
    "Feature",
    "FeatureCollection",
}


def faults(story: dict[str, Any]) -> list[str]:
    """Every breach found, in words."""
    return [*_by_name(story), *_by_value(story), *_nested(story)]


def _said(words: str, name: str) -> str:
    return words % {"name": name[:40]}


def _by_name(story: dict[str, Any]) -> list[str]:
    found = []
    if not isinstance(story.get("uri"), str):
        found.append(_("ninjs asks for a “uri”."))
    for name, value in story.items():
        plain = name.lower()
        if plain.startswith(_OPEN):
            if not isinstance(value, str) or not plain.replace("_", "").isalnum() or not plain.isascii():
                found.append(_said(_("“%(name)s” is no text, or not named as ninjs wants it."), name))
        elif plain not in _KNOWN:
            found.append(_said(_("ninjs knows no “%(name)s”."), name))
    return found


def _by_value(story: dict[str, Any]) -> list[str]:
    return [words for name, value in story.items() if (words := _judged(name, name.lower(), value))]


def _judged(name: str, plain: str, value: Any) -> str:
    if plain in _TEXTS and not isinstance(value, str):
        return _said(_("“%(name)s” is no text."), name)
    if plain in _NUMBERS and (not isinstance(value, int | float) or isinstance(value, bool)):
        return _said(_("“%(name)s” is no number."), name)
    if plain in _LISTS and not isinstance(value, list):
        return _said(_("“%(name)s” is no list."), name)
    if plain in _WORDS and value not in _WORDS[plain]:
        return _said(_("“%(name)s” says a word outside its list."), name)
    if plain in _MOMENTS and moment(value) is None:
        return _said(_("“%(name)s” is no moment that can be read."), name)
    return _urgency(name, plain, value)


def _urgency(name: str, plain: str, value: Any) -> str:
    if plain == "urgency" and not 1 <= value <= 9:  # noqa: PLR2004 - IPTC's scale
        return _said(_("“%(name)s” lies outside 1 to 9."), name)
    return ""


def _nested(story: dict[str, Any]) -> list[str]:
    found = []
    for listed in ("place", "places"):
        values = story.get(listed)
        for one in values if isinstance(values, list) else ():
            shape = one.get("geojson") or one.get("geometry_geojson") if isinstance(one, dict) else None
            if isinstance(shape, dict) and (str(shape.get("type")) not in _SHAPES or set(shape) - _GEO):
                found.append(_("A place on the map is not given as GeoJSON wants it."))
    associated = story.get("associations")
    for one in associated if isinstance(associated, list) else ():
        if isinstance(one, dict):
            found += [words for words in _by_name(one) if "uri" not in words]
    return found
