"""The bin: what is deleted goes there whole, and comes back as it was or says why not."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions
from articles.models import Article, Section, Series, SeriesEntry, Source, Status, Tag, TagSynonym
from articles.previews import links
from articles.state import Credit, WorkingState
from curation import picks
from images import files
from images.deletion import ImageInUse, delete_image
from images.models import Image, RenditionName
from outbox import effects
from outbox.models import AuditEntry
from pagecache.models import Key
from people.models import Author, User
from tests.concurrency import PATIENCE
from tests.conftest import Cast
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_author,
    make_image,
    make_product,
    make_section,
    make_source,
)
from wastebin import bin  # noqa: A004
from wastebin.models import Binned
from wastebin.purging import empty

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
ROOMS = ("articles", "images", "people", "curation", "products", "pages", "comments")
LIVES_ON = {"curation.CuratedList", "curation.ListRecord"}
"""The desk's memory of a list: it rightly tells that a pick was lost."""


def everything() -> dict[str, list[Any]]:
    """Every row of the newsroom, column by column."""
    return {
        model._meta.label: sorted(
            tuple((field.attname, repr(field.value_from_object(row))) for field in model._meta.concrete_fields)
            for row in model._base_manager.all()
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and model._meta.label not in LIVES_ON
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def draft(cast: Cast, headline: str = "Mine") -> Article:
    state = WorkingState(headline=headline, section=make_section().pk, body="<p>Words.</p>", tags=("trams",))
    article = revisions.create(state, actor=cast.contributor)
    revisions.save(article, state.with_(headline=f"{headline} again"), actor=cast.contributor)
    return article


def an_article(cast: Cast) -> Article:
    article = draft(cast)
    picks.pick(make_article(), article, actor=cast.editor)
    picks.pick(article, make_article("Beside"), actor=cast.contributor)
    return article


def a_tag(cast: Cast) -> Tag:
    give_tags(make_article(), "trams", "rain")
    tag = Tag.objects.get(name="trams")
    TagSynonym.objects.create(tag=tag, name="tramway")
    return tag


def a_section(cast: Cast) -> Section:
    section = make_section("Harbour", picture=make_image())
    former = make_article()
    former.moved_to_section = section
    former.save()
    return section


def a_source(cast: Cast) -> Source:
    return make_source(credit="© {name}")


def an_author(cast: Cast) -> Author:
    return make_author("Ines Maren", portrait=make_image(), user=cast.contributor, bio="Two\nlines.")


def a_series(cast: Cast) -> Series:
    series = Series.objects.create(title="The harbour", slug="the-harbour")
    SeriesEntry.objects.create(series=series, article=make_article(), position=3)
    return series


def an_image(cast: Cast) -> Image:
    image = make_image(focal_x=0.123456789, usable_until=NOON)
    RenditionName.objects.create(stem="ab", image=image)
    return image


KINDS: list[Callable[[Cast], models.Model]] = [
    an_article, a_tag, a_section, a_source, an_author, a_series, an_image,
]  # fmt: skip


@pytest.mark.parametrize("make", KINDS)
def test_each_kind_comes_back_as_it_was_to_the_last_column(cast: Cast, make: Callable[[Cast], models.Model]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        obj = make(cast)
        before = everything()
        binned = bin.put(obj, actor=cast.administrator)
        assert not type(obj)._base_manager.filter(pk=obj.pk).exists()
        assert everything() != before
        clock.shift(timedelta(days=20))
        assert bin.restore(binned, actor=cast.administrator) == (obj, [])
        assert everything() == before
    assert not Binned.objects.exists()
    assert [entry.verb for entry in AuditEntry.objects.filter(object_id=str(obj.pk))][:2] == ["restored", "deleted"]


@pytest.mark.parametrize("make", [a_tag, a_section, an_author, a_series])
def test_page_keys_rise_on_both_ways(cast: Cast, make: Callable[[Cast], Any]) -> None:
    obj = make(cast)
    names = obj.page_keys()

    def risen() -> dict[str, int]:
        return dict(Key.objects.filter(name__in=names).values_list("name", "version"))

    seen = [risen()]
    binned = bin.put(obj, actor=cast.chief)
    seen.append(risen())
    bin.restore(binned, actor=cast.chief)
    seen.append(risen())
    assert all(seen[0].get(name, 0) < seen[1][name] < seen[2][name] for name in names)


def test_a_story_that_was_scheduled_comes_back_as_a_draft(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = draft(cast)
        revisions.save(article, WorkingState.of(article).with_(publish_at=NOON + timedelta(hours=1)), actor=None)
        publishing.publish(article, actor=None)
        binned = revisions.discard(article, actor=cast.editor)
        clock.shift(timedelta(hours=2))
        bin.restore(binned, actor=cast.editor)
        assert Article.objects.get(pk=article.pk).status == Status.DRAFT
        assert not Article.objects.public().exists()


def test_links_for_people_outside_stay_closed_when_their_story_comes_back(cast: Cast) -> None:
    article = draft(cast)
    tokens = {who: links.make(article, actor=cast.editor, reader=who, days=5)[1] for who in ("Ana", "Bo")}
    gone, _token = links.make(article, actor=cast.editor, reader="Cem", days=5)
    links.revoke(gone, actor=cast.editor)
    assert links.find(tokens["Ana"]), "the control: it opened the story"
    binned = revisions.discard(article, actor=cast.editor)
    assert links.find(tokens["Ana"]) is None
    page = signed_in(cast.editor).post(f"/admin/wastebin/binned/{binned.pk}/restoration/", follow=True)
    told = f"“{binned.label}” is back. Its 2 links for people outside stay closed; make new ones"
    assert told in page.content.decode()
    assert [links.find(token) for token in tokens.values()] == [None, None]
    assert links.good_links(article) == []
    revoked = AuditEntry.objects.filter(verb="revoked preview link", actor=cast.editor)
    assert sorted(entry.details["reader"] for entry in revoked) == ["Ana", "Bo", "Cem"]
    assert links.find(links.make(article, actor=cast.editor, reader="Ana", days=5)[1]), "a new one opens it"


def test_another_with_its_name_is_named_and_nothing_written(cast: Cast) -> None:
    binned = bin.put(a_tag(cast), actor=cast.chief)
    Tag(name="Trams").save()
    before = everything()
    with pytest.raises(ValidationError, match="“Trams” has its"):
        bin.restore(binned, actor=cast.chief)
    assert everything() == before
    assert Binned.objects.exists()


def test_a_part_whose_name_is_taken_is_refused_in_words_too(cast: Cast) -> None:
    binned = bin.put(a_tag(cast), actor=cast.chief)
    TagSynonym.objects.create(tag=Tag.objects.get(name="rain"), name="tramway")
    with pytest.raises(ValidationError, match="taken a name"):
        bin.restore(binned, actor=cast.chief)


def test_what_it_had_must_come_back_first(cast: Cast) -> None:
    image = make_image()
    section = make_section("Harbour", picture=image)
    first = bin.put(section, actor=cast.chief)
    second = bin.put(image, actor=cast.chief)
    with pytest.raises(ValidationError, match="bring that back first"):
        bin.restore(first, actor=cast.chief)
    bin.restore(second, actor=cast.chief)
    bin.restore(first, actor=cast.chief)
    assert Section.objects.get(pk=section.pk).picture == image


def test_what_is_gone_for_good_is_left_out(cast: Cast) -> None:
    story, tag = make_article(), a_tag(cast)
    give_tags(story, "trams")
    binned = bin.put(tag, actor=cast.chief)
    story.delete()
    bin.restore(binned, actor=cast.chief)
    assert tag.tagged.count() == 1


@pytest.mark.parametrize("make", [a_section, a_source, an_author])
def test_what_stories_need_is_not_deleted(cast: Cast, make: Callable[[Cast], Any]) -> None:
    obj = make(cast)
    story = make_article()
    if isinstance(obj, Author):
        give_byline(story, obj.name)
    else:
        setattr(story, obj._meta.model_name, obj)
        story.save()
    with pytest.raises(bin.HeldError):
        bin.put(obj, actor=cast.chief)
    assert type(obj)._base_manager.filter(pk=obj.pk).exists()
    assert not Binned.objects.exists()


def test_what_a_draft_wants_is_not_deleted_either(cast: Cast) -> None:
    author, source, section = make_author(), make_source(), make_section("Harbour")
    state = WorkingState(headline="x", section=section.pk, source=source.pk, bylines=(Credit(author.pk),))
    revisions.create(state, actor=cast.editor)
    for obj in (author, source, section):
        with pytest.raises(bin.HeldError):
            bin.put(obj, actor=cast.chief)
    assert bin.put(make_author("Somebody Else"), actor=cast.chief)  # the control


def test_a_picture_keeps_its_files_until_it_goes_for_good_but_not_in_public(cast: Cast) -> None:
    image = make_image()
    name = image.renditions[0]["name"]
    for storage in (files.private(), files.public()):
        storage.save(name, ContentFile(b"picture"))
    Image.objects.filter(pk=image.pk)
    binned = delete_image(image, actor=cast.editor)
    effects.run_due()
    assert (files.private().exists(name), files.public().exists(name)) == (True, False)
    assert Client().get(f"/media/{name}").status_code == 404
    bin.delete_for_good(binned, actor=cast.chief)
    effects.run_due()
    assert not files.private().exists(name)


def test_a_used_picture_is_refused_whichever_way_it_is_deleted(cast: Cast) -> None:
    image = make_image()
    make_product(picture=image)
    for delete in (delete_image, bin.put):
        with pytest.raises(ImageInUse):
            delete(image, actor=cast.chief)


def test_after_thirty_days_the_worker_empties_it(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        binned = revisions.discard(draft(cast), actor=cast.contributor)
        clock.move_to(NOON + timedelta(days=30) - timedelta(microseconds=1))
        empty()
        assert Binned.objects.exists()
        clock.move_to(NOON + timedelta(days=30))
        empty()
        empty()
        assert not Binned.objects.exists()
        with pytest.raises(ValidationError, match="not in the bin any more"):
            bin.restore(binned, actor=cast.contributor)
    assert AuditEntry.objects.get(verb="deleted for good").actor_name == "system"


def test_more_than_the_bin_holds_is_refused_and_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bin, "MAX_ROWS", 2)
    article = draft(cast)
    with pytest.raises(ValidationError, match="the bin holds 2"):
        revisions.discard(article, actor=cast.contributor)
    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize(
    ("who", "own", "others", "tag"),
    [
        ("contributor", True, False, False),
        ("editor", True, True, False),
        ("chief", True, True, True),
        ("moderator", False, False, False),
        ("administrator", True, True, True),
    ],
)
def test_who_deletes_and_brings_back_what(cast: Cast, who: str, own: bool, others: bool, tag: bool) -> None:
    user = getattr(cast, who)
    mine = draft(cast, "Qzmine")
    mine.created_by = user
    mine.save()
    for obj, may in ((mine, own), (draft(cast, "Qzothers"), others or who == "contributor"), (a_tag(cast), tag)):
        if not may:
            with pytest.raises(PermissionDenied):
                bin.put(obj, actor=user)
            continue
        binned = bin.put(obj, actor=user)
        with pytest.raises(PermissionDenied):
            bin.restore(binned, actor=cast.moderator)
        bin.restore(binned, actor=user)
    hidden = bin.put(draft(cast, "Qzhidden"), actor=cast.editor)
    page = signed_in(user).get("/admin/wastebin/binned/")
    assert page.status_code == (200 if own else 403)
    assert ("Qzhidden" in page.content.decode()) is others
    restore = f"/admin/wastebin/binned/{hidden.pk}/restoration/"
    assert signed_in(user).post(restore).status_code == (302 if others else 404)


@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 403), ("editor", 403), ("moderator", 403), ("chief", 302), ("administrator", 302)],
)
def test_who_deletes_for_good(cast: Cast, who: str, status: int) -> None:
    binned = revisions.discard(draft(cast), actor=cast.contributor)
    client = signed_in(getattr(cast, who))
    assert client.post(f"/admin/wastebin/binned/{binned.pk}/delete/", {"post": "yes"}).status_code == status
    assert Binned.objects.exists() is (status == 403)
    if status == 403:
        with pytest.raises(PermissionDenied):
            bin.delete_for_good(binned, actor=getattr(cast, who))


def test_deleting_at_the_desk_can_be_undone_on_the_spot(cast: Cast) -> None:
    article, client = draft(cast), signed_in(cast.contributor)
    page = f"/admin/articles/article/{article.pk}/delete/"
    assert "It stays in the bin for 30 days" in client.get(page).content.decode()
    answer = client.post(page, {"post": "yes"}, follow=True)
    binned = Binned.objects.get()
    assert f'action="/admin/wastebin/binned/{binned.pk}/restoration/"' in answer.content.decode()
    assert client.get(f"/admin/wastebin/binned/{binned.pk}/restoration/").status_code == 405
    answer = client.post(f"/admin/wastebin/binned/{binned.pk}/restoration/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/articles/article/{article.pk}/change/"
    answer = client.post(f"/admin/wastebin/binned/{binned.pk}/restoration/")
    assert answer.status_code == 404


@pytest.mark.once
def test_the_list_is_filtered_in_constant_queries(cast: Cast) -> None:
    client, counts = signed_in(cast.chief), []
    for number in range(12):
        bin.put(make_source(f"Agency {number}"), actor=cast.chief)
        if number in {1, 11}:
            with CaptureQueriesContext(connection) as seen:
                client.get("/admin/wastebin/binned/")
            counts.append(len(seen))
    assert counts[0] == counts[1]
    revisions.discard(draft(cast), actor=cast.editor)
    sources = client.get("/admin/wastebin/binned/?kind=articles.source").content.decode()
    assert "Agency 3" in sources
    assert "Mine again" not in sources
    editors = client.get(f"/admin/wastebin/binned/?by={cast.editor.pk}").content.decode()
    assert "Agency 3" not in editors
    assert "Mine again" in editors
    for nonsense in ("?kind=x", "?by=x", "?by=99999999999999999999"):
        assert client.get(f"/admin/wastebin/binned/{nonsense}").status_code in {200, 302}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_it_back_at_once_one_does_and_the_other_is_told(cast: Cast) -> None:
    binned = bin.put(make_source(), actor=cast.chief)
    said: list[str] = []
    gate = threading.Barrier(2, timeout=PATIENCE)

    def restore() -> None:
        gate.wait()
        try:
            bin.restore(binned, actor=cast.chief)
            said.append("back")
        except ValidationError as refused:
            said.append(refused.messages[0])
        finally:
            connection.close()

    both = [threading.Thread(target=restore) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(word == "back" for word in said) == [False, True]
    assert Source.objects.count() == 1
