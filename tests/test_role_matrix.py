"""Every address of the desk, asked by every role, in every state of an article: each answer is stated.

``role_matrix_desk.txt`` holds what depends on no article, ``role_matrix_articles.txt`` what does, in
blocks of addresses that share their rows. An answer is a status, or where it sends: ``in`` to the
sign-in, ``home`` to the start page (as for a row that is not there), ``to`` anywhere else. What is
sent is all but empty: 200, 400 and 422 mean that somebody may, and 403 and 404 that they may not.
``make test`` asks, for each address, one of those who are answered alike, and everybody in one state, the states
in turn; ``make soak`` and ``.ci/run`` ask everybody in every state.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.template.base import Template
from django.test import Client
from pytest_django import DjangoDbBlocker

from articles.models import Status
from people.models import User
from tests.conftest import undone
from tests.role_world import OWN, WINDOW, make_articles, make_people, make_rows
from tests.soak_sizes import EVERYTHING
from tests.test_urls import PATTERNS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HERE = Path(__file__).parent
OF_ARTICLE = re.compile(
    r"(articles/article|curation/pick/article|products/product/article|comments/articlecomments)/<(int:pk|path:object_id)>|r/<"
)
SPECIAL = {
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "account/password/reset/key/1-none/",
    "(?P<url>.*)$": "nonsense/",
}
ADDRESSES = sorted(
    {address.removeprefix("admin/") for _name, address, _entry in PATTERNS if address.startswith("admin/")}
)
SENDS_AWAY = frozenset({"logout/", "account/logout/"})
"""Ways out: asked in their own tests."""

Rows = dict[str, list[str]]


def desk_table() -> dict[tuple[str, str], list[str]]:
    """By address and method: the answers, in the order of the people; a dot is the start page."""
    lines = [line.split() for line in (HERE / "role_matrix_desk.txt").read_text().splitlines()]
    return {(line[0].removeprefix("."), line[1]): line[2:] for line in lines if line and line[0] != "#"}


def article_table() -> dict[tuple[str, str], Rows]:
    """By address and method: for each of the people the answers, in the order of the states."""
    table: dict[tuple[str, str], Rows] = {}
    for block in (HERE / "role_matrix_articles.txt").read_text().split("\n\n"):
        lines = [line.split() for line in block.splitlines() if not line.startswith("#")]
        rows = {who: line[-len(Status) :] for line in lines if len(line) > len(Status) for who in line[: -len(Status)]}
        table |= {(line[1], line[0]): rows for line in lines if len(line) == 2}
    return table


DESK, ARTICLES = desk_table(), article_table()
PEOPLE: list[str] = list(next(iter(ARTICLES.values()), {}))
TURNS = {address: turn for turn, address in enumerate(ADDRESSES)}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    logging.disable(logging.CRITICAL)
    with undone(django_db_blocker), pytest.MonkeyPatch.context() as patched:
        patched.setattr(Template, "_render", lambda _template, _context: "")  # only the answer counts
        patched.setattr(admin.site, "each_context", lambda _request: {})
        people = make_people()
        clients = {who: signed_in(person) for who, person in people.items()} | {OWN: signed_in(people["contributor"])}
        yield {"clients": clients, "rows": make_rows(people), "articles": make_articles(people)}
    logging.disable(logging.NOTSET)


def signed_in(person: Any) -> tuple[Client, str]:
    """A client, and the session it is to come with every time, as some addresses end it."""
    client = Client(raise_request_exception=False)
    if not isinstance(person, User):
        return client, ""
    client.force_login(person)
    return client, client.cookies[settings.SESSION_COOKIE_NAME].value


def answer(visitor: tuple[Client, str], method: str, address: str, sent: dict[str, Any]) -> str:
    """What is answered, whatever was done undone."""
    client, session = visitor
    client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session} if session else {})
    with transaction.atomic():
        response = getattr(client, method)(f"/admin/{address}", sent if method == "post" else {})
        transaction.set_rollback(True)
    if response.status_code not in {301, 302, 303}:
        return str(response.status_code)
    return {"/admin/": "home"}.get(response["Location"], "in" if "/login/" in response["Location"] else "to")


def sent_in(world: dict[str, Any], address: str) -> dict[str, Any]:
    """The little that is sent everywhere: what is named before it is asked whether somebody may."""
    target = world["rows"]["articles/article"]
    entry = world["rows"]["outbox/auditentry"]
    sent = {"target": target, "order": target, "entry": entry, "window": str(WINDOW)}
    return sent | ({"to": "off"} if address.endswith("/switch/") else {})


def desk_address(address: str, rows: dict[str, Any]) -> str:
    """The address with the row of the longest beginning that has one."""
    if address.startswith("^("):
        return "articles/"
    begins = max((key for key in rows if address.startswith(f"{key}/")), key=len, default="")
    words = {"secret": "nonsense", "name": "ab.jpg"}
    return re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: words.get(part[1]) or str(rows[begins]), SPECIAL.get(address, address)
    )


def places_to_ask(stated: list[str], address: str) -> list[int]:
    """The places in a row of the desk's table that are asked: one of those who are answered alike, by turns."""
    alike = {said: [place for place, other in enumerate(stated) if other == said] for said in stated}
    if EVERYTHING:
        return sorted(place for said, places in alike.items() for place in (places[-1:] if said == "405" else places))
    return sorted(places[TURNS[address] % len(places)] for places in alike.values())


def states_to_ask(stated: list[str], address: str, who: str) -> list[Status]:
    """The states of the article in which one of the people asks."""
    if set(stated) <= {"405", "in"}:
        return [Status.DRAFT]
    states = list(Status)
    return states if EVERYTHING else [states[(TURNS[address] + PEOPLE.index(who)) % len(states)]]


def desk_answers(world: dict[str, Any], address: str, method: str, stated: list[str]) -> list[str]:
    """What is answered in a row of the desk's table; those who are not asked stand as stated."""
    where, found = desk_address(address, world["rows"]), list(stated)
    clients = [world["clients"][who] for who in world["clients"] if who != OWN]
    for place in places_to_ask(stated, address):
        found[place] = answer(clients[place], method, where, sent_in(world, address))
    return found


def article_answers(world: dict[str, Any], address: str, method: str, who: str, states: list[Status]) -> list[str]:
    """What one of the people is answered in each of these states."""

    def where(status: Status) -> str:
        words = world["articles"][status, who if who == OWN else ""]
        note = {"note": words["correction"]} if "corrections/" in address else {}
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str((words | note)[part[1]]), address)

    return [answer(world["clients"][who], method, where(status), sent_in(world, address)) for status in states]


def test_every_address_of_the_desk_and_both_methods_are_in_the_tables() -> None:
    asked = {(address, method) for address in ADDRESSES for method in ("get", "post")}
    of_articles = {(address, method) for address, method in asked if OF_ARTICLE.match(address)}
    assert set(ARTICLES) == of_articles
    assert set(DESK) == {(address, method) for address, method in asked - of_articles if address not in SENDS_AWAY}


def test_the_tables_state_an_answer_for_everybody_in_every_state(world: dict[str, Any]) -> None:
    assert all(set(rows) == set(world["clients"]) for rows in ARTICLES.values())
    assert {len(row) for row in DESK.values()} == {len(world["clients"]) - 1}
    assert all(len(row) == len(Status) for rows in ARTICLES.values() for row in rows.values())


@pytest.mark.parametrize("room", sorted({address.split("/")[0] for address, _method in DESK}))
def test_what_depends_on_no_article_is_answered_as_stated(world: dict[str, Any], room: str) -> None:
    stated = {key: row for key, row in DESK.items() if key[0].split("/")[0] == room}
    found = {key: desk_answers(world, *key, row) for key, row in stated.items()}
    assert found == stated


@pytest.mark.parametrize("who", PEOPLE)
def test_what_takes_an_article_is_answered_as_stated_in_every_state(world: dict[str, Any], who: str) -> None:
    found, stated = {}, {}
    for key, rows in ARTICLES.items():
        states = states_to_ask(rows[who], key[0], who)
        stated[key] = [row for status, row in zip(Status, rows[who], strict=True) if status in states]
        found[key] = article_answers(world, *key, who, states)
    assert found == stated


def test_every_answer_is_asked_for_by_somebody_and_everybody_asks_in_every_state() -> None:
    """Whatever part of the tables is asked."""
    for (address, _method), row in DESK.items():
        assert {row[place] for place in places_to_ask(row, address)} == set(row)
    asked = [place for (address, _method), row in DESK.items() for place in places_to_ask(row, address)]
    assert min(Counter(asked)[place] for place in range(len(PEOPLE) - 1)) > len(DESK) // 10
    for who in set(PEOPLE) - {"anonymous"}:
        reached = {state for key, rows in ARTICLES.items() for state in states_to_ask(rows[who], key[0], who)}
        assert reached == set(Status), who
    for (address, _method), rows in ARTICLES.items():
        told = {who: row for who, row in rows.items() if set(row) - {"405", "in"}}
        reached = {state for who, row in told.items() for state in states_to_ask(row, address, who)}
        assert not told or reached == set(Status), address


def test_the_control_is_that_the_table_tells_people_apart() -> None:
    """Were everybody answered alike, the table would hold nothing."""
    rows = ARTICLES["articles/article/<path:object_id>/change/", "get"]
    assert rows["contributor"] != rows["desk"] != rows["elsewhere"]
    assert "500" not in {word for row in DESK.values() for word in row}
    assert "500" not in {word for rows in ARTICLES.values() for row in rows.values() for word in row}
