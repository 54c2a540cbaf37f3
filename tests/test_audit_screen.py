"""The site's history: who may read it, what it tells whom, how it is asked, and the file that is taken away."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import revisions
from articles.models import Article
from articles.state import WorkingState
from newsroom.trail import export
from newsroom.trail.question import read, words_of, written
from newsroom.trail.telling import Told
from outbox import audit
from outbox.models import AuditEntry
from outbox.spreadsheets import FORMULA
from people.models import User
from tests.conftest import Cast
from tests.factories import make_section

pytestmark = pytest.mark.django_db

LIST = "/admin/outbox/auditentry/"
EXPORT = f"{LIST}export/"
SECRET = "Harbourgate"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def auditor() -> User:
    """Somebody who may read the history, and no drafts of others."""
    user = User.objects.create_staff("auditor@example.org", "Audrey Auditor", "x")
    user.user_permissions.add(
        Permission.objects.get(codename="view_auditentry"), Permission.objects.get(codename="view_article")
    )
    return user


def noted(count: int, **fields: Any) -> None:
    values = {"verb": "changed", "object_type": "articles.section", "object_label": "City", "actor_name": "system"}
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now - timedelta(minutes=n), object_id=str(n), **(values | fields)) for n in range(count)
    )


def make_draft(writer: User) -> Article:
    state = WorkingState(headline=SECRET, section=make_section().pk, body="<p>x</p>")
    return revisions.create(state, actor=writer)


def text(answer: Any) -> str:
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("contributor", 403), ("editor", 403), ("moderator", 403), ("chief", 200), ("administrator", 200)],
)
def test_only_who_leads_reads_the_history(cast: Cast, who: str, status: int) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(LIST).status_code == status
    assert client.post(EXPORT).status_code == status
    assert ("/admin/outbox/auditentry/" in client.get("/admin/").content.decode()) is (status == 200)


def test_strangers_are_asked_to_sign_in() -> None:
    assert Client().get(LIST).status_code == 302
    assert Client().post(EXPORT).status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_writes_into_the_history(cast: Cast, method: str) -> None:
    noted(1)
    client = signed_in(cast.administrator)
    number = AuditEntry.objects.get().pk
    assert getattr(client, method)(LIST).status_code == 405
    for address in (f"{LIST}add/", f"{LIST}{number}/change/", f"{LIST}{number}/delete/"):
        assert getattr(client, method)(address).status_code in {403, 404, 405}
    assert AuditEntry.objects.count() == 1


def test_the_filters_find_what_they_say(cast: Cast) -> None:
    section = make_section("Harbour")
    with time_machine.travel(datetime(2026, 5, 4, 12, tzinfo=UTC), tick=False):
        audit.record(cast.editor, "changed", section, changes={"name": ["City", "Harbour"]})
    with time_machine.travel(datetime(2026, 5, 6, 12, tzinfo=UTC), tick=False):
        audit.record(None, "imported", cast.chief)
    client = signed_in(cast.chief)

    def shows(query: str) -> set[str]:
        page = client.get(LIST + query).content.decode().partition("<tbody>")[2]
        return {name for name in ("Harbour", "Chiara Chief") if f">{name}</a>" in page or f"> {name}" in page}

    assert shows("") >= {"Harbour"}
    assert shows(f"?who={cast.editor.pk}") == {"Harbour"}
    assert "Harbour" not in shows("?who=system")
    assert shows("?verb=changed") == {"Harbour"}
    assert shows("?kind=articles.section") == {"Harbour"}
    assert shows(f"?kind=articles.section&object={section.pk}") == {"Harbour"}
    assert shows("?since=2026-05-04&until=2026-05-04") == {"Harbour"}
    assert shows("?since=2026-05-05") == shows("?who=system")
    assert shows("?q=harb") == {"Harbour"}
    assert shows("?q=nothing-like-it") == set()
    page = client.get(LIST + "?q=harb").content.decode()
    assert "<del>City</del>" in page
    assert f"/admin/articles/section/{section.pk}/change/" in page


@pytest.mark.parametrize(
    "query",
    ["?since=yesterday", "?since=2026-05-05&until=2026-05-04", "?who=99999999", "?who=x", "?verb=sang", "?kind=a.b",
     "?object=" + "9" * 61, "?q=" + "x" * 101],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_told_so(cast: Cast, query: str) -> None:
    noted(1)
    answer = signed_in(cast.chief).get(LIST + query)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert ">City<" not in answer.content.decode()


@pytest.mark.parametrize(
    "before",
    [
        *("x", "2026-05-04", "_1", "2026-05-04T12:00:00_1", "0001-01-01T00:00:00+00:00_1"),
        *("2026-05-04T12:00:00+00:00_" + "9" * 30, "9999-12-31T23:59:59+00:00_1"),
    ],
)
def test_a_broken_place_in_the_list_is_its_beginning(cast: Cast, before: str) -> None:
    assert read(before) is None
    assert signed_in(cast.chief).get(LIST, {"before": before}).status_code == 200


def test_every_row_stands_on_exactly_one_page(cast: Cast) -> None:
    noted(70)
    AuditEntry.objects.update(at=datetime(2026, 5, 4, tzinfo=UTC))  # all at one moment: the number decides
    client = signed_in(cast.chief)
    seen: list[str] = []
    address = "?kind=articles.section"
    while address:
        context = client.get(LIST + address).context
        seen += [told.entry.object_id for told in context["rows"]]
        address = context["older"]
    assert len(seen) == 70
    assert len(set(seen)) == 70
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert read(written(entry)) == (entry.at, entry.pk)


@pytest.mark.once
def test_the_page_asks_as_much_of_ten_rows_as_of_three_hundred(cast: Cast) -> None:
    client = signed_in(cast.chief)
    counts = []
    for more in (10, 290):
        noted(more)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_words_of_a_column_are_found_by_hopping() -> None:
    noted(3, verb="changed")
    noted(2, verb="added")
    assert words_of("verb") == ["added", "changed"]
    AuditEntry.objects.all().delete()
    assert words_of("verb") == []


def test_the_name_of_a_draft_is_not_told_to_who_may_not_know_it(cast: Cast) -> None:
    draft = revisions.create(
        WorkingState(headline=SECRET, section=make_section().pk, body="<p>x</p>"), actor=cast.editor
    )
    audit.record(cast.editor, "sent back", draft, note=f"{SECRET} is not ready")
    reader = signed_in(auditor())
    for query in ("", f"?q={SECRET}", "?kind=articles.article", f"?kind=articles.article&object={draft.pk}"):
        page = reader.get(LIST + query).content.decode().partition("<tbody>")[2]
        assert SECRET not in page, query
    assert SECRET not in text(reader.post(EXPORT))
    assert "sent back" in reader.get(LIST).content.decode()
    assert SECRET in signed_in(cast.chief).get(LIST).content.decode()  # the control
    assert SECRET in text(signed_in(cast.chief).post(EXPORT))


def test_searching_tells_nothing_of_hidden_names_either(cast: Cast) -> None:
    draft = revisions.create(
        WorkingState(headline=SECRET, section=make_section().pk, body="<p>x</p>"), actor=cast.editor
    )
    audit.record(cast.editor, "sent back", draft)
    reader = signed_in(auditor())
    assert reader.get(LIST, {"q": SECRET}).context["rows"] == []
    assert signed_in(cast.chief).get(LIST, {"q": SECRET}).context["rows"] != []


def test_the_history_of_one_object_shows_values_only_to_readers_of_the_history(cast: Cast) -> None:
    section = make_section("Harbour")
    audit.record(cast.chief, "changed", section, changes={"name": ["City", "Harbour"]})
    address = f"/admin/articles/section/{section.pk}/history/"
    assert "<del>City</del>" in signed_in(cast.chief).get(address).content.decode()
    editor = signed_in(cast.editor).get(address).content.decode()
    assert "Chiara Chief" in editor
    assert "<del>" not in editor


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_of_the_file_is_a_formula(cast: Cast, cell: str) -> None:
    noted(1, object_label=cell, actor_name=cell, verb=cell)
    rows = list(csv.reader(io.StringIO(text(signed_in(cast.chief).post(EXPORT)))))
    cells = [one for row in rows[1:] for one in row]
    assert "'" + cell in cells
    assert not [one for one in cells if one.lstrip().startswith(FORMULA)]


def test_the_file_holds_what_was_asked_for_and_leaves_a_row(cast: Cast) -> None:
    noted(3)
    noted(2, verb="added")
    answer = signed_in(cast.chief).post(EXPORT, {"verb": "added"})
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(text(answer).splitlines()) == 3
    entry = AuditEntry.objects.get(verb="exported the history")
    assert (entry.actor, entry.details) == (cast.chief, {"asked": {"verb": "added"}})


def test_the_file_is_cut_where_it_grows_too_long_and_says_so() -> None:
    noted(7)
    rows = AuditEntry.objects.order_by("-at", "-id")
    plain = lambda chunk: [Told(entry, "", "", "", True) for entry in chunk]  # noqa: E731
    cut = list(export.lines(rows, plain, most=5))
    assert len(cut) == 1 + 5 + 1
    assert "Cut after 5 rows" in cut[-1]
    assert len(list(export.lines(rows, plain, most=7))) == 1 + 7


def test_the_file_is_fetched_from_our_own_page_only(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.chief)
    assert client.post(EXPORT).status_code == 403
