"""Corrections, clarifications and updates: on the story, on its cards for a while, and on a page of their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from articles import corrections, publishing
from articles.models import Article, Correction, CorrectionKind, Status
from articles.publishing.wording import materially_differ, words_of
from articles.shown import show_articles
from outbox.models import AuditEntry
from pagecache.models import Key
from pagecache.reading import recording
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, suggest

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WRONG, UNCLEAR, NEWS = CorrectionKind.CORRECTION, CorrectionKind.CLARIFICATION, CorrectionKind.UPDATE


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(path: str) -> str:
    return Client().get(path).content.decode()


def desk(article: Article, rest: str = "") -> str:
    return f"/admin/articles/article/{article.pk}/corrections/{rest}"


def test_a_note_stands_on_the_story_and_on_the_page_of_all_with_its_kind(cast: Cast) -> None:
    story = make_article()
    for kind, text in ((WRONG, "It was 30 <b>."), (UNCLEAR, "Crowns, not euros."), (NEWS, "It has a date.")):
        corrections.add(story, kind, text, actor=cast.editor)
    for html in (page(story.get_absolute_url()), page("/corrections/")):
        assert "It was 30 &lt;b&gt;." in html
        for word in ("Correction", "Clarification", "Update", "correction--clarification"):
            assert word in html
    assert AuditEntry.objects.filter(verb="added correction", object_id=str(story.pk)).exists()


@pytest.mark.parametrize("where", ["/", "/city/", "/archive/", "beside"])
def test_cards_say_corrected_for_seven_days_and_the_page_ends_then(cast: Cast, where: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        story, other = make_article("It was wrong"), make_article("Beside")
        suggest(other, story)
        corrections.add(story, WRONG, "It was 30.", actor=cast.editor)
        path = other.get_absolute_url() if where == "beside" else where
        assert "Corrected" in page(path)
        clock.move_to(NOON + timedelta(days=7) - timedelta(microseconds=1))
        assert "Corrected" in page(path)
        clock.move_to(NOON + timedelta(days=7))
        assert "Corrected" not in page(path)


def test_a_page_with_the_card_holds_until_the_word_goes(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        story = make_article()
        corrections.add(story, UNCLEAR, "Crowns.", actor=cast.editor, made_at=NOON - timedelta(days=2))
        corrections.add(story, WRONG, "It was 30.", actor=cast.editor)
        assert str(story.mark) == "Corrected"
        with recording() as record:
            show_articles([Article.objects.cards().get()])
        assert record.boundary == NOON + timedelta(days=5)


def test_an_update_marks_no_card_and_a_removed_correction_marks_none_any_more(cast: Cast) -> None:
    story = make_article()
    corrections.add(story, NEWS, "It has a date.", actor=cast.editor)
    assert story.mark == ""
    note = corrections.add(story, WRONG, "It was 30.", actor=cast.editor)
    assert "Corrected" in page("/")
    corrections.change(note, actor=cast.editor, text="It was 31.", kind=UNCLEAR)
    assert "Clarified" in page("/")
    corrections.remove(note, actor=cast.chief)
    assert "Clarified" not in page("/")
    removed = AuditEntry.objects.get(verb="removed correction")
    assert removed.details["text"] == "It was 31."
    changed = AuditEntry.objects.get(verb="changed correction")
    assert changed.details["before"] == {"kind": "correction", "text": "It was 30."}


def test_a_note_raises_the_keys_of_the_story_and_of_the_archive(cast: Cast) -> None:
    story = make_article()
    note = corrections.add(story, WRONG, "It was 30.", actor=cast.editor)
    names = [f"article:{story.pk}", "corrections"]
    before = dict(Key.objects.filter(name__in=names).values_list("name", "version"))
    corrections.change(note, actor=cast.editor, text="It was 31.")
    after = dict(Key.objects.filter(name__in=names).values_list("name", "version"))
    assert all(after[name] > before[name] for name in names)
    publishing.take_down(story, actor=cast.editor)
    assert Key.objects.get(name="corrections").version > after["corrections"]


@pytest.mark.parametrize("hidden", ["taken down", "killed", "embargoed", "expired"])
def test_the_page_of_all_never_tells_of_a_story_readers_may_not_see(cast: Cast, hidden: str) -> None:
    story = make_article("Qzheadline")
    corrections.add(story, WRONG, "Qzcorrection", actor=cast.editor)
    assert "Qzheadline" in page("/corrections/")  # the control
    now = datetime.now(UTC)
    states: dict[str, dict[str, Any]] = {
        "taken down": {"status": Status.ARCHIVED},
        "killed": {"status": Status.KILLED},
        "embargoed": {"embargo_until": now + timedelta(hours=1)},
        "expired": {"expire_at": now - timedelta(minutes=1)},
    }
    for name, value in states[hidden].items():
        setattr(story, name, value)
    story.save()
    html = page("/corrections/")
    assert "Qz" not in html


@pytest.mark.once
def test_the_page_of_all_is_paged_by_date_in_constant_queries(cast: Cast) -> None:
    story, counts = make_article(), []
    for made in range(31):
        at = NOON + timedelta(minutes=made // 2)
        corrections.add(story, WRONG, f"Note {made:02}.", actor=None, made_at=at)
        if made in {1, 30}:
            with CaptureQueriesContext(connection) as seen:
                html = page("/corrections/")
            counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "Note 30." in html
    assert "Note 00." not in html
    older = html.split('href="?before=')[1].split('"')[0]
    assert "Note 00." in page(f"/corrections/?before={older}")
    newer = page(f"/corrections/?before={older}").split('href="?after=')[1].split('"')[0]
    assert "Note 30." in page(f"/corrections/?after={newer}")
    assert Client().get("/corrections/?before=nonsense").status_code == 404


@pytest.mark.parametrize("text", ["", "  \n", "x" * 1001, "a\0b"])
def test_words_that_are_no_note_are_refused_and_stay_in_the_form(cast: Cast, text: str) -> None:
    story = make_article()
    answer = signed_in(cast.editor).post(desk(story), {"kind": "clarification", "text": text})
    assert answer.status_code == 400
    assert not Correction.objects.exists()
    with pytest.raises(ValidationError):
        corrections.add(story, WRONG, text, actor=cast.editor)


def test_only_a_story_readers_saw_and_nobody_killed_is_corrected(cast: Cast) -> None:
    for status in (Status.DRAFT, Status.KILLED):
        story = make_article(status=status, first_published_at=None if status == Status.DRAFT else NOON)
        with pytest.raises((ValidationError, PermissionDenied)):
            corrections.add(story, WRONG, "It was 30.", actor=cast.editor)
        assert signed_in(cast.editor).get(desk(story)).status_code == 404


def test_the_desk_writes_changes_and_removes_and_is_told_where_the_card_stands(cast: Cast) -> None:
    story, other = make_article("It was wrong"), make_article("Beside")
    suggest(other, story)
    client = signed_in(cast.chief)
    answer = client.post(desk(story), {"kind": "correction", "text": "It was 30."}, follow=True)
    html = answer.content.decode()
    assert "It was 30." in html
    assert "Beside" in html
    note = Correction.objects.get()
    assert note.made_by == cast.chief
    client.post(desk(story, f"{note.pk}/"), {"kind": "update", "text": "It is 31."})
    note.refresh_from_db()
    assert (note.kind, note.text) == ("update", "It is 31.")
    assert "It is 31." in client.get(f"/admin/articles/article/{story.pk}/change/").content.decode()
    client.post(desk(story, f"{note.pk}/removal/"))
    assert not Correction.objects.exists()
    assert client.post(desk(story, "999999/"), {"kind": "update", "text": "x"}).status_code == 404


def test_the_desk_is_told_of_the_tags_pages_while_readers_find_it_there(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    story, client, counts = make_article(), signed_in(cast.chief), []
    for names in (["<b>Trams</b>"], [f"Tag {number}" for number in range(20)]):
        story.tags.add(*names)
        with django_assert_max_num_queries(60) as asked:
            html = client.get(desk(story)).content.decode()
        counts.append(len(asked))
        for tag in story.tags.all():
            assert f'<li><a href="{tag.get_absolute_url()}">{escape(tag.name)}</a></li>' in html
    assert counts[0] == counts[1]
    story.status = Status.ARCHIVED
    story.save()
    assert "On the pages of its tags" not in client.get(desk(story)).content.decode()


@pytest.mark.parametrize(
    ("who", "look", "add", "remove"),
    [
        ("contributor", 403, 403, 403),
        ("editor", 200, 302, 403),
        ("chief", 200, 302, 302),
        ("moderator", 403, 403, 403),
        ("administrator", 200, 302, 302),
    ],
)
def test_who_may_do_what_with_notes(cast: Cast, who: str, look: int, add: int, remove: int) -> None:
    story = make_article()
    note = corrections.add(story, WRONG, "It was 30.", actor=None)
    client = signed_in(getattr(cast, who))
    assert client.get(desk(story)).status_code == look
    assert client.post(desk(story), {"kind": "update", "text": "x"}).status_code == add
    assert client.post(desk(story, f"{note.pk}/removal/")).status_code == remove
    if add == 403:
        with pytest.raises(PermissionDenied):
            corrections.add(story, WRONG, "x", actor=getattr(cast, who))
    if remove == 403 and add == 302:
        with pytest.raises(PermissionDenied):
            corrections.remove(note, actor=getattr(cast, who))


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("The tram, is late", "The tram is  LATE!", False),
        ("the goverment said", "the government said", False),
        ("they recieve money", "they receive money", False),
        ("the court may rule", "the court must rule", True),
        ("it is now late", "it is not late", True),
        ("three million crowns", "three billion crowns", True),
        ("said Meyer today", "said Meier today", True),
        ("in 1987 there", "in 1988 there", True),
        ("it is late", "it is very late", True),
        ("it is late", "it is late", False),
    ],
)
def test_updated_means_that_the_words_say_something_else(before: str, after: str, differs: bool) -> None:
    assert materially_differ(_words(before), _words(after)) is differs


def _words(text: str) -> list[str]:
    return words_of(Article(headline=text))
