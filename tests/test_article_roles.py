"""Who may do what with an article in which state: every cell of the table is stated, and every verb is really tried."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from articles import notes, publishing, revisions
from articles.known import known_to, knows_newest
from articles.models import Article, DeskRole, Status
from articles.permissions import Actor
from articles.state import WorkingState
from people import roles
from people.models import User
from tests.conftest import make_cast, undone
from tests.factories import give_place, make_section

pytestmark = pytest.mark.django_db


def know(article: Article, actor: Actor) -> None:
    if not knows_newest(actor, article):
        raise PermissionDenied


VERBS: dict[str, Callable[[Article, Actor], Any]] = {
    "know": know,
    "edit": lambda article, actor: revisions.save(article, state(headline="Other words"), actor=actor),
    "note": lambda article, actor: notes.write_note(article, actor=actor, text="Who says so?"),
    "copy": lambda article, actor: revisions.duplicate(article, actor=actor),
    "submit": lambda article, actor: publishing.submit_for_review(article, actor=actor),
    "approve": lambda article, actor: publishing.approve(article, actor=actor),
    "ask": lambda article, actor: publishing.ask_for_changes(article, actor=actor, note="Say who."),
    "back": lambda article, actor: publishing.send_back(article, actor=actor),
    "publish": lambda article, actor: publishing.publish(article, actor=actor),
    "down": lambda article, actor: publishing.take_down(article, actor=actor),
    "reopen": lambda article, actor: publishing.reopen(article, actor=actor),
    "kill": lambda article, actor: publishing.kill(article, actor=actor, reason="Court order"),
    "delete": lambda article, actor: revisions.discard(article, actor=actor),
}

NOTHING = dict.fromkeys(Status, "")

STRANGER = NOTHING | {Status.PUBLISHED: "copy"}
"""Of other people's work, somebody who writes here may copy what readers see."""

OWN = {
    Status.DRAFT: "know edit note copy submit delete",
    Status.IN_REVIEW: "know note copy",
    Status.APPROVED: "know note copy",
    Status.SCHEDULED: "know note copy",
    Status.PUBLISHED: "know note copy",
    Status.ARCHIVED: "know note copy",
    Status.KILLED: "know note",
}

WRITES_THERE = OWN | {Status.DRAFT: "know edit note copy submit"}
"""A place where one writes: as one's own, but for deleting."""

LEADS = {
    Status.DRAFT: "know edit note copy submit publish delete",
    Status.IN_REVIEW: "know edit note copy approve ask back publish delete",
    Status.APPROVED: "know edit note copy ask back publish delete",
    Status.SCHEDULED: "know edit note copy publish down delete",
    Status.PUBLISHED: "know edit note copy publish down",
    Status.ARCHIVED: "know edit note copy publish reopen",
    Status.KILLED: "know note",
}

LEADS_ALL = {status: f"{may} kill" for status, may in LEADS.items()} | {Status.KILLED: "know note reopen"}

EXPECTED: dict[str, dict[Status, str]] = {
    "anonymous": NOTHING,
    "no role": NOTHING,
    "moderator": NOTHING,
    "moderator seated on the desk": NOTHING,
    "contributor": STRANGER,
    "contributor, own article": OWN,
    "contributor writing for the desk": WRITES_THERE,
    "contributor editing the desk": LEADS,
    "contributor editing another desk": STRANGER,
    "editor": LEADS,
    "editor of the desk": LEADS,
    "editor of another desk": STRANGER,
    "editor of another desk, own article": OWN,
    "editor writing for the desk": WRITES_THERE,
    "chief": LEADS_ALL,
    "chief seated on another desk": LEADS_ALL,
    "administrator": LEADS_ALL,
}
"""Of an article in *City* that somebody else began, unless it says so."""


def state(**fields: Any) -> WorkingState:
    return WorkingState(headline="The tram is late", section=make_section().pk, body="<p>Late.</p>").with_(**fields)


def member(name: str, role: str | None, place: tuple[str, DeskRole] | None = None) -> User:
    user = User.objects.create_staff(f"{name.replace(' ', '.')}@example.org", name.title())
    if role:
        user.groups.add(Group.objects.get(name=role))
    return give_place(user, make_section(place[0]), place[1]) if place else user


def make_people() -> dict[str, Actor]:
    edits, writes = DeskRole.EDITOR, DeskRole.WRITER
    cast = make_cast()
    elsewhere = member("elsewhere", roles.EDITOR, ("Sport", edits))
    return {
        "anonymous": AnonymousUser(),
        "no role": member("nobody", None),
        "moderator": cast.moderator,
        "moderator seated on the desk": member("seated", roles.MODERATOR, ("City", edits)),
        "contributor": cast.contributor,
        "contributor, own article": cast.contributor,
        "contributor writing for the desk": member("writing", roles.CONTRIBUTOR, ("City", writes)),
        "contributor editing the desk": member("editing", roles.CONTRIBUTOR, ("City", edits)),
        "contributor editing another desk": member("away", roles.CONTRIBUTOR, ("Sport", edits)),
        "editor": cast.editor,
        "editor of the desk": member("desk", roles.EDITOR, ("City", edits)),
        "editor of another desk": elsewhere,
        "editor of another desk, own article": elsewhere,
        "editor writing for the desk": member("pen", roles.EDITOR, ("City", writes)),
        "chief": cast.chief,
        "chief seated on another desk": member("head", roles.CHIEF_EDITOR, ("Sport", edits)),
        "administrator": cast.administrator,
    }


def article_in(status: Status, creator: Actor) -> Article:
    """An article of *City* that came to ``status`` by the verbs."""
    owner = creator if isinstance(creator, User) else None
    ahead = timezone.now() + timedelta(days=1) if status == Status.SCHEDULED else None
    article = revisions.create(state(publish_at=ahead), actor=None)
    article.created_by = owner
    article.save(update_fields=["created_by"])
    for step in WAY[status]:
        step(article)
    assert Article.objects.get(pk=article.pk).status == status
    return Article.objects.get(pk=article.pk)


Step = Callable[[Article], Any]
submitted: Step = lambda article: publishing.submit_for_review(article, actor=None)  # noqa: E731
approved: Step = lambda article: publishing.approve(article, actor=None)  # noqa: E731
published: Step = lambda article: publishing.publish(article, actor=None)  # noqa: E731
taken_down: Step = lambda article: publishing.take_down(article, actor=None)  # noqa: E731
killed: Step = lambda article: publishing.kill(article, actor=None, reason="Court order")  # noqa: E731

WAY: dict[Status, list[Step]] = {
    Status.DRAFT: [],
    Status.IN_REVIEW: [submitted],
    Status.APPROVED: [submitted, approved],
    Status.SCHEDULED: [published],
    Status.PUBLISHED: [published],
    Status.ARCHIVED: [published, taken_down],
    Status.KILLED: [published, killed],
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    with undone(django_db_blocker):
        people = make_people()
        somebody = member("somebody", roles.CONTRIBUTOR)
        articles = {(status, ""): article_in(status, somebody) for status in Status}
        for who in people:
            if who.endswith("own article"):
                articles |= {(status, who): article_in(status, people[who]) for status in Status}
        yield {"people": people, "articles": articles}


def possible(article: Article, actor: Actor) -> set[str]:
    """The verbs that succeed; each is undone at once."""
    done = set()
    for name, verb in VERBS.items():
        try:
            with transaction.atomic():
                verb(Article.objects.get(pk=article.pk), actor)
                transaction.set_rollback(True)
        except (PermissionDenied, ValidationError):
            continue
        done.add(name)
    return done


@pytest.mark.once
@pytest.mark.parametrize("who", EXPECTED)
def test_every_verb_in_every_state_is_answered_as_stated(world: dict[str, Any], who: str) -> None:
    actor = world["people"][who]
    own = who if who.endswith("own article") else ""
    found = {status: possible(world["articles"][status, own], actor) for status in Status}
    assert found == {status: set(may.split()) for status, may in EXPECTED[who].items()}


def test_the_table_names_everybody_every_state_and_every_verb(world: dict[str, Any]) -> None:
    assert set(EXPECTED) == set(world["people"])
    assert all(set(row) == set(Status) for row in EXPECTED.values())
    named = {verb for row in EXPECTED.values() for may in row.values() for verb in may.split()}
    assert named == set(VERBS)


# The same through the admin's door

PAGES = ("notes", "submission", "changes", "kill", "reopening", "take-down", "change", "history", "delete")

ALL_404 = dict.fromkeys(PAGES, 404) | {"change": 302, "history": 302, "delete": 302}
"""The admin sends whoever asks for what they may not know of to the start page, as for an unknown number."""

ALL_403 = dict.fromkeys(PAGES, 403) | {"change": 200}
"""They know what readers see, and may change nothing of it."""

DOORS: dict[tuple[str, Status], dict[str, int]] = {
    ("contributor", Status.DRAFT): ALL_404,
    ("contributor", Status.PUBLISHED): ALL_403,
    ("contributor", Status.KILLED): ALL_404,
    ("contributor, own article", Status.DRAFT): dict.fromkeys(PAGES, 403)
    | dict.fromkeys(("notes", "submission", "change", "history", "delete"), 200),
    ("editor of another desk", Status.DRAFT): ALL_404,
    ("editor of another desk", Status.PUBLISHED): ALL_403,
    ("editor of another desk", Status.KILLED): ALL_404,
    ("editor of the desk", Status.DRAFT): dict.fromkeys(PAGES, 200) | {"kill": 403, "take-down": 302},
    ("editor of the desk", Status.PUBLISHED): dict.fromkeys(PAGES, 200) | {"kill": 403, "delete": 403},
    ("editor of the desk", Status.KILLED): dict.fromkeys(PAGES, 403)
    | dict.fromkeys(("notes", "change", "history"), 200),
    ("editor", Status.IN_REVIEW): dict.fromkeys(PAGES, 200) | {"kill": 403, "take-down": 302},
    ("chief", Status.PUBLISHED): dict.fromkeys(PAGES, 200) | {"delete": 403},
    ("chief", Status.KILLED): dict.fromkeys(PAGES, 403)
    | dict.fromkeys(("notes", "change", "history", "kill", "reopening"), 200),
    ("moderator", Status.DRAFT): ALL_404 | {"delete": 403},
    ("moderator", Status.PUBLISHED): ALL_403,
    ("no role", Status.PUBLISHED): dict.fromkeys(PAGES, 403),
    ("anonymous", Status.PUBLISHED): dict.fromkeys(PAGES, 302),
}


@pytest.mark.once
@pytest.mark.parametrize(("who", "status"), DOORS)
def test_every_page_of_an_article_opens_to_whom_it_should(world: dict[str, Any], who: str, status: Status) -> None:
    client, actor = Client(), world["people"][who]
    if isinstance(actor, User):
        client.force_login(actor)
    article = world["articles"][status, who if who.endswith("own article") else ""]
    found = {page: client.get(f"/admin/articles/article/{article.pk}/{page}/").status_code for page in PAGES}
    assert found == DOORS[who, status]


def test_what_lists_hold_is_what_each_may_know(world: dict[str, Any]) -> None:
    public = {world["articles"][status, own].pk for status, own in world["articles"] if status == Status.PUBLISHED}
    for who, actor in world["people"].items():
        if isinstance(actor, User) and who != "no role":
            rows = list(known_to(actor))
            assert {row.pk for row in rows if row.latest is not None} == {
                pk
                for pk in Article.objects.values_list("pk", flat=True)
                if knows_newest(actor, Article.objects.get(pk=pk))
            }
            assert public <= {row.pk for row in rows}
