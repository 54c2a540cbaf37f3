"""What this room says before a story goes out: what stands beside it, and whether the story speaks of what we sell."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.body import MAX_LENGTH
from articles.folding import words
from articles.models import Article
from articles.permissions import Actor
from articles.readiness.story import read
from articles.registries import PUBLISHERS, Finding, Standing, Use
from articles.state import WorkingState
from articles.tag_names import tag_ids
from products.boxes import ProductCard, cards_beside
from products.matching import MEANT_TO_NAME

SHORTEST_NAME = 3
"""Letters and blanks of a name that is looked for however it is written; shorter ones must stand as they are."""

ENDINGS = ("", "s", "es", "n", "en")
"""What languages hang onto a name; a name found only so may be another word, and forbids nothing."""

SHORTEST_WITH_ENDING = 4

JOINING = frozenset({"and", "und", "et", "y"})
"""Words for “&”, which one writes and another leaves out."""

_FORMS = "ag bv co corp corporation company gmbh inc kg limited llc ltd nv oy plc sa sarl se spa srl"
LEGAL_FORMS = frozenset({"", *_FORMS.split()})


def names_what_is_sold(article: Article, state: dict[str, Any]) -> list[Finding]:
    """A news story that names a shop or brand beside a box that sells from them looks like one advertisement."""
    if state.get("kind") in MEANT_TO_NAME:
        return []
    sensitive = bool(state.get("sensitive"))
    cards = _cards(article, state.get("section"), state.get("tags", ()), sensitive=sensitive)
    if not cards:
        return []
    top = f"{state.get('headline', '')} {state.get('standfirst', '')}"
    return list(_conflicts(cards, _Text(top), _Text(read(str(state.get("body", ""))[:MAX_LENGTH]).text)))


def boxes_to_come(article: Article, state: WorkingState, actor: Actor) -> list[Standing]:
    """The products beside the story as it will be."""
    cards = _cards(article, state.section, state.tags, sensitive=state.sensitive)
    if not cards:
        return []
    message = ngettext("%(count)d product stands beside it:", "%(count)d products stand beside it:", len(cards))
    places = tuple(Use(f"{card.product.name} ({card.merchant.name})", "") for card in cards)
    return [Standing(message % {"count": len(cards)}, places)]


def _cards(article: Article, section: int | None, tags: Iterable[str], *, sensitive: bool) -> list[ProductCard]:
    return cards_beside(Article(pk=article.pk, section_id=section, sensitive=sensitive), tag_ids(tags))


class _Text:
    """A text in which names are looked for."""

    def __init__(self, text: str) -> None:
        self.written = text
        self.run = _run(text)

    def names(self, name: str) -> bool:
        """Whether the name stands in it: as it is when it is short, else in any writing."""
        short = _short(name)
        run = _run(short)
        if len(run.strip()) < SHORTEST_NAME:
            return bool(short) and re.search(rf"(?<!\w){re.escape(short)}(?!\w)", self.written) is not None
        return run in self.run

    def bends(self, name: str) -> bool:
        """Whether it stands in it with an ending."""
        bare = _run(_short(name)).rstrip()
        return len(bare) > SHORTEST_WITH_ENDING and any(f"{bare}{ending} " in self.run for ending in ENDINGS)


def _conflicts(cards: list[ProductCard], top: _Text, body: _Text) -> Iterator[Finding]:
    seen: set[str] = set()
    for card in cards:
        for kind, pk, name in (
            ("merchant", card.merchant.pk, card.merchant.name),
            ("brand", card.product.pk, card.product.brand),
        ):
            loud = top.names(name)
            if _run(name) in seen or not (loud or top.bends(name) or body.names(name) or body.bends(name)):
                continue
            seen.add(_run(name))
            message = _("The story names “%(name)s”, and the box beside it offers “%(product)s” of theirs.")
            told = message % {"name": name, "product": card.product.name}
            code, waivable = f"products-conflict:{kind}:{pk}", PUBLISHERS if loud else ""
            yield Finding(told, required=loud, field="products", code=code, waivable_by=waivable)


def _short(name: str) -> str:
    """The name without the legal form behind it."""
    parts = name.split()
    while len(parts) > 1 and "".join(words(parts[-1])) in LEGAL_FORMS:
        parts.pop()
    return " ".join(parts)


def _run(text: str) -> str:
    """The folded words of a text, each between blanks, so that whole words are found in it."""
    return f" {' '.join(word for word in words(text) if word not in JOINING)} "
