"""What each filter of the list of articles means; a name that nothing public has is refused in words."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from articles.listing import Owner, belonging, shown_authors, shown_sources, shown_tags
from articles.models import ArticleQuerySet, Section
from pagecache.reading import depends_on
from syndication.api.asked import ArticlesAsked
from syndication.api.problems import ProblemError

_SHOWN: dict[Owner, Callable[[], Any]] = {
    Owner.TAG: shown_tags,
    Owner.AUTHOR: shown_authors,
    Owner.SOURCE: shown_sources,
}


def narrowed(found: ArticleQuerySet, question: ArticlesAsked) -> ArticleQuerySet:
    """Those of ``found`` that are asked for: one query for each name. Raises ``ProblemError`` (400)."""
    if question.section:
        found = found.filter(section=_named("section", Section.objects.all(), question.section))
    asked = {kind: getattr(question, kind) for kind in _SHOWN}
    owners = {kind: _named(kind, _SHOWN[kind](), slug) for kind, slug in asked.items() if slug}
    if Owner.TAG in owners:
        depends_on(f"tag-list:{owners[Owner.TAG]}")
    found = belonging(found, {kind: [owner] for kind, owner in owners.items()})
    if question.kind:
        found = found.filter(kind=question.kind)
    return _between(found, question)


def _between(found: ArticleQuerySet, question: ArticlesAsked) -> ArticleQuerySet:
    for name, compare in (("since", "gte"), ("until", "lt")):
        moment = getattr(question, name)
        if moment is None:
            continue
        try:
            found = found.filter(**{f"publish_at__{compare}": moment.astimezone(UTC)})
        except (OverflowError, ValueError):
            words = "That day cannot be counted."
            raise ProblemError(400, words, errors=[(f"query.{name}", words)]) from None
    return found


def _named(name: str, rows: Any, slug: str) -> int:
    pk: int | None = rows.filter(slug=slug).values_list("pk", flat=True).first()
    if pk is None:
        words = f"There is no {name} of the address “{slug}” in anything public."
        raise ProblemError(400, words, errors=[(f"query.{name}", words)])
    return pk
