"""Staff write drafts through the API: with a token, within its scopes and their own rights, losing nobody's work."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions
from articles.models import Article, DeskRole, Status
from articles.state import WorkingState
from people import tokens
from people.models import Scope, User
from tests.conftest import Cast
from tests.factories import give_place, make_article, make_author, make_image, make_section, make_source, suggest

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DESK = "/api/v1/desk/"
ALL = tuple(Scope.values)


class Program:
    """A client that holds a token of somebody's."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.token, self.secret = tokens.make("Script", scopes or ALL, 7, actor=user)
        self.client = Client()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request."""
        data = body if isinstance(body, bytes) else json.dumps(body)
        sent = {
            "Authorization": f"Bearer {self.secret}",
            **{name.replace("_", "-"): word for name, word in headers.items()},
        }
        kind = {} if body is None else {"data": data, "content_type": "application/json"}
        return getattr(self.client, method)(DESK + path, headers=sent, **kind)

    def create(self, **fields: Any) -> Any:
        """A draft."""
        response = self.send("post", "articles/", {"headline": "The tram is late", "section": "city", **fields})
        assert response.status_code == 201, response.content
        return response


@pytest.fixture
def editor(cast: Cast) -> Program:
    make_section()
    return Program(cast.editor)


def test_a_draft_is_made_changed_and_submitted(editor: Program, cast: Cast) -> None:
    author, source, picture = make_author(), make_source(), make_image()
    made = editor.create(
        body="<p>It is late.</p>",
        tags=["Trams", "trams", "rain"],
        bylines=[{"author": author.slug}],
        source=source.slug,
        lead_picture=picture.pk,
        publish_at="2030-01-02T03:04:05+01:00",
    )
    pk, state = made.json()["id"], made.json()["state"]
    assert made["Location"].endswith(f"/api/v1/desk/articles/{pk}/")
    assert (state["tags"], state["bylines"]) == (["Trams", "rain"], [{"author": "ines-maren", "role": "words"}])
    changed = editor.send("patch", f"articles/{pk}/", {"headline": "The tram came"}, If_Match=made["ETag"])
    assert (changed.status_code, changed["ETag"]) == (200, '"r2"')
    assert changed.json()["state"] == state | {"headline": "The tram came"}
    sent = editor.send("post", f"articles/{pk}/review/", {"note": "Please read."})
    assert (sent.status_code, sent.json()["status"]) == (200, "in_review")
    article = Article.objects.get(pk=pk)
    assert (article.created_by, article.headline) == (cast.editor, ""), "readers' row is publishing's to write"


def test_two_at_once_lose_nothing(editor: Program, cast: Cast) -> None:
    made = editor.create(body="<p>One.</p>")
    pk = made.json()["id"]
    article = Article.objects.get(pk=pk)
    revisions.save(article, WorkingState.of(article).with_(standfirst="By a colleague"), actor=cast.chief)
    late = editor.send("patch", f"articles/{pk}/", {"headline": "Mine"}, If_Match=made["ETag"])
    assert (late.status_code, late["ETag"]) == (412, '"r2"')
    told = late.json()
    assert (told["theirs"]["standfirst"], told["yours"]["headline"], told["revision"]) == ("By a colleague", "Mine", 2)
    assert told["yours"]["standfirst"] == ""
    assert article.revisions.count() == 2
    again = editor.send("patch", f"articles/{pk}/", {"headline": "Mine"}, If_Match=late["ETag"])
    assert again.json()["state"]["standfirst"] == "By a colleague"


@pytest.mark.parametrize(
    ("if_match", "status"), [("", 428), ("*", 428), ('"r99"', 412), ("nonsense", 412), ('"r1"', 200)]
)
def test_a_change_names_the_version_it_began_from(editor: Program, if_match: str, status: int) -> None:
    pk = editor.create().json()["id"]
    response = editor.send("patch", f"articles/{pk}/", {"headline": "Another"}, If_Match=if_match)
    assert response.status_code == status, response.content


def test_what_is_sent_is_sanitised(editor: Program) -> None:
    made = editor.create(body='<p onclick="x()">Hi<script>alert(1)</script></p>', headline="<b>x</b>\n y")
    state = made.json()["state"]
    assert "script" not in state["body"] + state["headline"].replace("<b>", "")
    assert "onclick" not in state["body"]
    assert state["headline"] == "<b>x</b> y"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"headline": "x" * 161}, "headline"),
        ({"headline": "a\0b"}, "headline"),
        ({"headline": "a\ud800b"}, "headline"),
        ({"headline": None}, "headline"),
        ({"slug": "not an address!"}, "slug"),
        ({"section": "nowhere"}, "section"),
        ({"section": "a\0"}, "section"),
        ({"source": "nobody"}, "source"),
        ({"kind": "gossip"}, "kind"),
        ({"lead_picture": 999999}, "lead_picture"),
        ({"lead_picture": 2**70}, "lead_picture"),
        ({"bylines": [{"author": "nobody"}]}, "bylines"),
        ({"bylines": [{"author": "ines-maren", "role": "king"}]}, "bylines"),
        ({"tags": ["x" * 200]}, "tags"),
        ({"tags": ["a,b"]}, "tags"),
        ({"tags": [str(number) for number in range(31)]}, "tags"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"publish_at": "0001-01-01T00:00:00+14:00"}, "publish_at"),
        ({"publish_at": "2030-01-02T00:00:00Z", "expire_at": "2030-01-01T00:00:00Z"}, "expire_at"),
        ({"body": "<p>" + "x" * 2_000_001 + "</p>"}, "body"),
        ({"status": "published"}, "status"),
        ({"created_by": 1}, "created_by"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(editor: Program, fields: dict[str, Any], where: str) -> None:
    make_author()
    response = editor.send("post", "articles/", {"headline": "The tram", "section": "city", **fields})
    assert response.status_code == 422, response.content
    assert where in json.dumps(response.json()["errors"])
    assert not Article.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 5000])
def test_a_body_that_is_no_draft_is_refused(editor: Program, raw: bytes) -> None:
    response = editor.send("post", "articles/", raw)
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_that_is_far_too_large_is_not_read(editor: Program) -> None:
    assert editor.send("post", "articles/", b"x" * 2_600_000).status_code == 413


WAYS = [
    ("get", "me/", None, None),
    ("get", "articles/", None, Scope.READ),
    ("get", "articles/{pk}/", None, Scope.READ),
    ("post", "articles/", {"headline": "x"}, Scope.WRITE),
    ("patch", "articles/{pk}/", {"headline": "x"}, Scope.WRITE),
    ("post", "articles/{pk}/review/", {}, Scope.SUBMIT),
    ("get", "articles/{pk}/related/", None, Scope.READ),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), WAYS)
def test_each_way_needs_its_scope(cast: Cast, method: str, path: str, body: Any, scope: Scope | None) -> None:
    article = make_article() if path.endswith("related/") else revisions.create(_state(), actor=cast.editor)
    address = path.format(pk=article.pk)
    if scope is not None:
        others = Program(cast.editor, *(set(ALL) - {scope.value}))
        refused = others.send(method, address, body, If_Match='"r1"')
        assert (refused.status_code, scope.value in refused.json()["detail"]) == (403, True)
    able = Program(cast.editor, *([scope.value] if scope else ["desk:read"]))
    assert able.send(method, address, body, If_Match='"r1"').status_code in {200, 201}


@pytest.mark.parametrize(("method", "path", "body", "scope"), WAYS)
def test_no_cookie_and_no_forged_or_dead_token_opens_it(
    cast: Cast, method: str, path: str, body: Any, scope: Scope | None
) -> None:
    article = revisions.create(_state(), actor=cast.editor)
    program = Program(cast.editor)
    signed_in = Client()
    signed_in.force_login(cast.administrator)
    address = DESK + path.format(pk=article.pk)
    sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Basic {program.secret}"}):
        response = getattr(signed_in, method)(address, headers=headers, **sent)
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
    tokens.revoke(program.token, actor=cast.editor)
    assert program.send(method, path.format(pk=article.pk), body).status_code == 401
    assert Article.objects.count() == 1


def test_no_csrf_token_is_asked_for_as_no_cookie_opens_anything(cast: Cast, editor: Program) -> None:
    editor.client = Client(enforce_csrf_checks=True)
    assert editor.create()
    editor.client.force_login(cast.administrator)
    assert editor.client.post(f"{DESK}articles/", "{}", content_type="application/json").status_code == 401


def test_a_token_opens_nothing_while_its_owner_lacks_the_factor_they_need(editor: Program, settings: Any) -> None:
    settings.REQUIRE_MFA = "all"
    assert editor.send("get", "me/").status_code == 403
    settings.REQUIRE_MFA = "off"
    assert editor.send("get", "me/").status_code == 200, "the control"


def test_a_token_is_answered_so_many_times_a_minute(editor: Program, settings: Any) -> None:
    settings.API_TOKEN_RATE = 2
    assert [editor.send("get", "me/").status_code for _time in range(3)].count(429) >= 1
    refused = editor.send("get", "me/")
    assert 0 < int(refused["Retry-After"]) <= 61


def test_drafts_of_others_do_not_exist_for_those_who_may_not_know_them(cast: Cast) -> None:
    theirs = revisions.create(_state(), actor=cast.editor)
    own = revisions.create(_state(headline="Own"), actor=cast.contributor)
    program = Program(cast.contributor)
    assert [item["id"] for item in program.send("get", "articles/").json()["items"]] == [own.pk]
    for method, path, body in (
        ("get", f"articles/{theirs.pk}/", None),
        ("patch", f"articles/{theirs.pk}/", {"headline": "x"}),
        ("post", f"articles/{theirs.pk}/review/", {}),
    ):
        answer = program.send(method, path, body, If_Match='"r1"')
        unknown = program.send(method, path.replace(str(theirs.pk), "99999999"), body, If_Match='"r1"')
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert {item["id"] for item in Program(cast.chief).send("get", "articles/").json()["items"]} == {theirs.pk, own.pk}


def test_desks_hold_through_the_api(cast: Cast) -> None:
    city, sport = make_section(), make_section("Sport")
    seated = give_place(cast.contributor, sport, DeskRole.EDITOR)
    article = revisions.create(_state(section=city.pk), actor=cast.editor)
    program = Program(seated)
    assert program.send("get", f"articles/{article.pk}/").status_code == 404
    there = revisions.create(_state(section=sport.pk), actor=cast.editor)
    assert program.send("patch", f"articles/{there.pk}/", {"headline": "x"}, If_Match='"r1"').status_code == 200


def test_a_moderator_writes_nothing(cast: Cast) -> None:
    assert Program(cast.moderator).send("post", "articles/", {"headline": "x"}).status_code == 403
    assert not Article.objects.exists()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.SCHEDULED, Status.ARCHIVED, Status.KILLED])
def test_what_readers_saw_is_not_changed_by_a_program(cast: Cast, editor: Program, status: Status) -> None:
    article = publishing.publish(revisions.create(_state(), actor=cast.editor), actor=cast.editor)
    article.status = status
    article.save()
    assert editor.send("patch", f"articles/{article.pk}/", {"headline": "x"}, If_Match='"r1"').status_code == 409
    assert editor.send("post", f"articles/{article.pk}/review/", {}).status_code == 409
    assert article.revisions.count() == 1


def test_an_empty_draft_is_not_submitted_and_says_why(editor: Program) -> None:
    pk = editor.send("post", "articles/", {}).json()["id"]
    refused = editor.send("post", f"articles/{pk}/review/", {})
    assert refused.status_code == 422
    assert refused.json()["errors"]


@pytest.mark.parametrize("to", ["nobody@example.org", "mo.moderator@example.org", "a\0b"])
def test_nobody_learns_who_has_an_account_by_handing_on(editor: Program, to: str) -> None:
    pk = editor.create(body="<p>Words.</p>").json()["id"]
    answer = editor.send("post", f"articles/{pk}/review/", {"to": to})
    assert answer.status_code == 409
    assert "does not review" in answer.json()["detail"]


def test_a_colleague_is_asked_by_name(editor: Program, cast: Cast) -> None:
    pk = editor.create(body="<p>Words.</p>").json()["id"]
    assert editor.send("post", f"articles/{pk}/review/", {"to": cast.chief.email}).status_code == 200
    assert Article.objects.get(pk=pk).handovers.get().to == cast.chief


def test_reasons_are_told_to_staff_who_see_them_at_the_desk(cast: Cast, editor: Program) -> None:
    article, other = make_article("One"), make_article("Two")
    suggest(article, other)
    (item,) = editor.send("get", f"articles/{article.pk}/related/").json()["items"]
    assert (item["id"], item["origin"]) == (other.pk, "fill")
    without = Program(cast.moderator, "desk:read").send("get", f"articles/{article.pk}/related/")
    assert without.status_code == 403


def test_the_list_of_drafts_costs_the_same_at_any_size(cast: Cast, editor: Program) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert editor.send("get", "articles/").status_code == 200
        return len(asked)

    revisions.create(_state(), actor=cast.editor)
    editor.send("get", "me/")
    few = queries()
    for number in range(8):
        revisions.create(_state(headline=f"Story {number}", section=make_section(f"S{number}").pk), actor=cast.chief)
    assert queries() == few


def test_pages_of_drafts_run_on(cast: Cast, editor: Program) -> None:
    made = [revisions.create(_state(headline=f"Story {number}"), actor=cast.editor).pk for number in range(3)]
    first = editor.send("get", "articles/?limit=2").json()
    rest = editor.send("get", f"articles/?limit=2&cursor={first['next']}").json()
    assert [item["id"] for item in first["items"] + rest["items"]] == made[::-1]
    foreign = Program(cast.chief).send("get", f"articles/?cursor={first['next']}")
    assert foreign.status_code == 400


def _state(**fields: Any) -> WorkingState:
    return WorkingState(
        **{"headline": "The tram is late", "section": make_section().pk, "body": "<p>Late.</p>", **fields}
    )
