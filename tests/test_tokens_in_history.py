"""What a program did with somebody's token is told as such, wherever the history of a story is told."""

import csv
import io

import pytest
from django.test import Client

from articles import revisions
from articles.history.listing import history_of
from articles.models import Article
from articles.state import WorkingState
from outbox import audit
from outbox.models import AuditEntry
from people import tokens
from people.models import Scope
from tests.conftest import Cast
from tests.factories import make_section
from tests.test_api_drafts import Program

pytestmark = pytest.mark.django_db

HOSTILE = "<b>CMS</b> =1+1"


@pytest.fixture
def story(cast: Cast) -> Article:
    """A draft that a program made, a person changed, and the program changed again and handed on."""
    make_section()
    program = Program(cast.editor)
    made = program.create(body="<p>It is late.</p>")
    article = Article.objects.get(pk=made.json()["id"])
    revisions.save(article, WorkingState.of(article).with_(standfirst="By hand"), actor=cast.editor)
    pk = article.pk
    assert program.send("patch", f"articles/{pk}/", {"headline": "Came"}, If_Match='"r2"').status_code == 200
    assert program.send("post", f"articles/{pk}/review/", {}).status_code == 200
    return Article.objects.get(pk=pk)


def test_each_row_names_the_token_beside_its_owner_and_a_persons_own_rows_do_not(cast: Cast, story: Article) -> None:
    rows = AuditEntry.objects.filter(object_type="articles.article", object_id=str(story.pk)).order_by("id")
    assert {row.actor for row in rows} == {cast.editor}
    assert [(row.verb, row.program) for row in rows if row.verb in {"created", "saved"}] == [
        ("created", "token “Script”"),
        ("saved", "token “Script”"),
        ("saved", ""),
        ("saved", "token “Script”"),
    ]
    assert all(row.program for row in list(rows)[3:]), "and so does whatever handing it on noted"
    assert rows[0].details["token"]["id"] == cast.editor.access_tokens.get().pk


def test_the_list_of_revisions_says_which_ones_a_program_saved(story: Article, cast: Cast) -> None:
    told = [(entry.revision.number, entry.program) for entry in history_of(story).entries]
    assert told == [(3, "token “Script”"), (2, ""), (1, "token “Script”")]
    client = Client()
    client.force_login(cast.editor)
    page = client.get(f"/admin/articles/article/{story.pk}/history/").content.decode()
    assert page.count("<bdi>token “Script”</bdi>") == 2


def test_the_sites_history_and_its_file_say_it_and_hostile_names_stay_words(story: Article, cast: Cast) -> None:
    token, _secret = tokens.make(HOSTILE, [Scope.WRITE], 7, actor=cast.editor)
    with audit.through(token):
        revisions.save(story, WorkingState.of(story).with_(standfirst="Again"), actor=cast.editor)
    client = Client()
    client.force_login(cast.chief)
    asked = {"kind": "articles.article", "object": str(story.pk), "verb": "saved"}
    page = client.get("/admin/outbox/auditentry/", asked).content.decode()
    assert "(token “&lt;b&gt;CMS&lt;/b&gt; =1+1”)" in page
    assert HOSTILE not in page
    sent = client.post("/admin/outbox/auditentry/export/", asked)
    rows = list(csv.reader(io.StringIO(sent.getvalue().decode("utf-8-sig"))))
    who = [row[1].partition(" (")[2] for row in rows[1:]]
    assert who == [f"token “{HOSTILE}”)", "token “Script”)", "", "token “Script”)"]


def test_the_sites_history_is_asked_for_what_was_done_with_one_token(story: Article, cast: Cast) -> None:
    other, _secret = tokens.make(HOSTILE, [Scope.WRITE], 7, actor=cast.editor)
    with audit.through(other):
        revisions.save(story, WorkingState.of(story).with_(standfirst="Again"), actor=cast.editor)
    client = Client()
    client.force_login(cast.chief)
    asked = {"token": str(cast.editor.access_tokens.exclude(pk=other.pk).get().pk), "verb": "saved"}
    page = client.get("/admin/outbox/auditentry/", asked).content.decode()
    assert page.count('<td class="trail__who">') == page.count("(token “Script”)</td>") == 2
    assert "&lt;b&gt;CMS&lt;/b&gt; =1+1 (" in page, "it can be chosen"
    assert HOSTILE not in page
    sent = client.post("/admin/outbox/auditentry/export/", asked | {"token": str(other.pk)})
    rows = list(csv.reader(io.StringIO(sent.getvalue().decode("utf-8-sig"))))
    assert [row[1].partition(" (")[2] for row in rows[1:]] == [f"token “{HOSTILE}”)"]


@pytest.mark.parametrize("odd", ["x", "0", "-1", "9" * 30, "1 OR 1=1", "\0"])
def test_a_token_that_is_none_is_told_and_nothing_is_shown(story: Article, cast: Cast, odd: str) -> None:
    client = Client()
    client.force_login(cast.chief)
    answer = client.get("/admin/outbox/auditentry/", {"token": odd})
    assert answer.status_code == 400
    assert '<td class="trail__who">' not in answer.content.decode()


def test_where_no_program_ever_had_a_token_nobody_is_asked_for_one(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.chief)
    assert 'name="token"' not in client.get("/admin/outbox/auditentry/").content.decode()


def test_a_token_colours_nothing_that_is_done_after_it_or_by_the_system(story: Article, cast: Cast) -> None:
    token = cast.editor.access_tokens.get()
    with audit.through(token):
        assert not audit.record(None, "mended", story).program
    assert not audit.record(cast.editor, "saved", story, revision=9).program


def test_whatever_stands_in_a_rows_details_it_can_be_told(story: Article) -> None:
    for odd in ("Script", {"name": 3}, {}, None, ["x"]):
        assert AuditEntry(actor_name="Ed", details={"token": odd}).who == "Ed"
