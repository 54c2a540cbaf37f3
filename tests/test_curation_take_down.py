"""Before an article is taken down, the desk shows what readers will miss."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from articles import revisions, taking_down
from articles.models import Article, Status
from articles.state import WorkingState
from curation import campaigns, picks
from curation.campaigns import Plan
from curation.models import Exposure
from curation.places import FRONT
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_section, suggest

LIST = "/admin/articles/article/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db: None) -> Article:
    return make_article("Bridge closed")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(article: Article) -> str:
    return f"{LIST}{article.pk}/take-down/"


def status(article: Article) -> str:
    return str(Article.objects.get(pk=article.pk).status)


def shown_everywhere(story: Article, editor: User) -> None:
    here, there = make_article("Here"), make_article("There")
    picks.pick(here, story, actor=editor)
    suggest(there, story, *[make_article(f"Fill {number}") for number in range(6)])
    picks.pick(FRONT, story, actor=editor)
    picks.pick(make_section("Sport"), story, actor=editor)
    now = timezone.now()
    campaigns.start(Plan(story, 2, now, now + timedelta(hours=3)), actor=editor)


def test_the_page_names_every_list_and_what_fills_the_gap(cast: Cast, story: Article) -> None:
    shown_everywhere(story, cast.editor)
    html = client_of(cast.editor).get(ask(story)).content.decode()
    for words in (
        "It stands in 8 lists: 0 by pick, 8 by campaign, 0 by the engine.",
        "Here, place 1; then: the list becomes shorter",
        "There, place 2; then: Fill 4",
        "in 8 lists · ends in",
        "Front page, place 1, by pick",
        "Section page: Sport, place 1, by pick",
        "Place 2 beside every article",
        f"/admin/curation/pick/article/{story.pk}/inward/",
    ):
        assert words in html, words
    assert status(story) == Status.PUBLISHED  # looking changes nothing


def test_an_article_that_stands_nowhere_is_said_to(cast: Cast, story: Article) -> None:
    hidden = make_article("To come", status=Status.SCHEDULED, publish_at=timezone.now() + timedelta(days=1))
    assert "It stands in no list" in client_of(cast.editor).get(ask(hidden)).content.decode()
    assert "Front page, place 1, by itself" in client_of(cast.editor).get(ask(story)).content.decode()


def test_posting_takes_it_down_with_its_reason_in_the_audit(cast: Cast, story: Article) -> None:
    answer = client_of(cast.editor).post(ask(story), {"reason": "Wrong bridge"}, follow=True)
    assert status(story) == Status.ARCHIVED
    assert AuditEntry.objects.get(verb="taken down").details == {"reason": "Wrong bridge"}
    assert "is taken down" in str(next(iter(answer.context["messages"])))


@pytest.mark.parametrize("reason", ["x" * 301, "a\0b"])
def test_a_reason_that_cannot_be_kept_is_refused_and_stays(cast: Cast, story: Article, reason: str) -> None:
    answer = client_of(cast.editor).post(ask(story), {"reason": reason})
    assert answer.status_code == 400
    assert reason.replace("\0", "") in answer.content.decode()
    assert status(story) == Status.PUBLISHED


def test_what_is_down_already_is_said_and_not_taken_down_twice(cast: Cast, story: Article) -> None:
    client = client_of(cast.editor)
    client.post(ask(story))
    for answer in (client.get(ask(story), follow=True), client.post(ask(story), follow=True)):
        assert "archived" in str(list(answer.context["messages"])[-1])
    assert AuditEntry.objects.filter(verb="taken down").count() == 1


def test_the_forms_button_saves_and_leads_there(cast: Cast) -> None:
    words = WorkingState(headline="Bridge closed", section=make_section().pk, body="<p>x</p>")
    article = revisions.create(words, actor=cast.editor)
    client = client_of(cast.editor)
    data = {"headline": "Bridge open", "section": make_section().pk, "kind": "news", "body": "<p>x</p>"}
    for prefix in ("bylines", "picks", "placements"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    client.post(f"{LIST}{article.pk}/change/", data | {"_publish": "1", "base_revision": "1"})
    gone = {"headline": "Bridge gone", "_take_down": "1", "base_revision": "2"}
    answer = client.post(f"{LIST}{article.pk}/change/", data | gone)
    assert answer.headers["Location"] == ask(article)
    assert status(article) == Status.PUBLISHED
    assert str(Article.objects.get(pk=article.pk)) == "Bridge gone"


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_only_publishers_reach_it(cast: Cast, story: Article, who: str) -> None:
    client = client_of(getattr(cast, who))
    for send in (client.get, client.post):
        assert send(ask(story)).status_code == 403
    draft = make_article("Somebody’s draft", status=Status.DRAFT)
    assert client.get(ask(draft)).status_code == 404
    assert status(story) == Status.PUBLISHED
    assert "/login/" in Client().post(ask(story)).headers["Location"]


@pytest.mark.parametrize("pk", [0, 999_999, 10**25])
def test_an_unknown_article_is_not_found(cast: Cast, pk: int) -> None:
    assert client_of(cast.editor).get(f"{LIST}{pk}/take-down/").status_code == 404


def test_a_publisher_who_knows_only_public_stories_is_told_no_hidden_headline(cast: Cast, story: Article) -> None:
    cast.contributor.user_permissions.add(Permission.objects.get(codename="publish_article"))
    rewritten = revisions.create(
        WorkingState(headline="Harbourgate", section=make_section().pk, body="<p>x</p>"), actor=cast.editor
    )
    public = make_article("As readers see it", latest=rewritten.latest)
    picks.pick(public, story, actor=cast.editor)
    html = client_of(User.objects.get(pk=cast.contributor.pk)).get(ask(story)).content.decode()
    assert "As readers see it" in html
    assert "Harbourgate" not in html
    assert "Harbourgate" in client_of(cast.editor).get(ask(story)).content.decode()  # the control


# Several


def bulk(client: Client, *articles: Article, **data: Any) -> Any:
    selected = {"action": "take_down_selected", "_selected_action": [article.pk for article in articles]}
    return client.post(LIST, selected | data)


def test_the_action_asks_and_names_each_with_its_figures(cast: Cast, story: Article) -> None:
    shown_everywhere(story, cast.editor)
    Exposure.objects.create(article=story, lists=7, own=0)
    lonely = make_article("Lonely")
    html = bulk(client_of(cast.editor), story, lonely).content.decode()
    for words in (
        "Bridge closed",
        "picked in 1 list · on 2 pages",
        "suggested in 7 lists · shown by a campaign in 9 lists",
    ):
        assert words in html, words
    assert "stands in no list" in html
    assert (status(story), status(lonely)) == (Status.PUBLISHED, Status.PUBLISHED)
    bulk(client_of(cast.editor), story, lonely, confirmed="yes")
    assert (status(story), status(lonely)) == (Status.ARCHIVED, Status.ARCHIVED)


def test_no_more_than_can_be_read_go_at_once(cast: Cast, story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_down, "MOST_AT_ONCE", 1)
    answer = client_of(cast.editor).post(
        LIST,
        {"action": "take_down_selected", "_selected_action": [story.pk, make_article("Other").pk]},
        follow=True,
    )
    assert "1 articles at most" in str(next(iter(answer.context["messages"])))
    assert status(story) == Status.PUBLISHED


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_nobody_else_gets_the_action(cast: Cast, story: Article, who: str) -> None:
    bulk(client_of(getattr(cast, who)), story, confirmed="yes")
    assert status(story) == Status.PUBLISHED


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 40])
def test_the_page_that_asks_costs_the_same_however_many_are_selected(
    cast: Cast, size: int, django_assert_max_num_queries: Any
) -> None:
    rows = [make_article(f"Story {number}") for number in range(size)]
    for number, row in enumerate(rows):
        picks.pick(make_article(f"Page {number}"), row, actor=cast.editor)
    client = client_of(cast.editor)
    bulk(client, *rows)
    with django_assert_max_num_queries(18):
        bulk(client, *rows)


@pytest.mark.once
@pytest.mark.parametrize("size", [2, 30])
def test_the_page_about_one_costs_the_same_however_often_it_is_shown(
    cast: Cast, story: Article, size: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(size):
        suggest(make_article(f"Page {number}"), story, make_article(f"Next {number}"))
    client = client_of(cast.editor)
    client.get(ask(story))
    with django_assert_max_num_queries(19):
        client.get(ask(story))


def test_hostile_headlines_are_text(cast: Cast) -> None:
    evil = make_article("<script>1</script>")
    suggest(make_article("<img src=x onerror=1>"), evil)
    client = client_of(cast.editor)
    for html in (client.get(ask(evil)).content.decode(), bulk(client, evil).content.decode()):
        assert "<script>1" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;1" in html
