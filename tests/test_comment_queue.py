"""What the moderators' queue shows, to whom, in which order, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Article
from comments import moderation
from comments.desk import listing
from comments.models import Appeal, Comment, FormerWords, Report, SecondLook, State
from comments.pipeline.findings import Code, Finding
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_comment, make_section
from tests.test_comment_verbs import appeal, report

QUEUE = "/admin/comments/comment/"
SCRIPTED: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """Signed in as the moderator."""
    client.login(email=cast.moderator.email, password=PASSWORD)
    return client


def words(response: Any) -> str:
    return str(response.content.decode())


def waiting(article: Article, text: str = "Waits.", *, minutes: int = 1, urgent: int = 0, **fields: Any) -> Comment:
    """A comment that has waited so many minutes, and counts as having waited ``urgent`` more."""
    since = timezone.now() - timedelta(minutes=minutes)
    moments = {"created_at": since, "waiting_since": since, "rank_at": since - timedelta(minutes=urgent)}
    return make_comment(article, text, state=State.PENDING, **{**moments, **fields})


def texts(client: Client, **query: Any) -> list[str]:
    """The rows that a question finds, by their comments' words, in order."""
    answer = client.get(QUEUE, query, **SCRIPTED).json()
    by_id = Comment.objects.in_bulk([row["id"] for row in answer["rows"]])
    return [by_id[row["id"]].text for row in answer["rows"]]


@pytest.mark.parametrize(
    ("role", "status"),
    [("contributor", 403), ("editor", 200), ("chief", 200), ("moderator", 200), ("administrator", 200)],
)
def test_the_queue_opens_to_those_who_may_see_comments(
    client: Client, cast: Cast, article: Article, role: str, status: int
) -> None:
    comment = waiting(article)
    client.login(email=getattr(cast, role).email, password=PASSWORD)

    for address in (QUEUE, f"{QUEUE}{comment.pk}/change/", f"{QUEUE}news/"):
        assert client.get(address).status_code == status


def test_nobody_signed_in_sees_the_queue(client: Client, article: Article) -> None:
    for address in (QUEUE, f"{QUEUE}{waiting(article).pk}/change/", f"{QUEUE}news/"):
        assert client.get(address).status_code == 302


def test_only_moderators_see_email_addresses_and_what_was_found(client: Client, cast: Cast, article: Article) -> None:
    found = [Finding(Code.FAST).stored()]
    comment = waiting(article, "I was on that tram.", email="secret@example.org", findings=found)

    for person, sees in ((cast.editor, False), (cast.moderator, True)):
        client.login(email=person.email, password=PASSWORD)
        for address in (QUEUE, f"{QUEUE}{comment.pk}/change/"):
            assert ("secret@example.org" in words(client.get(address))) is sees
            assert ("letter__finding" in words(client.get(address))) is sees
        assert bool(texts(client, q="secret@example")) is sees
        assert bool(texts(client, q="tram")) is True


def test_the_admins_own_form_shows_a_comment_to_nobody(client: Client, cast: Cast, article: Article) -> None:
    comment = waiting(article, email="secret@example.org")
    client.login(email=cast.editor.email, password=PASSWORD)

    for address in (f"{QUEUE}+{comment.pk}/change/", f"{QUEUE}%20{comment.pk}/change/", f"{QUEUE}{'9' * 30}/change/"):
        assert client.get(address).status_code == 404


def test_what_waits_comes_first_with_the_longest_wait_on_top(desk: Client, article: Article) -> None:
    waiting(article, "briefly", minutes=1, urgent=600)
    waiting(article, "long", minutes=180)
    make_comment(article, "stands there")

    assert texts(desk) == ["long", "briefly"]
    assert texts(desk, order="urgency") == ["briefly", "long"]
    assert texts(desk, order="nonsense") == ["long", "briefly"]


def test_a_row_shows_the_text_its_place_and_its_writer(desk: Client, article: Article) -> None:
    original = make_comment(article, "The original thought", name="Bo")
    for state in (State.APPROVED, State.APPROVED, State.REJECTED, State.SPAM):
        make_comment(article, state=state, email="ana@example.org")
    text = "A whole text. " * 100
    found = [Finding(Code.FAST).stored(), "unheard-of"]
    waiting(article, text, email="ana@example.org", parent=original, findings=found)
    waiting(article, "Hello", email="new@example.org")

    page = words(desk.get(QUEUE))

    for said in ("The tram is late", "In reply to Bo", "The original thought", "Sent within three seconds"):
        assert said in page
    assert text.strip() in page
    assert "2 approved, 1 refused, 1 spam, 1 waiting since" in page
    assert "first comment" in page


def test_reports_appeals_and_edits_stand_with_the_comment(desk: Client, cast: Cast, article: Article) -> None:
    reported = make_comment(article, "Go home.")
    for index in range(listing.MOST_REPORTS + 2):
        report(reported, f"He means me {index}")
    appeal(make_comment(article, "True.", state=State.REJECTED), "I can prove it.")
    moderation.edit(reported, "Go.", actor=cast.moderator, seen_text="Go home.")

    page = words(desk.get(QUEUE, {"state": "reported"}))
    assert "7 readers report it" in page
    assert page.count("He means me") == listing.MOST_REPORTS
    assert "Edited by us" in page
    assert "I can prove it." in words(desk.get(QUEUE, {"state": "appeals"}))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"waiting here", "waiting there"}),
        ({"state": "approved"}, {"seen", "reported"}),
        ({"state": "reported"}, {"reported"}),
        ({"state": "appeals"}, {"appealed"}),
        ({"state": "rejected"}, {"appealed"}),
        ({"state": "spam"}, {"junk"}),
        ({"state": "nonsense"}, {"waiting here", "waiting there"}),
        ({"section": "HERE"}, {"waiting here"}),
        ({"article": "HERE"}, {"waiting here"}),
        ({"why": "fast"}, {"waiting there"}),
        ({"why": "-"}, {"waiting here"}),
        ({"why": "unheard-of"}, set()),
        ({"section": "x"}, set()),
        ({"article": "9" * 40}, set()),
        ({"article": "-1"}, set()),
        ({"q": "there"}, {"waiting there"}),
        ({"q": "there waiting"}, {"waiting there"}),
        ({"q": "\ufffd"}, set()),
        ({"q": "%"}, set()),
        ({"after": "nonsense"}, {"waiting here", "waiting there"}),
        ({"after": "99999999999999999-999999999999999999"}, set()),
    ],
)
def test_tabs_and_filters_find_what_they_say(desk: Client, query: dict[str, str], shown: set[str]) -> None:
    here = make_article("Here", section=make_section("City"))
    there = make_article("There", section=make_section("Sport"))
    waiting(here, "waiting here")
    waiting(there, "waiting there", why="fast")
    make_comment(there, "seen")
    report(make_comment(there, "reported"))
    appeal(make_comment(there, "appealed", state=State.REJECTED))
    make_comment(there, "junk", state=State.SPAM)
    gone = make_comment(there, "gone", state=State.WITHDRAWN)
    report(gone)
    ids = {"section": str(here.section_id), "article": str(here.pk)}
    asked = {name: ids[name] if value == "HERE" else value for name, value in query.items()}

    assert set(texts(desk, **asked)) == shown
    assert desk.get(QUEUE, asked).status_code == 200


@pytest.mark.parametrize("state", ["pending", "approved", "reported", "appeals"])
def test_screen_after_screen_shows_each_comment_once(
    desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    monkeypatch.setattr("comments.desk.showing.PAGE", 3)
    now = timezone.now()
    states = {"pending": State.PENDING, "appeals": State.REJECTED}
    for index in range(8):  # four share each moment: the id decides
        moment = now - timedelta(minutes=index // 4)
        moments = {"created_at": moment, "waiting_since": moment, "appealed_at": moment if state == "appeals" else None}
        fields = {"state": states.get(state, State.APPROVED), "open_reports": int(state == "reported")}
        make_comment(article, f"Number {index}", **moments, **fields)

    seen, query = [], f"state={state}"
    while query:
        answer = desk.get(f"{QUEUE}?{query}", **SCRIPTED).json()
        seen += [row["id"] for row in answer["rows"]]
        assert [row["cursor"] for row in answer["rows"]] == sorted(
            (row["cursor"] for row in answer["rows"]), reverse=state in {"approved", "reported"}
        )
        query = answer["next"]

    assert len(seen) == 8
    assert len(set(seen)) == 8


def test_what_is_alike_stands_as_one_row_where_its_first_would(desk: Client, article: Article) -> None:
    first = waiting(article, "watches 1", minutes=60, likeness="text", email="a@example.org")
    for index in range(2, 15):
        waiting(
            article,
            f"watches {index}",
            minutes=60 - index,
            cluster=first.pk,
            likeness="text",
            email=f"{index % 3}@example.org",
        )
    first.cluster = first.pk
    first.save()
    waiting(article, "longer", minutes=90)
    waiting(article, "shorter", minutes=50)

    assert texts(desk) == ["longer", "watches 1", "shorter"]
    page = words(desk.get(QUEUE))
    assert "14 nearly the same comments from 4 writers" in page
    assert "watches 9" in page
    assert len(texts(desk, cluster=first.pk)) == 14

    moderation.decide([first], State.SPAM, actor=None)

    assert texts(desk) == ["longer", "watches 2", "shorter"]


def test_a_filter_looks_at_each_member_of_a_group(desk: Client, article: Article) -> None:
    there = make_article("There", section=make_section("Sport"))
    first = waiting(article, "watches here", minutes=60, cluster=1, likeness="domain")
    waiting(there, "watches there", minutes=50, cluster=1, likeness="domain")

    assert texts(desk, article=there.pk) == ["watches there"]
    assert texts(desk, q="there") == ["watches there"]
    assert texts(desk) == [first.text]


@pytest.mark.parametrize(
    ("likeness", "said"),
    [
        ("text", "2 nearly the same comments from 1 writer"),
        ("domain", "2 comments with the same link from 1 writer"),
        ("writer", "2 comments by one writer"),
        ("burst", "2 comments in one burst from 1 writer"),
        ("", "2 comments that are alike from 1 writer"),
    ],
)
def test_a_group_says_what_makes_it_one(desk: Client, article: Article, likeness: str, said: str) -> None:
    for _ in range(2):
        waiting(article, email="a@example.org", cluster=5, likeness=likeness)

    assert said in words(desk.get(QUEUE))


def test_a_group_too_large_for_one_decision_says_so(
    desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_TOGETHER", 3)
    for _ in range(5):
        waiting(article, cluster=5, likeness="writer")

    assert "3 comments by one writer, the first of many more" in words(desk.get(QUEUE))


def fill(number: int, cast: Cast) -> None:
    for index in range(number):
        article = make_article(f"Story {index}", section=make_section(f"Part{index}"))
        first = make_comment(article)
        one = waiting(article, parent=first, cluster=first.pk, likeness="text")
        waiting(article, cluster=first.pk, likeness="text")
        report(one)
        report(make_comment(article))
        refused = waiting(article)
        moderation.decide([refused], State.REJECTED, actor=cast.moderator)
        appeal(refused)


@pytest.mark.once
@pytest.mark.parametrize("state", ["pending", "reported", "appeals", "approved"])
@pytest.mark.parametrize("person", ["moderator", "editor"])
def test_the_queue_costs_the_same_queries_at_two_sizes(client: Client, cast: Cast, state: str, person: str) -> None:
    client.login(email=getattr(cast, person).email, password=PASSWORD)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE, {"state": state})
        return len(queries)

    fill(2, cast)
    cost()
    small = cost()
    fill(30, cast)

    assert cost() == small
    assert small <= 16


@pytest.mark.once
def test_news_cost_the_same_queries_at_two_sizes(desk: Client, cast: Cast, article: Article) -> None:
    def cost(number: int) -> int:
        comments = [waiting(article) for _ in range(number)]
        moderation.decide(comments[::2], State.SPAM, actor=cast.chief)
        shown = ",".join(str(comment.pk) for comment in comments)
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{QUEUE}news/", {"since": "2026-01-01T00:00:00+00:00", "shown": shown})
        return len(queries)

    cost(2)
    assert cost(4) == cost(60)


def test_a_comments_page_tells_its_whole_story(desk: Client, cast: Cast, article: Article) -> None:
    comment = waiting(article, "First words", findings=[Finding(Code.FAST).stored()])
    [entry] = moderation.decide([comment], State.REJECTED, actor=cast.chief, reason="Not <b>kind</b>", code="abuse")
    moderation.undo(entry, cast.moderator)
    FormerWords.objects.create(comment=comment, text="Earlier words")
    Report.objects.create(comment=comment, complaint="hate", text="Look at this", source="a")
    Appeal.objects.create(comment=comment, text="It was meant well")
    SecondLook.objects.create(comment=comment, entry=entry, by=cast.chief, verdict=State.APPROVED)

    page = words(desk.get(f"{QUEUE}{comment.pk}/change/"))

    for said in (
        "Chiara Chief",
        "It attacks or insults somebody; Not &lt;b&gt;kind&lt;/b&gt;",
        "taken back",
        "Earlier words",
        "Look at this",
        "It was meant well",
        "Second look",
    ):
        assert said in page


def test_a_story_that_is_hidden_now_is_not_named_to_moderators(client: Client, cast: Cast, article: Article) -> None:
    comment = waiting(article)
    waiting(article, cluster=comment.pk)
    publishing.take_down(article, actor=None)
    pages = (QUEUE, f"{QUEUE}{comment.pk}/change/", f"{QUEUE}?article={article.pk}")

    for person, sees in ((cast.moderator, False), (cast.editor, True)):
        client.login(email=person.email, password=PASSWORD)
        for address in pages:
            assert ("The tram is late" in words(client.get(address))) is sees


def test_an_empty_queue_says_when_the_last_was_decided(desk: Client, cast: Cast, article: Article) -> None:
    assert "Nothing waits." in words(desk.get(QUEUE))
    moderation.decide([waiting(article)], State.SPAM, actor=cast.chief)

    page = words(desk.get(QUEUE))

    assert "The last one was decided 0\xa0minutes ago by Chiara Chief" in page
    assert "No reader reports anything." in words(desk.get(QUEUE, {"state": "reported"}))
    assert "Nothing here is as you ask." in words(desk.get(QUEUE, {"q": "zebra"}))


def test_counts_are_exact_up_to_a_limit(desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comments.desk.counts.MOST", 2)
    for _ in range(3):
        waiting(article)
    make_comment(article)

    counts = desk.get(QUEUE, **SCRIPTED).json()["counts"]

    assert (counts["pending"], counts["approved"], counts["spam"]) == ("2+", "1", "0")


def test_the_desk_holds_no_inline_script_or_style(desk: Client, article: Article) -> None:
    comment = waiting(article)

    for address in (QUEUE, f"{QUEUE}{comment.pk}/change/"):
        text = words(desk.get(address))
        for forbidden in ("<style", ' style="', "onclick"):
            assert forbidden not in text
