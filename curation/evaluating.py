"""How well the engine would have done what this newsroom's editors did by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from articles.models import Article
from curation.models import Pick, Suggestion

PLACES = 5
"""How many of the engine's suggestions count: as many as a list shows."""


@dataclass(frozen=True)
class Case:
    """One curated list: what was picked, what the engine suggests, best first."""

    article: int
    picked: Sequence[int]
    suggested: Sequence[int]

    @property
    def hit(self) -> bool:
        """Whether any pick is among the first ``PLACES``."""
        return not set(self.picked).isdisjoint(self.suggested[:PLACES])

    @property
    def recall(self) -> float:
        """Share of the picks among the first ``PLACES``."""
        return len(set(self.picked).intersection(self.suggested[:PLACES])) / len(self.picked)

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain at ``PLACES`` (Järvelin and Kekäläinen, 2002); a pick is worth 1."""
        wanted = set(self.picked)
        gained = sum(1 / log2(rank + 2) for rank, pk in enumerate(self.suggested[:PLACES]) if pk in wanted)
        return gained / sum(1 / log2(rank + 2) for rank in range(min(len(wanted), PLACES)))


@dataclass
class Verdict:
    """All cases together. ``coverage`` is the share of the public archive that stands in somebody's first places."""

    cases: list[Case] = field(default_factory=list)
    coverage: float = 0.0

    def mean(self, name: str) -> float:
        """The mean of a case's figure: ``hit``, ``recall`` or ``ndcg``."""
        return sum(float(getattr(case, name)) for case in self.cases) / len(self.cases) if self.cases else 0.0

    def worst(self, number: int) -> list[Case]:
        """The lists in which the engine missed most, those with most picks first."""
        return sorted(self.cases, key=lambda case: (case.ndcg, -len(case.picked), case.article))[:number]


def evaluate() -> Verdict:
    """Compare every curated list of a public article with what the engine suggests for it."""
    public = Article.objects.public().values("pk")
    picked: Mapping[int, list[int]] = defaultdict(list)
    rows = Pick.objects.filter(article__in=public, target__in=public).order_by("article", "position", "pk")
    for article, target in rows.values_list("article", "target"):
        picked[article].append(target)
    suggested = _suggested(list(picked))
    cases = [Case(pk, targets, suggested.get(pk, ())) for pk, targets in picked.items()]
    return Verdict(cases, coverage())


def coverage() -> float:
    """Share of the public archive among the first ``PLACES`` suggestions of any article."""
    rank = Window(RowNumber(), partition_by=F("article"), order_by=(F("score").desc(), F("target").desc()))
    first = Suggestion.objects.annotate(rank=rank).filter(rank__lte=PLACES)
    total = Article.objects.public().count()
    found = first.aggregate(found=Count("target", distinct=True))["found"]
    return found / total if total else 0.0


def _suggested(article_ids: Sequence[int]) -> dict[int, list[int]]:
    suggested: dict[int, list[int]] = defaultdict(list)
    rows = Suggestion.objects.filter(article__in=article_ids).order_by("article", "-score", "-target")
    for article, target in rows.values_list("article", "target"):
        suggested[article].append(target)
    return suggested
