"""An article as readers would see it if one of its revisions were published now. Nothing is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from articles import body
from articles.models import Article, Byline, Revision, Section, Source, Status, Tag, TaggedArticle, TagSynonym, tag_key
from articles.publishing.row import set_body, set_fields
from articles.publishing.wording import materially_differ, words_of
from articles.state import Credit, WorkingState
from images.markup import fetched_from
from images.models import Image
from images.renditions import preview_address
from people.models import Author

NOT_MADE_YET = 0
"""The id of a tag that will be made when the article is published: no row has it."""


def working_story(article: Article, revision: Revision) -> Article:
    """The article's row, ready for its page, with the words, names, tags and pictures of ``revision``.

    It is not to be saved. What the revision names and is gone by now is left
    out. The body's pictures get the addresses that ``images.markup`` is told.
    """
    state = WorkingState.from_json(revision.state)
    story = Article.objects.for_page().get(pk=article.pk)
    now = timezone.now()
    words = words_of(story)
    set_fields(story, state, _publication_time(story, state, now))
    story.status = Status.PUBLISHED
    story.section = _there(Section, state.section)
    story.source = _there(Source, state.source)
    story.lead_picture = _there(Image, state.lead_picture)
    story.social_picture = _there(Image, state.social_picture)
    set_body(story, body.render(state.body))
    if story.first_published_at and materially_differ(words, words_of(story)):
        story.revised_at = now
    _lay_by(story, "bylines", Byline, _bylines(story, state.bylines))
    _lay_by(story, "tagged", TaggedArticle, _tagged(story, state.tags))
    return story


def as_it_stands(article: Article) -> Article:
    """The article to be read at the desk: with the words of ``article.latest``, else as readers have it.

    What it is in the day's work stays: its status and times. It is not to be saved.
    """
    if article.latest is None:
        story = Article.objects.for_page().get(pk=article.pk)
        story.latest = None
        return story
    with fetched_from(preview_address):
        story = working_story(article, article.latest)
    story.status, story.publish_at = article.status, WorkingState.from_json(article.latest.state).publish_at
    story.latest = article.latest
    return story


def own_pictures(revision: Revision) -> set[int]:
    """The ids of the library pictures that a page of the revision shows for itself: those of its body, and the lead."""
    state = WorkingState.from_json(revision.state)
    lead = {state.lead_picture} if state.lead_picture is not None else set()
    return lead | set(body.image_ids_in(state.body))


def _there(model: Any, pk: int | None) -> Any:
    return model.objects.filter(pk=pk).first() if pk is not None else None


def _publication_time(story: Article, state: WorkingState, now: datetime) -> datetime:
    return state.publish_at or (story.publish_at if story.once_public() else None) or now


def _bylines(story: Article, named: Iterable[Credit]) -> list[Byline]:
    wanted = list(dict.fromkeys(named))
    people = Author.objects.in_bulk({credit.author for credit in wanted})
    return [
        Byline(article=story, author=people[credit.author], role=credit.role, position=place)
        for place, credit in enumerate(wanted)
        if credit.author in people
    ]


def _tagged(story: Article, names: Iterable[str]) -> list[TaggedArticle]:
    """The tags by their names, in the order pages print; those that will be made, unmade."""
    by_key = {tag_key(name): " ".join(name.split()) for name in names if tag_key(name)}
    known = {tag.key: tag for tag in Tag.objects.filter(key__in=by_key)}
    known |= {one.key: one.tag for one in TagSynonym.objects.filter(key__in=by_key).select_related("tag")}
    tags = {tag.key: tag for tag in (known.get(key) or _unmade(name) for key, name in by_key.items())}
    ordered = sorted(tags.values(), key=lambda tag: tag.name)
    return [TaggedArticle(tag=tag, content_object=story) for tag in ordered]


def _unmade(name: str) -> Tag:
    tag = Tag(pk=NOT_MADE_YET, name=name, key=tag_key(name))
    tag.slug = tag.slugify(name)
    return tag


def _lay_by(story: Article, relation: str, model: type[Model], rows: Sequence[Model]) -> None:
    """Let ``story.<relation>.all()`` give these rows, as if they had been prefetched."""
    found: QuerySet[Model] = model._default_manager.none()
    found._result_cache = list(rows)
    found._prefetch_done = True  # type: ignore[attr-defined]
    kept: dict[str, Any] = story._prefetched_objects_cache  # type: ignore[attr-defined]
    kept[relation] = found
