"""The start page: each role's work, in as many queries whatever waits; the rooms; the edit link; tag suggestions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, Section
from articles.state import WorkingState
from comments import figures
from comments.desk import counts
from comments.models import Comment, State
from pages.models import StaticPage
from people.models import Author, User
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_comment, make_section

pytestmark = pytest.mark.django_db

START = "/admin/"
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=ZoneInfo("UTC"))  # a Wednesday
MOST_QUERIES = 19

Counting = Callable[..., Any]


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user: User) -> str:
    return as_user(user).get(START).content.decode()


def write(actor: User | None, headline: str, **fields: Any) -> Article:
    section = make_section()
    state = WorkingState(headline=headline, section=section.pk, body="<p>Words.</p>", **fields)
    return revisions.create(state, actor=actor)


def fill(cast: Cast, times: int) -> None:
    for number in range(times):
        write(cast.editor, f"Draft {number}")
        publishing.submit_for_review(write(cast.contributor, f"Review {number}"), actor=cast.contributor)
        changed = publishing.publish(write(cast.editor, f"Published {number}"), actor=cast.editor)
        revisions.save(changed, WorkingState.of(changed).with_(headline=f"Changed {number}"), actor=cast.editor)
        coming = write(cast.editor, f"Coming {number}", publish_at=timezone.now() + timedelta(days=1, minutes=number))
        publishing.publish(coming, actor=cast.editor)
        make_comment(changed, state=State.PENDING)


def test_a_writer_sees_their_own_drafts_and_nobody_elses(cast: Cast) -> None:
    write(cast.contributor, "Mine to finish")
    write(cast.editor, "The editor's own")
    page = page_of(cast.contributor)
    assert "Mine to finish" in page
    assert "The editor&#x27;s own" not in page


def test_an_editor_sees_what_everybody_handed_in(cast: Cast) -> None:
    publishing.submit_for_review(write(cast.contributor, "Handed in"), actor=cast.contributor)
    desk = as_user(cast.editor).get(START).context["desk"]
    review = next(worklist for worklist in desk.work if worklist.name == "review")
    assert [row.headline for row in review.rows] == ["Handed in"]
    assert review.rows[0].about == ("City", "Cora Contributor")


def test_a_scheduled_article_stands_there_with_weekday_and_time(cast: Cast) -> None:
    publishing.publish(write(cast.editor, "On Friday", publish_at=NOON + timedelta(days=2, hours=1)), actor=cast.editor)
    page = page_of(cast.editor)
    assert "Fri 13:00" in page


def test_an_embargoed_article_stands_at_the_end_of_its_embargo(cast: Cast) -> None:
    held = write(cast.editor, "Held", publish_at=NOON - timedelta(hours=1), embargo_until=NOON + timedelta(days=1))
    publishing.publish(held, actor=cast.editor)
    page = page_of(cast.editor)
    assert "Thu 12:00" in page
    assert "under embargo" in page


def test_changes_that_readers_do_not_see_are_named(cast: Cast) -> None:
    article = publishing.publish(write(cast.editor, "As readers know it"), actor=cast.editor)
    revisions.save(article, WorkingState.of(article).with_(headline="Better words"), actor=cast.editor)
    desk = as_user(cast.editor).get(START).context["desk"]
    changes = next(worklist for worklist in desk.work if worklist.name == "changes")
    assert [row.headline for row in changes.rows] == ["Better words"]
    published = next(worklist for worklist in desk.outlook if worklist.name == "published")
    assert len(published.rows) == 1


def test_empty_lists_say_something_helpful(cast: Cast) -> None:
    page = page_of(cast.editor)
    assert "Nothing waits for review." in page
    assert "You have no drafts." in page
    assert "Nothing is scheduled." in page


def test_a_moderator_sees_the_queue_first_and_no_writing(cast: Cast) -> None:
    make_comment(make_article("Debated"), state=State.PENDING, waiting_since=NOON - timedelta(hours=3))
    page = page_of(cast.moderator)
    assert page.index("comment waits for a decision") < page.index("Recently published")
    assert "The oldest has waited 3\xa0hours." in page
    assert "New article" not in page
    assert "Your drafts" not in page


def test_somebody_who_may_not_moderate_sees_no_queue(cast: Cast) -> None:
    make_comment(make_article(), state=State.PENDING)
    assert "Awaiting moderation" not in page_of(cast.contributor)


def test_an_account_without_a_role_is_told_what_to_do() -> None:
    page = page_of(User.objects.create_staff("new@example.org", "Nina New"))
    assert "no role yet" in page


@pytest.mark.once
@pytest.mark.parametrize("role", ["contributor", "editor", "chief", "moderator", "administrator"])
def test_the_start_page_takes_as_many_queries_at_every_size(
    cast: Cast, role: str, django_assert_max_num_queries: Counting
) -> None:
    client = as_user(getattr(cast, role))
    counts = []
    for times in (1, 8):
        fill(cast, times)
        client.get(START)  # content types are looked up once in a process
        with django_assert_max_num_queries(MOST_QUERIES) as queries:
            assert client.get(START).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_start_page_shows_the_first_rows_and_leads_to_the_others(cast: Cast) -> None:
    fill(cast, 8)
    page = page_of(cast.editor)
    assert "?status__exact=draft&amp;whose=mine" in page
    assert page.count(">Draft ") == 6


def test_the_links_to_whole_lists_work(cast: Cast) -> None:
    client = as_user(cast.editor)
    desk = client.get(START).context["desk"]
    for worklist in [*desk.work, *desk.outlook]:
        assert client.get(worklist.more_url).status_code == 200


def test_the_rooms_stand_in_the_order_of_the_day_under_our_names(cast: Cast) -> None:
    rooms = as_user(cast.administrator).get(START).context["available_apps"]
    names = [str(room["name"]) for room in rooms]
    order = ["Articles", "Wires", "Curation", "Products", "Comments", "Pictures", "People", "Site"]
    assert names == [name for name in order if name in names]
    shown = {model["object_name"] for room in rooms for model in room["models"]}
    assert "EmailAddress" not in shown
    assert {"Article", "Comment", "User", "Group"} <= shown


@pytest.mark.parametrize("address", ["/admin/articles/article/", "/admin/articles/article/calendar/"])
def test_of_list_and_calendar_only_the_open_one_is_marked(cast: Cast, address: str) -> None:
    rooms = as_user(cast.editor).get(address).context["available_apps"]
    marked = [model["admin_url"] for room in rooms for model in room["models"] if model.get("current")]
    assert marked == [address]


def test_the_calendar_is_a_step_from_the_start_page(cast: Cast) -> None:
    page = page_of(cast.contributor)
    assert page.count('href="/admin/articles/article/calendar/"') > 1
    assert "/articles/article/calendar/" not in page_of(User.objects.create_staff("new@example.org", "Nina New"))


def edit_link(client: Client, path: str) -> Any:
    return client.get("/admin/edit-link/", {"path": path})


def test_the_edit_link_of_an_article_leads_to_its_form(cast: Cast) -> None:
    article = make_article()
    answer = edit_link(as_user(cast.editor), article.get_absolute_url())
    assert answer.json() == {"url": f"/admin/articles/article/{article.pk}/change/", "label": "Edit this article"}
    assert "no-store" in answer["Cache-Control"]


def test_the_edit_link_knows_sections_tags_authors_and_pages(cast: Cast) -> None:
    article = make_article()
    give_tags(article, "Harbour")
    Author.objects.create(name="Ines", slug="ines")
    StaticPage.objects.create(title="About", slug="about", body="<p>Us.</p>")
    client = as_user(cast.chief)
    for path in ("/city/", "/tag/harbour/", "/author/ines/", "/about/"):
        assert edit_link(client, path).status_code == 200, path


def test_pages_with_nothing_to_edit_have_no_edit_link(cast: Cast) -> None:
    assert edit_link(as_user(cast.editor), "/").status_code == 204
    assert edit_link(as_user(cast.editor), "/archive/").status_code == 204


def test_nobody_without_a_desk_gets_an_edit_link(cast: Cast) -> None:
    path = make_article().get_absolute_url()
    assert edit_link(Client(), path).status_code == 403
    assert edit_link(as_user(cast.moderator), path).status_code == 403
    assert edit_link(as_user(cast.contributor), path).status_code == 403
    assert edit_link(as_user(cast.editor), path).status_code == 200  # the control


def test_a_draft_of_somebody_else_answers_as_an_unknown_article(cast: Cast) -> None:
    draft = write(cast.editor, "Secret")
    unknown = edit_link(as_user(cast.contributor), f"/city/secret-{draft.pk + 1000}/")
    hidden = edit_link(as_user(cast.contributor), f"/city/secret-{draft.pk}/")
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content) == (404, b"{}")
    assert edit_link(as_user(cast.editor), f"/city/secret-{draft.pk}/").status_code == 200


@pytest.mark.parametrize(
    "path", ["", "city", "//evil.example/", "/admin/", "/" + "a" * 900, "/city/x-" + "9" * 18 + "/"]
)
def test_the_edit_link_of_nonsense_is_unknown(cast: Cast, path: str) -> None:
    assert edit_link(as_user(cast.editor), path).status_code == 404


def suggest(client: Client, query: str) -> Any:
    return client.get("/admin/articles/tag/suggest/", {"q": query})


def test_tags_are_suggested_by_their_beginning_the_most_used_first(cast: Cast) -> None:
    give_tags(make_article("One"), "Harbour", "Harvest")
    give_tags(make_article("Two"), "Harvest", "Charter")
    tags = suggest(as_user(cast.contributor), "HÁR".replace("Á", "A")).json()["tags"]
    assert [(tag["name"], tag["uses"]) for tag in tags] == [("Harvest", "2 articles"), ("Harbour", "1 article")]


@pytest.mark.parametrize("query", ["", " ", "%", "_", "x" * 5000, "zzz"])
def test_odd_questions_get_no_tags(cast: Cast, query: str) -> None:
    give_tags(make_article(), "Harbour")
    answer = suggest(as_user(cast.editor), query)
    assert answer.status_code == 200
    assert answer.json() == {"tags": []}


def test_a_nul_in_a_question_makes_no_sense(cast: Cast) -> None:
    assert suggest(as_user(cast.editor), "\0").status_code == 400
    assert edit_link(as_user(cast.editor), "/\0/").status_code == 400


def test_only_those_who_write_are_offered_tags(cast: Cast) -> None:
    assert suggest(as_user(cast.moderator), "h").status_code == 403
    assert suggest(Client(), "h").status_code == 302
    assert suggest(as_user(cast.contributor), "h").status_code == 200


def test_a_pasted_headline_becomes_one_line(cast: Cast) -> None:
    client = as_user(cast.editor)
    section: Section = make_section()
    data = {
        "headline": "Two\r\nlines", "section": section.pk, "kind": "news", "body": "", "tags": "",
        "bylines-TOTAL_FORMS": "0", "bylines-INITIAL_FORMS": "0", "_continue": "1",
    }  # fmt: skip
    assert client.post("/admin/articles/article/add/", data).status_code == 302
    assert str(Article.objects.get()) == "Two lines"


def test_the_history_names_every_save_and_what_readers_see(cast: Cast) -> None:
    article = publishing.publish(write(cast.contributor, "First words"), actor=cast.editor)
    revisions.save(article, WorkingState.of(article).with_(headline="Second words"), actor=cast.editor)
    page = as_user(cast.editor).get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    assert page.index("Second words") < page.index("First words") < page.index("as readers see it")
    assert "Cora Contributor" in page
    assert as_user(cast.editor).get("/admin/articles/article/x/history/").status_code == 302
    draft = write(cast.editor, "Not for others")
    assert as_user(cast.contributor).get(f"/admin/articles/article/{draft.pk}/history/").status_code == 302


def test_a_moderator_reads_what_readers_reported_and_who_appeals(cast: Cast, client: Client) -> None:
    article = make_article()
    make_comment(article, open_reports=2)
    make_comment(article, state=State.REJECTED, appealed_at=timezone.now())
    client.force_login(cast.moderator)
    page = client.get("/admin/").content.decode()
    assert "1 comment is reported by readers" in page
    assert "1 writer asks for a second decision" in page
    assert "?state=reported" in page
    assert "?state=appeals" in page
    Comment.objects.all().delete()
    assert "queue-more" not in client.get("/admin/").content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs what is cheaper")
def test_changes_are_found_by_their_index(db: None) -> None:
    assert "article_with_changes" in Article.objects.with_changes().order_by("-latest__made_at").explain()


def test_a_long_queue_is_counted_no_further_than_it_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST", 2)
    monkeypatch.setattr(figures, "MOST", 2)
    article = make_article("Ferry")
    for number in range(2):
        make_comment(article, state=State.PENDING, open_reports=1, waiting_since=NOON - timedelta(hours=2 + number))
    page = page_of(cast.moderator)
    assert '<span class="queue__count">2</span>' in page
    assert "2 comments are reported by readers" in page
    make_comment(article, state=State.PENDING, open_reports=1, waiting_since=NOON - timedelta(hours=9))
    page = page_of(cast.moderator)
    assert '<span class="queue__count">2+</span>' in page
    assert "comments wait for a decision" in page
    assert "2+ comments are reported by readers" in page
    assert "The oldest has waited 9\xa0hours" in page
