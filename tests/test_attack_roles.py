"""Somebody reaches for what their role does not give them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, DeskRole, Redirect, Revision, Section, Status
from articles.state import WorkingState
from curation import exclusions, picks
from outbox.models import AuditEntry
from people import roles
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_author, make_image, make_section
from tests.picture_files import upload
from tests.soak_sizes import EVERYTHING
from tests.test_article_roles import member

SECRET = "Harbourgate"
AUTOCOMPLETE = "/admin/autocomplete/?app_label=curation&model_name=pick&field_name=target&term="


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def state(headline: str, **fields: Any) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>", **fields)


@pytest.fixture
def secret_draft(cast: Cast) -> Article:
    return revisions.create(state(SECRET), actor=cast.editor)


@pytest.fixture
def embargoed(cast: Cast) -> Article:
    later = timezone.now() + timedelta(days=1)
    return publishing.publish(revisions.create(state(SECRET, embargo_until=later), actor=None), actor=None)


@pytest.fixture
def rewritten(cast: Cast) -> Article:
    """A public story of the editor's with newer words that nobody has published."""
    story = publishing.publish(revisions.create(state("The tram is late"), actor=cast.editor), actor=cast.editor)
    revisions.save(story, state(f"{SECRET} is late", standfirst=SECRET), actor=cast.editor)
    return story


SCREENS_OF_AN_ARTICLE = [
    "change/",
    "history/",
    "history/compare/",
    "history/1/restore/",
    "preview/",
    "preview/1/",
    "preview/1/page/",
    "outside/",
    "delete/",
    "duplicate/",
    "take-down/",
    "checklist/",
    "waiver/?code=standfirst-missing",
    "later/",
    "corrections/",
    "onward/",
    "notes/",
    "move/",
    "present/",
    "series/",
]
LISTS = [
    "/admin/",
    "/admin/articles/",
    "/admin/articles/article/",
    "/admin/articles/article/?missing=changes",
    "/admin/comments/comment/",
    "/admin/articles/redirect/",
    "/admin/wastebin/binned/",
    "/admin/articles/article/calendar/",
    "/admin/articles/article/calendar/?view=week",
    "/admin/articles/series/",
    "/admin/articles/tag/tidy/",
    "/admin/curation/",
    "/admin/curation/pick/",
    "/admin/curation/campaign/",
    "/admin/curation/exclusion/",
    "/admin/syndication/wireitem/",
    "/admin/syndication/wireitem/?state=all",
    "/admin/curation/keptapart/",
    AUTOCOMPLETE,
    "/admin/curation/pick/front/",
]
"""Addresses of the desk that could name an article."""


def where_articles_are_listed(article: Article) -> list[str]:
    """Every address of the desk that could name ``article``."""
    beside = make_article("Beside")
    return [
        *LISTS,
        *[f"/admin/articles/article/{article.pk}/{screen}" for screen in SCREENS_OF_AN_ARTICLE],
        f"/admin/articles/article/?q={SECRET}",
        f"/admin/articles/article/editor/articles/?q={SECRET}",
        f"/admin/edit-link/?path=/city/x-{article.pk}/",
        f"/admin/r/{ContentType.objects.get_for_model(Article).pk}/{article.pk}/",
        f"/admin/comments/articlecomments/{article.pk}/",
        f"/admin/curation/pick/article/{article.pk}/inward/",
        f"/admin/curation/pick/article/{article.pk}/record/",
        f"/admin/curation/campaign/pages/?reach=everywhere&target={article.pk}",
        AUTOCOMPLETE + SECRET,
        f"/admin/curation/pick/front/found/?q={article.pk}",
        f"/admin/curation/pick/article/{article.pk}/",
        f"/admin/curation/pick/article/{article.pk}/found/?q={article.pk}",
        f"/admin/curation/pick/article/{beside.pk}/found/?q=/x/y-{article.pk}/",
    ]


def told(client: Client, address: str) -> str:
    """Everything the answer says, where it sends us included."""
    response = client.get(address)
    body = response.content.decode()
    if "article/?q=" in address:  # what was searched for may stand round the list again
        body = body.partition('id="result_list"')[2].partition("</table>")[0]
    return body + response.headers.get("Location", "")


ASKING = ["contributor", "moderator", "elsewhere"]
HIDDEN = ["secret_draft", "embargoed", "rewritten"]


@pytest.mark.once
@pytest.mark.parametrize("who", ASKING)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_words_of_others_that_are_not_public_are_nowhere_on_the_desk(
    cast: Cast, who: str, hidden: str, request: pytest.FixtureRequest
) -> None:
    """Each asks at every third address, at the next ones for another article; at all where everything is tried."""
    article = request.getfixturevalue(hidden)
    Redirect.objects.create(path="/2019/tram.html", article=article)
    elsewhere = member("elsewhere", roles.EDITOR, ("Sport", DeskRole.EDITOR))
    client = signed_in(elsewhere if who == "elsewhere" else getattr(cast, who))
    addresses = where_articles_are_listed(article)
    if not EVERYTHING:
        addresses = addresses[(ASKING.index(who) + HIDDEN.index(hidden)) % 3 :: 3]
    assert [address for address in addresses if SECRET.lower() in told(client, address).lower()] == []


@pytest.mark.parametrize("hidden", HIDDEN)
def test_editors_find_them_in_the_same_places(cast: Cast, hidden: str, request: pytest.FixtureRequest) -> None:
    article = request.getfixturevalue(hidden)
    client = signed_in(cast.editor)
    for address in ("/admin/articles/article/", f"/admin/articles/article/{article.pk}/change/", AUTOCOMPLETE + SECRET):
        assert SECRET in told(client, address)


def test_a_copy_of_anothers_public_story_holds_only_what_readers_see(cast: Cast, rewritten: Article) -> None:
    signed_in(cast.contributor).post(f"/admin/articles/article/{rewritten.pk}/duplicate/")
    copy = Article.objects.exclude(pk=rewritten.pk).get()
    assert SECRET not in str(WorkingState.of(copy))
    assert "The tram is late" in WorkingState.of(copy).headline


def test_a_bulk_copy_of_anothers_public_story_holds_only_what_readers_see(cast: Cast, rewritten: Article) -> None:
    data = {"action": "duplicate_selected", "_selected_action": [rewritten.pk]}
    signed_in(cast.contributor).post("/admin/articles/article/", data)
    copy = Article.objects.exclude(pk=rewritten.pk).get()
    assert SECRET not in str(WorkingState.of(copy))


def test_editors_copy_the_newest_words(cast: Cast, rewritten: Article) -> None:
    signed_in(cast.chief).post(f"/admin/articles/article/{rewritten.pk}/duplicate/")
    assert SECRET in WorkingState.of(Article.objects.exclude(pk=rewritten.pk).get()).headline


def test_a_pick_of_a_hidden_story_is_not_named_to_contributors(cast: Cast, embargoed: Article) -> None:
    own = revisions.create(state("Mine"), actor=cast.contributor)
    others = make_article("Public")
    for article in (own, others):
        picks.pick(article, embargoed, actor=cast.editor)
        assert SECRET not in told(signed_in(cast.contributor), f"/admin/articles/article/{article.pk}/change/")
        assert SECRET in told(signed_in(cast.editor), f"/admin/articles/article/{article.pk}/change/")


def take_back(client: Client, article: Article, entry: int) -> Any:
    return client.post(
        reverse("admin:curation_desk_article_undo", args=[article.pk]), {"entry": entry}, HTTP_ACCEPT="application/json"
    )


def test_what_a_contributor_takes_back_is_told_in_the_words_readers_see(cast: Cast, rewritten: Article) -> None:
    own, client = revisions.create(state("Mine"), actor=cast.contributor), signed_in(cast.contributor)
    address = reverse("admin:curation_desk_article_picks", args=[own.pk])
    client.post(address, {"target": rewritten.pk})
    for verb in ("picked", "unpicked"):
        entry = AuditEntry.objects.get(actor=cast.contributor, verb=verb)
        answer = take_back(client, own, entry.pk)
        assert answer.json()["said"] == "Taken back: “The tram is late”."
        assert SECRET not in answer.content.decode()


def test_a_refused_undo_names_no_words_readers_do_not_see(cast: Cast, rewritten: Article) -> None:
    own, client = revisions.create(state("Mine"), actor=cast.contributor), signed_in(cast.contributor)
    for noun in ("picks", "removals"):
        client.post(reverse(f"admin:curation_desk_article_{noun}", args=[own.pk]), {"target": rewritten.pk})
    exclusions.never_anywhere(rewritten, actor=cast.editor, reason="Wrong")
    answer = take_back(client, own, AuditEntry.objects.get(verb="unpicked").pk)
    assert answer.json()["problem"].startswith("“The tram is late” stands in no list at all")


def test_a_pictures_page_does_not_name_hidden_stories_to_contributors(cast: Cast, secret_draft: Article) -> None:
    lead, in_draft = make_image(), make_image()
    make_article(SECRET, lead_picture=lead, status=Status.SCHEDULED, publish_at=timezone.now() + timedelta(days=1))
    revisions.save(secret_draft, state(SECRET, lead_picture=in_draft.pk), actor=cast.editor)
    for image in (lead, in_draft):
        address = f"/admin/images/image/{image.pk}/change/"
        assert SECRET not in told(signed_in(cast.contributor), address)
        assert SECRET in told(signed_in(cast.editor), address)


def test_the_pictures_page_still_names_ones_own_draft(cast: Cast) -> None:
    image = make_image()
    revisions.create(state("My own story", lead_picture=image.pk), actor=cast.contributor)
    assert "My own story" in told(signed_in(cast.contributor), f"/admin/images/image/{image.pk}/change/")


# Publishing by forged buttons and actions


@pytest.mark.once
@pytest.mark.parametrize("button", ["_publish", "_take_down", "_send_back", "_reopen"])
@pytest.mark.parametrize("status", list(Status))
def test_no_forged_button_moves_a_contributors_own_story(cast: Cast, button: str, status: Status) -> None:
    article = revisions.create(state("Mine"), actor=cast.contributor)
    moment = timezone.now() if status in {Status.PUBLISHED, Status.SCHEDULED} else None
    article = Article.objects.get(pk=article.pk)
    article.status, article.publish_at = status, moment
    article.headline, article.slug, article.section = "Mine", "mine", make_section()
    article.save()
    client = signed_in(cast.contributor)
    address = f"/admin/articles/article/{article.pk}/change/"
    data = {"headline": "Mine", "section": make_section().pk, "kind": "news", "body": "<p>x</p>", button: "1"}
    for prefix in ("bylines", "picks", "placements", "corrections"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    client.post(address, data)
    article.refresh_from_db()
    assert article.status == status


@pytest.mark.parametrize("action", ["publish_selected", "take_down_selected", "delete_selected"])
def test_no_forged_action_moves_a_story(cast: Cast, action: str, rewritten: Article) -> None:
    own = revisions.create(state("Mine"), actor=cast.contributor)
    for user in (cast.contributor, cast.moderator):
        data = {"action": action, "_selected_action": [own.pk, rewritten.pk], "post": "yes"}
        signed_in(user).post("/admin/articles/article/", data)
    assert dict(Article.objects.values_list("pk", "status")) == {own.pk: "draft", rewritten.pk: "published"}


def test_a_submitted_story_is_out_of_its_writers_hands(cast: Cast) -> None:
    article = revisions.create(state("Mine"), actor=cast.contributor)
    publishing.submit_for_review(article, actor=cast.contributor)
    address = f"/admin/articles/article/{article.pk}/change/"
    data = {"headline": "Changed", "section": make_section().pk, "kind": "news", "body": "<p>x</p>"}
    data |= {"bylines-TOTAL_FORMS": "0", "bylines-INITIAL_FORMS": "0"}
    assert signed_in(cast.contributor).post(address, data).status_code == 403
    assert (
        signed_in(cast.contributor).post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert Revision.objects.filter(article=article).count() == 1


def test_contributors_and_editors_cannot_write_what_is_the_desks(cast: Cast) -> None:
    section = make_section()
    for user in (cast.contributor, cast.moderator, cast.editor):
        client = signed_in(user)
        for address in (
            f"/admin/articles/section/{section.pk}/change/",
            "/admin/articles/section/add/",
            "/admin/articles/section/add/?_popup=1",
            "/admin/articles/source/add/",
            "/admin/pages/menuitem/add/",
            "/admin/pages/staticpage/add/",
            "/admin/people/user/add/",
            f"/admin/people/user/{cast.administrator.pk}/password/",
            "/admin/auth/group/add/",
        ):
            assert client.post(address, {"name": "Forged", "slug": "forged", "_popup": "1"}).status_code == 403, address
    assert list(Section.objects.values_list("name", flat=True)) == ["City"]


def test_editors_cannot_put_an_author_profile_on_somebodys_account(cast: Cast) -> None:
    """The field is not theirs to fill in: they may not even see accounts."""
    author = make_author("Ines Maren")
    data = {"name": "Ines Maren", "slug": "ines-maren", "active": "on", "user": cast.administrator.pk}
    signed_in(cast.editor).post(f"/admin/people/author/{author.pk}/change/", data)
    author.refresh_from_db()
    assert author.user is None
    signed_in(cast.administrator).post(f"/admin/people/author/{author.pk}/change/", data)
    author.refresh_from_db()
    assert author.user == cast.administrator


# Accounts


@pytest.fixture
def root(cast: Cast) -> User:
    return User.objects.create_staff("root@example.org", "Root", "the old password of root", is_superuser=True)


def test_an_administrator_cannot_take_over_a_superuser(cast: Cast, root: User) -> None:
    client = signed_in(cast.administrator)
    password = {"usable_password": "true", "password1": "a-new-password-77", "password2": "a-new-password-77"}
    assert client.post(f"/admin/people/user/{root.pk}/password/", password).status_code == 403
    mail = {"email": "ada@example.org", "name": "Root", "is_active": "on"}
    assert client.post(f"/admin/people/user/{root.pk}/change/", mail).status_code == 403
    root.refresh_from_db()
    assert root.email == "root@example.org"
    assert root.check_password("the old password of root")


def test_an_administrator_gives_others_a_new_password(cast: Cast) -> None:
    password = {"usable_password": "true", "password1": "a-new-password-77", "password2": "a-new-password-77"}
    signed_in(cast.administrator).post(f"/admin/people/user/{cast.editor.pk}/password/", password)
    cast.editor.refresh_from_db()
    assert cast.editor.check_password("a-new-password-77")


def test_nobody_makes_themselves_superuser(cast: Cast) -> None:
    for user in (cast.administrator, cast.chief):
        data: dict[str, Any] = {"email": user.email, "name": user.name, "is_active": "on", "is_superuser": "on"}
        data |= {"is_staff": "on", "user_permissions": "1", "groups": [group.pk for group in user.groups.all()]}
        signed_in(user).post(f"/admin/people/user/{user.pk}/change/", data)
        user.refresh_from_db()
        assert not user.is_superuser
        assert not user.user_permissions.exists()


# Pictures


def test_a_forged_field_in_the_picture_popup_is_refused(cast: Cast) -> None:
    client = signed_in(cast.contributor)
    for field in ("checksum", "no_such_field", "original"):
        data = {"file": upload(), "alt": "x", "title": "x", "_popup": "1", "_to_field": field}
        assert client.post("/admin/images/image/add/", data).status_code == 400


# Anybody without an account


@pytest.mark.once
def test_no_address_of_the_desk_answers_a_stranger(cast: Cast, rewritten: Article) -> None:
    for address in [
        *where_articles_are_listed(rewritten),
        "/admin/articles/tag/suggest/?q=t",
        "/admin/images/image/several/",
    ]:
        for response in (Client().get(address), Client().post(address)):
            refused = response.status_code in {403, 405}  # the edit link answers its module in JSON
            assert refused if "edit-link" in address else "/login/?next=/admin/" in response.headers["Location"], (
                address
            )
            assert SECRET not in response.content.decode()


def test_the_way_to_the_site_leads_nowhere_hidden(cast: Cast, embargoed: Article) -> None:
    address = reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(Article).pk, embargoed.pk])
    assert signed_in(cast.contributor).get(address).status_code == 404
    public = make_article("Public")
    address = reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(Article).pk, public.pk])
    assert signed_in(cast.contributor).get(address).headers["Location"].endswith(public.get_absolute_url())
