"""What feeds get wrong about XML and can be put right without guessing. Each pass is linear."""

import re
from html.entities import html5

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OWN = {"amp", "lt", "gt", "quot", "apos"}
_REFERENCE = re.compile(r"&(#?[A-Za-z0-9]{1,32});")
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")


def repaired(text: str, *, ampersands: bool = False) -> str:
    """The document without what stands before it and signs XML forbids, HTML's named signs written out.

    ``ampersands`` also escapes every ``&`` that begins no sign: only for
    documents that could not be read, as it takes entities of their own away.
    """
    start = text.find("<")
    text = _DECLARATION.sub("", _ILLEGAL.sub("", text[max(start, 0) :]))
    if "&" not in text:
        return text
    return "".join(part if cdata else _signs(part, ampersands) for cdata, part in _parts(text))


def has_undeclared_signs(text: str) -> bool:
    """Whether it uses signs that HTML names and XML does not; a document type may declare them."""
    return (
        "<!DOCTYPE" not in text
        and "&" in text
        and any(_is_named(match[1]) for cdata, part in _parts(text) if not cdata for match in _REFERENCE.finditer(part))
    )


def _is_named(name: str) -> bool:
    return not name.startswith("#") and name not in _OWN and f"{name};" in html5


def _parts(text: str) -> list[tuple[bool, str]]:
    """The document's parts in their order, and whether each is a CDATA section, where an ``&`` is just that."""
    parts, place = [], 0
    while (start := text.find("<![CDATA[", place)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        parts += [(False, text[place:start]), (True, text[start:end])]
        place = end
    return [*parts, (False, text[place:])]


def _signs(part: str, ampersands: bool) -> str:
    part = _REFERENCE.sub(_written_out, part)
    return _LOOSE.sub("&amp;", part) if ampersands else part


def _written_out(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#"):
        return match[0] if _is_sign(name[1:]) else "\ufffd"
    if not _is_named(name):
        return match[0]
    return html5[f"{name};"].replace("&", "&amp;").replace("<", "&lt;")


def _is_sign(number: str) -> bool:
    """Whether a numbered sign is one that XML allows."""
    try:
        code = int(number[1:], 16) if number[:1] in {"x", "X"} else int(number)
    except ValueError:
        return False
    allowed = code in {9, 10, 13} or code >= 0x20  # noqa: PLR2004
    return allowed and code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code not in {0xFFFE, 0xFFFF}  # noqa: PLR2004
