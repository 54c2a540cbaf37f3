"""Killed: gone everywhere at once, 410 with nothing of it, its reason inside, and back only by those who may kill."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, Handover, PreviewLink, ScheduledChange, SearchEntry, Status
from articles.state import WorkingState
from curation import picks
from images import files
from images.models import Image
from images.publicity import WITHDRAW
from outbox import effects
from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import make_article
from tests.test_article_admin import signed_in
from tests.test_hidden_articles import ALL, ALT, SLUG, as_sent, marked, public, sightings  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

REASON = "Qzreason of the court"


def kill(article: Article, cast: Cast) -> None:
    publishing.kill(article, actor=cast.chief, reason=REASON)


def test_nothing_of_it_is_left_anywhere_readers_look(client: Client, marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    assert sightings(client, marked)  # the control, which also fills the page cache
    kill(marked, cast)
    assert sightings(client, marked) == set()
    assert not SearchEntry.objects.filter(article=marked).exists()
    effects.run_due()
    image = Image.objects.get(alt=ALT)
    assert client.get(f"/media/{image.renditions[1]['name']}").status_code == 404
    assert not files.public().exists(image.renditions[1]["name"])


def test_its_address_says_gone_and_leads_nowhere(client: Client, marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    marked.moved_to = make_article("Somewhere else")
    marked.save()
    kill(marked, cast)
    response = client.get(f"/city/{SLUG}-{marked.pk}/")
    assert response.status_code == 410
    assert not [mark for mark in {*ALL, REASON, "Somewhere"} if mark in response.content.decode()]
    assert as_sent(response) == as_sent(client.get(f"/city/anything-{marked.pk}/"))
    assert Article.objects.get(pk=marked.pk).moved_to is None


def test_every_page_with_its_card_is_told(marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    names = {"front", "archive", f"article:{marked.pk}", f"section-list:{marked.section_id}"}
    names |= {f"tag-list:{pk}" for pk in marked.tagged.values_list("tag", flat=True)}
    names |= {f"author-list:{pk}" for pk in marked.bylines.values_list("author", flat=True)}
    before = dict(Key.objects.filter(name__in=names).values_list("name", "version"))
    kill(marked, cast)
    after = dict(Key.objects.filter(name__in=names).values_list("name", "version"))
    assert set(after) == names
    assert all(after[name] > before.get(name, 0) for name in names)


def test_what_waited_for_its_hour_is_cancelled(marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    later = timezone.now() + timedelta(hours=1)
    assert marked.latest is not None
    change = ScheduledChange.objects.create(article=marked, revision=marked.latest, due_at=later)
    link = PreviewLink.objects.create(article=marked, reader="Ana", secret_hash="h", expires_at=later)
    kill(marked, cast)
    change.refresh_from_db()
    link.refresh_from_db()
    assert change.cancelled_at is not None
    assert link.revoked_at is not None
    assert Effect.objects.filter(kind=WITHDRAW).exists()


def test_a_scheduled_one_that_is_killed_never_appears(client: Client, marked: Article, cast: Cast) -> None:  # noqa: F811
    ahead = timezone.now() + timedelta(hours=1)
    revisions.save(marked, WorkingState.of(marked).with_(publish_at=ahead), actor=None)
    publishing.publish(marked, actor=None)
    kill(marked, cast)
    Effect.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    effects.run_due()
    assert Article.objects.get(pk=marked.pk).status == Status.KILLED
    assert client.get(f"/city/{SLUG}-{marked.pk}/").status_code == 404


def test_the_reason_is_needed_and_stays_inside(marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    for reason in ("", " \n", "x" * 2001, "a\0b"):
        with pytest.raises(ValidationError):
            publishing.kill(marked, actor=cast.chief, reason=reason)
    assert Article.objects.get(pk=marked.pk).status == Status.PUBLISHED
    kill(marked, cast)
    assert Handover.objects.get(verb="killed").note == REASON
    assert AuditEntry.objects.get(verb="killed").details == {"reason": REASON}
    with pytest.raises(ValidationError, match="faster"):
        kill(marked, cast)


def test_nobody_and_nothing_writes_it_until_it_is_reopened(marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    kill(marked, cast)
    state = WorkingState.of(marked).with_(headline="Again")
    for actor in (None, cast.chief, cast.administrator):
        for verb in (
            lambda who: revisions.save(marked, state, actor=who),
            lambda who: publishing.publish(marked, actor=who),
            lambda who: revisions.discard(marked, actor=who),
            lambda who: revisions.duplicate(marked, actor=who),
        ):
            with pytest.raises(PermissionDenied):
                verb(actor)
    with pytest.raises(PermissionDenied):
        publishing.reopen(marked, actor=cast.editor)
    publishing.reopen(marked, actor=cast.chief)
    revisions.save(marked, state, actor=cast.editor)
    publishing.publish(marked, actor=cast.editor)
    assert Article.objects.public().filter(headline="Again").exists()


def test_a_pick_of_it_shows_editors_that_it_was_killed_and_contributors_nothing(
    marked: Article,  # noqa: F811
    cast: Cast,
) -> None:
    public(marked)
    shown = Article.objects.get(headline="A public story")
    own = revisions.create(WorkingState(headline="Mine", section=shown.section_id), actor=cast.contributor)
    picks.pick(own, marked, actor=cast.editor)
    kill(marked, cast)
    for place in (shown, own):
        page = f"/admin/curation/pick/article/{place.pk}/"
        assert "Killed." in signed_in(cast.editor).get(page).content.decode()
        assert not [mark for mark in ALL if mark in signed_in(cast.contributor).get(page).content.decode()]


def test_the_page_that_asks_names_where_it_stands_and_takes_a_reason(marked: Article, cast: Cast) -> None:  # noqa: F811
    public(marked)
    client, page = signed_in(cast.chief), f"/admin/articles/article/{marked.pk}/kill/"
    assert "A public story" in client.get(page).content.decode()
    refused = client.post(page, {"note": ""})
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    client.post(page, {"note": REASON})
    assert Article.objects.get(pk=marked.pk).status == Status.KILLED
    shown = client.get(f"/admin/articles/article/{marked.pk}/change/").content.decode()
    assert "/reopening/" in shown
    client.post(f"/admin/articles/article/{marked.pk}/reopening/", {})
    assert Article.objects.get(pk=marked.pk).status == Status.DRAFT


def test_an_import_that_names_it_is_refused(tmp_path: Any, cast: Cast) -> None:
    from articles.importing import Importer  # noqa: PLC0415

    line = '{"id": "7", "title": "Once", "body": "Words."}\n'
    list(Importer(actor=None).run([line]))  # type: ignore[arg-type]
    kill(Article.objects.get(), cast)
    again = Importer(actor=None)
    list(again.run([line.replace("Once", "Twice")]))  # type: ignore[arg-type]
    assert len(again.report.refused) == 1
    assert Article.objects.get().status == Status.KILLED
