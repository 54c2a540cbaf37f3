"""Why each product stands beside a story, in the editor's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Kind
from articles.state import WorkingState
from articles.tag_names import tag_ids
from products.boxes import Boxes, ProductCard, cards_of, halved
from products.candidates import CHOSEN, MATCHED, Found, candidates
from products.matching import called_for
from products.models import Match, Placement, Product


@dataclass(frozen=True)
class Line:
    """One product of a box: why it stands there, and where that is changed."""

    card: ProductCard
    reason: str
    url: str
    note: str = ""
    """Until when, where it does not stand there for good."""


@dataclass(frozen=True)
class Beside:
    """Both boxes of a story in one working state, and what they are made of."""

    found: Found
    boxes: Boxes
    sensitive: bool

    @property
    def stand(self) -> bool:
        """Whether readers see them."""
        return self.found.stand(sensitive=self.sensitive)


def beside(article: Article, state: WorkingState) -> Beside:
    """The boxes as they will stand when the state is what readers see, switched off or not: four queries at most."""
    story = Article(pk=article.pk, section_id=state.section, sensitive=state.sensitive)
    found = candidates(story, tag_ids(state.tags), set())
    return Beside(found, halved(story, cards_of(found)), bool(state.sensitive))


def lines_of(cards: Sequence[ProductCard]) -> list[Line]:
    """The cards with their reasons: two queries."""
    placed = [card.row for card in cards if card.source != MATCHED]
    placements = Placement.objects.select_related("section", "tag").in_bulk(placed)
    matches = Match.objects.in_bulk([card.row for card in cards if card.source == MATCHED])
    return [_line(card, placements, matches) for card in cards]


def without_offer(found: Found) -> list[Product]:
    """Products that would stand here if anybody sold them."""
    wanted = [one.product for one in found.candidates if not one.offered]
    known = Product.objects.in_bulk(wanted)
    return [known[pk] for pk in wanted if pk in known]


def to_be_called(article: Article, state: WorkingState, text: str) -> list[tuple[Product, str]]:
    """What the words of a state call for that readers do not see yet, with the words: found while somebody waits."""
    called = called_for(f"{state.headline} {state.standfirst}", text, state.kind or Kind.NEWS)
    known = Product.objects.in_bulk([one.product for one in called])
    return [(known[one.product], one.phrase) for one in called if one.product in known]


def _line(card: ProductCard, placements: Mapping[int, Placement], matches: Mapping[int, Match]) -> Line:
    rule = reverse("admin:products_product_change", args=[card.product.pk])
    if card.source == MATCHED:
        found = matches.get(card.row)
        words = _("the story’s own words: “%(phrase)s”") % {"phrase": found.phrase if found else ""}
        return Line(card, words, rule)
    row = placements.get(card.row)
    return Line(card, _why(card.source, row), "" if card.source == CHOSEN else rule, _until(row.ends) if row else "")


def _why(source: int, row: Placement | None) -> str:
    if source == CHOSEN or row is None:
        return _("chosen for this story")
    if row.section_id:
        return _("stands beside every story in %(section)s") % {"section": row.section}
    return _("stands beside every story about %(tag)s") % {"tag": row.tag}


def _until(ends: datetime | None) -> str:
    return _("until %(when)s") % {"when": format_date(timezone.localtime(ends), "D j F Y, H:i")} if ends else ""
