"""Two editors press *Save* at the same moment: one is told, and no words are lost."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles import revisions
from articles.models import Revision, Section
from articles.state import WorkingState
from tests.concurrency import PATIENCE
from tests.conftest import Cast
from tests.test_article_admin import change, form_data, panels, signed_in

PAIRS = 8


def both_save(clients: list[Client], address: str, data: dict[str, Any]) -> list[int]:
    """The answers to two simultaneous saves of different headlines."""
    barrier = threading.Barrier(2, timeout=PATIENCE)
    answers = [0, 0]

    def one(number: int) -> None:
        try:
            barrier.wait()
            answers[number] = clients[number].post(address, data | {"headline": f"Words of {number}"}).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_saves_one_is_asked_to_look_first(cast: Cast) -> None:
    section = Section(name="City", slug="city")
    section.save()
    clients = [signed_in(cast.editor), signed_in(cast.chief)]
    for _pair in range(PAIRS):
        article = revisions.create(WorkingState(headline="Base", section=section.pk), actor=cast.editor)
        data = form_data(section, base_revision="1", _continue="1") | panels(clients[0], article)
        answers = both_save(clients, change(article), data)
        assert sorted(answers) == [302, 409]
        assert article.revisions.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_base_both_saves_pass_unseen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    careful = revisions.save

    def careless(*given: Any, base: int | None = None, **named: Any) -> Revision:
        return careful(*given, **named)

    monkeypatch.setattr(revisions, "save", careless)
    section = Section(name="City", slug="city")
    section.save()
    clients = [signed_in(cast.editor), signed_in(cast.chief)]
    article = revisions.create(WorkingState(headline="Base", section=section.pk), actor=cast.editor)
    data = form_data(section, base_revision="1", _continue="1") | panels(clients[0], article)
    assert both_save(clients, change(article), data) == [302, 302]
