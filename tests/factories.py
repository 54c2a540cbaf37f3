"""Rows for tests, each with only what its test does not care about filled in."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from articles.models import Article, Section, Status, TaggedArticle
from articles.publishing import tags_named
from comments.models import Comment, State

_numbers = count(1)


def make_section(name: str = "City", **fields: Any) -> Section:
    """A section; asking again for the same name gives the same one."""
    section: Section = Section.objects.get_or_create(slug=name.lower(), defaults={"name": name, **fields})[0]
    return section


def make_article(headline: str = "The tram is late", **fields: Any) -> Article:
    """An article as readers see it, published an hour ago unless ``fields`` say otherwise."""
    values: dict[str, Any] = {
        "slug": "the-tram-is-late",
        "status": Status.PUBLISHED,
        "publish_at": timezone.now() - timedelta(hours=1),
        "body": "<p>It is late again.</p>",
        "body_html": "<p>It is late again.</p>",
        "body_text": "It is late again.",
        **fields,
    }
    if "section" not in values:
        values["section"] = make_section()
    values.setdefault("first_published_at", values["publish_at"])
    article: Article = Article.objects.create(headline=headline, **values)
    return article


def give_tags(article: Article, *names: str) -> None:
    """Put tags on an article as readers see it."""
    rows = [TaggedArticle(tag=tag, content_object=article) for tag in tags_named(names)]
    TaggedArticle.objects.bulk_create(rows)


def make_comment(article: Article, text: str = "I was on that tram.", **fields: Any) -> Comment:
    """A reader's comment, approved unless ``fields`` say otherwise."""
    number = next(_numbers)
    values = {"name": f"Reader {number}", "email": f"reader{number}@example.org", "state": State.APPROVED, **fields}
    parent = values.get("parent")
    if parent is not None:
        values.setdefault("depth", parent.depth + 1)
        values.setdefault("answers", parent)
    comment: Comment = Comment.objects.create(article=article, text=text, **values)
    return comment
