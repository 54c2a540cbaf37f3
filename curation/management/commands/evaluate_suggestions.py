"""What the engine is worth here, measured by what this newsroom's editors picked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.models import Article
from curation.evaluating import PLACES, Case, evaluate

SHORT = 70


class Command(BaseCommand):
    """``manage.py evaluate_suggestions [--worst N]``."""

    help = "Compare the engine's suggestions with what editors picked: hits, nDCG, coverage, and the worst cases."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many cases to name."""
        parser.add_argument("--worst", type=int, default=10, help="Lists to name in which the engine missed most.")

    def handle(self, *args: Any, worst: int, **options: Any) -> None:
        """Say it."""
        verdict = evaluate()
        self.stdout.write(
            f"Coverage: {verdict.coverage:.0%} of the public archive stands in somebody's first {PLACES}."
        )
        if not verdict.cases:
            self.stdout.write("No list of a public article holds a pick yet, so there is nothing to compare with.")
            return
        self.stdout.write(
            f"{len(verdict.cases):,} curated lists. At least one pick among the first {PLACES}: "
            f"{verdict.mean('hit'):.0%}. Picks among them: {verdict.mean('recall'):.0%}. "
            f"nDCG@{PLACES}: {verdict.mean('ndcg'):.3f}."
        )
        cases = [case for case in verdict.worst(worst) if case.ndcg < 1]
        names = _names(cases)
        for case in cases:
            self.stdout.write(f"\n{names[case.article]} (nDCG@{PLACES} {case.ndcg:.2f})")
            for pk in case.picked:
                self.stdout.write(f"  picked: {names[pk]} – {_place(case, pk)}")


def _names(cases: list[Case]) -> dict[int, str]:
    wanted = {pk for case in cases for pk in (case.article, *case.picked)}
    rows = Article.objects.filter(pk__in=wanted).values_list("pk", "headline")
    return {pk: f"“{headline[:SHORT]}”" for pk, headline in rows}


def _place(case: Case, pk: int) -> str:
    if pk in case.suggested:
        return f"the engine has it at place {case.suggested.index(pk) + 1}"
    return "the engine does not suggest it"
