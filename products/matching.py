"""Products that a story's own words call for: found ahead, in the background, for the places nobody filled.

A product is called for by its name (two words at least), by the words an
editor gave it, and in guides and reviews by its brand. The work is bounded by
the story's length, however many products there are: the story's runs of words
are looked up in an index of the products' phrases.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles import search
from articles.folding import words
from articles.models import Article, Kind
from images import publicity
from outbox import effects
from pagecache.writing import writing
from products.models import WORDS_CHANGED, Match, Offer, Phrase, Product, withdraw_picture
from products.models.match import LONGEST_PHRASE

MATCH = "products.match"
"""The effect that finds what one article calls for; payload ``{"article": id}``."""

MEANT_TO_NAME = frozenset((Kind.GUIDE, Kind.REVIEW))
"""Stories whose very subject may be a product; readers expect it to be named."""

KEPT = 12
"""Products of one story: both boxes twice over, so that some may sell out."""

MOST_WORDS, LONGEST_RUN = 4_000, 6
"""Words of a story that are read, and of a phrase."""

SHORTEST = 3
"""Letters of a phrase."""

LOOKED_UP, ROWS = 500, 2_000
"""Runs of words in one query, and phrases it may give: a word that thousands of products share tells little."""

OFFERED = 60
"""The best so many are asked whether anybody sells them."""

AFFECTED = 200
"""The newest articles with a product's words that are looked at anew when these change."""

WEIGHTS = {Phrase.Kind.NAME: 3.0, Phrase.Kind.WORDS: 2.0, Phrase.Kind.BRAND: 1.0}
ON_TOP = 2.0
"""Words of the headline and standfirst count so many times."""


@dataclass(frozen=True)
class Called:
    """A product, and the phrase of the story that calls for it most."""

    product: int
    phrase: str


def phrases_of(product: Product) -> dict[str, str]:
    """The folded phrases by which stories call for it, each with its kind."""
    found: dict[str, str] = {}
    for name in (product.name, product.name.split(",")[0], product.name.split("(")[0]):
        if len(words(name)) > 1:
            found.setdefault(_folded(name), Phrase.Kind.NAME)
    for given in product.words.split(","):
        found.setdefault(_folded(given), Phrase.Kind.WORDS)
    found.setdefault(_folded(product.brand), Phrase.Kind.BRAND)
    fits = {text: kind for text, kind in found.items() if SHORTEST <= len(text) <= LONGEST_PHRASE}
    return {text: str(kind) for text, kind in fits.items() if text.count(" ") < LONGEST_RUN}


def called_for(top: str, text: str, kind: str) -> list[Called]:
    """The products called for by a story with this headline and standfirst, this text, and of this kind, best first.

    In a news story those whose brand it names are left out: beside them it
    would look like one advertisement.
    """
    above = set(_runs(top))
    rows = _rows({*above, *_runs(text)})
    scores, best, branded = _scored(rows, above)
    if kind in MEANT_TO_NAME:
        branded = set()
    ranked = sorted((pk for pk in scores if pk not in branded), key=lambda pk: (-scores[pk], pk))[:OFFERED]
    sold = set(_sold(ranked))
    return [Called(pk, best[pk]) for pk in ranked if pk in sold][:KEPT]


def match_later(article_ids: Iterable[int]) -> None:
    """Ask, in the present transaction, for these articles to be looked at in the background."""
    now = timezone.now().isoformat()
    effects.enqueue_all(MATCH, (effects.Wanted({"article": pk}, f"{MATCH}:{pk}:{now}") for pk in article_ids))


def article_changed(article: Article) -> None:
    """Told by ``publishing``: an article came, went, or has other words."""
    if Phrase.objects.exists() or Match.objects.filter(article=article).exists():
        match_later([article.pk])


@effects.handler(MATCH)
def _match(payload: dict[str, Any], _key: str) -> None:
    article = Article.objects.filter(pk=payload["article"]).first()
    if article is not None:
        top = f"{article.headline} {article.standfirst}"
        keep(article, called_for(top, article.body_text, article.kind) if article.is_public() else [])


def keep(article: Article, called: list[Called]) -> None:
    """Make these the article's matches; where they are already, nothing is written and no page made anew."""
    with writing():
        Article.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=article.pk)
        before = list(Match.objects.filter(article=article).select_related("product"))
        if [Called(row.product_id, row.phrase) for row in before] == called:
            return
        Match.objects.filter(article=article).delete()
        known = Product.objects.in_bulk([one.product for one in called])
        rows = [one for one in called if one.product in known]
        Match.objects.bulk_create(
            Match(article=article, product_id=one.product, phrase=one.phrase, rank=rank)
            for rank, one in enumerate(rows, start=1)
        )
        publicity.show(product.picture_id for product in known.values() if product.picture_id)
        for row in before:
            if row.product_id not in known:
                withdraw_picture(row.product.picture_id)


@effects.handler(WORDS_CHANGED)
def _index(payload: dict[str, Any], _key: str) -> None:
    """Write the phrases of a product anew, and look again at the articles that use, or used, them."""
    product = Product.objects.filter(pk=payload["product"]).first()
    if product is None:
        return
    wanted = phrases_of(product)
    before = dict(Phrase.objects.filter(product=product).values_list("text", "kind"))
    if before == wanted:
        return
    Phrase.objects.filter(product=product).delete()
    Phrase.objects.bulk_create([Phrase(product=product, text=text, kind=kind) for text, kind in wanted.items()])
    affected = set(Match.objects.filter(product=product).values_list("article", flat=True)[:AFFECTED])
    for text in wanted:
        affected.update(_using(text))
    match_later(sorted(affected))


def _using(text: str) -> Iterable[int]:
    found = search.matching(Article.objects.public(), f'"{text}"')
    return list(found.order_by("-publish_at", "-id").values_list("pk", flat=True)[:AFFECTED])


def _folded(text: str) -> str:
    return " ".join(words(text))


def _runs(text: str) -> Iterator[str]:
    """Every run of up to ``LONGEST_RUN`` folded words."""
    found = words(text[: MOST_WORDS * 20])[:MOST_WORDS]
    for start in range(len(found)):
        for end in range(start + 1, min(start + LONGEST_RUN, len(found)) + 1):
            yield " ".join(found[start:end])


def _rows(runs: set[str]) -> Iterator[tuple[int, str, str]]:
    """The phrases among the runs: product, text, kind."""
    ordered = sorted(run for run in runs if SHORTEST <= len(run) <= LONGEST_PHRASE)
    for start in range(0, len(ordered), LOOKED_UP):
        some = Phrase.objects.filter(text__in=ordered[start : start + LOOKED_UP]).order_by("text", "product")
        yield from some.values_list("product", "text", "kind")[:ROWS]


def _scored(rows: Iterable[tuple[int, str, str]], above: set[str]) -> tuple[dict[int, float], dict[int, str], set[int]]:
    """The products' scores, the phrase that counts most for each, and those whose brand is named."""
    scores: dict[int, float] = defaultdict(float)
    best: dict[int, tuple[float, str]] = {}
    branded: set[int] = set()
    for product, text, kind in rows:
        weight = WEIGHTS[Phrase.Kind(kind)] * (text.count(" ") + 1) * (ON_TOP if text in above else 1)
        scores[product] += weight
        best[product] = max(best.get(product, (0.0, "")), (weight, text))
        if kind == Phrase.Kind.BRAND:
            branded.add(product)
    return scores, {pk: text for pk, (_weight, text) in best.items()}, branded


def _sold(product_ids: list[int]) -> Iterable[int]:
    offers = Offer.objects.live().filter(product=OuterRef("pk"))
    return Product.objects.filter(Exists(offers), pk__in=product_ids).values_list("pk", flat=True)
