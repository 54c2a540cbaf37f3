"""Moving in: many new articles of another system at once, each left as its own verbs would leave it.

What ``revisions.create`` and ``publish`` do for one article in sixty statements
is done here for hundreds in about sixty. Nobody could have picked, noted or
planned anything for an article that did not exist, so what looks for that is
left out; search finds them as soon as a worker has indexed them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body
from articles.indexing import have_arrivals_indexed
from articles.models import Article, BodyImage, Byline, Handover, Revision, Status, Tag, TaggedArticle, tag_key
from articles.models.article import LIVE_STATUSES
from articles.models.tag import MAX_TAGS
from articles.permissions import Actor, may_publish, may_write, require, works_everywhere
from articles.publishing.going_out import arrange_appearance
from articles.publishing.row import RENDER_AGAIN, announce, set_body, set_fields, withdraw_pictures
from articles.readiness.arrivals import missing
from articles.readiness.asking import ask_later
from articles.registries import articles_arrived, revision_parts
from articles.revisions import SAVED
from articles.state import WorkingState, digest_of
from articles.tag_names import tags_named
from images import publicity
from images.models import Image
from outbox import audit, effects
from outbox.new_rows import store
from pagecache.writing import bump, writing
from people.models import User

NEWS = timedelta(days=1)
"""Stories published within it, or that will end, are told to the rooms above like any that an editor publishes."""


class Release(Enum):
    """Where an arriving article is to stand."""

    DRAFT = "draft"
    LIVE = "live"
    """Published, or scheduled where its time lies ahead."""

    ARCHIVED = "archived"


@dataclass(slots=True)
class Arrival:
    """One article that moves in, and what became of it.

    ``refused`` says why nothing was written; ``held`` why it is a draft though it was to be live.
    """

    state: WorkingState
    release: Release = Release.DRAFT
    row: Article | None = None
    """As it would be stored, were it live."""

    article: Article | None = None
    refused: str = ""
    held: list[str] = field(default_factory=list)


def bring_in(arrivals: Sequence[Arrival], *, actor: Actor) -> None:
    """Write all that can be taken; each arrival then has its ``article``, or says why it was ``refused``.

    A live one needs its ``publish_at``. Raises ``PermissionDenied`` unless
    ``actor`` leads the desk as a whole; then nothing was written.
    """
    require(may_write(actor) and may_publish(actor) and works_everywhere(actor), _("move an archive in"))
    with writing():
        now = timezone.now()
        _judge(arrivals)
        taken = [one for one in arrivals if not one.refused]
        if not taken:
            return
        _write_rows(taken, now, actor)
        _write_revisions(taken, actor)
        _write_relations(taken)
        _note(taken, actor)
        live = [one.article for one in taken if one.article is not None and one.article.status in LIVE_STATUSES]
        have_arrivals_indexed(row.pk for row in live)
        _show_pictures(live)
        _tell(taken, live, now)


def _judge(arrivals: Sequence[Arrival]) -> None:
    """Clean every body, refuse what cannot be stored, and hold back what the checklist would."""
    for one in arrivals:
        try:
            if len(one.state.tags) > MAX_TAGS:
                raise ValidationError(_("An article carries %(most)d tags at most.") % {"most": MAX_TAGS})
            one.state = one.state.with_(body=body.clean(one.state.body))
            one.row = _row_of(one.state)
            one.row.clean_fields(exclude=["section", "lead_picture", "social_picture", "source"])
        except body.BodyRefused as refusal:
            one.refused = str(refusal)
        except ValidationError as refusal:
            one.refused = " ".join(refusal.messages)
    ready = [one for one in arrivals if not one.refused and one.release is Release.LIVE]
    for one, findings in zip(ready, missing([one.state for one in ready]), strict=True):
        if findings or one.state.publish_at is None:
            one.release = Release.DRAFT
            one.held += [str(finding.message) for finding in findings]


def _row_of(state: WorkingState) -> Article:
    """The row that ``state`` makes, not stored, its body not rendered."""
    row = Article()
    set_fields(row, state, state.publish_at or timezone.now())
    return row


def _write_rows(arrivals: Sequence[Arrival], now: datetime, actor: Actor) -> None:
    live = {place: one.state.body for place, one in enumerate(arrivals) if one.release is Release.LIVE}
    rendered = body.render_many(live)
    rows = []
    for place, one in enumerate(arrivals):
        row = one.row if one.row is not None and place in live else Article()
        row.created_by = actor if isinstance(actor, User) else None
        if place in live:
            set_body(row, rendered[place])
            row.status = Status.PUBLISHED
            row.status = Status.PUBLISHED if row.is_public() else Status.SCHEDULED
            row.first_published_at = row.publish_at if row.status == Status.PUBLISHED else None
        elif one.release is Release.ARCHIVED:
            row.status = Status.ARCHIVED
        one.article = row
        rows.append(row)
    store(rows)
    bump(key for row in rows for key in row.page_keys())
    for place in live:
        _arrange_rendering(rows[place], rendered[place].until)


def _arrange_rendering(row: Article, until: datetime | None) -> None:
    if until is not None:
        effects.enqueue(RENDER_AGAIN, {"articles": [row.pk]}, key=f"licence:{row.pk}:{until.isoformat()}", due=until)


def _write_revisions(arrivals: Sequence[Arrival], actor: Actor) -> None:
    made_by = actor if isinstance(actor, User) else None
    rows = [one.article for one in arrivals if one.article is not None]
    parts = {name: part.dump(rows[0]) for name, part in revision_parts.items()}  # of a new article: nothing yet
    revisions = [
        Revision(
            article=one.article,
            number=1,
            state=stored,
            parts=parts,
            headline=one.state.headline,
            section_id=one.state.section,
            planned_at=one.state.publish_at,
            digest=digest_of(stored),
            made_by=made_by,
        )
        for one, stored in ((one, one.state.to_json()) for one in arrivals)
    ]
    store(revisions)
    own = Article.objects.filter(pk__in=[row.pk for row in rows])
    own.update(latest=Subquery(Revision.objects.filter(article=OuterRef("pk")).values("pk")[:1]))
    own.filter(status__in=LIVE_STATUSES).update(live=F("latest"))
    for row, revision in zip(rows, revisions, strict=True):
        row.latest = revision
        row.live = revision if row.status in LIVE_STATUSES else None


def _write_relations(arrivals: Sequence[Arrival]) -> None:
    live = [one for one in arrivals if one.article is not None and one.article.status in LIVE_STATUSES]
    tags = tags_by_key_named(name for one in live for name in one.state.tags)
    bylines = [
        Byline(article=one.article, author_id=credit.author, role=credit.role, position=place)
        for one in live
        for place, credit in enumerate(dict.fromkeys(one.state.bylines))
    ]
    store(bylines)
    keys = {f"author-list:{credit.author}" for one in live for credit in one.state.bylines}
    tagged = []
    for one in live:
        own = {tags[tag_key(name)].pk: tags[tag_key(name)] for name in one.state.tags if tag_key(name)}
        tagged += [TaggedArticle(tag=tag, content_object=one.article) for tag in own.values()]
        keys |= {f"tag-list:{pk}" for pk in own}
    store(tagged)
    rows = [one.article for one in live if one.article is not None]
    BodyImage.objects.bulk_create(BodyImage(article=row, image_id=pk) for row in rows for pk in _pictures_in(row))
    bump(keys)


def tags_by_key_named(names: Iterable[str]) -> Mapping[str, Tag]:
    """The tags of these names by the key each is asked for, made where they do not exist."""
    by_key = {tag_key(name): name for name in names if tag_key(name)}
    found = {tag.key: tag for tag in tags_named(by_key.values())}
    others = [key for key in by_key if key not in found]
    return found | {key: tags_named([by_key[key]])[0] for key in others}  # another name of a tag


def _pictures_in(row: Article) -> list[int]:
    return sorted(int(key.removeprefix("image:")) for key in row.body_keys if key.startswith("image:"))


def _pictures_of(row: Article) -> set[int]:
    return {*_pictures_in(row)} | {pk for pk in (row.lead_picture_id, row.social_picture_id) if pk}


def _note(arrivals: Sequence[Arrival], actor: Actor) -> None:
    """What the verbs one by one would have noted."""
    rows = [one.article for one in arrivals if one.article is not None]
    audit.record_all(actor, "created", ((row, {}) for row in rows))
    audit.record_all(actor, SAVED, ((row, {"revision": 1}) for row in rows))
    moved = [row for row in rows if row.status != Status.DRAFT]
    for status in {row.status for row in moved}:
        audit.record_all(actor, str(status), ((row, {"revision": 1}) for row in moved if row.status == status))
    store(
        [
            Handover(
                article=row,
                verb=str(row.status),
                from_status=Status.DRAFT,
                to_status=row.status,
                revision=row.latest,
                made_by=actor if isinstance(actor, User) else None,
            )
            for row in moved
        ]
    )


def _show_pictures(live: Sequence[Article]) -> None:
    """Public storage follows what the articles show, now and when a licence ends."""
    shown = {row.pk: _pictures_of(row) for row in live}
    publicity.show(pk for row in live if row.is_public() for pk in shown[row.pk])
    every = {pk for pictures in shown.values() for pk in pictures}
    ends = Image.objects.filter(pk__in=every, usable_until__isnull=False) if every else Image.objects.none()
    ending = dict(ends.values_list("pk", "usable_until"))
    for row in live:
        for pk in shown[row.pk] & ending.keys():
            withdraw_pictures(row, {pk}, due=ending[pk])
        if row.expire_at:
            withdraw_pictures(row, shown[row.pk], due=row.expire_at)
        if row.status == Status.SCHEDULED:
            arrange_appearance(row)


def _tell(arrivals: Sequence[Arrival], live: Sequence[Article], now: datetime) -> None:
    """The rooms above: of an archive once, of what is news article by article."""
    for one in arrivals:
        if one.article is not None:
            ask_later(one.article, one.state.body)
    for tell in articles_arrived:
        tell(live)
    for row in live:
        if row.publish_at is None or row.publish_at > now - NEWS or row.expire_at:
            announce(row)
