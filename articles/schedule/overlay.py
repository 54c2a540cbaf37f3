"""A due change that no worker has written yet: the article's own page shows it all the same.

Visibility is a query on time. From its minute until the effect has run, the
page of the article is laid over with the change's revision as it is read.
What stands elsewhere (cards, lists, search) follows with the effect.
"""

from typing import Any, cast

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, When
from django.utils import timezone

from articles import body
from articles.models import (
    Article,
    ArticleQuerySet,
    Byline,
    ScheduledChange,
    Section,
    Source,
    Tag,
    TaggedArticle,
    tag_key,
)
from articles.publishing.row import set_body, set_fields
from articles.publishing.wording import materially_differ, words_of
from articles.state import WorkingState
from articles.tag_names import meant
from images.models import Image
from pagecache.reading import depends_on
from people.models import Author


def waiting() -> QuerySet[ScheduledChange]:
    """Changes neither made nor cancelled."""
    return ScheduledChange.objects.filter(applied_at__isnull=True, cancelled_at__isnull=True)


def due() -> QuerySet[ScheduledChange]:
    """Changes whose minute has come, which no worker has written yet and nothing forbids."""
    return waiting().filter(problem="", due_at__lte=timezone.now())


def state_from(article: Article, stored: dict[str, Any]) -> WorkingState:
    """A revision's state as a later change: the article keeps its publication time and embargo."""
    state = WorkingState.from_json(stored)
    return state.with_(publish_at=article.publish_at, embargo_until=article.embargo_until)


def with_change(articles: ArticleQuerySet, now: Any = None) -> ArticleQuerySet:
    """Each with ``change_due_at``, the minute of its waiting change, and ``change_state`` once that has come ``now``.

    One join, and no row twice, as one change waits at most.
    """
    waits = Q(scheduled_changes__applied_at__isnull=True, scheduled_changes__cancelled_at__isnull=True)
    change = FilteredRelation("scheduled_changes", condition=waits & Q(scheduled_changes__problem=""))
    came = Case(When(change__due_at__lte=timezone.now() if now is None else now, then=F("change__revision__state")))
    return articles.alias(change=change).annotate(change_due_at=F("change__due_at"), change_state=came)


def lay_over(article: Article) -> None:
    """Make the article, from ``with_change().for_page()``, what readers are to see now; the object is never saved.

    No query unless a change is due; then one for each kind of thing that it
    brings in: pictures, people, tags, section, source, and pictures of the body.
    """
    row = cast("Any", article)
    depends_on(until=row.change_due_at)
    if row.change_state is None:
        return
    state = state_from(article, row.change_state)
    if _references_hold(article, state):
        _lay_over(article, state)


def due_pictures(image_ids: set[int]) -> set[int]:
    """Those of the pictures that a due change shows, for ``images.publicity``."""
    public = Article.objects.public().filter(pk=OuterRef("article"))
    shown = due().filter(Exists(public)).values_list("prepared", flat=True)
    wanted = {pk for prepared in shown for pk in prepared.get("pictures", ())}
    return set(Image.objects.usable().filter(pk__in=wanted & image_ids).values_list("pk", flat=True))


def _references_hold(article: Article, state: WorkingState) -> bool:
    """What the page cannot do without still exists, and is at hand from now on."""
    if state.section != article.section_id:
        article.section = Section.objects.filter(pk=state.section or 0).first()
    if state.source != article.source_id:
        article.source = Source.objects.filter(pk=state.source or 0).first()
    return (article.section_id, article.source_id) == (state.section, state.source)


def _lay_over(article: Article, state: WorkingState) -> None:
    words = words_of(article)
    pictures = _pictures(article, state)
    set_fields(article, state, article.publish_at or timezone.now())
    article.lead_picture = pictures.get(state.lead_picture)
    article.social_picture = pictures.get(state.social_picture)
    rendered = body.render(state.body)
    set_body(article, rendered)
    if materially_differ(words, words_of(article)):
        article.revised_at = cast("Any", article).change_due_at
    depends_on(until=rendered.until)
    _stand_in(article, "bylines", Byline.objects.all(), _bylines(article, state))
    _stand_in(article, "tagged", TaggedArticle.objects.all(), _tagged(article, state))


def _pictures(article: Article, state: WorkingState) -> dict[int | None, Image]:
    known: dict[int | None, Image] = {
        picture.pk: picture for picture in (article.lead_picture, article.social_picture) if picture
    }
    missing = {state.lead_picture, state.social_picture} - known.keys() - {None}
    return known | (Image.objects.in_bulk(missing) if missing else {})


def _bylines(article: Article, state: WorkingState) -> list[Byline]:
    known = {byline.author_id: byline.author for byline in article.bylines.all()}
    credits_wanted = dict.fromkeys(state.bylines)
    missing = {credit.author for credit in credits_wanted} - known.keys()
    known |= Author.objects.in_bulk(missing) if missing else {}
    return [
        Byline(article=article, author=known[credit.author], role=credit.role, position=place)
        for place, credit in enumerate(credits_wanted)
        if credit.author in known
    ]


def _tagged(article: Article, state: WorkingState) -> list[TaggedArticle]:
    """Its tags; a topic whose page has nothing to show before the effect has run is left out till then."""
    known = {tag.key: tag for tag in article.tag_list}
    keys = {tag_key(name) for name in meant(state.tags)}
    if keys - known.keys():
        public = TaggedArticle.objects.filter(tag=OuterRef("pk"), content_object__in=Article.objects.public())
        opens = Tag.objects.filter(Exists(public) | ~Q(description=""), key__in=keys - known.keys())
        known |= {tag.key: tag for tag in opens}
    shown = sorted((known[key] for key in keys & known.keys()), key=lambda tag: tag.name)
    return [TaggedArticle(tag=tag, content_object=article) for tag in shown]


def _stand_in(article: Article, name: str, rows: Any, shown: list[Any]) -> None:
    """Have ``article.<name>.all()`` give ``shown``, as a prefetch would."""
    rows._result_cache = shown
    cast("Any", article)._prefetched_objects_cache[name] = rows
