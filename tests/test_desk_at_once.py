"""Two editors act on one list at the very same moment."""

import threading
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article
from curation import picks
from curation.models import CuratedList, Pick
from curation.places import Place
from outbox.models import AuditEntry
from tests.concurrency import PATIENCE, at_once
from tests.conftest import Cast
from tests.factories import make_article

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article(transactional_db: None) -> Article:
    return make_article("Here")


def signed_in(*people: Any) -> list[Client]:
    clients = [Client() for _person in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    return clients


def post(client: Client, article: Article, noun: str, answers: list[int], **values: Any) -> None:
    address = reverse(f"admin:curation_desk_article_{noun}", args=[article.pk])
    answers.append(client.post(address, values, headers={"accept": "application/json"}).status_code)


def positions(article: Article) -> list[int]:
    return list(Pick.objects.filter(article=article).values_list("position", flat=True))


def test_nobodys_pick_is_lost_and_each_has_its_place(article: Article, cast: Cast) -> None:
    targets = [make_article(f"Story {number}") for number in range(8)]
    clients = signed_in(*[cast.editor, cast.chief] * 4)
    answers: list[int] = []
    pairs = zip(clients, targets, strict=True)
    acts = [partial(post, client, article, "picks", answers, target=target.pk) for client, target in pairs]
    assert at_once(acts) == []
    assert answers == [200] * 8
    assert positions(article) == list(range(1, 9))
    assert CuratedList.objects.get(article=article).version == 8


def test_the_control_is_that_without_the_lists_lock_places_collide(
    article: Article, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    CuratedList(article=article).save()
    together = threading.Barrier(2, timeout=PATIENCE)

    def unlocked(place: Place) -> tuple[CuratedList, list[Pick]]:
        rows = list(Pick.objects.filter(article=article))
        together.wait()
        return CuratedList.objects.get(article=article), rows

    monkeypatch.setattr(picks, "_locked", unlocked)
    acts = [partial(picks.pick, article, make_article("Story"), actor=cast.editor) for _each in range(2)]
    assert at_once(acts) == []
    assert positions(article) == [1, 1]


def test_one_change_is_undone_once_however_often_it_is_asked(article: Article, cast: Cast) -> None:
    for name in "ABC":
        picks.pick(article, make_article(name), actor=cast.editor)
    entry = AuditEntry.objects.filter(verb="picked").latest("id").pk
    answers: list[int] = []
    acts = [partial(post, client, article, "undo", answers, entry=entry) for client in signed_in(*[cast.editor] * 4)]
    assert at_once(acts) == []
    assert sorted(answers) == [200, 422, 422, 422]
    assert AuditEntry.objects.filter(verb="undid picked").count() == 1
    assert positions(article) == [1, 2]


def test_ordering_and_excluding_at_once_leaves_a_whole_list(article: Article, cast: Cast) -> None:
    targets = [make_article(name) for name in "ABCD"]
    for target in targets:
        picks.pick(article, target, actor=cast.editor)
    ours, theirs = signed_in(cast.editor, cast.chief)
    answers: list[int] = []
    backwards = ",".join(str(target.pk) for target in reversed(targets))
    acts = [
        partial(post, ours, article, "order", answers, order=backwards),
        partial(post, theirs, article, "exclusions", answers, target=targets[1].pk),
    ]
    assert at_once(acts) == []
    assert answers == [200, 200]
    left = list(Pick.objects.filter(article=article).values_list("target__headline", flat=True))
    assert left == ["D", "C", "A"]
