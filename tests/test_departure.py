"""Where readers go who come for a story that is no longer there."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from articles import departure, publishing
from articles.models import Article, Status
from curation import picks
from curation.models import Pick
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_comment, make_section

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(article: Article) -> tuple[int, str]:
    response = Client().get(article.get_absolute_url())
    return response.status_code, response.headers.get("Location", "")


def ask(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/take-down/"


@pytest.fixture
def short(db: None) -> Article:
    return make_article("The ferry is back", slug="short")


@pytest.fixture
def full(db: None) -> Article:
    return make_article("The ferry returns after eleven years", slug="full")


def test_a_merged_story_sends_its_readers_to_the_other_and_keeps_its_comments(
    cast: Cast, short: Article, full: Article
) -> None:
    comment = make_comment(short)
    departure.leave(short, actor=cast.editor, to=full)
    response = Client().get(short.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, full.get_absolute_url())
    assert response["Cache-Control"] == "public, max-age=3600"
    assert Client().get(f"/city/other-words-{short.pk}/")["Location"] == full.get_absolute_url()
    comment.refresh_from_db()
    assert comment.article_id == short.pk
    assert AuditEntry.objects.filter(verb="sent readers elsewhere", object_id=str(short.pk)).exists()


def test_it_leads_there_only_while_the_other_is_public(cast: Cast, short: Article, full: Article) -> None:
    departure.leave(short, actor=cast.editor, to=full)
    full.embargo_until = timezone.now() + timedelta(hours=1)
    full.save()
    assert answer(short) == (410, "")
    assert b"eleven" not in Client().get(short.get_absolute_url()).content
    full.embargo_until = None
    full.save()
    assert answer(short)[0] == 301


def test_a_killed_story_leads_nowhere_whatever_was_said_before(cast: Cast, short: Article, full: Article) -> None:
    departure.send_readers(short, full, actor=cast.editor)
    short.status = Status.KILLED
    short.save()
    assert answer(short) == (410, "")
    with pytest.raises(PermissionDenied):
        departure.send_readers(short, full, actor=cast.chief)


def test_what_was_said_before_a_kill_is_forgotten_when_it_is_reopened(
    cast: Cast, short: Article, full: Article
) -> None:
    for place in (full, make_section()):
        departure.send_readers(short, place, actor=cast.editor)
        publishing.kill(short, actor=cast.chief, reason="A court order")
        publishing.reopen(short, actor=cast.chief)
        assert answer(short) == (410, "")
        publishing.publish(short, actor=cast.chief)


def test_an_expired_story_leads_to_its_section_if_somebody_said_so(cast: Cast, short: Article) -> None:
    short.expire_at = timezone.now() - timedelta(minutes=1)
    short.save()
    assert answer(short) == (410, "")
    departure.send_readers(short, make_section(), actor=cast.editor)
    assert answer(short) == (301, "/city/")
    departure.send_readers(short, None, actor=cast.editor)
    assert answer(short) == (410, "")


def test_a_public_story_answers_itself_whatever_is_said_for_later(cast: Cast, short: Article, full: Article) -> None:
    departure.send_readers(short, full, actor=cast.editor)
    assert answer(short) == (200, "")


def test_nobody_is_sent_on_twice(cast: Cast, short: Article, full: Article) -> None:
    third = make_article("Third")
    departure.leave(short, actor=cast.editor, to=full)
    departure.leave(full, actor=cast.editor, to=third)
    assert answer(short) == answer(full) == (301, third.get_absolute_url())
    publishing.reopen(short, actor=cast.editor)
    with pytest.raises(ValidationError):  # not public yet
        departure.leave(third, actor=cast.editor, to=short)
    assert Article.objects.get(pk=third.pk).is_public()


def test_a_story_leads_neither_to_itself_nor_to_what_nobody_sees(cast: Cast, short: Article) -> None:
    for to in (short, make_article("Draft", status=Status.DRAFT, first_published_at=None)):
        with pytest.raises(ValidationError):
            departure.send_readers(short, to, actor=cast.editor)


def test_picks_move_to_the_other_story_in_their_place_if_wanted(cast: Cast, short: Article, full: Article) -> None:
    page, first = make_article("Page"), make_article("First")
    for target in (first, short):
        picks.pick(page, target, actor=cast.editor)
    picks.pick(full, short, actor=cast.editor)
    assert departure.leave(short, actor=cast.editor, to=full, with_picks=True) == 1
    assert list(Pick.objects.filter(article=page).values_list("target", flat=True)) == [first.pk, full.pk]
    assert Pick.objects.filter(article=full, target=short).exists()  # a story is not picked for its own list


@pytest.mark.parametrize(
    ("sent", "leads"),
    [
        ({}, 410),
        ({"onward": "nowhere"}, 410),
        ({"onward": "story", "story": "full"}, 301),
        ({"onward": "story", "address": "full"}, 301),
        ({"onward": "section", "section": "city"}, 301),
    ],
)
def test_the_page_that_takes_down_asks_where_readers_go(
    cast: Cast, short: Article, full: Article, sent: dict[str, Any], leads: int
) -> None:
    means = {"city": make_section().pk, "full": full.pk if "story" in sent else full.get_absolute_url()}
    client = signed_in(cast.editor)
    assert b"Send readers" in client.get(ask(short)).content
    client.post(ask(short), {name: means.get(value, value) for name, value in sent.items()})
    assert answer(short)[0] == leads


def test_the_chooser_offers_only_what_readers_see(cast: Cast, short: Article, full: Article) -> None:
    departure.leave(short, actor=cast.editor)
    asked = "/admin/autocomplete/?app_label=articles&model_name=article&field_name=moved_to&term=ferry"
    found = signed_in(cast.editor).get(asked).json()["results"]
    assert [row["id"] for row in found] == [str(full.pk)]


@pytest.mark.parametrize(
    "sent",
    [
        {"onward": "story"},
        {"onward": "story", "story": "999999"},
        {"onward": "story", "story": "x\0"},
        {"onward": "story", "story": "9" * 30},
        {"onward": "story", "address": "https://evil.example/"},
        {"onward": "section"},
        {"onward": "section", "section": "nonsense"},
        {"onward": "elsewhere"},
    ],
)
def test_a_choice_that_is_none_is_refused_and_nothing_taken_down(
    cast: Cast, short: Article, sent: dict[str, str]
) -> None:
    response = signed_in(cast.editor).post(ask(short), sent | {"reason": "My reason"})
    assert response.status_code == 400
    assert "My reason" in response.content.decode()
    assert answer(short)[0] == 200
    assert signed_in(cast.editor).post(f"/admin/articles/article/{short.pk}/onward/", sent).status_code == 400


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_publishers_say_where_readers_go(cast: Cast, short: Article, full: Article, who: str) -> None:
    user = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        departure.send_readers(short, full, actor=user)
    for send in (signed_in(user).get, signed_in(user).post):
        assert send(f"/admin/articles/article/{short.pk}/onward/").status_code == 403


def test_the_form_says_where_readers_of_a_gone_story_go(cast: Cast, short: Article, full: Article) -> None:
    departure.leave(short, actor=cast.editor, to=full)
    client = signed_in(cast.editor)
    html = client.get(f"/admin/articles/article/{short.pk}/change/").content.decode()
    assert "Its address leads to “The ferry returns after eleven years”." in html
    page = f"/admin/articles/article/{short.pk}/onward/"
    assert f'value="{full.pk}" selected' in client.get(page).content.decode()
    client.post(page, {"onward": "nowhere"})
    assert answer(short)[0] == 410
