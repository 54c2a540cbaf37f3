"""Old addresses lead on: only where nothing answers, never off the site, never round in circles."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from articles import publishing, redirects, revisions
from articles.models import Article, Redirect, Section, Status
from articles.state import WorkingState
from people.models import User
from tests.conftest import Cast
from tests.factories import give_byline, give_place, give_tags, make_article, make_section

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/redirect/add/"
GONE = {"leads": "gone", "article": "", "to_path": ""}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(path: str) -> tuple[int, str]:
    response = Client().get(path)
    return response.status_code, response.headers.get("Location", "")


def test_an_old_address_leads_to_a_story_wherever_that_moves(cast: Cast) -> None:
    story = make_article()
    redirects.lead("/2019/tram.html", to=story, actor=cast.editor)
    response = Client().get("/2019/tram.html?from=feed")
    assert (response.status_code, response["Location"]) == (301, f"{story.get_absolute_url()}?from=feed")
    assert response["Cache-Control"] == "public, max-age=3600"
    story.slug = "another"
    story.save()
    assert answer("/2019/tram.html") == (301, story.get_absolute_url())


def test_an_address_that_is_gone_says_so_and_shows_nothing(cast: Cast) -> None:
    redirects.lead("/competitions/", to=None, actor=cast.editor)
    assert answer("/competitions/") == (410, "")
    assert Client().get("/competitions/").content == Client().get(_gone_story()).content


def _gone_story() -> str:
    story = make_article("Gone", status=Status.ARCHIVED)
    return story.get_absolute_url()


def test_pages_come_before_redirects(cast: Cast) -> None:
    redirects.lead("/sport/", to="/city/", actor=cast.editor)
    make_section()
    assert answer("/sport/") == (301, "/city/")
    Section.objects.create(name="Sport", slug="sport")
    assert answer("/sport/") == (200, "")


@pytest.mark.parametrize("state", ["draft", "scheduled", "embargoed", "killed", "taken down", "expired"])
def test_nothing_is_told_of_a_story_readers_may_not_see(cast: Cast, state: str) -> None:
    story = make_article("Qzsecret", slug="qzsecret")
    redirects.lead("/old/", to=story, actor=cast.editor)
    assert "qzsecret" in answer("/old/")[1]  # the control
    now = timezone.now()
    columns: dict[str, dict[str, Any]] = {
        "draft": {"status": Status.DRAFT, "first_published_at": None},
        "scheduled": {"publish_at": now + timedelta(hours=1), "first_published_at": None},
        "embargoed": {"embargo_until": now + timedelta(hours=1), "first_published_at": None},
        "killed": {"status": Status.KILLED},
        "taken down": {"status": Status.ARCHIVED},
        "expired": {"expire_at": now - timedelta(minutes=1)},
    }
    for name, value in columns[state].items():
        setattr(story, name, value)
    story.save()
    response = Client().get("/old/")
    seen = state in {"killed", "taken down", "expired"}
    assert response.status_code == (410 if seen else 404)
    assert b"Qz" not in response.content
    unknown = Client().get("/never/").content
    assert seen or response.content == unknown


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/", "https://evil.example/", "/%2Fevil.example/", "/\\evil.example", "evil",
        "javascript:alert(1)",
        "/admin/", "/Admin/x/", "/media/x.jpg", "/comments/1/", "/",
        "/static/x", "/archive/", "/city/",
        "/a b/", "/a?b=1", "/a#b", "/a\0b/", "/a\nb/", "/" + "x" * 500, "",
    ],
)  # fmt: skip
def test_what_is_no_free_address_of_ours_is_refused_in_words(cast: Cast, path: str) -> None:
    make_section()
    with pytest.raises(ValidationError):
        redirects.lead(path, to=None, actor=cast.editor)
    response = signed_in(cast.editor).post(ADD, {"path": path, **GONE})
    assert response.status_code == 200
    assert response.context["errors"]
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/%2Fevil.example/", "/admin/", "/\\e"])
def test_nobody_is_led_off_the_site(cast: Cast, to: str) -> None:
    with pytest.raises(ValidationError):
        redirects.lead("/old/", to=to, actor=cast.editor)


def test_addresses_of_stories_that_exist_or_existed_are_theirs(cast: Cast) -> None:
    for story in (make_article(), make_article(status=Status.ARCHIVED)):
        with pytest.raises(ValidationError):
            redirects.lead(story.get_absolute_url(), to=None, actor=cast.editor)
    redirects.lead("/city/never-999999/", to=None, actor=cast.editor)
    assert answer("/city/never-999999/")[0] == 410


def test_loops_are_refused_and_chains_are_one_step(cast: Cast) -> None:
    make_section()
    redirects.lead("/b/", to="/c/", actor=cast.editor)
    redirects.lead("/a/", to="/b/", actor=cast.editor)
    assert answer("/a/") == (301, "/c/")
    redirects.lead("/c/", to="/city/", actor=cast.editor)
    assert {answer(path) for path in ("/a/", "/b/", "/c/")} == {(301, "/city/")}
    for path, to in (("/x/", "/x/"), ("/d/", "/e/")):
        if path == "/d/":
            redirects.lead("/e/", to="/d/", actor=cast.editor)
        with pytest.raises(ValidationError):
            redirects.lead(path, to=to, actor=cast.editor)


def test_a_storys_address_as_target_is_the_story_itself(cast: Cast) -> None:
    story = make_article()
    assert redirects.lead("/old/", to=story.get_absolute_url(), actor=cast.editor).article == story
    with pytest.raises(ValidationError):
        redirects.lead("/older/", to="/city/nothing-999999/", actor=cast.editor)


def test_addresses_without_their_last_slash_still_find_the_page(cast: Cast) -> None:
    story = make_article()
    assert answer("/city") == (301, "/city/")
    assert answer(story.get_absolute_url().rstrip("/") + "?a=1") == (301, story.get_absolute_url() + "?a=1")
    assert answer("/admin") == (301, "/admin/")
    assert answer("/no/such/page")[0] == 404
    assert "evil" not in answer("//evil.example")[1]
    assert Client().post("/no/such/page").status_code == 405


NO_ROWS = {f"{rows}-{count}_FORMS": "0" for rows in ("desk", "synonyms") for count in ("TOTAL", "INITIAL")}
"""What the form says of the rows below it: there are none."""


@pytest.mark.parametrize("keep", [True, False])
def test_whoever_moves_a_section_is_asked_about_its_old_address(cast: Cast, keep: bool) -> None:
    make_article()
    section = make_section()
    client = signed_in(cast.chief)
    address = f"/admin/articles/section/{section.pk}/change/"
    assert b"lead the old one to the new one" in client.get(address).content
    row = {"name": "City", "position": "0", "description": "", **({"lead_on": "on"} if keep else {}), **NO_ROWS}
    client.post(address, row | {"slug": "town"})
    assert answer("/city/") == ((301, "/town/") if keep else (404, ""))
    client.post(address, row | {"slug": "city"})
    assert answer("/city/")[0] == 200
    assert answer("/town/") == ((301, "/city/") if keep else (404, ""))


def test_moved_authors_and_tags_leave_their_address_too(cast: Cast) -> None:
    story = make_article()
    author = give_byline(story, "Ines Maren")
    give_tags(story, "trams")
    tag = story.tagged.get().tag
    client = signed_in(cast.chief)
    client.post(
        f"/admin/people/author/{author.pk}/change/",
        {"name": "Ines Maren", "slug": "ines", "title": "", "bio": "", "active": "on", "lead_on": "on"},
    )
    client.post(
        f"/admin/articles/tag/{tag.pk}/change/",
        {"name": "trams", "slug": "tramways", "description": "", "lead_on": "on", **NO_ROWS},
    )
    assert answer("/author/ines-maren/") == (301, "/author/ines/")
    assert answer("/tag/trams/") == (301, "/tag/tramways/")


def test_the_screen_leads_relabels_and_forgets(cast: Cast) -> None:
    story, client = make_article(), signed_in(cast.editor)
    assert client.post(ADD, {"path": "/old/", "leads": "story", "article": "", "to_path": ""}).context["errors"]
    client.post(ADD, {"path": "/old/", "leads": "story", "article": story.pk, "to_path": ""})
    row = Redirect.objects.get()
    assert row.made_by == cast.editor
    screen = f"/admin/articles/redirect/{row.pk}/"
    assert b"/old/" in client.get("/admin/articles/redirect/").content
    client.post(f"{screen}change/", GONE)
    assert answer("/old/")[0] == 410
    client.post(f"{screen}delete/", {"post": "yes"})
    assert answer("/old/")[0] == 404


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_editors_lead_addresses(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        redirects.lead("/old/", to=None, actor=user)
    client = signed_in(user)
    for send in (client.get, client.post):
        assert send(ADD).status_code == 403
    assert client.get("/admin/articles/redirect/").status_code == 403


def test_a_contributors_draft_is_no_target_they_can_guess(cast: Cast) -> None:
    draft = revisions.create(WorkingState(headline="Qz", section=make_section().pk), actor=cast.editor)
    cast.contributor.user_permissions.add(*_redirect_permissions())
    for to in (draft, f"/city/qz-{draft.pk}/"):
        with pytest.raises(ValidationError):
            redirects.lead("/old/", to=to, actor=User.objects.get(pk=cast.contributor.pk))
    assert redirects.lead("/old/", to=draft, actor=cast.editor).article_id == draft.pk
    assert answer("/old/")[0] == 404
    assert not Article.objects.public().exists()


def _redirect_permissions() -> list[Permission]:
    return list(Permission.objects.filter(codename__endswith="_redirect", content_type__app_label="articles"))


def test_editors_of_one_desk_see_and_lead_no_address_of_a_story_hidden_from_them(cast: Cast) -> None:
    story = publishing.publish(revisions.create(words("The tram is late"), actor=None), actor=None)
    redirects.lead("/2019/tram.html", to=story, actor=None)
    revisions.save(story, words("Harbourgate"), actor=None)
    hidden = revisions.create(words("Harbourgate"), actor=None)
    row = Redirect.objects.create(path="/2019/hidden.html", article=hidden)
    away, screen = give_place(cast.editor, make_section("Sport")), f"/admin/articles/redirect/{row.pk}/"
    pages = [
        "/admin/articles/redirect/",
        f"/admin/articles/redirect/{Redirect.objects.exclude(pk=row.pk).get().pk}/change/",
    ]
    for page in pages:
        assert b"The tram is late" in signed_in(away).get(page).content
        assert b"Harbourgate" not in signed_in(away).get(page).content
        assert b"Harbourgate" in signed_in(cast.chief).get(page).content
    assert signed_in(away).get(f"{screen}change/")["Location"] == "/admin/"
    assert signed_in(away).post(f"{screen}delete/", {"post": "yes"})["Location"] == "/admin/"
    assert b"another desk" in signed_in(away).post(ADD, GONE | {"path": row.path}).content
    with pytest.raises(ValidationError):
        redirects.forget(row, actor=away)
    assert Redirect.objects.get(pk=row.pk).article == hidden


def words(headline: str) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>")
