"""Previews: the reader's page of a revision for colleagues, and links for people outside."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, PreviewAnswer, PreviewLink, Status, Tag
from articles.previews import answering, links
from articles.state import Credit, WorkingState
from images import uploads
from images.models import Image
from outbox.models import AuditEntry, Effect
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_author, make_product, make_section, make_source
from tests.picture_files import content, drawn, upload

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRET = "Harbourgate"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def picture(tmp_path: Any, settings: Any) -> Image:
    return uploads.add_image(upload(), actor=None, title="Tram", alt="A tram.")


@pytest.fixture
def draft(cast: Cast, picture: Image) -> Article:
    """A draft of the editor's, with all that a story can have; nothing of it is public."""
    state = WorkingState(
        headline=f"{SECRET} is late",
        standfirst="Nobody knows why.",
        section=make_section().pk,
        body=f'<p>It is late.</p><figure data-image="{picture.pk}"></figure>',
        tags=("Trams", "Not made yet"),
        bylines=(Credit(make_author().pk),),
        lead_picture=picture.pk,
        source=make_source().pk,
    )
    return revisions.create(state, actor=cast.editor)


def link_to(article: Article, cast: Cast, **how: Any) -> tuple[PreviewLink, str]:
    link, token = links.make(article, actor=cast.editor, **{"reader": "Marit", "days": 7, **how})
    return link, f"/preview/{token}/"


def form_of(response: Any) -> str:
    return str(response.content.decode().partition('name="form" value="')[2].partition('"')[0])


def send(client: Client, address: str, form: str, **said: str) -> Any:
    values = {"form": form, "name": "Marit", "verdict": "approved", "text": "", **said}
    return client.post(address, values, headers={"Sec-Fetch-Site": "same-origin"})


# For colleagues


def test_the_preview_is_the_readers_page_to_the_letter(draft: Article, cast: Cast, picture: Image) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        shown = as_user(cast.editor).get(f"/admin/articles/article/{draft.pk}/preview/1/page/").content.decode()
        publishing.publish(draft, actor=cast.editor)
        public = Client().get(Article.objects.get(pk=draft.pk).get_absolute_url()).content.decode()
    start, end = '<main class="main"', "</main>"
    inside = [page.partition(start)[2].partition(end)[0] for page in (shown, public)]
    desk = inside[0].replace(f"/admin/images/image/{picture.pk}/preview/", "/media/")
    assert desk == inside[1]


def test_a_preview_writes_nothing_and_is_kept_by_nobody(draft: Article, cast: Cast) -> None:
    before = (AuditEntry.objects.count(), Effect.objects.count(), Tag.objects.count())
    client = as_user(cast.editor)
    response = client.get(f"/admin/articles/article/{draft.pk}/preview/1/page/")
    assert (AuditEntry.objects.count(), Effect.objects.count(), Tag.objects.count()) == before
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "data-seen" in response.content.decode()
    assert "related.js" not in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    frame = client.get(f"/admin/articles/article/{draft.pk}/preview/1/")
    assert "frame-ancestors 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "DENY"


def test_an_old_revision_is_shown_as_it_was_and_what_is_gone_is_left_out(draft: Article, cast: Cast) -> None:
    gone = make_section("Gone")
    state = WorkingState.of(draft).with_(headline="Second", section=gone.pk, lead_picture=999, bylines=(Credit(999),))
    revisions.save(draft, state, actor=cast.editor)
    gone.delete()
    client = as_user(cast.editor)
    first, second = (
        client.get(f"/admin/articles/article/{draft.pk}/preview/{number}/page/").content.decode() for number in (1, 2)
    )
    assert SECRET in first
    assert "Second" in second
    assert SECRET not in second


@pytest.mark.parametrize("rest", ["preview/", "preview/1/", "preview/1/page/", "outside/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 404), ("moderator", 404), ("editor", 200), ("chief", 200), ("administrator", 200)],
)
def test_previews_are_for_those_who_may_know_the_words(
    draft: Article, cast: Cast, who: str, status: int, rest: str
) -> None:
    response = as_user(getattr(cast, who)).get(f"/admin/articles/article/{draft.pk}/{rest}", follow=True)
    assert response.status_code == status
    assert (SECRET in response.content.decode()) == (status == 200)


def test_a_contributor_previews_their_own_draft_and_shares_it_while_it_is_theirs(cast: Cast) -> None:
    own = revisions.create(
        WorkingState(headline="Mine", section=make_section().pk, body="<p>x</p>"), actor=cast.contributor
    )
    client = as_user(cast.contributor)
    assert client.get(f"/admin/articles/article/{own.pk}/preview/1/page/").status_code == 200
    links.make(own, actor=cast.contributor, reader="Marit", days=1)
    publishing.submit_for_review(own, actor=cast.contributor)
    with pytest.raises(PermissionDenied):
        links.make(own, actor=cast.contributor, reader="Marit", days=1)
    assert client.get(f"/admin/articles/article/{own.pk}/outside/").status_code == 403


# Making links


def test_the_address_of_a_link_is_shown_once_and_kept_nowhere(draft: Article, cast: Cast) -> None:
    client = as_user(cast.editor)
    asked = {"reader": "  Marit  Solvang ", "days": "7", "shows": "newest", "may_answer": "on"}
    made = client.post(f"/admin/articles/article/{draft.pk}/outside/", asked)
    token = made.content.decode().partition("/preview/")[2].partition("/")[0]
    link = PreviewLink.objects.get()
    assert (link.reader, link.made_by, link.revision) == ("Marit Solvang", cast.editor, None)
    assert token not in str(list(PreviewLink.objects.values())) + str(list(AuditEntry.objects.values()))
    assert token not in client.get(f"/admin/articles/article/{draft.pk}/outside/").content.decode()
    assert Client().get(f"/preview/{token}/").status_code == 200
    panel = client.get(f"/admin/articles/article/{draft.pk}/change/").content.decode()
    assert "Marit Solvang" in panel


@pytest.mark.parametrize(
    "wrong",
    [
        {"reader": ""},
        {"reader": "x" * 121},
        {"days": "0"},
        {"days": "31"},
        {"days": "x"},
        {"days": "9" * 40},
        {"shows": "99"},
        {},
    ],
)
def test_a_link_that_makes_no_sense_is_not_made_and_what_was_typed_stays(
    draft: Article, cast: Cast, wrong: dict[str, str]
) -> None:
    asked = {"reader": "Marit Solvang", "days": "7", "shows": "newest", **wrong}
    response = as_user(cast.editor).post(f"/admin/articles/article/{draft.pk}/outside/", asked if wrong else {})
    assert response.status_code == 400
    assert not PreviewLink.objects.exists()
    assert not wrong or asked["reader"] in response.content.decode()


def test_the_verb_refuses_what_the_form_would(draft: Article, cast: Cast) -> None:
    other = revisions.create(WorkingState(headline="Other"), actor=cast.editor)
    for how in ({"reader": "\0"}, {"reader": " "}, {"days": 31}, {"days": 0}, {"revision": other.latest}):
        with pytest.raises(ValidationError):
            link_to(draft, cast, **how)
    for who in (cast.contributor, cast.moderator):
        with pytest.raises(PermissionDenied):
            links.make(draft, actor=who, reader="Marit", days=1)
    assert not PreviewLink.objects.exists()


# Reading


def test_a_link_shows_the_story_and_nothing_of_the_desk(draft: Article, cast: Cast, picture: Image) -> None:
    _link, address = link_to(draft, cast)
    client = Client()
    response = client.get(address)
    shown = response.content.decode()
    assert SECRET in shown
    assert "/admin/" not in shown
    assert "Leave a Reply" not in shown.partition("<main")[2].partition('id="answer"')[2]
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex", "no-referrer")
    pictures = [piece.partition('"')[0] for piece in shown.split('src="')[1:] if piece.startswith("/preview/")]
    assert len(pictures) == 2
    for found in pictures:
        given: Any = client.get(found)
        assert given.status_code == 200
        assert "no-store" in given["Cache-Control"]
        b"".join(given.streaming_content)
    name = pictures[0].partition("/picture/")[2]
    assert client.get(f"/media/{name}").status_code == 404  # the control: nobody else gets it


def test_a_link_gives_no_picture_of_another_story(draft: Article, cast: Cast) -> None:
    other = uploads.add_image(upload(content(drawn(colour=(9, 9, 9)))), actor=None, title="Secret", alt="Secret")
    _link, address = link_to(draft, cast)
    assert Client().get(f"{address}picture/{other.renditions[0]['name']}").status_code == 404


def test_a_fixed_link_goes_on_showing_its_revision(draft: Article, cast: Cast) -> None:
    _fixed, fixed = link_to(draft, cast, revision=draft.latest)
    _newest, newest = link_to(draft, cast)
    revisions.save(draft, WorkingState.of(draft).with_(headline="Rewritten"), actor=cast.editor)
    assert SECRET in Client().get(fixed).content.decode()
    assert "Rewritten" in Client().get(newest).content.decode()


def end_by(how: str, link: PreviewLink, cast: Cast) -> None:
    if how == "revoked":
        links.revoke(link, actor=cast.chief)
    elif how in {"killed", "archived"}:
        link.article.status = Status(how)
        link.article.save(update_fields=["status"])
    elif how == "its maker left":
        User.objects.filter(pk=cast.editor.pk).update(is_active=False)


@pytest.mark.parametrize("how", ["revoked", "expired", "killed", "archived", "its maker left", "forged", "cut"])
def test_every_dead_link_is_answered_alike(draft: Article, cast: Cast, picture: Image, how: str) -> None:
    link, address = link_to(draft, cast)
    form = form_of(Client().get(address))
    never = Client().get("/preview/there-never-was-such-a-link/")
    end_by(how, link, cast)
    asked = {"forged": f"{address[:-2]}x/", "cut": f"{address[:20]}/"}.get(how, address)
    with time_machine.travel(timezone.now() + timedelta(days=8 if how == "expired" else 0), tick=False):
        name = picture.renditions[0]["name"]
        answers = [Client().get(asked), send(Client(), asked, form), Client().get(f"{asked}picture/{name}")]
    for answer in answers:
        assert (answer.status_code, answer.content) == (404, never.content)
        assert answer["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer["Cache-Control"]
    assert SECRET.encode() not in never.content
    assert not PreviewAnswer.objects.exists()


def test_a_link_lives_until_it_ends(draft: Article, cast: Cast) -> None:
    """The control of the test above."""
    _link, address = link_to(draft, cast)
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        assert Client().get(address).status_code == 200


def test_whoever_made_a_link_or_edits_the_story_revokes_it(draft: Article, cast: Cast) -> None:
    link, address = link_to(draft, cast)
    for who in (cast.contributor, cast.moderator):
        with pytest.raises(PermissionDenied):
            links.revoke(link, actor=who)
    gone = as_user(cast.contributor).post(f"/admin/articles/article/{draft.pk}/outside/{link.pk}/revocation/")
    assert gone.status_code == 404
    assert Client().get(address).status_code == 200
    done = as_user(cast.chief).post(f"/admin/articles/article/{draft.pk}/outside/{link.pk}/revocation/")
    assert done.status_code == 302
    assert Client().get(address).status_code == 404


def test_a_page_of_a_link_costs_the_same_however_many_answers_there_are(
    draft: Article, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    link, address = link_to(draft, cast)
    make_product()
    for number in range(2):
        with django_assert_max_num_queries(32):
            Client().get(address)
        for place in range(20):
            PreviewAnswer.objects.create(link=link, name=f"{number} {place}", verdict="changes", text="x", digest="")


# Answering


def test_an_approval_is_kept_with_the_words_it_was_given_for(draft: Article, cast: Cast) -> None:
    told: list[PreviewAnswer] = []
    answering.after_answer.append(told.append)
    try:
        _link, address = link_to(draft, cast)
        client = Client()
        response = send(client, address, form_of(client.get(address)), name="Marit  Solvang", text="Good.")
    finally:
        answering.after_answer.remove(told.append)
    assert response.status_code == 303
    given = PreviewAnswer.objects.get()
    assert (given.name, given.verdict, given.digest) == ("Marit Solvang", "approved", WorkingState.of(draft).digest())
    assert told == [given]
    assert AuditEntry.objects.get(verb="answered preview").details["revision"] == 1
    assert "Marit Solvang" in client.get(address).content.decode()
    for screen in ("change/", "outside/", "history/"):
        assert (
            "Marit Solvang" in as_user(cast.editor).get(f"/admin/articles/article/{draft.pk}/{screen}").content.decode()
        )


def test_nobody_approves_words_they_have_not_seen(draft: Article, cast: Cast) -> None:
    _link, address = link_to(draft, cast)
    client = Client()
    form = form_of(client.get(address))
    revisions.save(draft, WorkingState.of(draft).with_(headline="Rewritten"), actor=cast.editor)
    refused = send(client, address, form, text="Fine as it is")
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert "was changed while you read it" in shown
    assert "Rewritten" in shown
    assert "Fine as it is" in shown
    assert not PreviewAnswer.objects.exists()
    asked = send(client, address, form, verdict="changes", text="The headline")
    assert asked.status_code == 303  # changes may be asked for of what was read
    assert PreviewAnswer.objects.get(revision__number=1)
    assert send(client, address, form_of(refused)).status_code == 303


def test_a_form_is_taken_once(draft: Article, cast: Cast) -> None:
    _link, address = link_to(draft, cast)
    form = form_of(Client().get(address))
    for _time in range(2):
        assert send(Client(), address, form).status_code == 303
    assert PreviewAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"name": ""}, 400),
        ({"name": "x" * 121}, 400),
        ({"verdict": "maybe"}, 400),
        ({"verdict": "changes", "text": " "}, 400),
        ({"text": "x" * 4001}, 400),
        ({"text": "a\0b", "verdict": "changes"}, 400),
        ({"form": ""}, 403),
        ({"form": "1.1.x:forged"}, 403),
        ({"form": "x" * 5000}, 403),
    ],
)
def test_what_cannot_be_taken_is_told_and_what_was_typed_stays(
    draft: Article, cast: Cast, said: dict[str, str], status: int
) -> None:
    _link, address = link_to(draft, cast)
    form = said.pop("form", None)
    good = form_of(Client().get(address))
    response = send(
        Client(), address, good if form is None else form, **{"name": "Marit Solvang", "text": "Words", **said}
    )
    assert response.status_code == status
    assert not PreviewAnswer.objects.exists()
    assert 'role="alert"' in response.content.decode()
    if "name" not in said:
        assert 'value="Marit Solvang"' in response.content.decode()
    said["form"] = form or ""


def test_a_form_of_another_link_or_another_site_is_not_taken(draft: Article, cast: Cast) -> None:
    _one, first = link_to(draft, cast)
    _two, second = link_to(draft, cast)
    _mute, mute = link_to(draft, cast, may_answer=False)
    client = Client()
    form = form_of(client.get(first))
    assert send(client, second, form).status_code == 403
    values = {"form": form, "name": "M", "verdict": "approved"}
    assert client.post(first, values, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert 'name="verdict"' not in client.get(mute).content.decode()
    assert not PreviewAnswer.objects.exists()
    assert send(client, first, form).status_code == 303  # the control


def test_one_link_takes_only_so_many_answers(draft: Article, cast: Cast) -> None:
    _link, address = link_to(draft, cast)
    client = Client()
    codes = [send(client, address, form_of(client.get(address))).status_code for _time in range(7)]
    assert codes == [303] * 6 + [429]
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert send(client, address, form_of(client.get(address))).status_code == 303


def test_hostile_words_in_an_answer_are_words(draft: Article, cast: Cast) -> None:
    _link, address = link_to(draft, cast)
    hostile = '"><script>alert(1)</script>'
    client = Client()
    send(client, address, form_of(client.get(address)), name=hostile, verdict="changes", text=hostile)
    refused = send(client, address, "", name=hostile, verdict=hostile, text=f"</textarea>{hostile}")
    pages = [refused, client.get(address)]
    pages += [
        as_user(cast.editor).get(f"/admin/articles/article/{draft.pk}/{screen}")
        for screen in ("change/", "outside/", "history/")
    ]
    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;alert" in page.content.decode()


def test_a_link_to_a_public_story_shows_its_draft_to_nobody_else(cast: Cast) -> None:
    story = publishing.publish(
        revisions.create(WorkingState(headline="Seen", section=make_section().pk, body="<p>x</p>"), actor=cast.editor),
        actor=cast.editor,
    )
    revisions.save(story, WorkingState.of(story).with_(headline=SECRET), actor=cast.editor)
    _link, address = link_to(story, cast)
    assert SECRET in Client().get(address).content.decode()
    assert SECRET not in Client().get(story.get_absolute_url()).content.decode()
    beside = make_article("Beside")
    assert SECRET not in Client().get(beside.get_absolute_url()).content.decode()
