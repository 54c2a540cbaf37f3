"""A later change to a live article: at its minute for readers, exactly once in the database, never by surprise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import publishing, revisions
from articles.models import Article, Revision, ScheduledChange, Status, Tag
from articles.schedule import later
from articles.state import Credit, WorkingState
from articles.stories import public_article
from images import publicity
from images.models import Image
from outbox import effects
from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from pagecache.reading import recording
from tests.conftest import Cast
from tests.factories import make_author, make_image, make_section, make_source

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIX = NOON.replace(hour=18)
NEW = "The tram is early"


def state(**changes: Any) -> WorkingState:
    words = WorkingState(headline="The tram is late", section=make_section().pk, body="<p>Late again.</p>")
    return words.with_(tags=("trams",), **changes)


@pytest.fixture
def story(cast: Cast) -> Article:
    """Public since noon, with a newer revision that nobody has published."""
    with time_machine.travel(NOON, tick=False):
        article = publishing.publish(revisions.create(state(), actor=cast.editor), actor=cast.editor)
        revisions.save(article, state(headline=NEW, slug="early", body="<p>Early!</p>"), actor=cast.editor)
    return article


def plan(article: Article, cast: Cast, due: datetime = SIX) -> ScheduledChange:
    newest = Revision.objects.filter(article=article).first()
    assert newest is not None
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        return later.schedule_change(article, newest, due, actor=cast.editor)


def seen(article: Article, client: Client | None = None) -> str:
    """What a reader who follows the old address finds."""
    response = (client or Client()).get(f"/city/the-tram-is-late-{article.pk}/", follow=True)
    return str(response.content.decode())


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


def test_readers_see_it_at_its_minute_without_any_worker(cast: Cast, story: Article) -> None:
    plan(story, cast)
    with time_machine.travel(SIX - timedelta(seconds=1), tick=False):
        assert NEW not in seen(story)
        assert "Early!" not in seen(story)
    with time_machine.travel(SIX, tick=False):
        page = seen(story)
        assert f'<h1 class="story__headline">{NEW}</h1>' in page
        assert "<p>Early!</p>" in page
        assert Article.objects.get().headline == "The tram is late", "no worker wrote anything"
        assert public_article(story.pk).revised_at == SIX


def test_the_address_of_the_change_leads_from_its_minute_on(cast: Cast, story: Article) -> None:
    plan(story, cast)
    early = f"/city/early-{story.pk}/"
    with time_machine.travel(SIX - timedelta(seconds=1), tick=False):
        assert Client().get(early).headers["Location"] == f"/city/the-tram-is-late-{story.pk}/"
    with time_machine.travel(SIX, tick=False):
        assert Client().get(early).status_code == 200


def test_the_effect_writes_it_once_as_publishing_would(cast: Cast, story: Article) -> None:
    change = plan(story, cast)
    raised = version(f"article:{story.pk}")
    with time_machine.travel(SIX + timedelta(seconds=3), tick=False):
        assert effects.run_due() > 0
        later.apply({"change": change.pk}, "again")
    row = Article.objects.get()
    assert (row.headline, row.slug, row.live, row.publish_at) == (NEW, "early", change.revision, NOON)
    assert row.revised_at == SIX, "readers see it since its minute, whenever the worker came"
    assert AuditEntry.objects.filter(verb="later change", object_id=str(story.pk)).count() == 1
    assert version(f"article:{story.pk}") == raised + 1
    with time_machine.travel(SIX + timedelta(seconds=4), tick=False):
        assert NEW in seen(story)


def test_page_lists_and_effect_agree_in_every_part(cast: Cast, story: Article) -> None:
    """What the overlay shows is what the worker writes: one page before it, the same page after it."""
    author, picture = make_author(), make_image()
    source, tags = make_source(), ("trams", "buses")
    with time_machine.travel(NOON, tick=False):
        body = f'<p>Look.</p><figure data-image="{picture.pk}"></figure>'
        words = state(headline=NEW, slug="early", body=body, bylines=(Credit(author.pk),), source=source.pk)
        publishing.publish(revisions.create(state(headline="Bus").with_(tags=("buses",)), actor=None), actor=None)
        revisions.save(story, words.with_(tags=tags, lead_picture=picture.pk), actor=cast.editor)
    plan(story, cast)
    with time_machine.travel(SIX, tick=False):
        before = seen(story)
        effects.run_due()
        assert seen(story) == before
    assert author.name in before
    assert "buses" in before


def test_a_topic_nobody_could_open_yet_waits_for_the_worker(cast: Cast, story: Article) -> None:
    with time_machine.travel(NOON, tick=False):
        revisions.save(story, state(headline=NEW).with_(tags=("trams", "monorails")), actor=cast.editor)
    plan(story, cast)
    with time_machine.travel(SIX, tick=False):
        assert "monorails" not in seen(story)
        assert Client().get(f"/tag/{Tag.objects.get(name='monorails').slug}/").status_code == 404
        effects.run_due()
        assert "monorails" in seen(story)


def test_the_pages_boundary_is_the_next_waiting_change(cast: Cast, story: Article) -> None:
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        with recording() as record:
            public_article(story.pk)
        assert record.boundary is None
    raised = version(f"article:{story.pk}")
    change = plan(story, cast)
    assert version(f"article:{story.pk}") == raised + 1, "pages made before it know no boundary"
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        with recording() as record:
            public_article(story.pk)
        assert record.boundary == SIX
        later.cancel_change(change, actor=cast.editor)
        assert version(f"article:{story.pk}") == raised + 2


@pytest.mark.once
def test_it_costs_no_query_more_until_it_is_due_and_few_then(
    cast: Cast, story: Article, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    with time_machine.travel(NOON + timedelta(hours=1), tick=False), django_assert_max_num_queries(12) as without:
        seen(story, Client())
    plan(story, cast)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False), django_assert_num_queries(len(without)):
        seen(story, Client())
    with time_machine.travel(SIX, tick=False), django_assert_max_num_queries(12):
        Client().get(f"/city/early-{story.pk}/")


def test_saving_or_publishing_meanwhile_alters_neither_revision_nor_plan(cast: Cast, story: Article) -> None:
    change = plan(story, cast)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        revisions.save(story, state(headline="A third version"), actor=cast.editor)
        publishing.publish(story, actor=cast.editor)
        assert "A third version" in seen(story)
    with time_machine.travel(SIX, tick=False):
        assert NEW in seen(story)
        effects.run_due()
        assert NEW in seen(story)
    assert Article.objects.get().live == change.revision


def test_a_cancelled_change_is_never_seen(cast: Cast, story: Article) -> None:
    change = plan(story, cast)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        later.cancel_change(change, actor=cast.chief)
        with pytest.raises(ValidationError, match="no longer waits"):
            later.cancel_change(change, actor=cast.chief)
    with time_machine.travel(SIX, tick=False):
        effects.run_due()
        assert NEW not in seen(story)


def test_what_cannot_go_out_at_its_minute_is_kept_in_words(cast: Cast, story: Article) -> None:
    picture = make_image(usable_until=SIX - timedelta(hours=1))
    with time_machine.travel(NOON, tick=False):
        revisions.save(story, state(headline=NEW, lead_picture=picture.pk), actor=cast.editor)
    change = plan(story, cast)
    with time_machine.travel(SIX, tick=False):
        effects.run_due()
        assert NEW not in seen(story)
    change.refresh_from_db()
    assert "licence" in change.problem
    assert change.applied_at is None


def test_an_article_taken_down_takes_its_plan_along(cast: Cast, story: Article) -> None:
    change = plan(story, cast)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        publishing.take_down(story, actor=cast.editor)
    change.refresh_from_db()
    assert change.cancelled_at is not None
    with time_machine.travel(SIX, tick=False):
        effects.run_due()
        assert Client().get(f"/city/early-{story.pk}/").status_code == 410


def test_a_change_that_ends_the_article_ends_it_without_a_worker(cast: Cast, story: Article) -> None:
    ends = SIX + timedelta(hours=1)
    with time_machine.travel(NOON, tick=False):
        revisions.save(story, state(headline=NEW, expire_at=ends), actor=cast.editor)
    plan(story, cast)
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert NEW in seen(story)
    with time_machine.travel(ends, tick=False):
        assert Client().get(f"/city/the-tram-is-late-{story.pk}/").status_code == 410


def test_pictures_of_a_due_change_are_public_and_those_of_a_waiting_one_are_not(cast: Cast, story: Article) -> None:
    picture = make_image()
    with time_machine.travel(NOON, tick=False):
        body = f'<figure data-image="{picture.pk}"></figure>'
        revisions.save(story, state(headline=NEW, body=body), actor=cast.editor)
    plan(story, cast)
    with time_machine.travel(SIX - timedelta(seconds=1), tick=False):
        assert publicity.shown_now([picture.pk]) == set()
    with time_machine.travel(SIX, tick=False):
        assert publicity.shown_now([picture.pk]) == {picture.pk}
        effects.run_due()
        assert publicity.shown_now([picture.pk]) == {picture.pk}
    assert Image.objects.get().public_since is not None


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_who_may_publish_plans_moves_or_cancels(cast: Cast, story: Article, who: str) -> None:
    actor = getattr(cast, who)
    assert story.latest is not None
    with pytest.raises(PermissionDenied):
        later.schedule_change(story, story.latest, SIX, actor=actor)
    change = plan(story, cast)
    with pytest.raises(PermissionDenied):
        later.move_change(change, SIX + timedelta(hours=1), actor=actor)
    with pytest.raises(PermissionDenied):
        later.cancel_change(change, actor=actor)
    assert Effect.objects.filter(kind=later.EFFECT).count() == 1


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (NOON, "has passed"),
        (NOON + timedelta(days=2), "expires on"),
    ],
)
def test_a_senseless_minute_is_refused_in_words(cast: Cast, story: Article, due: datetime, words: str) -> None:
    with time_machine.travel(NOON, tick=False):
        revisions.save(story, state(headline=NEW, expire_at=NOON + timedelta(days=1)), actor=cast.editor)
    with pytest.raises(ValidationError, match=words):
        plan(story, cast, due)
    assert not ScheduledChange.objects.exists()


def test_a_draft_and_anothers_revision_are_refused(cast: Cast, story: Article) -> None:
    draft = revisions.create(state(), actor=cast.editor)
    assert draft.latest is not None
    assert story.latest is not None
    with pytest.raises(ValidationError, match="draft"):
        later.schedule_change(draft, draft.latest, SIX, actor=cast.editor)
    with pytest.raises(ValidationError, match="another article"):
        later.schedule_change(story, draft.latest, SIX, actor=cast.editor)


def test_an_unfinished_revision_is_refused_when_it_is_planned(cast: Cast, story: Article) -> None:
    with time_machine.travel(NOON, tick=False):
        revisions.save(story, state(headline=NEW).with_(body=""), actor=cast.editor)
    with pytest.raises(publishing.NotReadyError, match="empty"):
        plan(story, cast)


def test_a_second_plan_replaces_only_the_one_its_maker_saw(cast: Cast, story: Article) -> None:
    first = plan(story, cast)
    with pytest.raises(ValidationError, match="waits already"):
        plan(story, cast, SIX + timedelta(days=1))
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        moved = later.move_change(first, SIX + timedelta(days=1), actor=cast.chief, seen=SIX)
        with pytest.raises(ValidationError, match="no longer waits"):
            later.move_change(first, SIX + timedelta(days=2), actor=cast.editor, seen=SIX)
        with pytest.raises(ValidationError, match="Somebody moved it"):
            later.move_change(moved, SIX + timedelta(days=2), actor=cast.editor, seen=SIX)
    with time_machine.travel(SIX, tick=False):
        effects.run_due()
        assert NEW not in seen(story)
    with time_machine.travel(SIX + timedelta(days=1), tick=False):
        assert NEW in seen(story)
        effects.run_due()
    assert Article.objects.get().status == Status.PUBLISHED
    assert ScheduledChange.objects.filter(applied_at__isnull=False).count() == 1


def test_an_article_under_embargo_can_be_planned_for_only_after_it(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        held = publishing.publish(revisions.create(state(embargo_until=SIX), actor=None), actor=None)
        revisions.save(held, state(headline=NEW), actor=None)
    with pytest.raises(ValidationError, match="only from Monday 2 March 2026, 18:00"):
        plan(held, cast, SIX - timedelta(hours=1))
    plan(held, cast, SIX + timedelta(hours=1))
    with time_machine.travel(SIX + timedelta(hours=1), tick=False):
        effects.run_due()
        assert Article.objects.get().embargo_until == SIX, "the embargo stays the article's own"
