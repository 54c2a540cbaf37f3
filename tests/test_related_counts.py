"""A reader's page tells what was seen and chosen; it is counted once, within the caps, and of nobody in particular."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.test.client import RequestFactory
from django.urls import resolve, reverse

from articles import publishing
from articles.models import Article, Status
from curation import counting, exclusions, picks, signals, standing_pairs, tally
from curation.models import Campaign, ReadCount, RelatedCount
from curation.tally import Tally
from curation.tally import tally as counts
from outbox import gathering
from outbox.gathering import FLUSH_AT
from people import caps
from people.visitors import counts as is_counted
from tests.concurrency import at_once
from tests.factories import make_article, suggest

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TODAY = date(2026, 5, 4)
HOUR = timedelta(hours=1)
SEEN = "/related/seen/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OURS = "http://testserver"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Noon, nothing gathered, nothing remembered, and no timer: tests write themselves."""
    monkeypatch.setattr(Tally, "_arrange", lambda _self: None)
    counts.forget()
    standing_pairs.forget()
    with time_machine.travel(NOON, tick=False):
        yield
    counts.forget()


@pytest.fixture
def story() -> Article:
    """An article with three suggestions beside it."""
    article = make_article("Here")
    suggest(article, *(make_article(f"Other {number}") for number in range(3)))
    return article


def targets(article: Article) -> list[int]:
    return list(article.suggestions.order_by("-score").values_list("target_id", flat=True))


def send(
    body: dict[str, Any] | str | bytes, *, address: str = "198.51.100.7", type_: str = FORM, **headers: str
) -> int:
    """Send a beacon as a browser on one of our pages would; returns the status of the answer."""
    text = urlencode(body, doseq=True) if isinstance(body, dict) else body
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in {"Origin": OURS, "User-Agent": FIREFOX, **given}.items() if value}
    response = Client().post(SEEN, text, content_type=type_, headers=sent, REMOTE_ADDR=address)
    assert not response.content
    assert not response.cookies
    return response.status_code


def shown(article: Article, *pairs: str, **more: Any) -> int:
    pairs = pairs or tuple(f"{pk}.{slot}" for slot, pk in enumerate(targets(article), start=1))
    return send({"page": article.pk, "shown": pairs}, **more)


def clicked(article: Article, pair: str = "", **more: Any) -> int:
    return send({"page": article.pk, "clicked": pair or f"{targets(article)[0]}.1"}, **more)


def stored() -> list[tuple[int, int, int, int]]:
    """Target, place, shown, clicked of every row, after writing what was gathered."""
    counts.flush()
    return list(RelatedCount.objects.order_by("slot").values_list("target", "slot", "shown", "clicked"))


def gathered() -> int:
    return counts.events


def test_a_view_and_a_click_are_counted_by_pair_place_and_day(story: Article) -> None:
    assert shown(story) == clicked(story) == 204
    assert send({"page": story.pk, "read": "1"}) == 204
    first, second, third = targets(story)
    assert stored() == [(first, 1, 1, 1), (second, 2, 1, 0), (third, 3, 1, 0)]
    assert {row.day for row in RelatedCount.objects.all()} == {TODAY}
    assert list(ReadCount.objects.values_list("article", "day", "reads")) == [(story.pk, TODAY, 1)]


def test_a_day_is_a_day_of_the_site(story: Article, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    with time_machine.travel(NOON + 4 * HOUR, tick=False):
        shown(story)
        counts.flush()
    assert {row.day for row in RelatedCount.objects.all()} == {date(2026, 5, 5)}


def test_what_is_gathered_later_is_added_to_what_is_stored(story: Article) -> None:
    for number in range(3):
        assert shown(story, address=f"198.51.{number}.1") == 204
        counts.flush()
    assert [row[2] for row in stored()] == [3, 3, 3]


def test_the_page_carries_the_same_static_words_for_everybody(story: Article) -> None:
    html = Client().get(story.get_absolute_url()).content.decode()
    assert f'data-seen="{SEEN}" data-page="{story.pk}"' in html
    for slot, pk in enumerate(targets(story), start=1):
        assert f'data-shown="{pk}.{slot}"' in html
    other = Client(headers={"User-Agent": "Somebody else"}).get(story.get_absolute_url(), REMOTE_ADDR="203.0.113.5")
    assert other.content.decode() == html


def test_a_picked_and_a_pinned_article_count_in_their_places(story: Article) -> None:
    pinned, picked = make_article("Pinned"), make_article("Picked")
    picks.pick(story, picked, actor=None)
    Campaign.objects.create(target=pinned, slot=2, starts=NOON - HOUR, ends=NOON + HOUR)
    assert shown(story, f"{picked.pk}.1", f"{pinned.pk}.2", f"{targets(story)[0]}.3") == 204
    assert [row[0] for row in stored()] == [picked.pk, pinned.pk, targets(story)[0]]


@pytest.mark.once
@pytest.mark.parametrize(
    "body",
    [
        "page",
        "page=",
        "page=1&page=1&read=1",
        "page=1&read=2",
        "page=1&read=1&read=1",
        "page=1&read=1&clicked=2.1",
        "page=1&shown=",
        "page=1&shown=2",
        "page=1&shown=2.0",
        "page=1&shown=2.1.1",
        "page=1&shown=2.1&shown=2.1",
        "page=1&shown=-2.1",
        "page=1&shown=2.100",
        "page=1&clicked=2.1&clicked=3.2",
        "page=1&clicked=2.1&other=1",
        "page=1",
        "read=1",
        "page=١&read=1",
        "page=1%00&read=1",
        "page=1&read=%FF",
        "page=1;read=1",
        f"page={'9' * 19}&read=1",
        '{"page": 1, "read": true}',
        b"\xff\xfe\x00",
        "page=1&" + "&".join(f"shown={number}.1" for number in range(1, 15)),
    ],
)
def test_what_our_script_would_not_send_is_refused(body: str | bytes) -> None:
    assert send(body) == 400
    assert gathered() == 0


def test_a_body_beyond_the_limit_is_not_read() -> None:
    assert send("page=1&read=" + "1" * 3000) == 413


@pytest.mark.parametrize("type_", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_other_types_of_body_are_refused(story: Article, type_: str) -> None:
    assert send(f"page={story.pk}&read=1", type_=type_) == 415
    assert gathered() == 0


@pytest.mark.parametrize(("length", "status"), [("x", 400), ("-1", 400), ("", 400), ("9" * 5000, 413)])
def test_a_length_that_is_none_is_no_error(length: str, status: int) -> None:
    request: Any = RequestFactory().post(SEEN, b"", content_type=FORM, headers={"Origin": OURS})
    request.META |= {"CONTENT_LENGTH": length, "CONTENT_TYPE": FORM}
    request.content_type = FORM
    assert resolve(SEEN).func(request).status_code == status


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_nothing_but_a_post_is_taken(story: Article, method: str) -> None:
    assert getattr(Client(), method)(SEEN).status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://testserver.evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "", "Sec_Fetch_Site": "none"},
    ],
)
def test_other_sites_and_programs_count_nothing(story: Article, headers: dict[str, str]) -> None:
    assert shown(story, **headers) == 403
    assert gathered() == 0


def test_our_own_pages_are_believed_by_either_header(story: Article) -> None:
    assert shown(story, Origin="", Sec_Fetch_Site="same-origin") == 204
    assert shown(story, Sec_Fetch_Site="same-origin") == 204
    assert gathered() == 6


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_GPC": "1"},
        {"DNT": "1"},
        {"Purpose": "prefetch"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"X_Moz": "prefetch"},
        {"User_Agent": ""},
        {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User_Agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
        {"User_Agent": "Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36"},
        {"User_Agent": "facebookexternalhit/1.1"},
        {"User_Agent": "curl/8.5.0"},
        {"User_Agent": "python-requests/2.32"},
        {"User_Agent": "Mozilla/5.0 (compatible; YandexBot/3.0)"},
    ],
)
def test_machines_and_people_who_object_are_not_counted(story: Article, headers: dict[str, str]) -> None:
    assert shown(story, **headers) == 204
    assert gathered() == 0


@pytest.mark.parametrize(
    "name",
    [
        FIREFOX,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; Cubot X70) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
    ],
)
def test_people_are_counted(name: str) -> None:
    assert is_counted(RequestFactory().post(SEEN, headers={"User-Agent": name}))


def test_only_what_stands_in_the_list_now_is_counted(story: Article) -> None:
    first, second, _third = targets(story)
    stranger, draft = make_article("Elsewhere"), make_article("Draft", status=Status.DRAFT)
    suggest(story, draft, score=0.9)
    for pair in (f"{first}.2", f"{second}.1", f"{stranger.pk}.1", f"{draft.pk}.1", f"{story.pk}.1", f"{10**17}.1"):
        assert shown(story, pair) == clicked(story, pair) == 400
    assert shown(story, f"{first}.1", f"{stranger.pk}.2") == 400  # one forged pair spoils the whole beacon
    assert gathered() == 0
    assert shown(story, f"{first}.1") == 204  # the control


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.DRAFT},
        {"status": Status.SCHEDULED, "publish_at": NOON + HOUR},
        {"embargo_until": NOON + HOUR},
        {"expire_at": NOON - HOUR / 2},
    ],
)
def test_pages_readers_may_not_see_count_nothing(fields: dict[str, Any]) -> None:
    hidden = make_article("Hidden", **fields)
    other = make_article("Other")
    suggest(hidden, other)
    assert send({"page": hidden.pk, "read": "1"}) == shown(hidden) == 400
    assert send({"page": 10**17, "read": "1"}) == 400
    assert gathered() == 0


def test_a_change_of_the_list_is_known_at_once(story: Article) -> None:
    assert shown(story) == 204
    picked = make_article("Picked")
    assert shown(story, f"{picked.pk}.1") == 400
    picks.pick(story, picked, actor=None)
    assert shown(story, f"{picked.pk}.1") == 204


def test_a_page_loaded_before_the_change_still_counts_for_a_while(story: Article) -> None:
    last = f"{targets(story)[2]}.3"
    assert shown(story, last) == 204
    picks.pick(story, make_article("Picked"), actor=None)
    assert shown(story, last) == 204
    with time_machine.travel(NOON + timedelta(minutes=11), tick=False):
        assert shown(story, last) == 400


def test_what_was_taken_down_or_excluded_counts_no_more(story: Article) -> None:
    first, second, _third = targets(story)
    assert shown(story) == 204
    publishing.take_down(Article.objects.get(pk=first), actor=None)
    assert clicked(story, f"{first}.1") == 400
    publishing.take_down(story, actor=None)
    assert clicked(story, f"{second}.2") == 400


def test_an_excluded_article_counts_from_pages_loaded_before_only(story: Article) -> None:
    first = targets(story)[0]
    exclusions.never_here(story, Article.objects.get(pk=first), actor=None)
    assert clicked(story, f"{first}.1") == 400


def test_the_clock_alone_changes_what_is_accepted(story: Article) -> None:
    picked = make_article("Picked", expire_at=NOON + HOUR)
    picks.pick(story, picked, actor=None)
    assert clicked(story, f"{picked.pk}.1") == 204
    with time_machine.travel(NOON + HOUR, tick=False):
        assert clicked(story, f"{picked.pk}.1") == 400


def test_a_block_of_addresses_counts_so_often_a_day_and_no_more(story: Article) -> None:
    for number in range(30):
        assert shown(story, address=f"198.51.100.{number}") == 204
        assert clicked(story, address=f"2001:db8:1:2::{number:x}") == 204
        assert send({"page": story.pk, "read": "1"}, address=f"::ffff:203.0.113.{number}") == 204
    assert [row[2] for row in stored()] == [5, 5, 5]
    assert stored()[0][3] == 2
    assert ReadCount.objects.get().reads == 5


def test_without_the_cap_the_same_flood_would_be_counted(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "MOST_A_DAY", {"shown": 10**9, "clicked": 10**9, "read": 10**9})
    for number in range(30):
        shown(story, address=f"198.51.100.{number}")
    assert [row[2] for row in stored()] == [30, 30, 30]


def test_a_flood_over_many_pages_makes_the_cache_forget_no_cap(story: Article) -> None:
    for _turn in range(6):
        clicked(story)
    for number in range(5000):
        assert caps.admits("198.51.100.7", "shown", number, 1)
    assert clicked(story) == 204
    assert stored()[0][3] == 2


def test_other_blocks_pairs_and_days_have_caps_of_their_own(story: Article) -> None:
    for _turn in range(6):
        clicked(story)
    clicked(story, f"{targets(story)[1]}.2")
    clicked(story, address="198.51.101.7")
    clicked(story, address="2001:db8:1:3::1")
    with time_machine.travel(NOON + 24 * HOUR, tick=False):
        clicked(story)
    counts.flush()
    assert sum(RelatedCount.objects.values_list("clicked", flat=True)) == 2 + 1 + 1 + 1 + 1


def test_a_flood_from_one_block_is_looked_at_so_often_an_hour(
    story: Article, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(caps, "BEACONS_AN_HOUR", 10)
    answers = [send({"page": story.pk, "read": "1"}) for _turn in range(15)]
    assert answers == [204] * 10 + [429] * 5
    pair = f"{targets(story)[0]}.1"
    with django_assert_num_queries(0):
        assert clicked(story, pair) == 429
    assert shown(story, address="203.0.113.1") == 204
    with time_machine.travel(NOON + HOUR, tick=False):
        assert shown(story) == 204


def test_no_address_is_kept_anywhere(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def noting(name: str) -> Any:
        kept = getattr(cache, name)

        def note(*args: Any, **kwargs: Any) -> Any:
            written.append(repr((args, kwargs)))
            return kept(*args, **kwargs)

        return note

    for name in ("add", "set", "incr"):
        monkeypatch.setattr(cache, name, noting(name))
    shown(story)
    assert written
    plain = hashlib.sha256(b"198.51.100.0/24").hexdigest()
    assert not [text for text in written if "198.51" in text or plain[:16] in text]


def test_the_salt_of_a_day_is_another_one_the_next_day() -> None:
    first = caps._key("x")
    with time_machine.travel(NOON + 24 * HOUR, tick=False):
        assert caps._key("x") != first
    assert caps._key("x") == first
    cache.clear()
    assert caps._key("x") != first


@pytest.mark.parametrize("address", ["", "unix:", "999.1.1.1", "\0"])
def test_what_has_no_address_is_one_block(address: str) -> None:
    assert caps.block_of(address) == ""


def test_a_cache_that_does_not_answer_counts_nothing_and_raises_nothing(
    story: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_args: Any, **_kwargs: Any) -> Any:
        raise ConnectionError("no cache")

    for name in ("get", "get_or_set", "set", "add", "incr"):
        monkeypatch.setattr(cache, name, dead)
    assert shown(story) == 429
    assert gathered() == 0
    assert signals.click_signal(story.pk, targets(story)) == dict.fromkeys(targets(story), 0.0)


def test_a_known_page_costs_one_query(story: Article, django_assert_num_queries: Any) -> None:
    pair = f"{targets(story)[0]}.1"
    shown(story)
    with django_assert_num_queries(1):
        shown(story, pair)
    with django_assert_num_queries(1):
        clicked(story, pair)


def test_counts_the_database_does_not_take_are_kept(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_args: Any) -> None:
        raise OperationalError("database is locked")

    shown(story)
    send({"page": story.pk, "read": "1"})
    with monkeypatch.context() as broken:
        broken.setattr(tally, "write", locked)
        counts.flush()
    assert gathered() == 4
    assert [row[2] for row in stored()] == [1, 1, 1]
    assert ReadCount.objects.get().reads == 1


def test_what_is_written_by_half_is_not_counted_twice(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(story)
    send({"page": story.pk, "read": "1"})
    insert = gathering.insert

    def only_lists(statement: str, rows: Any) -> None:
        if "readcount" in statement:
            raise OperationalError
        insert(statement, rows)

    with monkeypatch.context() as patch:
        patch.setattr(tally, "_insert", only_lists)
        counts.flush()
    assert [row[2] for row in stored()] == [1, 1, 1]
    assert ReadCount.objects.get().reads == 1


def test_what_cannot_be_written_for_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_KEPT", 2)
    monkeypatch.setattr(tally, "write", lambda *_args: (_ for _ in ()).throw(OperationalError("gone")))
    for number in range(3):
        counts.add_read((number, TODAY))
    counts.flush()
    assert gathered() == 0


def test_an_article_deleted_meanwhile_takes_nobody_elses_counts_along(story: Article) -> None:
    gone = make_article("Gone").pk
    Article.objects.filter(pk=gone).delete()
    counts.add_related((story.pk, gone, 1, TODAY), shown=1)
    counts.add_read((gone, TODAY))
    counts.add_read((story.pk, TODAY))
    assert stored() == []
    assert ReadCount.objects.get().article_id == story.pk


def test_more_rows_than_one_statement_takes_are_written(story: Article) -> None:
    many = [make_article(f"Number {number}", slug=f"n-{number}").pk for number in range(gathering.BATCH + 5)]
    for pk in many:
        counts.add_related((story.pk, pk, 1, TODAY), shown=2, clicked=1)
    counts.flush()
    assert RelatedCount.objects.filter(shown=2, clicked=1).count() == len(many)


def test_counts_are_written_after_a_while_or_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    started: list[Any] = []

    class Timer:
        def __init__(self, interval: float, _function: Any) -> None:
            self.interval, self.cancelled = interval, False
            started.append(self)

        def start(self) -> None: ...

        def cancel(self) -> None:
            self.cancelled = True

    monkeypatch.setattr(gathering, "Timer", Timer)
    own = Tally()
    for _turn in range(FLUSH_AT - 1):
        own.add_read((1, TODAY))
    assert [timer.interval for timer in started] == [gathering.FLUSH_AFTER]
    for _turn in range(5):
        own.add_read((1, TODAY))
    assert [(timer.interval, timer.cancelled) for timer in started] == [(gathering.FLUSH_AFTER, True), (0, False)]


@pytest.mark.django_db(transaction=True)
def test_threads_lose_no_count(story: Article) -> None:
    def add() -> None:
        for _turn in range(500):
            counts.add_related((story.pk, targets_[0], 1, TODAY), shown=1)
            counts.add_read((story.pk, TODAY))

    targets_ = targets(story)
    assert at_once([add] * 4) == []
    assert stored() == [(targets_[0], 1, 2000, 0)]
    assert ReadCount.objects.get().reads == 2000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_processes_writing_at_the_same_time_wait_for_each_other_and_lose_nothing(story: Article) -> None:
    pairs = [(story.pk, pk, slot, TODAY) for slot, pk in enumerate(targets(story), start=1)]

    def write(order: int) -> None:
        for _turn in range(30):
            related = {key: [1, 0] for key in pairs[::order]}
            tally.write(related, {(key[1], TODAY): 1 for key in pairs[::order]})

    assert at_once([lambda: write(1), lambda: write(-1), lambda: write(1), lambda: write(-1)]) == []
    assert set(RelatedCount.objects.values_list("shown", flat=True)) == {120}
    assert set(ReadCount.objects.values_list("reads", flat=True)) == {120}


def test_old_counts_are_deleted_in_batches(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "BATCH", 2)
    first = targets(story)[0]
    for days in (0, 399, 400, 401, 402, 500, 900):
        day = TODAY - timedelta(days=days)
        RelatedCount.objects.create(article=story, target_id=first, slot=1, day=day, shown=1)
        ReadCount.objects.create(article=story, day=day, reads=1)
    counting.forget_old()
    for model in (RelatedCount, ReadCount):
        assert {(TODAY - row.day).days for row in model.objects.all()} == {0, 399, 400}


def past(article: Article, target: int, *, slot: int = 1, days: int = 1, shown: int = 0, clicked: int = 0) -> None:
    RelatedCount.objects.create(
        article=article, target_id=target, slot=slot, day=TODAY - timedelta(days=days), shown=shown, clicked=clicked
    )


def test_the_signal_is_one_query_and_stays_between_minus_one_and_one(
    story: Article, django_assert_num_queries: Any
) -> None:
    loved, ignored, unseen = targets(story)
    past(story, loved, shown=10_000, clicked=9_000)
    past(story, ignored, slot=2, shown=10_000)
    past(make_article("Elsewhere"), ignored, slot=2, shown=10_000, clicked=500)
    signals.click_signal(story.pk, [loved])
    with django_assert_num_queries(1):
        found = signals.click_signal(story.pk, [loved, ignored, unseen])
    assert found[loved] <= 1
    assert found[ignored] == -1
    assert found[unseen] == 0


def test_standing_first_is_no_merit(story: Article) -> None:
    first, fourth, _third = targets(story)
    elsewhere = make_article("Elsewhere")
    past(elsewhere, first, slot=1, shown=100_000, clicked=10_000)
    past(elsewhere, first, slot=4, shown=100_000, clicked=1_000)
    past(story, first, slot=1, shown=1000, clicked=100)
    past(story, fourth, slot=4, shown=1000, clicked=40)
    found = signals.click_signal(story.pk, [first, fourth])
    assert abs(found[first]) < 0.05
    assert found[fourth] > 0.9


def test_few_counts_say_little_and_old_ones_nothing(story: Article) -> None:
    few, many, old = targets(story)
    elsewhere = make_article("Elsewhere")
    past(elsewhere, few, shown=100_000, clicked=1_000)
    past(story, few, shown=3, clicked=1)
    past(story, many, shown=3000, clicked=1000)
    past(story, old, days=28, shown=3000, clicked=1000)
    found = signals.click_signal(story.pk, [few, many, old])
    assert 0 < found[few] < 0.3
    assert found[many] == 1
    assert found[old] == 0


def test_the_desks_figures(story: Article, django_assert_num_queries: Any) -> None:
    first, second, _third = targets(story)
    elsewhere = make_article("Elsewhere")
    past(story, first, shown=100, clicked=7)
    past(story, first, slot=2, days=10, shown=50, clicked=1)
    past(story, second, days=40, shown=9)
    past(elsewhere, story.pk, shown=30, clicked=3)
    for days, reads in ((0, 11), (6, 5), (7, 100), (27, 1000), (28, 10_000)):
        ReadCount.objects.create(article=story, day=TODAY - timedelta(days=days), reads=reads)
    with django_assert_num_queries(1):
        beside = signals.figures(story.pk, [first, second, elsewhere.pk])
    assert beside == {first: {7: signals.Figure(100, 7), 28: signals.Figure(150, 8)}}
    with django_assert_num_queries(3):
        found = signals.article_figures(story.pk)
    week, month = found[signals.WEEK], found[signals.MONTH]
    assert (week.reads, month.reads) == (16, 1116)
    assert (week.own_list, month.own_list) == (signals.Figure(100, 7), signals.Figure(150, 8))
    assert week.elsewhere == month.elsewhere == signals.Figure(30, 3)
    assert week.own_list.rate == 0.07
    assert signals.Figure().rate == 0.0


def test_an_article_nobody_counted_has_figures_of_nothing() -> None:
    found = signals.article_figures(make_article().pk)
    assert found[signals.WEEK].reads == 0


def test_the_address_has_a_name() -> None:
    assert reverse("curation:seen") == SEEN
