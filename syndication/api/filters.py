"""What each filter of the list of articles means; a name that nothing public has is refused in words."""

from datetime import UTC
from typing import Any

from articles.listing import shown_authors, shown_sources, shown_tags
from articles.models import ArticleQuerySet, Byline, Section, TaggedArticle
from pagecache.reading import depends_on
from syndication.api.asked import ArticlesAsked
from syndication.api.problems import ProblemError


def narrowed(found: ArticleQuerySet, question: ArticlesAsked) -> ArticleQuerySet:
    """Those of ``found`` that are asked for: one query for each name. Raises ``ProblemError`` (400)."""
    if question.section:
        found = found.filter(section=_named("section", Section.objects.all(), question.section))
    if question.tag:
        tag = _named("tag", shown_tags(), question.tag)
        depends_on(f"tag-list:{tag}")
        tagged = TaggedArticle.objects.filter(tag=tag)
        found = found.among(tagged.values("content_object_id"))
    if question.author:
        written = Byline.objects.filter(author=_named("author", shown_authors(), question.author))
        found = found.among(written.values("article_id"))
    if question.source:
        found = found.filter(source=_named("source", shown_sources(), question.source))
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
