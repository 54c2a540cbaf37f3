"""The article's row: how it is held, what readers are shown of it, and how a working state is written into it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import body
from articles.models import Article, BodyImage, Byline, SeriesEntry, Status, TaggedArticle
from articles.registries import article_changed
from articles.state import PLAIN_FIELDS, RELATION_FIELDS, WorkingState
from articles.tag_names import tags_named
from images import publicity
from outbox import effects

RENDER_AGAIN = "articles.render_again"
RENDERED_FIELDS = ["body_html", "body_text", "body_keys", "body_pipeline", "linked_ids", "word_count"]


def list_keys(article: Article) -> set[str]:
    """The keys of every public list the article's row stands in."""
    keys = article.page_keys()
    keys |= {f"tag-list:{pk}" for pk in article.tagged.values_list("tag_id", flat=True)}
    keys |= {f"author-list:{pk}" for pk in article.bylines.values_list("author_id", flat=True)}
    keys |= {f"series:{pk}" for pk in SeriesEntry.objects.filter(article=article).values_list("series_id", flat=True)}
    return keys


def locked(article: Article) -> Article:
    """The row under its lock, as it stands; colleagues' new rows that refer to it may come.

    What it refers to is read afterwards, each by a query of its own: PostgreSQL
    joins what stood there before it waited for the lock, so that a revision
    saved meanwhile would be missing.
    """
    return Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)


def note_appearance(row: Article) -> None:
    """Readers saw it from its minute on, whether or not a worker noted that."""
    if row.first_published_at is None and row.once_public():
        row.first_published_at = row.publish_at


def refresh(article: Article, row: Article) -> None:
    """Let the caller's object tell what was written."""
    article.refresh_from_db()
    article.latest = row.latest


def expect(article: Article, allowed: tuple[Status, ...]) -> None:
    """Raise ``ValidationError`` in words unless the article is in one of these states."""
    if article.status not in allowed:
        raise ValidationError(
            _("“%(article)s” is %(status)s now; somebody else may have been faster. Reload to see where it stands.")
            % {"article": article, "status": article.get_status_display()}
        )


def apply(article: Article, state: WorkingState, publish_at: datetime) -> None:
    """Set the row's columns to ``state``, its body rendered; writes nothing."""
    set_fields(article, state, publish_at)
    apply_body(article, state.body)


def set_fields(article: Article, state: WorkingState, publish_at: datetime) -> None:
    """Set the columns that a working state holds as they are."""
    for name in PLAIN_FIELDS:
        setattr(article, name, getattr(state, name))
    for name in RELATION_FIELDS:
        setattr(article, f"{name}_id", getattr(state, name))
    article.slug = state.slug or slugify(state.headline)[:80].strip("-") or "story"
    article.publish_at = publish_at
    article.expire_at = state.expire_at
    article.embargo_until = state.embargo_until


def apply_body(article: Article, source: str) -> None:
    """Set the columns that come of the body; it is rendered again when the licence of a picture in it ends."""
    rendered = body.render(source)
    set_body(article, rendered)
    if rendered.until is not None and article.pk:
        key = f"licence:{article.pk}:{rendered.until.isoformat()}"
        effects.enqueue(RENDER_AGAIN, {"articles": [article.pk]}, key=key, due=rendered.until)


def set_body(article: Article, rendered: body.Rendered) -> None:
    """Set the columns that come of a rendered body."""
    article.body_html = rendered.html
    article.body_text = rendered.text
    article.body_keys = sorted(rendered.keys)
    article.linked_ids = sorted(rendered.article_ids)
    article.word_count = rendered.word_count
    article.body_pipeline = body.PIPELINE_VERSION


def write_relations(article: Article, state: WorkingState) -> None:
    """Write bylines, tags and body pictures as ``state`` and the rendered body have them."""
    article.bylines.all().delete()
    Byline.objects.bulk_create(
        Byline(article=article, author_id=credit.author, role=credit.role, position=place)
        for place, credit in enumerate(dict.fromkeys(state.bylines))
    )
    wanted = tags_named(state.tags)
    article.tagged.exclude(tag__in=wanted).delete()
    TaggedArticle.objects.bulk_create(
        [TaggedArticle(tag=tag, content_object=article) for tag in wanted], ignore_conflicts=True
    )
    write_body_images(article)


def write_body_images(article: Article) -> None:
    """Note which library pictures the rendered body shows."""
    wanted = {int(key.removeprefix("image:")) for key in article.body_keys if key.startswith("image:")}
    BodyImage.objects.filter(article=article).exclude(image__in=wanted).delete()
    BodyImage.objects.bulk_create(
        [BodyImage(article=article, image_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


def shown_pictures(article: Article) -> set[int]:
    """Every picture the article's own page shows or offers for sharing."""
    lead = {pk for pk in (article.lead_picture_id, article.social_picture_id) if pk}
    return lead | set(BodyImage.objects.filter(article=article).values_list("image_id", flat=True))


def settle_pictures(article: Article, before: set[int]) -> None:
    """Public storage follows what the article shows."""
    after = shown_pictures(article)
    if article.is_public():
        publicity.show(after)
        withdraw_pictures(article, before - after)
    else:
        withdraw_pictures(article, before | after)


def withdraw_pictures(article: Article, image_ids: set[int], due: datetime | None = None) -> None:
    """Have pictures leave public storage, at once or at ``due``, unless something public still shows them then."""
    if image_ids:
        moment = (due or timezone.now()).isoformat()
        key = f"withdraw:{article.pk}:{min(image_ids)}:{moment}"
        effects.enqueue(publicity.WITHDRAW, {"images": sorted(image_ids)}, key=key, due=due)


def announce(article: Article) -> None:
    """Tell the rooms above that its place among what readers see may have changed."""
    for tell in article_changed:
        tell(article)
