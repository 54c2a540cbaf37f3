"""Places on desks: what they give, what they limit, what may be moved, and how they are given."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions
from articles.asking import reviewers_of
from articles.known import known_to
from articles.models import Article, DeskMembership, DeskRole, Section
from articles.permissions import may_delete, may_edit, may_publish
from articles.state import WorkingState
from curation import picks
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import give_place, make_article, make_section
from tests.test_article_admin import form_data, panels, signed_in

pytestmark = pytest.mark.django_db


def write(actor: User | None, section: Section | None, headline: str = "The tram is late", **fields: Any) -> Article:
    state = WorkingState(headline=headline, section=section.pk if section else None, body="<p>Late.</p>")
    return revisions.create(state.with_(**fields), actor=actor)


@pytest.fixture
def city() -> Section:
    return make_section()


@pytest.fixture
def sport() -> Section:
    return make_section("Sport")


def moved(article: Article, section: Section) -> WorkingState:
    return WorkingState.of(article).with_(section=section.pk)


def test_an_article_between_two_desks_is_neither_desks_alone(cast: Cast, city: Section, sport: Section) -> None:
    article = publishing.publish(write(None, city), actor=None)
    revisions.save(article, moved(article, sport), actor=None)
    fresh = Article.objects.select_related("latest").get()
    for section in (city, sport):
        seated = give_place(User.objects.get(pk=cast.editor.pk), section)
        assert may_publish(seated, fresh) is (DeskMembership.objects.count() == 2)
    one = give_place(cast.contributor, city)
    known = known_to(one).get()
    assert known.latest is None
    assert not may_publish(one, known)
    assert not may_edit(one, known)


def test_a_desk_editor_moves_drafts_away_but_not_what_is_out(cast: Cast, city: Section, sport: Section) -> None:
    seated = give_place(cast.editor, city)
    draft = write(cast.contributor, city)
    revisions.save(draft, moved(draft, sport), actor=seated)
    assert not may_edit(seated, Article.objects.get())
    live = publishing.publish(write(None, city), actor=seated)
    with pytest.raises(PermissionDenied, match="out already"):
        revisions.save(live, moved(live, sport), actor=seated)
    both = give_place(seated, sport)
    revisions.save(live, moved(live, sport), actor=both)
    publishing.publish(live, actor=both)
    assert Article.objects.get(pk=live.pk).section == sport


def test_an_embargo_is_for_those_who_publish_to_change(cast: Cast, city: Section) -> None:
    ahead = timezone.now() + timedelta(days=1)
    draft = write(cast.contributor, city, embargo_until=ahead)
    for value in (None, ahead - timedelta(hours=1), ahead + timedelta(hours=1)):
        with pytest.raises(PermissionDenied, match="embargo"):
            revisions.save(draft, WorkingState.of(draft).with_(embargo_until=value), actor=cast.contributor)
    revisions.save(draft, WorkingState.of(draft).with_(publish_at=ahead, headline="Mine"), actor=cast.contributor)
    revisions.save(draft, WorkingState.of(draft).with_(embargo_until=None), actor=cast.editor)
    assert WorkingState.of(draft).embargo_until is None


def test_the_form_says_why_a_field_is_closed_and_a_forged_one_changes_nothing(
    cast: Cast, city: Section, sport: Section
) -> None:
    ahead = (timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)
    draft = write(cast.contributor, city, embargo_until=ahead)
    client, page = signed_in(cast.contributor), f"/admin/articles/article/{draft.pk}/change/"
    form = client.get(page).context["adminform"].form
    assert form.fields["embargo_until"].disabled
    assert "Only those who publish" in str(form.fields["embargo_until"].help_text)
    forged = form_data(city, headline="Saved", embargo_until_0="", embargo_until_1="", _continue="1")
    assert client.post(page, forged | panels(client, draft)).status_code == 302
    kept = WorkingState.of(Article.objects.get())
    assert (kept.headline, kept.embargo_until) == ("Saved", ahead)
    seated = give_place(give_place(cast.editor, city), make_section("Culture"))
    live = publishing.publish(write(None, city), actor=seated)
    client = signed_in(seated)
    answer = client.post(f"/admin/articles/article/{live.pk}/change/", form_data(sport) | panels(client, live))
    assert answer.status_code == 200
    assert "You do not publish in that section" in answer.content.decode()


def test_drafts_without_a_section_are_their_writers_and_every_desks(cast: Cast, city: Section) -> None:
    article = Article.objects.select_related("latest").get(pk=write(cast.contributor, None).pk)
    seated = give_place(cast.editor, city)
    assert not may_edit(seated, article)
    assert may_edit(cast.chief, article)
    assert may_edit(cast.contributor, article)


def test_losing_the_last_place_gives_back_what_the_role_gives(cast: Cast, city: Section, sport: Section) -> None:
    article = Article.objects.select_related("latest").get(pk=write(None, city).pk)
    seated = give_place(cast.editor, sport)
    assert not may_publish(seated, article)
    DeskMembership.objects.all().delete()
    assert may_publish(User.objects.get(pk=seated.pk), article)
    assert not may_delete(cast.moderator, article)


def test_whom_one_can_ask_is_who_may_publish(cast: Cast, city: Section, sport: Section) -> None:
    people = {
        give_place(User.objects.create_staff(f"{number}@example.org", f"Number {number}"), section, role)
        for number, (section, role) in enumerate(
            [(city, DeskRole.EDITOR), (city, DeskRole.WRITER), (sport, DeskRole.EDITOR)]
        )
    }
    for person in people:
        person.groups.add(*cast.contributor.groups.all())
    give_place(cast.editor, sport)
    fresh = User.objects.filter(is_active=True)
    for section in (city, sport, None):
        article = Article.objects.select_related("latest").get(pk=write(None, section).pk)
        assert set(reviewers_of(article)) == {person for person in fresh if may_publish(person, article)}


@pytest.mark.once
def test_what_a_list_asks_does_not_grow_with_it(
    cast: Cast, city: Section, sport: Section, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(give_place(give_place(cast.editor, city), make_section("Culture")))
    counts = []
    for times in (2, 8):
        for number in range(times):
            publishing.submit_for_review(write(cast.contributor, city, f"Story {number}"), actor=cast.contributor)
            publishing.publish(write(None, sport, f"Match {number}"), actor=None)
        for address in ("/admin/articles/article/", "/admin/articles/article/?desk=mine", "/admin/"):
            client.get(address)
            with django_assert_max_num_queries(40) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
            assert len([one for one in queries if "articles_deskmembership" in one["sql"]]) == 1
    assert counts[:3] == counts[3:]


def test_the_list_narrows_to_my_desks(cast: Cast, city: Section, sport: Section) -> None:
    client = signed_in(give_place(cast.chief, city))
    write(None, city, "City draft")
    write(None, sport, "Sport draft")
    page = client.get("/admin/articles/article/?desk=mine").content.decode()
    assert "City draft" in page
    assert "Sport draft" not in page
    assert "my desks" in page
    assert "my desks" not in signed_in(cast.editor).get("/admin/articles/article/").content.decode()


def places(*rows: tuple[int, str], prefix: str = "desk", field: str = "user") -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, (pk, role) in enumerate(rows):
        data |= {f"{prefix}-{number}-{field}": pk, f"{prefix}-{number}-role": role}
    return data


def give_on_section(client: Client, city: Section, *rows: tuple[int, str]) -> int:
    data = {"name": "City", "slug": "city", "position": 0} | places(*rows)
    return client.post(f"/admin/articles/section/{city.pk}/change/", data).status_code


def test_a_chief_gives_places_on_the_sections_page_and_the_audit_tells(cast: Cast, city: Section) -> None:
    assert give_on_section(signed_in(cast.editor), city, (cast.editor.pk, "editor")) == 403
    assert give_on_section(signed_in(cast.chief), city, (cast.moderator.pk, "editor")) == 200  # works on no articles
    assert not DeskMembership.objects.exists()
    assert give_on_section(signed_in(cast.chief), city, (cast.editor.pk, "editor")) == 302
    place = DeskMembership.objects.get()
    assert (place.user, place.section, place.role) == (cast.editor, city, "editor")
    entry = AuditEntry.objects.get(verb="gave a place on a desk")
    assert (entry.actor, entry.details) == (cast.chief, {"section": "City", "role": "editor"})


def test_an_administrator_gives_them_on_the_account(cast: Cast, city: Section) -> None:
    data: dict[str, Any] = {"email": cast.editor.email, "name": "Edda Editor", "is_active": "on"}
    data |= {"groups": [group.pk for group in cast.editor.groups.all()]}
    data |= places((city.pk, "writer"), prefix="desks", field="section")
    page = f"/admin/people/user/{cast.editor.pk}/change/"
    assert signed_in(cast.chief).post(page, data).status_code == 403
    assert signed_in(cast.administrator).post(page, data).status_code == 302
    assert DeskMembership.objects.get().role == DeskRole.WRITER


def test_whoever_is_limited_to_a_desk_arranges_the_page_of_no_other_section(
    cast: Cast, city: Section, sport: Section
) -> None:
    seated, story = give_place(cast.editor, sport), make_article("Public")
    picks.pick(sport, story, actor=seated)
    with pytest.raises(PermissionDenied):
        picks.pick(city, story, actor=seated)
    picks.pick(city, story, actor=cast.chief)
