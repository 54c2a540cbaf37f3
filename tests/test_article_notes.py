"""Notes between colleagues: written, answered, settled, told once by mail, and nobody's but the desk's."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import notes, publishing, revisions
from articles.models import Article, EditorialNote
from articles.state import WorkingState
from outbox import effects
from tests.conftest import Cast
from tests.factories import give_place, make_section
from tests.test_article_admin import signed_in

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & “quotes”"


@pytest.fixture
def article(cast: Cast) -> Article:
    state = WorkingState(headline="The tram is late", section=make_section().pk, body="<p>It is late.</p>")
    return revisions.create(state, actor=cast.contributor)


def told() -> list[tuple[str, str]]:
    mail.outbox.clear()
    effects.run_due()
    return sorted((letter.to[0], str(letter.subject)) for letter in mail.outbox)


def page(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/notes/"


def test_a_talk_is_opened_answered_and_settled(cast: Cast, article: Article) -> None:
    note = notes.write_note(article, actor=cast.editor, text=" Who says so? ", quote="It is  late.")
    assert (note.text, note.quote, note.made_by) == ("Who says so?", "It is late.", cast.editor)
    assert told() == [(cast.contributor.email, "Edda Editor left a note on “The tram is late”")]
    notes.resolve(note, actor=cast.contributor)
    note.refresh_from_db()
    assert note.resolved_by == cast.contributor
    notes.write_note(article, actor=cast.chief, text="Not yet.", answers=note)
    note.refresh_from_db()
    assert note.resolved_at is None
    assert told() == [
        (cast.contributor.email, "Chiara Chief answered a note on “The tram is late”"),
        (cast.editor.email, "Chiara Chief answered a note on “The tram is late”"),
    ]
    notes.resolve(note, actor=cast.editor)
    notes.reopen(note, actor=cast.editor)
    assert EditorialNote.objects.get(pk=note.pk).resolved_at is None


def test_unfit_notes_are_refused_in_words_and_nothing_is_kept(cast: Cast, article: Article) -> None:
    note = notes.write_note(article, actor=cast.editor, text="First")
    answer = notes.write_note(article, actor=cast.editor, text="Second", answers=note)
    other = revisions.create(WorkingState(headline="Other"), actor=cast.editor)
    for words in (
        {"text": " "},
        {"text": "x" * 4001},
        {"text": "a\0b"},
        {"text": "x", "quote": "y" * 501},
        {"text": "x", "answers": answer},
    ):
        with pytest.raises(ValidationError):
            notes.write_note(article, actor=cast.editor, **words)
    with pytest.raises(ValidationError):
        notes.write_note(other, actor=cast.editor, text="x", answers=note)
    assert EditorialNote.objects.count() == 2


def test_only_who_may_know_the_newest_words_reads_and_writes_them(cast: Cast, article: Article) -> None:
    note = notes.write_note(article, actor=cast.editor, text="Qzsecret")
    publishing.publish(article, actor=cast.editor)
    elsewhere = give_place(cast.editor, make_section("Sport"))
    for actor in (cast.moderator, elsewhere):
        with pytest.raises(PermissionDenied):
            notes.write_note(article, actor=actor, text="Hello")
        with pytest.raises(PermissionDenied):
            notes.resolve(note, actor=actor)
        client = signed_in(actor)
        assert client.get(page(article)).status_code == 403
        assert client.post(page(article), {"text": "x"}).status_code == 403
        assert client.post(f"{page(article)}{note.pk}/", {"settled": "1"}).status_code == 403
        assert "Qzsecret" not in client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert "Qzsecret" not in Client().get(article.get_absolute_url()).content.decode()
    assert "Qzsecret" in signed_in(cast.contributor).get(page(article)).content.decode()


def test_the_page_works_without_script_and_keeps_what_was_refused(cast: Cast, article: Article) -> None:
    client = signed_in(cast.contributor)
    client.post(page(article), {"text": HOSTILE, "quote": HOSTILE})
    note = EditorialNote.objects.get()
    shown = client.get(page(article)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    client.post(page(article), {"text": "Answered", "answers": str(note.pk)})
    assert note.replies.get().text == "Answered"
    client.post(f"{page(article)}{note.pk}/", {"settled": "1"})
    assert "Resolved by Cora Contributor" in client.get(page(article)).content.decode()
    for data in (
        {"text": "x" * 4001},
        {"text": "Kept\0words"},
        {"text": "Kept words", "answers": "999"},
        {"text": "Kept words", "answers": "9" * 30},
        {"text": "Kept words", "answers": "-1"},
        {},
    ):
        assert client.post(page(article), data).status_code == 400, data
    assert client.post(f"{page(article)}999/", {"settled": "1"}).status_code == 404
    assert client.get(f"{page(article)}{note.pk}/").status_code == 405


def test_beside_the_form_a_module_gets_the_notes_anew(cast: Cast, article: Article) -> None:
    client = signed_in(cast.editor)
    answer = client.post(page(article), {"text": HOSTILE}, headers={"Accept": "application/json"})
    assert "&lt;script&gt;" in answer.json()["html"]
    assert answer.json()["said"]
    refused = client.post(page(article), {"text": ""}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()) == (400, {"problem": "Write the note first."})


@pytest.mark.once
def test_the_panel_and_the_page_cost_the_same_at_every_size(
    cast: Cast, article: Article, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.editor)
    counts = []
    for times in (1, 6):
        for _time in range(times):
            note = notes.write_note(article, actor=cast.editor, text="A note")
            notes.write_note(article, actor=cast.contributor, text="An answer", answers=note)
            publishing.submit_for_review(article, actor=cast.contributor)
            publishing.send_back(article, actor=cast.editor)
        for address in (page(article), f"/admin/articles/article/{article.pk}/change/"):
            client.get(address)
            with django_assert_max_num_queries(80) as queries:
                client.get(address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
