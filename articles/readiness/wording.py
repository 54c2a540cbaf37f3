"""Lines about the words: headline, standfirst, and what was to be filled in later."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.readiness.facts import Facts, clipped, first_of
from articles.registries import PUBLISHERS, Finding

SHORTEST_HEADLINE, LONGEST_HEADLINE = 15, 90
"""Characters. Below, it says little; above, cards and search engines cut it."""

SHORTEST_STANDFIRST, LONGEST_STANDFIRST = 40, 200
FEWEST_CAPITALS = 10
"""Letters in capitals from which it is shouting, not an abbreviation."""

_ABBREVIATION = re.compile(r"(?:\.|\b\w{1,3})\.$")
_PLACEHOLDER = re.compile(
    r"\b(?:TK)+\b|\bXXX+\b|\bTBC\b|\bTBA\b|\bTODO\b|\bFIXME\b|\?{3,}"
    r"|(?i:\blorem ipsum\b|\[ ?(?:caption|credit|headline|name|date|photo|picture|quote|link|tbc|tk|xx+) ?\])"
)
_SHOWN_AROUND = 20


def headline(facts: Facts) -> Iterator[Finding]:
    """There is one, of a good length, in letters that do not shout."""
    text = facts.state.headline.strip()
    if not text:
        message = _("The article needs a headline.")
        yield Finding(message, required=True, for_review=True, field="headline", code="headline-missing")
        return
    if len(text) < SHORTEST_HEADLINE:
        message = _("The headline has %(length)d characters: does it say what happened, standing alone on a card?")
        yield Finding(message % {"length": len(text)}, field="headline", code="headline-short")
    if len(text) > LONGEST_HEADLINE:
        message = _("The headline has %(length)d characters; from %(most)d on, search engines and cards cut it.")
        told = message % {"length": len(text), "most": LONGEST_HEADLINE}
        yield Finding(told, field="headline", code="headline-long")
    if _shouts(text):
        message = _("The headline is in capitals: screen readers may spell it out, and readers hear shouting.")
        yield Finding(message, field="headline", code="headline-capitals")
    if text.endswith(".") and not text.endswith("..") and not _ABBREVIATION.search(text[-6:]):
        yield Finding(_("A headline ends without a full stop."), field="headline", code="headline-stop")


def standfirst(facts: Facts) -> Iterator[Finding]:
    """There is one, of a good length, that says more than the headline."""
    text = facts.state.standfirst.strip()
    if not text:
        message = _("A standfirst helps readers decide; this article has none.")
        yield Finding(message, field="standfirst", code="standfirst-missing")
        return
    if len(text) < SHORTEST_STANDFIRST:
        message = _("The standfirst is very short: %(length)d characters.")
        yield Finding(message % {"length": len(text)}, field="standfirst", code="standfirst-short")
    if len(text) > LONGEST_STANDFIRST:
        message = _("The standfirst has %(length)d characters; %(most)d are enough for a card.")
        told = message % {"length": len(text), "most": LONGEST_STANDFIRST}
        yield Finding(told, field="standfirst", code="standfirst-long")
    if _shouts(text):
        yield Finding(_("The standfirst is in capitals."), field="standfirst", code="standfirst-capitals")
    if text.casefold().rstrip(".") == facts.state.headline.strip().casefold().rstrip("."):
        message = _("The standfirst only says the headline again.")
        yield Finding(message, field="standfirst", code="standfirst-repeats")


def placeholders(facts: Facts) -> list[Finding]:
    """Nothing is left that was to be filled in: TK, XXX, lorem ipsum, [caption]."""
    captions = "\n".join(facts.story.captions.values())
    places = {
        "headline": facts.state.headline,
        "standfirst": facts.state.standfirst,
        "body": f"{facts.story.text}\n{captions}",
        "lead_caption": facts.state.lead_caption,
    }
    return [finding for field, text in places.items() for finding in first_of(_placeholders(field, text))]


def _placeholders(field: str, text: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for match in _PLACEHOLDER.finditer(text):
        word = match[0].casefold()
        if word in seen:
            continue
        seen.add(word)
        message = _("“%(word)s” looks like something to fill in: “%(around)s”.")
        told = message % {"word": clipped(match[0]), "around": _around(text, match)}
        code = f"placeholder:{field}:{word[:30]}"
        yield Finding(told, required=True, field=field, code=code, waivable_by=PUBLISHERS)


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _SHOWN_AROUND), match.end() + _SHOWN_AROUND
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{clipped(text[start:end])}{after}"


def _shouts(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(1 for letter in letters if letter.isupper())
    return capitals >= FEWEST_CAPITALS and capitals > len(letters) * 0.7
