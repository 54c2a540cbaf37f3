"""What each filter of the list of articles means; a name that nothing public has is refused in words."""

from datetime import UTC
from typing import Any

from django.db.models import Exists, OuterRef

from articles.models import Article, ArticleQuerySet, Byline, Section, Source, Tag, TaggedArticle
from pagecache.reading import depends_on
from people.models import Author
from syndication.api.asked import ArticlesAsked
from syndication.api.problems import ProblemError


def narrowed(found: ArticleQuerySet, question: ArticlesAsked) -> ArticleQuerySet:
    """Those of ``found`` that are asked for: one query for each name. Raises ``ProblemError`` (400)."""
    if question.section:
        found = found.filter(section=_named("section", Section.objects.all(), question.section))
    if question.tag:
        tag = _named("tag", _carried(), question.tag)
        depends_on(f"tag-list:{tag}")
        tagged = TaggedArticle.objects.filter(tag=tag)
        found = found.among(tagged.values("content_object_id"))
    if question.author:
        written = Byline.objects.filter(author=_named("author", _signing(), question.author))
        found = found.among(written.values("article_id"))
    if question.source:
        found = found.filter(source=_named("source", _quoted(), question.source))
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


def _carried() -> Any:
    public = TaggedArticle.objects.filter(tag=OuterRef("pk"), content_object__in=Article.objects.public())
    return Tag.objects.filter(Exists(public))


def _signing() -> Any:
    return Author.objects.filter(
        Exists(Byline.objects.filter(author=OuterRef("pk"), article__in=Article.objects.public()))
    )


def _quoted() -> Any:
    return Source.objects.filter(Exists(Article.objects.public().filter(source=OuterRef("pk"))))
