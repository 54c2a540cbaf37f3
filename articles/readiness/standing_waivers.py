"""Which lines of an article's checklist somebody answers for."""

from collections.abc import Iterable
from dataclasses import replace

from articles.models import Article, Waiver
from articles.registries import Finding


def applied(article: Article, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those that are waived with their waiver and no longer required: one query."""
    found = list(findings)
    if article.pk is None or not any(finding.waivable_by for finding in found):
        return found
    rows = Waiver.objects.filter(article=article, withdrawn_at__isnull=True).select_related("made_by", "revision")
    by_code = {row.code: row for row in rows}
    return [_with(finding, by_code.get(finding.code)) for finding in found]


def _with(finding: Finding, waiver: Waiver | None) -> Finding:
    if waiver is None or not finding.waivable_by:
        return finding
    return replace(finding, waiver=waiver, required=False, for_review=False)
