"""The only door between revisions and readers: publish, schedule, review, take down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import body, search
from articles.models import Article, BodyImage, Byline, Status, Tag, TaggedArticle, tag_key
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_edit, may_publish, require
from articles.readiness import check
from articles.registries import Finding, article_changed
from articles.state import PLAIN_FIELDS, RELATION_FIELDS, WorkingState
from images import publicity
from images.models import Image
from outbox import audit, effects
from pagecache.writing import bump, writing

APPEAR = "articles.appear"
RENDER_AGAIN = "articles.render_again"
BATCH = 100
"""Articles in one background effect, so that no transaction holds others up for long."""

RENDERED_FIELDS = ["body_html", "body_text", "body_keys", "body_pipeline", "linked_ids", "word_count"]


@dataclass
class NotReadyError(Exception):
    """The article may not go out as it stands; ``findings`` say why, in the editor's words."""

    findings: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(str(finding.message) for finding in self.findings)


def publish(article: Article, *, actor: Actor) -> Article:
    """Make the newest revision what readers see, now or at its own *publish at*.

    Returns the article as written, *published* or *scheduled*. Raises
    ``PermissionDenied``, or ``NotReadyError`` with what is missing; then
    nothing was written.
    """
    require(may_publish(actor), _("publish articles"))
    with writing():
        row = _locked(article)
        state = WorkingState.of(row)
        missing = [finding for finding in check(row, state) if finding.required]
        if missing:
            raise NotReadyError(missing)
        now = timezone.now()
        before = _shown_pictures(row) if row.status in LIVE_STATUSES else set()
        bump(list_keys(row))
        changed = _changes_words(row, state)
        _note_appearance(row)
        _apply(row, state, _publication_time(row, state, now), now)
        if changed and row.first_published_at and row.first_published_at < now:
            row.revised_at = now
        row.live = row.latest
        row.status = Status.PUBLISHED
        if not row.is_public():
            row.status = Status.SCHEDULED
        if row.is_public() and row.first_published_at is None:
            row.first_published_at = row.publish_at
        row.save()
        _write_relations(row, state)
        bump(list_keys(row))
        search.index(row)
        _settle_pictures(row, before)
        _arrange_changes(row)
        _announce(row)
        audit.record(actor, str(row.status), row, revision=row.live.number if row.live else None)
    _refresh(article, row)
    return article


def submit_for_review(article: Article, *, actor: Actor) -> None:
    """Hand a draft to an editor."""
    require(may_edit(actor, article), _("submit this article"))
    _move(article, Status.IN_REVIEW, "submitted", actor, allowed=(Status.DRAFT,))


def send_back(article: Article, *, actor: Actor, note: str = "") -> None:
    """Back to draft, with a note to its writer."""
    require(may_publish(actor), _("send articles back"))
    _move(article, Status.DRAFT, "sent back", actor, allowed=(Status.IN_REVIEW,), note=note)


def take_down(article: Article, *, actor: Actor, reason: str = "") -> None:
    """Archive: nothing public shows it any more, its address answers 410, its revisions stay."""
    require(may_publish(actor), _("take articles down"))
    with writing():
        row = _locked(article)
        _expect(row, (Status.PUBLISHED, Status.SCHEDULED))
        _note_appearance(row)
        bump(list_keys(row))
        row.status = Status.ARCHIVED
        row.save(update_fields=["status", "first_published_at"])
        search.remove(row.pk)
        _withdraw(row, _shown_pictures(row))
        _announce(row)
        audit.record(actor, "taken down", row, reason=reason)
    _refresh(article, row)


def reopen(article: Article, *, actor: Actor) -> None:
    """Back from the archive to draft, to be worked on and published again."""
    require(may_publish(actor), _("reopen articles"))
    _move(article, Status.DRAFT, "reopened", actor, allowed=(Status.ARCHIVED,))


def render_again(article_ids: Iterable[int]) -> int:
    """Render the stored bodies of these articles anew (a picture or the sanitiser changed); returns how many."""
    done = 0
    for pk in article_ids:
        with writing():
            row = Article.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if row is None:
                continue
            _apply_body(row, row.body)
            row.save(update_fields=RENDERED_FIELDS)
            _write_body_images(row)
            if row.status in LIVE_STATUSES:
                search.index(row)
            done += 1
    return done


def have_rendered_again(article_ids: Iterable[int], *, why: str) -> None:
    """Ask for the bodies to be rendered anew in the background, a batch an effect."""
    waiting = sorted(article_ids)
    for start in range(0, len(waiting), BATCH):
        key = f"render:{why}:{timezone.now().isoformat()}:{start}"
        effects.enqueue(RENDER_AGAIN, {"articles": waiting[start : start + BATCH]}, key=key)


@effects.handler(RENDER_AGAIN)
def _render_again(payload: dict[str, Any], _key: str) -> None:
    render_again(payload["articles"])


def appear(payload: dict[str, Any], _key: str) -> None:
    """The effect at a scheduled article's minute: status, pictures and keys follow what readers see already."""
    with writing():
        row = (
            Article.objects.select_for_update(no_key=True)
            .filter(pk=payload["article"], status=Status.SCHEDULED)
            .first()
        )
        if row is None:
            return
        if not row.is_public():
            _arrange_appearance(row)
            return
        row.status = Status.PUBLISHED
        row.first_published_at = row.first_published_at or row.publish_at
        row.save(update_fields=["status", "first_published_at"])
        bump(list_keys(row))
        publicity.show(_shown_pictures(row))
        _announce(row)
        audit.record(None, "appeared", row)


effects.handler(APPEAR)(appear)


def _announce(article: Article) -> None:
    for tell in article_changed:
        tell(article)


def list_keys(article: Article) -> set[str]:
    """The keys of every public list the article's row stands in."""
    keys = article.page_keys()
    keys |= {f"tag-list:{pk}" for pk in article.tagged.values_list("tag_id", flat=True)}
    keys |= {f"author-list:{pk}" for pk in article.bylines.values_list("author_id", flat=True)}
    return keys


def _locked(article: Article) -> Article:
    return (
        Article.objects.select_for_update(of=("self",), no_key=True)
        .select_related("latest", "section")
        .get(pk=article.pk)
    )


def _note_appearance(row: Article) -> None:
    """Readers saw it from its minute on, whether or not a worker noted that."""
    if row.first_published_at is None and row.once_public():
        row.first_published_at = row.publish_at


def _refresh(article: Article, row: Article) -> None:
    """Let the caller's object tell what was written."""
    article.refresh_from_db()
    article.latest = row.latest


def _expect(article: Article, allowed: tuple[Status, ...]) -> None:
    if article.status not in allowed:
        raise ValidationError(
            _("“%(article)s” is %(status)s now; somebody else may have been faster. Reload to see where it stands.")
            % {"article": article, "status": article.get_status_display()}
        )


def _move(
    article: Article, status: Status, verb: str, actor: Actor, *, allowed: tuple[Status, ...], note: str = ""
) -> None:
    with writing():
        row = _locked(article)
        _expect(row, allowed)
        row.status = status
        row.save(update_fields=["status"])
        audit.record(actor, verb, row, note=note)
    article.status = status


def _publication_time(article: Article, state: WorkingState, now: datetime) -> datetime:
    """The state's own time; else the time readers know already; else now."""
    if state.publish_at:
        return state.publish_at
    if article.publish_at and article.publish_at <= now and article.once_public():
        return article.publish_at
    return now


def _changes_words(article: Article, state: WorkingState) -> bool:
    return (article.headline, article.standfirst, article.body) != (state.headline, state.standfirst, state.body)


def _apply(article: Article, state: WorkingState, publish_at: datetime, now: datetime) -> None:
    for name in PLAIN_FIELDS:
        setattr(article, name, getattr(state, name))
    for name in RELATION_FIELDS:
        setattr(article, f"{name}_id", getattr(state, name))
    article.slug = state.slug or slugify(state.headline)[:80].strip("-") or "story"
    article.publish_at = publish_at
    article.expire_at = state.expire_at
    article.embargo_until = state.embargo_until
    _apply_body(article, state.body)


def _apply_body(article: Article, source: str) -> None:
    rendered = body.render(source)
    article.body_html = rendered.html
    article.body_text = rendered.text
    article.body_keys = sorted(rendered.keys)
    article.linked_ids = sorted(rendered.article_ids)
    article.word_count = rendered.word_count
    article.body_pipeline = body.PIPELINE_VERSION
    if rendered.until is not None and article.pk:
        key = f"licence:{article.pk}:{rendered.until.isoformat()}"
        effects.enqueue(RENDER_AGAIN, {"articles": [article.pk]}, key=key, due=rendered.until)


def _write_relations(article: Article, state: WorkingState) -> None:
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
    _write_body_images(article)


def _write_body_images(article: Article) -> None:
    wanted = {int(key.removeprefix("image:")) for key in article.body_keys if key.startswith("image:")}
    BodyImage.objects.filter(article=article).exclude(image__in=wanted).delete()
    BodyImage.objects.bulk_create(
        [BodyImage(article=article, image_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


def tags_named(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, made where they do not exist; two spellings of one key are one tag."""
    by_key = {tag_key(name): " ".join(name.split()) for name in names if tag_key(name)}
    found = {tag.key: tag for tag in Tag.objects.filter(key__in=by_key)}
    for key, name in by_key.items():
        if key not in found:
            tag = Tag(name=name)
            tag.save()
            found[key] = tag
    return [found[key] for key in by_key]


def _shown_pictures(article: Article) -> set[int]:
    lead = {pk for pk in (article.lead_picture_id, article.social_picture_id) if pk}
    return lead | set(BodyImage.objects.filter(article=article).values_list("image_id", flat=True))


def _settle_pictures(article: Article, before: set[int]) -> None:
    """Public storage follows what the article shows."""
    after = _shown_pictures(article)
    if article.is_public():
        publicity.show(after)
        _withdraw(article, before - after)
    else:
        _withdraw(article, before | after)


def _withdraw(article: Article, image_ids: set[int], due: datetime | None = None) -> None:
    if image_ids:
        moment = (due or timezone.now()).isoformat()
        key = f"withdraw:{article.pk}:{min(image_ids)}:{moment}"
        effects.enqueue(publicity.WITHDRAW, {"images": sorted(image_ids)}, key=key, due=due)


def _arrange_changes(article: Article) -> None:
    """Effects at the moments when the clock alone changes what readers see."""
    if article.status == Status.SCHEDULED:
        _arrange_appearance(article)
    shown = _shown_pictures(article)
    if article.expire_at:
        _withdraw(article, shown, due=article.expire_at)
    for pk, ends in Image.objects.filter(pk__in=shown, usable_until__isnull=False).values_list("pk", "usable_until"):
        _withdraw(article, {pk}, due=ends)


def _arrange_appearance(article: Article) -> None:
    due = max(moment for moment in (article.publish_at, article.embargo_until) if moment)
    number = article.live.number if article.live else 0
    key = f"appear:{article.pk}:{number}:{due.isoformat()}"
    effects.enqueue(APPEAR, {"article": article.pk}, key=key, due=due)
