"""The learnt score's reasons in a moderator's words."""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.learning.features import Kind
from comments.learning.links import PLACE
from comments.learning.verdict import Because
from comments.plain_text import neutral

SHAPES: dict[str, Promise] = {
    "length": gettext_lazy("how many words"),
    "size": gettext_lazy("how long"),
    "links": gettext_lazy("links"),
    "links-first": gettext_lazy("a link first"),
    "links-last": gettext_lazy("a link last"),
    "beside-links": gettext_lazy("words beside the links"),
    "capitals": gettext_lazy("capital letters"),
    "exclamations": gettext_lazy("exclamation marks"),
    "questions": gettext_lazy("question marks"),
    "digits": gettext_lazy("digits"),
    "emoji": gettext_lazy("pictures and signs"),
    "lines": gettext_lazy("line breaks"),
    "script": gettext_lazy("letters of other scripts"),
    "repetition": gettext_lazy("words said again"),
    "website": gettext_lazy("a website given"),
}

TOLD = 5

LONGEST_WORDS = 40

NOUGHTS = re.compile(r"\b0+\b")


def told(because: Because) -> str:
    """What pushed: a word of the writer's in quotation marks, a shape in ours."""
    if because.kind is Kind.SHAPE or because.words == "website":
        return str(SHAPES.get(because.words, because.words))
    return _("“%s”") % because.words.replace(PLACE, _("(link)"))


def inert(because: Because) -> Because:
    """The same, with a writer's words short and without signs that turn or hide text."""
    if because.kind is Kind.SHAPE:
        return because
    return Because(because.kind, neutral(because.words[:LONGEST_WORDS]), because.push)


def shown(because: Because) -> str:
    """What pushed, for a page: inert, and with a word where the learner sees any number as noughts."""
    safe = inert(because)
    if safe.kind is Kind.SHAPE:
        return told(safe)
    return told(Because(safe.kind, NOUGHTS.sub(_("(number)"), safe.words), safe.push))


def in_words(reasons: Sequence[Because]) -> str:
    """The strongest few, first those for spam and then those against it."""
    strongest = sorted(reasons, key=lambda because: -abs(because.push))[:TOLD]
    towards = ", ".join(told(because) for because in strongest if because.push > 0)
    away = ", ".join(told(because) for because in strongest if because.push < 0)
    sides = [_("for it %s") % towards] if towards else []
    return "; ".join([*sides, _("against it %s") % away] if away else sides) or _("nothing in it stands out")
