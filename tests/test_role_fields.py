"""What each role is offered in lists, and which fields of an article each may change in which state."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from articles import revisions
from articles.models import Article, Status
from articles.permissions import Actor
from articles.state import Credit, WorkingState
from people.models import User
from tests.conftest import undone
from tests.factories import make_author, make_section
from tests.role_world import OWN, make_articles, make_people

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LISTS = Path(__file__).parent / "role_matrix_actions.txt"

EDITS = "section byline time embargo"
NOTHING = dict.fromkeys(Status, "")
ANY = {status: EDITS for status in Status if status != Status.KILLED} | {Status.KILLED: ""}
DESK = ANY | dict.fromkeys((Status.SCHEDULED, Status.PUBLISHED, Status.ARCHIVED), "byline time embargo")
"""Whoever leads one desk moves nothing away that is out already, as the other desk would have to take it."""

FIELDS: dict[str, dict[Status, str]] = {
    "anonymous": NOTHING,
    "moderator": NOTHING,
    "contributor": NOTHING,
    OWN: NOTHING | {Status.DRAFT: "section byline time"},
    "seated": DESK,
    "desk": DESK,
    "elsewhere": NOTHING,
    "editor": ANY,
    "chief": ANY,
    "administrator": ANY,
}
"""Of an article in *City* that carries an embargo; the section is changed to *Sport*."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    with undone(django_db_blocker):
        people, sport, author = make_people(), make_section("Sport").pk, make_author().pk
        soon = timezone.now() + timedelta(days=3)
        changes = {
            "section": {"section": sport},
            "byline": {"bylines": (Credit(author=author, role="words"),)},
            "time": {"publish_at": soon},
            "embargo": {"embargo_until": soon},
        }
        yield {"people": people, "articles": make_articles(people), "changes": changes}


def stated_actions() -> dict[str, dict[str, set[str]]]:
    """By list and action: who is offered it."""
    found: dict[str, dict[str, set[str]]] = {}
    for line in LISTS.read_text().splitlines():
        if line and not line.startswith("#"):
            model, action, *people = line.split()
            found.setdefault(model, {})[action] = set(people)
    return found


def offered(people: dict[str, Actor]) -> dict[str, dict[str, set[str]]]:
    """By list and action: who finds it there, of those who may open the list."""
    found: dict[str, dict[str, set[str]]] = {}
    for model, screen in admin.site._registry.items():
        for who, person in people.items():
            request = RequestFactory().get("/admin/")
            request.user = person  # type: ignore[assignment]
            if isinstance(person, User) and screen.has_view_permission(request):
                for action in screen.get_actions(request):
                    found.setdefault(model._meta.label_lower, {}).setdefault(action, set()).add(who)
    return found


def test_every_action_of_every_list_is_offered_to_whom_it_is_stated(world: dict[str, Any]) -> None:
    assert offered(world["people"]) == stated_actions()


def may_change(world: dict[str, Any], actor: Actor, pk: int) -> set[str]:
    """The fields that are changed by a save; each is undone at once."""
    done = set()
    for name, change in world["changes"].items():
        try:
            with transaction.atomic():
                article = Article.objects.get(pk=pk)
                if article.status != Status.KILLED:
                    promised = WorkingState.of(article).with_(embargo_until=timezone.now() + timedelta(hours=2))
                    revisions.save(article, promised, actor=None)
                article = Article.objects.get(pk=pk)
                revisions.save(article, WorkingState.of(article).with_(**change), actor=actor)
                transaction.set_rollback(True)
        except (PermissionDenied, ValidationError):
            continue
        done.add(name)
    return done


@pytest.mark.parametrize("who", FIELDS)
def test_who_may_change_section_byline_and_schedule_in_each_state(world: dict[str, Any], who: str) -> None:
    actor = world["people"]["contributor" if who == OWN else who]
    articles = {status: world["articles"][status, OWN if who == OWN else ""]["pk"] for status in Status}
    found = {status: may_change(world, actor, pk) for status, pk in articles.items()}
    assert found == {status: set(may.split()) for status, may in FIELDS[who].items()}


def test_the_table_names_everybody(world: dict[str, Any]) -> None:
    assert set(FIELDS) == {*world["people"], OWN}
