"""Looking at feeds: folders read once, addresses asked politely and guardedly, and nothing until it is switched on."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from outbox import effects
from outbox.models import Effect
from syndication.models import Feed, WireItem
from syndication.models.wire import WireState
from syndication.wires import periodic
from syndication.wires.looking import LOOK, ask, claim, look, pause_of
from tests.conftest import Cast
from tests.fetch_servers import ALLOWED, SINK, Server, dripping, giving, serving
from tests.wire_files import bring, g2, make_feed, rss

pytestmark = pytest.mark.django_db

STORY = rss("<item><guid>1</guid><title>Lighthouse</title><description>It stays lit.</description></item>").encode()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.WIRES_FOLDER = str(tmp_path)
    place = tmp_path / "northline"
    place.mkdir()
    return place


@pytest.fixture
def sink(settings: Any) -> Iterator[Server]:
    settings.WIRES_FETCHING = True
    settings.FETCH_ALLOWED_PRIVATE = ALLOWED
    with serving(giving(STORY), SINK) as server:
        yield server


def put(place: Path, name: str, content: bytes | str, age: int = 60) -> Path:
    path = place / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    when = time.time() - age
    os.utime(path, (when, when))
    return path


def problem(feed: Feed) -> str:
    feed.refresh_from_db()
    return feed.problem


def test_a_folder_is_read_once_and_a_changed_file_again(folder: Path) -> None:
    feed = make_feed()
    put(folder, "a.xml", g2())
    put(folder, "b.txt", "no news at all")
    assert vars(look(feed)) == {"arrived": 1, "updated": 0, "unchanged": 0, "failed": 1}
    assert vars(look(feed)) == {"arrived": 0, "updated": 0, "unchanged": 0, "failed": 0}
    failed = WireItem.objects.get(state=WireState.FAILED)
    assert (failed.headline, bool(failed.reason)) == ("b.txt", True)
    put(folder, "a.xml", g2("Renewed", version=2), age=30)
    assert look(feed).updated == 1
    assert problem(feed) == ""


def test_what_is_known_of_a_file_goes_with_it_but_not_when_the_whole_folder_is_empty(folder: Path) -> None:
    feed = make_feed()
    gone, kept = put(folder, "a.xml", g2()), put(folder, "b.xml", g2(guid="urn:newsml:northline:2"))
    look(feed)
    gone.unlink()
    look(feed)
    assert list(feed.files.values_list("name", flat=True)) == ["b.xml"]
    kept.unlink()
    look(feed)
    assert feed.files.count() == 1


def test_what_is_unfinished_hidden_elsewhere_or_a_link_is_left_alone(folder: Path, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.xml", g2("Secret"))
    (folder / "link.xml").symlink_to(secret)
    os.mkfifo(folder / "pipe.xml")
    put(folder, ".hidden.xml", g2("Hidden"))
    put(folder, "half.xml.part", g2("Half"))
    put(folder, "just-now.xml", g2("Now"), age=0)
    assert vars(look(make_feed())) == {"arrived": 0, "updated": 0, "unchanged": 0, "failed": 0}
    put(folder, "whole.xml", g2())  # the control
    assert look(Feed.objects.get()).arrived == 1


@pytest.mark.parametrize("name", ["../", "/etc", "northline/../..", "no-such"])
def test_no_folder_outside_the_operators_is_read(folder: Path, name: str) -> None:
    feed = make_feed(folder=name)
    look(feed)
    assert "folder" in problem(feed)
    (folder.parent / "way").symlink_to("/etc")
    feed = make_feed("Another", folder="way", source=feed.source)
    look(feed)
    assert "outside" in problem(feed)


def test_without_the_operators_word_nothing_is_read_or_asked(settings: Any) -> None:
    settings.WIRES_FOLDER, settings.WIRES_FETCHING = "", False
    with serving(giving(STORY)) as server:
        for feed in (make_feed("A"), make_feed("B", address=server.url)):
            look(feed)
            assert "operator" in problem(feed)
        assert server.asked == []


def test_an_address_is_asked_again_only_for_what_changed(sink: Server) -> None:
    with serving(giving(STORY, ETag='"v1"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT")) as server:
        feed = make_feed(address=f"{server.url}/feed.xml")
        assert look(feed).arrived == 1
        feed.refresh_from_db()
        look(feed)
        asked = server.asked[1][1]
        assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "Mon, 02 Mar 2026 10:00:00 GMT")
    with serving(giving(b"", 304)) as server:
        Feed.objects.update(address=server.url)
        feed.refresh_from_db()
        assert vars(look(feed)) == {"arrived": 0, "updated": 0, "unchanged": 0, "failed": 0}
        assert problem(feed) == ""


def test_a_feed_that_leads_inside_drips_or_never_ends_is_refused_in_words(sink: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr("syndication.wires.looking.SECONDS", 1.0)
    feed = make_feed(address=sink.url)
    look(feed)
    assert problem(feed)
    with serving(giving(b"", 302, Location=f"{sink.url}/latest/meta-data/")) as server:
        Feed.objects.update(address=server.url)
        feed.refresh_from_db()
        look(feed)
        assert SINK in problem(feed)
    with serving(dripping(b"HTTP/1.0 200 OK\r\n\r\n<rss>", b" ")) as server:
        Feed.objects.update(address=server.url)
        feed.refresh_from_db()
        look(feed)
        assert "second" in problem(feed)
    assert sink.asked == []
    assert not WireItem.objects.exists()


def take_turns() -> None:
    """The job of the worker, and the effects it left."""
    periodic.ask_for_looks()
    while effects.run_due():
        pass


def test_only_feeds_that_are_on_and_due_are_looked_at_by_one_worker_each(folder: Path) -> None:
    put(folder, "a.xml", g2())
    off = make_feed("Off")
    take_turns()
    assert not WireItem.objects.exists()
    feed = make_feed("On", is_on=True, source=off.source)
    assert claim(feed, timezone.now())
    assert not claim(feed, timezone.now())  # the other worker read the same row
    periodic.ask_for_looks()
    assert Effect.objects.count() == 1
    take_turns()
    assert WireItem.objects.count() == 1


def test_the_job_asks_nobody_itself_and_a_server_that_drips_delays_no_other_effect(sink: Server) -> None:
    source = make_feed("First", is_on=True, address=f"{sink.url}/one").source
    make_feed("Second", is_on=True, address=f"{sink.url}/two", source=source)
    periodic.ask_for_looks()
    assert sink.asked == []
    looks = Effect.objects.filter(kind=LOOK)
    assert looks.count() == 2
    effects.enqueue("images.discard", {"names": []}, key="quick")
    assert effects.run_due(slow=False) == 1
    assert looks.filter(attempts=0).count() == 2
    assert effects.run_due(slow=True) == 2  # the control
    assert len(sink.asked) == 0  # not one of the two is public
    assert all(problem(feed) for feed in Feed.objects.all())


def test_a_look_whose_turn_comes_late_is_not_made_twice_nor_once_the_feed_is_off(folder: Path) -> None:
    put(folder, "a.xml", g2())
    feed = make_feed("On", is_on=True)
    periodic.ask_for_looks()
    Feed.objects.update(is_on=False)
    assert effects.run_due() == 1
    assert not WireItem.objects.exists()
    Feed.objects.update(is_on=True, next_at=timezone.now())
    periodic.ask_for_looks()
    Feed.objects.update(asked_at=timezone.now() + timedelta(seconds=1))
    assert effects.run_due() == 1
    assert not WireItem.objects.exists()
    Feed.objects.update(asked_at=None)
    ask(feed, actor=None)
    assert effects.run_due() == 1
    assert WireItem.objects.count() == 1


def test_an_error_nobody_foresaw_is_told_on_the_feed_and_tried_at_its_next_turn(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked: list[str] = []

    def broken(feed: Feed) -> None:
        looked.append(feed.name)
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("syndication.wires.looking.look", broken)
    feed = make_feed("On", is_on=True)
    take_turns()
    assert "log" in problem(feed)
    assert feed.failures == 1
    assert "broken on purpose" in caplog.text
    Effect.objects.update(due_at=timezone.now())
    take_turns()
    assert looked == ["On"]
    assert Effect.objects.get().done_at is not None


def test_what_a_server_said_of_its_document_is_forgotten_with_its_address(sink: Server, cast: Cast) -> None:
    with serving(giving(STORY, ETag='"v1"')) as server:
        feed = make_feed(address=server.url)
        Feed.objects.update(address=f"{server.url}/moved")
        look(feed)
        feed.refresh_from_db()
        assert (feed.etag, feed.read_at) == ("", None)
        look(feed)
        feed.refresh_from_db()
        assert feed.etag == '"v1"'  # the control
    client = Client()
    client.force_login(cast.chief)
    told = {"name": feed.name, "source": feed.source_id, "every_minutes": 15, "drafts": "taken", "folder": ""}
    for address, kept in ((feed.address, '"v1"'), ("https://wire.example/new", "")):
        response = client.post(f"/admin/syndication/feed/{feed.pk}/change/", {**told, "address": address})
        assert response.status_code == 302
        feed.refresh_from_db()
        assert (feed.address, feed.etag) == (address, kept)


@pytest.mark.parametrize("tag", ['"' + "x" * 300 + '"', '"a\x7f"', '"\xe9"'])
def test_a_tag_that_cannot_be_kept_whole_is_not_kept(sink: Server, tag: str) -> None:
    with serving(giving(STORY, ETag=tag)) as server:
        feed = make_feed(address=server.url)
        assert look(feed).arrived == 1
        feed.refresh_from_db()
        assert feed.etag == ""
        look(feed)
        assert "if-none-match" not in server.asked[1][1]


def test_a_feed_that_fails_is_asked_more_and_more_rarely() -> None:
    feed = make_feed(every_minutes=15)
    pauses = []
    for failures in (0, 1, 3, 60_000):
        feed.failures = failures
        pauses.append(pause_of(feed))
    assert pauses == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6)]


def test_a_story_too_long_for_an_article_is_the_same_when_it_is_sent_again() -> None:
    feed, long = make_feed(), g2(text="Tide tables. " * 50_000)
    assert bring(feed, long).arrived == 1
    assert bring(feed, long).unchanged == 1


@pytest.mark.parametrize("items", [2, 30])
def test_a_feed_without_news_asks_as_many_questions_whatever_it_holds(
    items: int, django_assert_num_queries: Any
) -> None:
    told = "<item><guid>{0}</guid><title>Story {0}</title><description>Its words.</description></item>".format
    feed, document = make_feed(), rss(*map(told, range(items)))
    assert bring(feed, document).arrived == items
    with django_assert_num_queries(3):
        assert bring(feed, document).unchanged == items


def test_what_nobody_took_is_forgotten_and_what_became_an_article_is_kept(settings: Any) -> None:
    feed = make_feed()
    bring(feed, g2())
    WireItem.objects.update(seen_at=timezone.now() - timedelta(days=settings.WIRES_KEPT_DAYS + 1))
    bring(feed, g2(guid="urn:fresh", text="Other words entirely. " * 20))
    periodic.forget_old()
    assert [row.guid for row in WireItem.objects.all()] == ["urn:fresh"]


def test_the_command_reads_feeds_and_judges_files(folder: Path, capsys: Any) -> None:
    put(folder, "a.xml", g2())
    make_feed("On", is_on=True)
    call_command("read_wires")
    assert "1 arrived" in capsys.readouterr().out
    call_command("read_wires", judge=[str(folder / "a.xml")])
    assert "a story" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("read_wires", "no such feed")
    with pytest.raises(CommandError):
        call_command("read_wires", judge=[str(put(folder, "x", "nothing"))])
