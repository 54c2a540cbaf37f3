"""What the score has learnt, on the desk: true figures, hostile words inert, the right to act told as it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article
from comments import moderation, scoring
from comments.learning.earning import lower_bound, still_needed
from comments.learning.model import Model
from comments.models import Comment, Judgement, Learner, State
from comments.screens.score import percent
from outbox import effects
from tests.conftest import Cast
from tests.factories import make_article, make_comment

ADDRESS = "/admin/comments/learner/"
TURNED = "evil\u202etxt"
SPAM = "Subscribe to my channel, free money at http://rich.example.com/win"
HAM = "The council should have asked the people who live at the harbour."


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    known = scoring._last
    scoring._last = scoring.Present(-1, known.changed_at, None, Model())
    yield
    scoring._last = known


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.moderator)
    return client


def shown(desk: Client) -> str:
    response = desk.get(ADDRESS)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def teach(article: Article, cast: Cast, number: int, spam: str = SPAM) -> None:
    def waiting(text: str) -> list[Comment]:
        return [make_comment(article, f"{text} {place}", state=State.PENDING) for place in range(number)]

    moderation.decide(waiting(spam), State.SPAM, actor=cast.moderator)
    moderation.decide(waiting(HAM), State.APPROVED, actor=cast.moderator)
    while effects.run_due():
        pass


def judged(article: Article, score: float, is_spam: bool, number: int) -> None:
    for _ in range(number):
        comment = make_comment(article, "x")
        Judgement.objects.create(comment=comment, score=score, is_spam=is_spam, judged_at=timezone.now())


def test_a_young_newsroom_reads_what_the_score_will_do_and_no_figures(desk: Client, db: None) -> None:
    page = shown(desk)

    assert "It has learnt nothing yet" in page
    assert "189 spam decisions" in page
    assert "<table" not in page


def test_it_tells_from_how_much_it_learnt_and_what_weighs_both_ways(desk: Client, article: Article, cast: Cast) -> None:
    teach(article, cast, 4)
    page = shown(desk)

    assert "<b>8</b> decisions learnt from" in page
    towards, away = page.split("Speaks for spam")[1].split("Speaks against it")
    assert "<bdi>“subscribe”</bdi>" in towards
    assert "<bdi>“harbour”</bdi>" in away
    assert "subscribe" not in away.split("<table")[0]
    assert "nothing goes to the spam by the score alone" in page


def test_hostile_words_stand_there_inert(desk: Client, article: Article, cast: Cast) -> None:
    teach(article, cast, 4, f"{TURNED} <script>alert(1)</script> http://x.example/<img/src=x> '\"><svg/onload=1>")
    page = shown(desk)

    assert "\u202e" not in page
    assert "alert" in page  # as a word that weighs
    assert "<script>alert" not in page
    assert "<svg/onload" not in page
    assert "<img/src" not in page


def test_every_threshold_shows_what_it_would_have_held_and_how_sure_that_is(
    desk: Client, article: Article, cast: Cast
) -> None:
    teach(article, cast, 2)
    Judgement.objects.all().delete()
    judged(article, 0.85, True, 30)
    judged(article, 0.85, False, 10)
    judged(article, 0.1, False, 10)
    row = shown(desk).split('<th scope="row">80 %</th>')[1].split("</tr>")[0]

    assert row.split("<td>")[1:4] == ["40</td> ", "30</td> ", "75 %</td> "]
    assert percent(lower_bound(30, 40)) in row
    assert "not earned" in row


@pytest.mark.parametrize(
    ("threshold", "on", "said"),
    [
        (None, True, "nothing goes to the spam by the score alone"),
        (0.9, True, "Comments with a score of 90 % or more go to the spam by themselves"),
        (0.9, False, "It could act by itself, but is switched off"),
        (None, False, "waits for your operator, who has switched it off"),
    ],
)
def test_it_says_what_the_score_may_do_and_what_would_change_that(
    desk: Client, article: Article, cast: Cast, settings: Settings, threshold: float | None, on: bool, said: str
) -> None:
    settings.COMMENTS_SPAM_BY_SCORE = on
    teach(article, cast, 2)
    Learner.objects.update(threshold=threshold)

    page = shown(desk)
    assert said in page
    assert "COMMENTS_SPAM_BY_SCORE" in page or (on and threshold is None)


def test_the_missing_decisions_are_counted_to_the_last_one() -> None:
    for right, tried in ((0, 0), (30, 30), (95, 100), (200, 200)):
        missing = still_needed(right, tried, 0.98)
        assert lower_bound(right + missing, tried + missing) >= 0.98
        assert missing == 0 or lower_bound(right + missing - 1, tried + missing - 1) < 0.98


def test_a_share_is_never_rounded_up_to_what_it_is_not() -> None:
    assert [percent(share) for share in (0.9799, 0.98, 0.9999, 1.0, 0.0)] == [
        "97.9 %",
        "98 %",
        "99.9 %",
        "100 %",
        "0 %",
    ]


@pytest.mark.once
def test_it_takes_as_many_queries_however_much_was_learnt(desk: Client, article: Article, cast: Cast) -> None:
    counts = []
    for size in (3, 20):
        teach(article, cast, size)
        shown(desk)
        with CaptureQueriesContext(connection) as queries:
            shown(desk)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(("query", "status"), [("p=99999999999999999999", 200), ("threshold=x", 200), ("q=%00", 400)])
def test_odd_addresses_never_break_the_page(desk: Client, db: None, query: str, status: int) -> None:
    assert desk.get(f"{ADDRESS}?{query}").status_code == status


def test_it_is_a_tab_and_a_line_in_the_sidebar(desk: Client, db: None) -> None:
    figures = desk.get("/admin/comments/deskday/").content.decode()
    tabs = figures.split('class="desk-tabs"')[1].split("</nav>")[0]
    sidebar = figures.split('id="nav-sidebar"')[-1]
    assert ADDRESS in tabs
    assert ADDRESS in sidebar


def test_control_whoever_may_not_moderate_gets_neither_page_nor_link(client: Client, cast: Cast, article: Any) -> None:
    client.force_login(cast.editor)
    assert client.get(ADDRESS).status_code == 403
    assert ADDRESS not in client.get("/admin/").content.decode()
