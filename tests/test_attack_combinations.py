"""Steps of the editor's day that meet each other: each is refused in words or does what an editor expects."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import publishing, redirects, revisions, series, tag_merging
from articles.history import restoring
from articles.models import Article, DeskRole, ScheduledChange, Series, SeriesEntry, Status, Tag
from articles.previews import links
from articles.schedule import later, moving
from articles.state import WorkingState
from outbox import effects
from people.models import User
from tests.conftest import Cast
from tests.factories import give_place, make_section
from tests.test_article_admin import form_data, panels
from wastebin import bin as waste
from wastebin.models import Binned

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIX = NOON.replace(hour=18)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def words(**fields: Any) -> WorkingState:
    told: dict[str, Any] = {"headline": "The tram is late", "section": make_section().pk, "body": "<p>Late.</p>"}
    return WorkingState(**{**told, **fields})


def draft(actor: User | None, **fields: Any) -> Article:
    return revisions.create(words(**fields), actor=actor)


def story(actor: User | None = None, **fields: Any) -> Article:
    return publishing.publish(draft(actor, **fields), actor=None)


def planned(article: Article, **fields: Any) -> ScheduledChange:
    revision = revisions.save(article, WorkingState.of(article).with_(**fields), actor=None)
    return later.schedule_change(article, revision, SIX, actor=None)


# A later change, and what happens to what it names


def test_a_merged_tag_is_on_the_page_under_its_new_name_before_any_worker_ran(cast: Cast) -> None:
    story(tags=("Streetcars",))
    article = story()
    planned(article, tags=("Trams",))
    tag_merging.merge(Tag.objects.get(name="Trams"), Tag.objects.get(name="Streetcars"), actor=cast.editor)
    with time_machine.travel(SIX, tick=False):
        assert "Streetcars" in Client().get(article.get_absolute_url()).content.decode()
        effects.run_due()
        assert list(article.tags.values_list("name", flat=True)) == ["Streetcars"]


def test_a_section_that_a_later_change_names_does_not_go_into_the_bin(cast: Cast) -> None:
    article = story()
    sport = make_section("Sport")
    planned(article, section=sport.pk)
    try:
        waste.put(sport, actor=cast.chief)
    except ValidationError:
        return
    with time_machine.travel(SIX, tick=False):
        assert Client().get(article.get_absolute_url()).status_code == 200
        effects.run_due()
        assert ScheduledChange.objects.get().problem
        assert Client().get(article.get_absolute_url()).status_code == 200


def test_a_killed_story_is_not_changed_at_the_minute_nor_when_it_comes_back(cast: Cast) -> None:
    article = story()
    planned(article, headline="Never")
    publishing.kill(article, actor=cast.chief, reason="A court order")
    publishing.reopen(article, actor=cast.chief)
    revisions.save(article, words(), actor=cast.chief)
    publishing.publish(article, actor=cast.chief)
    with time_machine.travel(SIX, tick=False):
        effects.run_due()
        assert "Never" not in Client().get(article.get_absolute_url()).content.decode()


def test_a_story_taken_down_stays_down_at_the_minute(cast: Cast) -> None:
    article = story()
    planned(article, headline="Never")
    publishing.take_down(article, actor=cast.editor)
    with time_machine.travel(SIX, tick=False):
        effects.run_due()
        assert Client().get(article.get_absolute_url()).status_code == 410


def test_a_story_that_readers_saw_does_not_go_into_the_bin_once_it_is_down(cast: Cast) -> None:
    article = story()
    publishing.take_down(article, actor=cast.chief)
    with pytest.raises(PermissionDenied):
        waste.put(article, actor=cast.chief)


def test_an_article_comes_back_from_the_bin_with_its_series_and_its_old_addresses(cast: Cast) -> None:
    article = draft(cast.chief)
    row = Series.objects.create(title="The harbour", slug="the-harbour")
    series.add(article, row, actor=cast.chief)
    redirects.lead("/old/", to=article, actor=cast.chief)
    series.add(story(), row, actor=None)
    waste.restore(waste.put(article, actor=cast.chief), actor=cast.chief)
    assert article.pk in series.parts_of(row)
    publishing.publish(Article.objects.get(pk=article.pk), actor=cast.chief)
    assert Client().get("/old/")["Location"] == Article.objects.get(pk=article.pk).get_absolute_url()


def test_it_comes_back_without_a_series_that_is_gone_for_good(cast: Cast) -> None:
    article = draft(cast.chief)
    row = Series.objects.create(title="The harbour", slug="the-harbour")
    series.add(article, row, actor=cast.chief)
    binned = waste.put(article, actor=cast.chief)
    row.delete()
    waste.restore(binned, actor=cast.chief)
    assert not SeriesEntry.objects.exists()
    assert not Binned.objects.exists()


# Four eyes


def approved(cast: Cast, settings: Any, **fields: Any) -> Article:
    settings.REVIEW_REQUIRED = True
    article = draft(cast.contributor, **fields)
    publishing.submit_for_review(article, actor=cast.contributor)
    publishing.approve(article, actor=cast.editor)
    return Article.objects.get(pk=article.pk)


def test_another_time_keeps_the_approval_of_the_words(cast: Cast, settings: Any) -> None:
    article = approved(cast, settings)
    moving.move(article, SIX, actor=cast.editor)
    assert Article.objects.get(pk=article.pk).status == Status.APPROVED
    assert publishing.publish(article, actor=cast.editor).status == Status.SCHEDULED


def test_other_words_end_the_approval(cast: Cast, settings: Any) -> None:
    article = approved(cast, settings)
    revisions.save(article, words(headline="Other words", publish_at=SIX), actor=cast.editor)
    assert Article.objects.get(pk=article.pk).status == Status.IN_REVIEW
    with pytest.raises(ValidationError):
        publishing.publish(article, actor=cast.editor)


def test_who_asks_for_changes_takes_the_approval_back(cast: Cast, settings: Any) -> None:
    article = approved(cast, settings)
    publishing.ask_for_changes(article, actor=cast.editor, note="Shorter")
    with pytest.raises(ValidationError):
        publishing.publish(article, actor=cast.editor)


def test_restoring_earlier_words_needs_another_approval(cast: Cast, settings: Any) -> None:
    article = draft(cast.contributor, headline="First words")
    revisions.save(article, words(), actor=cast.contributor)
    settings.REVIEW_REQUIRED = True
    publishing.submit_for_review(article, actor=cast.contributor)
    publishing.approve(article, actor=cast.editor)
    restoring.restore(Article.objects.get(pk=article.pk), article.revisions.get(number=1), actor=cast.editor)
    with pytest.raises(ValidationError):
        publishing.publish(article, actor=cast.editor)


def test_a_scheduled_story_that_is_moved_goes_out_with_the_words_that_were_released(cast: Cast, settings: Any) -> None:
    article = approved(cast, settings, publish_at=SIX)
    publishing.publish(article, actor=cast.editor)
    revisions.save(article, WorkingState.of(article).with_(headline="Unread"), actor=cast.editor)
    moving.move(article, SIX + HOUR, actor=cast.editor)
    with time_machine.travel(SIX + HOUR, tick=False):
        effects.run_due()
        page = Client().get(Article.objects.get(pk=article.pk).get_absolute_url()).content.decode()
    assert "Unread" not in page
    assert "The tram is late" in page


def test_nobody_plans_unread_words_as_a_later_change(cast: Cast, settings: Any) -> None:
    article = story()
    settings.REVIEW_REQUIRED = True
    revision = revisions.save(article, words(headline="Unread"), actor=cast.editor)
    with pytest.raises(ValidationError):
        later.schedule_change(article, revision, SIX, actor=cast.editor)


# Desks, and rights that end


def test_an_editor_of_one_desk_merges_nobody_elses_tags_and_arranges_no_series(cast: Cast) -> None:
    limited = give_place(cast.editor, make_section(), DeskRole.EDITOR)
    article = story(tags=("Trams", "Streetcars"), section=make_section("Sport").pk)
    gone, kept = (Tag.objects.get(name=name) for name in ("Trams", "Streetcars"))
    with pytest.raises(PermissionDenied):
        tag_merging.merge(gone, kept, actor=limited)
    answer = signed_in(limited).post(f"/admin/articles/tag/{gone.pk}/merge/", {"kept": kept.pk, "sure": "on"})
    assert answer.status_code in {403, 404}
    with pytest.raises(PermissionDenied):
        series.add(article, Series.objects.create(title="The harbour", slug="the-harbour"), actor=limited)
    assert Tag.objects.count() == 2
    tag_merging.merge(gone, kept, actor=cast.chief)


def posted(client: Client, article: Article, **fields: Any) -> Any:
    data = form_data(make_section(), base_revision="1", headline="Mine") | panels(client, article) | fields
    return client.post(f"/admin/articles/article/{article.pk}/change/", data)


def test_whoever_lost_the_right_meanwhile_saves_nothing_when_joining_two_versions(cast: Cast) -> None:
    article = draft(cast.editor)
    client = signed_in(cast.editor)
    data = form_data(make_section(), base_revision="1", headline="Mine") | panels(client, article)
    revisions.save(article, words(headline="Theirs"), actor=cast.chief)
    address = f"/admin/articles/article/{article.pk}/change/"
    assert client.post(address, data).status_code == 409
    cast.editor.groups.clear()
    answer = client.post(address, data | {"join_with": "2", "_join_all": "mine"})
    assert answer.status_code in {403, 404}
    assert Article.objects.get(pk=article.pk).latest.headline == "Theirs"  # type: ignore[union-attr]


def test_what_is_typed_into_a_story_killed_meanwhile_is_refused_in_words(cast: Cast) -> None:
    article = story(cast.editor)
    client = signed_in(cast.editor)
    panel = panels(client, article)
    publishing.kill(article, actor=cast.chief, reason="A court order")
    data = {"window": "0123456789abcdef0123456789abcdef", "headline": "Mine", "base_revision": "1"}
    kept = client.post(f"/admin/articles/article/{article.pk}/unsaved/", data)
    assert (kept.status_code, "error" in kept.json()) in {(403, True), (400, True)}
    data = form_data(make_section(), base_revision="1", headline="Mine") | panel
    assert client.post(f"/admin/articles/article/{article.pk}/change/", data).status_code == 403
    assert article.revisions.count() == 1


def test_links_of_somebody_who_left_open_nothing(cast: Cast) -> None:
    article = draft(cast.contributor)
    _link, token = links.make(article, actor=cast.contributor, reader="Ana", days=2)
    assert Client().get(f"/preview/{token}/").status_code == 200
    User.objects.filter(pk=cast.contributor.pk).update(is_active=False)
    assert Client().get(f"/preview/{token}/").status_code == 404


# A story that readers see, and a time ahead in its form


@pytest.mark.parametrize("field", ["publish_at", "embargo_until"])
def test_a_time_ahead_in_its_form_takes_a_live_story_from_nobody(cast: Cast, field: str) -> None:
    article = story(cast.editor)
    revisions.save(article, words(**{field: SIX}), actor=cast.editor)
    with pytest.raises(ValidationError):
        publishing.publish(article, actor=cast.editor)
    assert Client().get(article.get_absolute_url()).status_code == 200
