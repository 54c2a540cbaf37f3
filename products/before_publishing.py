"""What this room says before a story goes out: what stands beside it, and whether the story speaks of what we sell."""

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
"""Letters of a name that is looked for in the text."""


def names_what_is_sold(article: Article, state: dict[str, Any]) -> list[Finding]:
    """A news story that names a shop or brand beside a box that sells from them looks like one advertisement."""
    if state.get("kind") in MEANT_TO_NAME:
        return []
    sensitive = bool(state.get("sensitive"))
    cards = _cards(article, state.get("section"), state.get("tags", ()), sensitive=sensitive)
    if not cards:
        return []
    top = _run(f"{state.get('headline', '')} {state.get('standfirst', '')}")
    whole = top + _run(read(str(state.get("body", ""))[:MAX_LENGTH]).text)
    return list(_conflicts(cards, top, whole))


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


def _conflicts(cards: list[ProductCard], top: str, whole: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for card in cards:
        for kind, pk, name in (
            ("merchant", card.merchant.pk, card.merchant.name),
            ("brand", card.product.pk, card.product.brand),
        ):
            run = _run(name)
            if len(run.strip()) < SHORTEST_NAME or run in seen or run not in whole:
                continue
            seen.add(run)
            message = _("The story names “%(name)s”, and the box beside it offers “%(product)s” of theirs.")
            told = message % {"name": name, "product": card.product.name}
            loud = run in top
            code, waivable = f"products-conflict:{kind}:{pk}", PUBLISHERS if loud else ""
            yield Finding(told, required=loud, field="products", code=code, waivable_by=waivable)


def _run(text: str) -> str:
    """The folded words of a text, each between blanks, so that whole words are found in it."""
    return f" {' '.join(words(text))} "
