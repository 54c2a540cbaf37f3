"""A hub (WebSub) is told of feeds that changed: once a minute each, until it heard, and of nothing hidden."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles import corrections, departure, publishing, revisions
from articles.models import Article, CorrectionKind
from articles.state import Credit, WorkingState
from outbox import effects
from outbox.fetching import FetchRefused, post_form
from outbox.models import Effect
from pagecache.writing import bump
from syndication.published import hub
from tests.factories import make_author, make_section
from tests.fetch_servers import ALLOWED, SINK, Server, dripping, giving, serving

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, 0, 10, tzinfo=UTC)
SITE = "http://127.0.0.1:8000/feeds"
FORMS = ("rss.xml", "atom.xml", "feed.json", "ninjs.json")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as frozen:
        yield frozen


@pytest.fixture
def there(settings: Any) -> Iterator[Server]:
    """The hub of the settings."""
    with serving(giving(b"", 204)) as server:
        settings.WEBSUB_HUB, settings.FETCH_ALLOWED_PRIVATE = f"{server.url}/publish", ALLOWED
        yield server


def draft(**fields: Any) -> Article:
    """A story with a section, a tag and an author."""
    names = (Credit(make_author().pk),)
    state = WorkingState(headline="The tram is late", section=make_section().pk, tags=("Trams",), bylines=names)
    return revisions.create(state.with_(body="<p>It is.</p>", **fields), actor=None)


def topics(server: Server) -> list[str]:
    """The feeds told of since the last look, each in one of its forms; every form must have been told of."""
    told = [form["hub.url"] for form in server.sent]
    assert all(form["hub.mode"] == "publish" and form["hub.topic"] == form["hub.url"] for form in server.sent)
    server.sent.clear()
    found = sorted(topic.removesuffix("rss.xml") for topic in told if topic.endswith("rss.xml"))
    assert sorted(told) == sorted(place + form for place in found for form in FORMS)
    return [place.removeprefix(SITE) for place in found]


def run(clock: Any) -> None:
    clock.shift(hub.AFTER)
    effects.run_due()


EVERY = ["/", "/author/ines-maren/", "/section/city/", "/tag/trams/"]


def test_what_is_published_changed_corrected_and_taken_down_is_told(there: Server, clock: Any) -> None:
    article = publishing.publish(draft(), actor=None)
    assert there.sent == [], "not in the transaction, nor in a reader's time"
    run(clock)
    assert topics(there) == EVERY
    assert there.asked[0][0] == "/publish"
    revisions.save(article, WorkingState.of(article).with_(tags=("Rain",)), actor=None)
    run(clock)
    assert topics(there) == [], "what editors save is nobody's to know"
    publishing.publish(article, actor=None)
    run(clock)
    assert topics(there) == ["/", "/author/ines-maren/", "/section/city/", "/tag/rain/"], "no tag of nothing public"
    corrections.add(article, CorrectionKind.CORRECTION, "It was the bus.", actor=None)
    run(clock)
    assert {"/", "/section/city/"} <= set(topics(there))
    departure.leave(Article.objects.get(pk=article.pk), actor=None)
    run(clock)
    assert {"/", "/section/city/"} <= set(topics(there))


def test_many_changes_of_a_minute_are_one_call(there: Server, clock: Any) -> None:
    for number in range(3):
        publishing.publish(draft(headline=f"Story {number}"), actor=None)
        clock.shift(timedelta(seconds=5))
    run(clock)
    assert topics(there) == EVERY
    assert Effect.objects.filter(kind=hub.PING).count() == 4


def test_a_story_that_waits_for_its_minute_names_no_tag_before_it(there: Server, clock: Any) -> None:
    article = publishing.publish(draft(publish_at=timezone.now() + timedelta(hours=1)), actor=None)
    run(clock)
    assert "/tag/trams/" not in topics(there)
    clock.shift(timedelta(hours=1))
    effects.run_due()
    run(clock)
    assert topics(there) == EVERY
    assert Article.objects.get(pk=article.pk).is_public()


def test_a_story_whose_time_is_over_is_told_when_it_ends(there: Server, clock: Any) -> None:
    ends = timezone.now() + timedelta(hours=2)
    article = publishing.publish(draft(expire_at=ends), actor=None)
    run(clock)
    assert topics(there) == EVERY
    clock.move_to(ends - timedelta(seconds=1))
    effects.run_due()
    assert topics(there) == []
    clock.move_to(ends)
    effects.run_due()
    run(clock)
    assert topics(there) == ["/", "/author/ines-maren/", "/section/city/"], "no tag of nothing public"
    assert not Article.objects.get(pk=article.pk).is_public()
    run(clock)
    assert topics(there) == [], "and once"


def test_a_story_whose_end_was_moved_is_not_told_of_at_its_former_one(there: Server, clock: Any) -> None:
    ends = timezone.now() + timedelta(hours=2)
    article = publishing.publish(draft(expire_at=ends), actor=None)
    later = WorkingState.of(article).with_(expire_at=ends + timedelta(hours=1))
    revisions.save(article, later, actor=None)
    publishing.publish(article, actor=None)
    run(clock)
    there.sent.clear()
    clock.move_to(ends)
    effects.run_due()
    run(clock)
    assert topics(there) == []
    clock.move_to(ends + timedelta(hours=1))
    effects.run_due()
    run(clock)
    assert {"/", "/section/city/"} <= set(topics(there))


def test_a_hub_that_is_away_is_told_later(there: Server, clock: Any, settings: Any) -> None:
    hub_address = settings.WEBSUB_HUB
    settings.WEBSUB_HUB = "http://127.0.0.1:9/"
    publishing.publish(draft(), actor=None)
    run(clock)
    assert Effect.objects.failing().filter(kind=hub.PING).count() == 4
    settings.WEBSUB_HUB = hub_address
    clock.shift(timedelta(minutes=20))
    effects.run_due()
    assert topics(there) == EVERY
    clock.shift(timedelta(hours=4))
    effects.run_due()
    assert topics(there) == [], "and once"


def test_without_a_hub_nothing_is_told_nor_kept(there: Server, clock: Any, settings: Any) -> None:
    settings.WEBSUB_HUB = ""
    publishing.publish(draft(), actor=None)
    run(clock)
    assert (there.sent, Effect.objects.filter(kind=hub.PING).count()) == ([], 0)
    hub.ping({"kind": "site", "id": 0}, "asked before the hub was taken away")
    assert there.sent == []


def test_an_archive_that_moves_in_is_told_as_one(there: Server, clock: Any) -> None:
    section = make_section()
    bump({"archive", f"section-list:{section.pk}", *(f"tag-list:{number}" for number in range(500))})
    run(clock)
    assert topics(there) == ["/", "/section/city/"]


def test_lists_whose_owner_is_gone_are_told_of_no_more(there: Server, clock: Any) -> None:
    bump({"section-list:999", "tag-list:999", "author-list:999", "series:1", "front"})
    run(clock)
    assert topics(there) == []
    assert not Effect.objects.waiting().filter(kind=hub.PING).exists()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500])
def test_whatever_but_a_success_is_a_failure_and_no_redirect_is_followed(settings: Any, status: int) -> None:
    settings.FETCH_ALLOWED_PRIVATE = ALLOWED
    with serving(giving(b"secret"), SINK) as sink, serving(giving(b"", status, Location=f"{sink.url}/")) as server:
        with pytest.raises(FetchRefused, match=str(status)):
            post_form(server.url, {"a": "b"}, seconds=5)
        assert (len(server.sent), sink.sent, sink.asked) == (1, [], [])


def test_a_hub_at_a_private_address_is_not_called_unless_it_is_allowed(there: Server, settings: Any) -> None:
    post_form(settings.WEBSUB_HUB, {"hub.url": "http://ü.example/?a=b&c"}, seconds=5)
    assert there.sent == [{"hub.url": "http://ü.example/?a=b&c"}]
    settings.FETCH_ALLOWED_PRIVATE = []
    with pytest.raises(FetchRefused):
        post_form(settings.WEBSUB_HUB, {}, seconds=5)
    assert len(there.sent) == 1


def test_a_hub_that_drips_is_given_up_in_time(settings: Any) -> None:
    settings.FETCH_ALLOWED_PRIVATE = ALLOWED
    with serving(dripping(b"HTTP/1.0 200 OK\r\nX: ", b"a")) as server, pytest.raises(FetchRefused):
        post_form(server.url, {}, seconds=0.3)


def test_nothing_else_waits_behind_a_hub(there: Server, clock: Any) -> None:
    publishing.publish(draft(), actor=None)
    clock.shift(timedelta(minutes=2))
    while effects.run_due(slow=False):
        assert there.sent == []
    effects.run_due(slow=True)
    assert "/rss.xml" in {form["hub.url"].removeprefix(SITE) for form in there.sent}
