"""What WordPress does to a classic text when it shows it: empty lines part paragraphs, line ends break lines.

The rule of its ``wpautop``, said with breaks: two of them part paragraphs when the story is cleaned.
"""

import re

from articles.body.names import names

BLOCKS = names(
    "address article aside audio blockquote caption dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr iframe legend li map menu nav object ol p pre script section style summary "
    "table tbody td tfoot th thead tr ul video"
)
AS_IT_STANDS = names("pre script style textarea")

_PARTS = re.compile(r"(<[^<>]*>)")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n[\s]*")


def with_breaks(text: str) -> str:
    """``text`` with its line ends as ``<br>``, but for those beside blocks and in preformatted text."""
    parts = _PARTS.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    tags = [_TAG.match(part) for part in parts]
    out: list[str] = []
    verbatim = 0
    for place, part in enumerate(parts):
        if place % 2:
            verbatim = max(0, verbatim + _verbatim_step(part, tags[place]))
            out.append(part)
        elif verbatim:
            out.append(part)
        else:
            before = place > 0 and _is_block(tags[place - 1])
            after = place + 1 < len(parts) and _is_block(tags[place + 1])
            out.append(_broken(part, before=before, after=after))
    return "".join(out)


def _broken(text: str, *, before: bool, after: bool) -> str:
    if "\n" not in text:
        return text
    text = text.lstrip() if before else text
    text = text.rstrip() if after else text
    return _EMPTY_LINES.sub("<br><br>", text).replace("\n", "<br>")


def _is_block(tag: re.Match[str] | None) -> bool:
    return tag is not None and tag[1].lower() in BLOCKS


def _verbatim_step(part: str, tag: re.Match[str] | None) -> int:
    if tag is None or tag[1].lower() not in AS_IT_STANDS:
        return 0
    return -1 if part.startswith("</") else 1
