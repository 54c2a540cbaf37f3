"""Naming an article in a form by what one has at hand: its pasted address, its number, words of its headline.

Read as the search of a list's desk reads it. Beside Django's chooser, which
needs a script; what was typed stays in its field with whatever is wrong.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from articles.permissions import Actor
from curation.desk.cards import Card
from curation.desk.finding import cards_named

MOST_OFFERED = 5
"""Articles named where several match; more words find fewer."""

LONGEST = 500
"""Characters of a name, an address with all that follows it among them."""

HELP = gettext_lazy("Paste the address of its page, or type its number or words of its headline.")


class NamesOne(forms.Form):
    """A form that chooses ``target``, or names it in ``pasted``. ``actor`` is whoever fills it in."""

    actor: Actor = AnonymousUser()

    pasted = forms.CharField(
        label=gettext_lazy("Or its address, number or headline"), required=False, max_length=LONGEST, help_text=HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "target" in self.fields:
            self.fields["target"].required = False

    def name_target(self, cleaned: dict[str, Any]) -> None:
        """Make ``target`` the article that was chosen, else the one that was named; complain at its field."""
        chosen = cleaned.get("target") or "target" not in self.fields
        if chosen or {"target", "pasted"} & self.errors.keys():
            return
        try:
            cleaned["target"] = article_named(cleaned["pasted"], self.actor) if cleaned.get("pasted") else None
        except ValidationError as error:
            self.add_error("pasted", error)
            return
        if cleaned["target"] is None:
            self.add_error("target", _("Choose the article, or name it below."))


def article_named(text: str, actor: Actor) -> Article:
    """The one article that ``text`` names and ``actor`` may know of.

    Raises ``ValidationError`` where there is none, or more than one: then it
    names some of them, with their numbers.
    """
    query = " ".join(text.split())
    cards = cards_named(query, actor)
    exact = [card for card in cards if card.headline.casefold() == query.casefold()]
    found = exact if len(exact) == 1 else cards
    if len(found) == 1:
        return found[0].article
    if not found:
        words = _("No article matches “%(text)s”. Paste its address, or type its number or other words.")
        raise ValidationError(words % {"text": query})
    raise ValidationError(_several(query, found))


def articles_named(text: str, actor: Actor, most: int) -> list[Article]:
    """The articles that the lines of ``text`` name, one a line. Raises ``ValidationError`` with all that is amiss."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > most:
        raise ValidationError(_("Name %(most)d articles at most.") % {"most": most})
    found: list[Article] = []
    problems: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(article_named(line, actor))
        except ValidationError as error:
            first, *others = error.messages
            problems += [_("Line %(number)d: %(problem)s") % {"number": number, "problem": first}, *others]
    if problems:
        raise ValidationError(problems)
    return found


def _several(query: str, cards: list[Card]) -> list[str]:
    """That there are several, and the first of them with their numbers."""
    words = _("Several articles match “%(text)s”. Type the number of one, or more words:") % {"text": query}
    return [words, *(f"{card.article.pk} · {card.headline}" for card in cards[:MOST_OFFERED])]
