"""Publishing is the only door between what editors write and what readers see."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import publishing, revisions
from articles.models import Article, Section, Source, Status, Tag
from articles.state import Credit, WorkingState
from images.models import Image
from outbox import effects
from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from people.models import Author
from tests.conftest import Cast

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def section(db: None) -> Section:
    row = Section(name="City", slug="city")
    row.save()
    return row


@pytest.fixture
def author(db: None) -> Author:
    row = Author(name="Ines Maren", slug="ines-maren")
    row.save()
    return row


def ready(home: Section, **changes: Any) -> WorkingState:
    state = WorkingState(headline="The tram is late", section=home.pk, body="<p>It is late again.</p>", tags=("trams",))
    return state.with_(**changes)


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


def test_saving_a_live_article_changes_nothing_for_readers(cast: Cast, section: Section, author: Author) -> None:
    article = revisions.create(ready(section, bylines=(Credit(author.pk),)), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    before = WorkingState.of_article(Article.objects.get())
    raised = version(f"article:{article.pk}")

    revisions.save(
        article,
        ready(section, headline="The tram is early", body="<p>Early!</p>", tags=("buses",), bylines=()),
        actor=cast.editor,
    )

    assert WorkingState.of_article(Article.objects.get()) == before
    assert version(f"article:{article.pk}") == raised
    assert WorkingState.of(Article.objects.get()).headline == "The tram is early"


def test_publishing_writes_text_bylines_and_tags(cast: Cast, section: Section, author: Author) -> None:
    article = revisions.create(ready(section, bylines=(Credit(author.pk, "photos"),)), actor=cast.contributor)
    with time_machine.travel(NOON, tick=False):
        publishing.publish(article, actor=cast.editor)
        seen = Article.objects.public().get()
    assert seen.headline == "The tram is late"
    assert "<p>It is late again.</p>" in seen.body_html
    assert [(byline.author, byline.role) for byline in seen.bylines.all()] == [(author, "photos")]
    assert [tag.name for tag in seen.tags.all()] == ["trams"]
    assert (seen.slug, seen.publish_at, seen.first_published_at) == ("the-tram-is-late", NOON, NOON)


@pytest.mark.parametrize(
    ("change", "field"), [({"headline": " "}, "headline"), ({"section": None}, "section"), ({"body": ""}, "body")]
)
def test_an_unfinished_article_is_refused_in_words_and_nothing_is_written(
    cast: Cast, section: Section, change: dict[str, Any], field: str
) -> None:
    article = revisions.create(ready(section, **change), actor=cast.editor)
    with pytest.raises(publishing.NotReadyError) as refusal:
        publishing.publish(article, actor=cast.editor)
    assert [finding.field for finding in refusal.value.findings] == [field]
    assert Article.objects.get().status == Status.DRAFT
    assert not Tag.objects.exists()


def test_a_section_deleted_since_the_last_save_is_asked_for_again(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section), actor=cast.editor)
    section.delete()
    with pytest.raises(publishing.NotReadyError):
        publishing.publish(article, actor=cast.editor)


def test_a_contributor_may_not_publish(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section), actor=cast.contributor)
    for verb in (publishing.publish, publishing.take_down, publishing.send_back, publishing.reopen):
        with pytest.raises(PermissionDenied):
            verb(article, actor=cast.contributor)
    publishing.submit_for_review(article, actor=cast.contributor)
    with pytest.raises(PermissionDenied):
        revisions.save(article, ready(section, headline="Sneaky"), actor=cast.contributor)
    publishing.publish(article, actor=cast.editor)
    assert Article.objects.public().count() == 1


def test_a_moderator_may_neither_write_nor_edit(cast: Cast, section: Section) -> None:
    with pytest.raises(PermissionDenied):
        revisions.create(ready(section), actor=cast.moderator)
    assert not Article.objects.exists()
    article = revisions.create(ready(section), actor=cast.editor)
    with pytest.raises(PermissionDenied):
        revisions.save(article, ready(section, headline="Mine now"), actor=cast.moderator)


def test_a_scheduled_article_appears_at_its_minute_without_any_worker(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = revisions.create(ready(section, publish_at=NOON + timedelta(hours=1)), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        assert article.status == Status.SCHEDULED
        clock.move_to(NOON + timedelta(minutes=59, seconds=59))
        assert not Article.objects.public().exists()
        assert not article.is_public()
        clock.move_to(NOON + timedelta(hours=1))
        assert Article.objects.public().exists()
        assert article.is_public()
        assert Article.objects.get().status == Status.SCHEDULED
        effects.run_due()
        late = Article.objects.get()
        assert (late.status, late.first_published_at) == (Status.PUBLISHED, NOON + timedelta(hours=1))


def test_an_appearance_that_was_moved_does_not_happen_at_the_old_time(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = revisions.create(ready(section, publish_at=NOON + timedelta(hours=1)), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        revisions.save(article, ready(section, publish_at=NOON + timedelta(hours=5)), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        clock.move_to(NOON + timedelta(hours=2))
        effects.run_due()
        assert Article.objects.get().status == Status.SCHEDULED
        clock.move_to(NOON + timedelta(hours=6))
        effects.run_due()
        assert Article.objects.get().status == Status.PUBLISHED
        assert not Effect.objects.filter(done_at__isnull=True).exists()


def test_embargo_and_expiry_hide_an_article_by_the_clock_alone(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        state = ready(section, embargo_until=NOON + timedelta(hours=1), expire_at=NOON + timedelta(hours=2))
        article = revisions.create(state, actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        seen = []
        for minutes in (0, 59, 60, 119, 120):
            clock.move_to(NOON + timedelta(minutes=minutes))
            row = Article.objects.get()
            assert row.is_public() == Article.objects.public().exists()
            seen.append((row.is_public(), row.once_public()))
        assert seen == [(False, False), (False, False), (True, True), (True, True), (False, True)]


def test_taking_down_hides_at_once_and_remembers_that_it_was_public(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = revisions.create(ready(section, publish_at=NOON + timedelta(hours=1)), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        clock.move_to(NOON + timedelta(hours=2))
        publishing.take_down(article, actor=cast.editor, reason="wrong")
        row = Article.objects.get()
        assert (row.status, row.is_public(), row.once_public()) == (Status.ARCHIVED, False, True)
        with pytest.raises(ValidationError):
            publishing.take_down(row, actor=cast.editor)


def test_a_scheduled_article_taken_down_in_time_was_never_public(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = revisions.create(ready(section, publish_at=NOON + timedelta(hours=1)), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        publishing.take_down(article, actor=cast.editor)
        clock.move_to(NOON + timedelta(hours=2))
        effects.run_due()
        row = Article.objects.get()
        assert (row.status, row.once_public()) == (Status.ARCHIVED, False)


def test_updated_is_shown_only_when_words_changed_after_publication(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = revisions.create(ready(section), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        clock.shift(timedelta(hours=1))
        revisions.save(article, ready(section, tags=("trams", "rain")), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        assert Article.objects.get().revised_at is None
        revisions.save(article, ready(section, body="<p>It came.</p>"), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        row = Article.objects.get()
        assert (row.revised_at, row.publish_at) == (NOON + timedelta(hours=1), NOON)


def test_publishing_bumps_the_lists_it_leaves_and_the_lists_it_enters(
    cast: Cast, section: Section, author: Author
) -> None:
    sport = Section(name="Sport", slug="sport")
    sport.save()
    article = revisions.create(ready(section), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    names = [f"section-list:{section.pk}", f"section-list:{sport.pk}", f"author-list:{author.pk}", "front", "archive"]
    names += [f"tag-list:{Tag.objects.get(name='trams').pk}", f"article:{article.pk}"]
    before = {name: version(name) for name in names}
    moved = ready(section, section=sport.pk, tags=("rowing",), bylines=(Credit(author.pk),))
    revisions.save(article, moved, actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    assert {name for name in names if version(name) > before[name]} == set(names)
    assert version(f"tag-list:{Tag.objects.get(name='rowing').pk}") == 1


def test_a_draft_bumps_no_list(cast: Cast, section: Section) -> None:
    revisions.create(ready(section), actor=cast.editor)
    assert version("front") == version("archive") == version(f"section-list:{section.pk}") == 0


def test_two_spellings_of_a_tag_are_one_tag(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section, tags=("Élan", "élan", "ＥLAN", "Elan")), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    assert sorted(tag.key for tag in Article.objects.get().tags.all()) == ["elan", "élan"]


def test_the_same_words_twice_are_one_revision(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section), actor=cast.editor)
    revisions.save(article, ready(section), actor=cast.editor)
    assert article.revisions.count() == 1
    revisions.save(article, ready(section, headline="Other"), actor=cast.editor)
    assert [revision.number for revision in article.revisions.order_by("number")] == [1, 2]


def test_too_many_tags_are_refused(cast: Cast, section: Section) -> None:
    with pytest.raises(revisions.TooManyTagsError):
        revisions.create(ready(section, tags=tuple(f"tag {n}" for n in range(31))), actor=cast.editor)
    assert not Article.objects.exists()


def test_every_verb_leaves_an_audit_row(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section), actor=cast.contributor)
    publishing.submit_for_review(article, actor=cast.contributor)
    publishing.send_back(article, actor=cast.editor, note="Who said that?")
    publishing.publish(article, actor=cast.editor)
    publishing.take_down(article, actor=cast.chief, reason="wrong town")
    rows = AuditEntry.objects.order_by("id").values_list("verb", "actor_name")
    assert list(rows) == [
        ("created", "Cora Contributor"),
        ("saved", "Cora Contributor"),
        ("submitted", "Cora Contributor"),
        ("sent back", "Edda Editor"),
        ("published", "Edda Editor"),
        ("taken down", "Chiara Chief"),
    ]


def test_a_duplicate_is_a_new_draft_without_address_and_dates(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section, slug="late", publish_at=NOON), actor=cast.contributor)
    copy = revisions.duplicate(article, actor=cast.contributor)
    state = WorkingState.of(copy)
    assert (state.headline, state.slug, state.publish_at) == ("Copy of The tram is late", "", None)
    assert (copy.status, copy.created_by) == (Status.DRAFT, cast.contributor)


def test_the_working_state_survives_json(section: Section) -> None:
    state = ready(section, publish_at=NOON, bylines=(Credit(3, "data"),), tags=("a", "b"))
    assert WorkingState.from_json(state.to_json()) == state


def picture_of(**fields: Any) -> Image:
    made = {
        "name": "ab/" + "ab" * 16 + ".jpg",
        "width": 10,
        "height": 10,
        "ratio": "full",
        "format": "jpeg",
        "bytes": 9,
    }
    values = {"title": "Harbour", "alt": "The harbour", "width": 10, "height": 10, "bytes": 9, "renditions": [made]}
    image = Image(**values | {"checksum": secrets.token_hex(32)} | fields)
    image.save()
    return image


@pytest.mark.parametrize("where", ["lead_picture", "body"])
def test_a_picture_without_alternative_text_holds_the_article_back(cast: Cast, section: Section, where: str) -> None:
    image = picture_of(alt="")
    value: Any = image.pk if where == "lead_picture" else f'<p>See:</p><figure data-image="{image.pk}"></figure>'
    article = revisions.create(ready(section, **{where: value}), actor=cast.editor)
    with pytest.raises(publishing.NotReadyError, match="alternative text"):
        publishing.publish(article, actor=cast.editor)
    image.alt = "The harbour"
    image.save()
    publishing.publish(article, actor=cast.editor)
    assert Article.objects.public().exists()


def test_what_a_draft_named_may_be_gone_when_it_goes_out(cast: Cast, section: Section, author: Author) -> None:
    source = Source(name="Northline", slug="northline")
    source.save()
    gone = picture_of()
    states = [
        ready(section, bylines=(Credit(author.pk),)),
        ready(section, source=source.pk),
        ready(section, social_picture=gone.pk),
        ready(section, lead_picture=gone.pk),
    ]
    drafts = [revisions.create(state, actor=cast.editor) for state in states]
    author.delete()
    source.delete()
    Image.objects.filter(pk=gone.pk)._raw_delete("default")
    for draft in drafts:
        with pytest.raises(publishing.NotReadyError):
            publishing.publish(draft, actor=cast.editor)
    assert not Article.objects.public().exists()


def test_pictures_leave_public_storage_when_their_article_expires(cast: Cast, section: Section) -> None:
    image = picture_of()
    with time_machine.travel(NOON, tick=False) as clock:
        state = ready(section, lead_picture=image.pk, expire_at=NOON + timedelta(hours=1))
        publishing.publish(revisions.create(state, actor=cast.editor), actor=cast.editor)
        image.refresh_from_db()
        assert image.public_since == NOON
        clock.move_to(NOON + timedelta(minutes=59))
        effects.run_due()
        image.refresh_from_db()
        assert image.public_since is not None
        clock.move_to(NOON + timedelta(hours=1))
        effects.run_due()
        image.refresh_from_db()
        assert image.public_since is None


def test_pictures_of_an_article_sent_back_into_the_future_are_taken_in(cast: Cast, section: Section) -> None:
    image = picture_of()
    with time_machine.travel(NOON, tick=False):
        article = revisions.create(ready(section, lead_picture=image.pk), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        later = ready(section, lead_picture=image.pk, publish_at=NOON + timedelta(days=1))
        revisions.save(article, later, actor=cast.editor)
        publishing.take_down(article, actor=cast.editor)
        publishing.reopen(article, actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        effects.run_due()
        image.refresh_from_db()
        assert image.public_since is None
        assert Article.objects.get().once_public()


def test_a_body_is_rendered_again_when_a_pictures_licence_ends(cast: Cast, section: Section) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        image = picture_of(usable_until=NOON + timedelta(days=1), caption="Dawn over the basin")
        body = f'<p>Look:</p><figure data-image="{image.pk}"></figure>'
        publishing.publish(revisions.create(ready(section, body=body), actor=cast.editor), actor=cast.editor)
        assert "Dawn over the basin" in Article.objects.get().body_html
        clock.move_to(NOON + timedelta(days=1, minutes=1))
        effects.run_due()
        assert "Dawn over the basin" not in Article.objects.get().body_html


def test_words_submitted_meanwhile_cannot_be_changed_through_an_old_object(cast: Cast, section: Section) -> None:
    article = revisions.create(ready(section), actor=cast.contributor)
    stale = Article.objects.get()
    publishing.submit_for_review(article, actor=cast.contributor)
    with pytest.raises(PermissionDenied):
        revisions.save(stale, ready(section, headline="Too late"), actor=cast.contributor)
    assert article.revisions.count() == 1


def test_a_lead_picture_goes_when_its_licence_ends(cast: Cast, section: Section, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        image = picture_of(usable_until=NOON + timedelta(days=1))
        article = revisions.create(ready(section, lead_picture=image.pk), actor=cast.editor)
        publishing.publish(article, actor=cast.editor)
        assert "<picture" in client.get(article.get_absolute_url()).content.decode()
        clock.move_to(NOON + timedelta(days=1, minutes=1))
        assert "<picture" not in client.get(article.get_absolute_url()).content.decode()
        assert "<picture" not in client.get("/").content.decode()
        effects.run_due()
        image.refresh_from_db()
        assert image.public_since is None
