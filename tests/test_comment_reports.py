"""Readers report a comment; enough of them send it back to the queue, once."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles.models import Article, Status
from comments import moderation, reports
from comments.models import Comment, Report, State
from comments.pipeline.findings import Code
from comments.submission import hashed_block
from pagecache.models import Key
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import OURS, send, token, words

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def article(db: None) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield make_article()


@pytest.fixture
def comment(article: Article) -> Comment:
    return make_comment(article, "You are all <b>fools</b>.")


def report(comment: Comment, number: int = 1) -> None:
    reports.report(comment, "abuse", "", token=token(), address=f"192.0.2.{number}")


def test_a_report_is_noted_and_thanked_without_script(client: Client, comment: Comment) -> None:
    page = words(client.get(reverse("comments:report", args=[comment.pk])))
    assert "You are all &lt;b&gt;fools&lt;/b&gt;." in page

    response = send(client, "report", comment.pk, complaint="abuse", text="He means us.")

    assert response.status_code == 303
    assert "A moderator reads your report" in words(client.get(response["Location"]))
    noted = Report.objects.get()
    assert (noted.complaint, noted.text) == ("abuse", "He means us.")
    comment.refresh_from_db()
    assert (comment.open_reports, comment.state) == (1, State.APPROVED)


def test_a_script_gets_words_and_errors(client: Client, comment: Comment) -> None:
    script = {**OURS, "Accept": "application/json"}
    wrong = send(client, "report", comment.pk, headers=script, text="x" * 501)
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"complaint", "text"}
    refused = send(client, "report", comment.pk, headers=script, complaint="abuse", token="forged")
    assert refused.status_code == 403

    done = send(client, "report", comment.pk, headers=script, complaint="abuse", token=refused.json()["token"])

    assert (done.status_code, done["Content-Type"]) == (201, "application/json")


@pytest.mark.parametrize(("complaint", "text"), [("", ""), ("nonsense", ""), ("abuse", "x" * 501), ("abuse", "a\x00b")])
def test_what_cannot_be_taken_is_refused_in_words_and_stays(
    client: Client, comment: Comment, complaint: str, text: str
) -> None:
    response = send(client, "report", comment.pk, complaint=complaint, text=text)

    assert response.status_code == 422
    assert text.replace("\x00", "\ufffd") in words(response)
    assert not Report.objects.exists()


def test_enough_reports_hold_it_for_a_moderator(article: Article, comment: Comment, settings: Any) -> None:
    settings.COMMENT_REPORTS_TO_HOLD = 3
    before = sum(Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True))
    for number in (1, 2):
        report(comment, number)
    comment.refresh_from_db()
    assert comment.state == State.APPROVED

    report(comment, 3)

    comment.refresh_from_db()
    assert (comment.state, comment.why, comment.open_reports) == (State.PENDING, Code.REPORTED, 3)
    assert comment.findings[0]["facts"] == {"number": 3}
    after = sum(Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True))
    assert after == before + 1


def test_one_network_reports_once_however_often(comment: Comment) -> None:
    for _again in range(5):
        report(comment)

    comment.refresh_from_db()
    assert (Report.objects.count(), comment.open_reports, comment.state) == (1, 1, State.APPROVED)


def test_a_connection_without_address_is_noted_and_never_holds(comment: Comment) -> None:
    for _again in range(5):
        reports.report(comment, "abuse", "", token=token())

    comment.refresh_from_db()
    assert (comment.open_reports, comment.state) == (5, State.APPROVED)


def test_what_a_moderator_vouched_for_and_colleagues_wrote_is_never_held(article: Article, cast: Cast) -> None:
    vouched = make_comment(article, vouched=True)
    answer = moderation.reply_as_staff(vouched, "From the newsroom", cast.moderator)
    for number in range(5):
        report(vouched, number)
        report(answer, number)

    for comment in (vouched, answer):
        comment.refresh_from_db()
        assert (comment.open_reports, comment.state) == (5, State.APPROVED)


def test_reports_that_were_judged_do_not_count_again(comment: Comment) -> None:
    for number in (1, 2):
        report(comment, number)
    Report.objects.update(judged_at=NOON)

    report(comment, 3)

    comment.refresh_from_db()
    assert (comment.open_reports, comment.state) == (1, State.APPROVED)


def test_a_network_reports_only_so_often_in_an_hour(client: Client, article: Article) -> None:
    rows = [make_comment(article) for _n in range(reports.AN_HOUR + 1)]
    for row in rows[:-1]:
        assert send(client, "report", row.pk, complaint="advert").status_code == 303

    response = send(client, "report", rows[-1].pk, complaint="advert", text="My <i>words</i>")

    assert response.status_code == 429
    assert "My &lt;i&gt;words&lt;/i&gt;</textarea>" in words(response)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert send(client, "report", rows[-1].pk, complaint="advert").status_code == 303


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.SPAM, State.WITHDRAWN])
def test_only_what_readers_see_can_be_reported(client: Client, article: Article, state: State) -> None:
    comment = make_comment(article, "Hidden words", state=state)

    assert client.get(reverse("comments:report", args=[comment.pk])).status_code == 404
    response = send(client, "report", comment.pk, complaint="abuse", text="Kept")
    assert response.status_code == 404
    assert "Kept</textarea>" in words(response)
    assert "Hidden words" not in words(response)
    assert not Report.objects.exists()


def test_a_comment_under_a_hidden_article_cannot_be_reported(client: Client, comment: Comment) -> None:
    comment.article.status = Status.DRAFT
    comment.article.save()

    assert client.get(reverse("comments:report", args=[comment.pk])).status_code == 404
    assert send(client, "report", comment.pk, complaint="abuse").status_code == 404


def test_no_address_and_nothing_that_leads_to_a_writer_is_kept(comment: Comment) -> None:
    report(comment, 9)
    source = Report.objects.get().source

    assert len(source) == 48
    assert source != hashed_block("192.0.2.9")


@pytest.mark.django_db(transaction=True)
def test_fifty_reports_at_once_hold_it_once(cast: Cast, settings: Any) -> None:
    settings.COMMENT_REPORTS_TO_HOLD = 10
    comment = make_comment(make_article())

    errors = at_once([partial(report, comment, n) for n in range(50)])

    assert {type(error) for error in errors} <= {reports.GoneError}
    comment.refresh_from_db()
    assert (comment.state, comment.decisions.count()) == (State.PENDING, 1)
    assert comment.open_reports == Report.objects.count() == 10
