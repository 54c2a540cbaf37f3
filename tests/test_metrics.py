"""Figures for Prometheus: who gets them, what they say, and that they are those of all processes."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from comments.models import State
from newsroom.metrics import counting
from newsroom.metrics.shared import Desk
from newsroom.metrics.tally import Tally
from newsroom.metrics.text import Gauge, exposition
from newsroom.probe import condition
from outbox import effects
from outbox.heartbeat import Beat
from outbox.models import Effect, Heartbeat
from pagecache.front_door import FrontDoor
from pagecache.store import Pages
from pagecache.validity import ThroughDjango
from tests.factories import make_article, make_comment
from tests.wsgi_client import ask

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [-+.0-9e]+')


@pytest.fixture
def counted(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Tally]:
    """Metrics are on, and what is counted goes into a tally of this test's own."""
    settings.METRICS_TOKEN = "a token"
    tally = Tally()
    desk = Desk(tmp_path, tally)
    monkeypatch.setattr(counting, "tally", tally)
    monkeypatch.setattr(counting, "desk", desk)
    yield tally
    desk.close()


def read(client: Client) -> dict[str, float]:
    response = client.get("/metrics", headers={"authorization": "Bearer a token"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
    assert all(SAMPLE.fullmatch(line) for line in lines)
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_nobody_gets_them_unless_the_operator_says_who(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token"
    for wrong in ("", "Bearer ", "Bearer another", "Basic a token"):
        assert client.get("/metrics", headers={"authorization": wrong}).status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer a token"}).status_code == 200
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = "", [ip_network("192.0.2.0/24")]
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::ffff:192.0.2.7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="198.51.100.7").status_code == 403
    forged = {"x-forwarded-for": "192.0.2.7", "authorization": "Bearer "}
    assert client.get("/metrics", REMOTE_ADDR="198.51.100.7", headers=forged).status_code == 403


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status_never_by_what_was_asked(counted: Tally, client: Client) -> None:
    address = make_article().get_absolute_url()
    for path in (address, address, "/no/such/thing-1/", "/no/such/thing-2/"):
        client.get(path)
    client.generic("BREW", "/")
    found = read(client)
    assert found['newsroom_requests_total{method="GET",status="200",view="pages:article"}'] == 2
    assert found['newsroom_requests_total{method="other",status="405",view="pages:front"}'] == 1
    assert found['newsroom_request_seconds_count{view="pages:article"}'] == 2
    assert found['newsroom_request_seconds_bucket{view="pages:article",le="+Inf"}'] == 2
    assert not [name for name in found if "thing" in name or "BREW" in name]


@pytest.mark.django_db
def test_pages_are_counted_by_where_they_come_from(counted: Tally, client: Client) -> None:
    door = FrontDoor(WSGIHandler(), Pages(10**6), ThroughDjango(), lambda _environ: True, counting.count_page)
    address = make_article().get_absolute_url()
    first = ask(door, address)
    ask(door, address)
    ask(door, address, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    ask(door, "/nowhere/")
    found = read(client)
    outcomes = {name: found[f'newsroom_pages_total{{outcome="{name}"}}'] for name in ("hit", "rendered", "unchanged")}
    assert outcomes == {"hit": 1, "rendered": 1, "unchanged": 1}
    assert found['newsroom_pages_total{outcome="passed"}'] == 1


@pytest.mark.django_db(transaction=True)
def test_they_say_what_waits_what_failed_and_who_works(counted: Tally, client: Client) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    effects.enqueue("tests.mail", {}, key="due", due=an_hour_ago)
    effects.enqueue("tests.mail", {}, key="later", due=timezone.now() + timedelta(hours=1))
    Effect.objects.create(kind="tests.mail", key="failing", attempts=2, last_error="no", due_at=an_hour_ago)
    Effect.objects.create(kind="tests.mail", key="lost", given_up=True)
    make_comment(make_article(), state=State.PENDING)
    Beat().beat()
    Heartbeat.objects.create(worker="long gone", seen_at=an_hour_ago)
    found = read(client)
    assert found["newsroom_database_up"] == 1
    assert found["newsroom_migrations_pending"] == 0
    assert found['newsroom_outbox_due{kind="tests.mail"}'] == 2
    assert found['newsroom_outbox_failing{kind="tests.mail"}'] == 1
    assert found['newsroom_outbox_given_up{kind="tests.mail"}'] == 1
    assert found["newsroom_outbox_oldest_seconds"] == pytest.approx(3600, abs=60)
    assert found["newsroom_workers"] == 1
    assert found["newsroom_comments_pending"] == 1


@pytest.mark.django_db
def test_without_a_database_they_say_so_and_what_was_counted(
    counted: Tally, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(condition, "put", refuse)
    counted.count(counting.DATABASE_ERRORS, kind="OperationalError")
    found = read(client)
    assert found["newsroom_database_up"] == 0
    assert found['newsroom_database_errors_total{kind="OperationalError"}'] == 1


def test_they_are_those_of_all_processes_the_dead_ones_too(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from newsroom.metrics.shared import Desk; from newsroom.metrics.tally import Tally\n"
        "tally = Tally(); desk = Desk(pathlib.Path(sys.argv[1]), tally); desk.open()\n"
        "tally.count('a_total', 5); tally.took('b_seconds', 0.02); desk.leave()\n"
        "print('there', flush=True); sys.stdin.readline()"
    )
    mine = Tally()
    desk = Desk(tmp_path, mine)
    desk.open()
    mine.count("a_total", 2)
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "there\n"
        assert desk.gather().counters == {("a_total", ()): 7}
        other.kill()
        other.wait()
    for _time in range(2):  # it is added once
        whole = desk.gather()
        assert whole.counters == {("a_total", ()): 7}
        assert sum(whole.times["b_seconds", ()].counts) == 1
    assert len(list(tmp_path.glob("*-*.json"))) == 1
    desk.close()


def test_where_no_file_can_be_written_the_site_goes_on(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the directory should be")
    desk = Desk(tmp_path / "taken", Tally())
    desk.open()
    desk.open()
    desk.tally.count("a_total")
    desk.leave()
    assert desk.tally.counters == {("a_total", ()): 1}
    assert (tmp_path / "taken").is_file()
    desk.close()


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"counters": [[1]], "times": 3}', '{"counters": {}}'])
def test_a_broken_file_of_figures_is_left_out(tmp_path: Path, broken: str) -> None:
    (tmp_path / "ended.json").write_text(broken)
    assert Desk(tmp_path, Tally()).gather().counters == {}


def test_what_another_release_counted_in_other_steps_is_left_out() -> None:
    packed = {"counters": [], "times": [["b", [], [1, 2], 0.1]]}
    assert Tally.unpacked(json.loads(json.dumps(packed))).times == {}


def test_the_text_is_as_prometheus_wants_it() -> None:
    tally = Tally()
    tally.count("a_total", view='odd "view"\\\n')
    tally.took("b_seconds", 0.3)
    about = {"a_total": "Of a.", "b_seconds": "Of b.", "c": "Of c."}
    lines = exposition(tally, [Gauge("c", 1.5)], about).splitlines()
    assert lines[:3] == ["# HELP a_total Of a.", "# TYPE a_total counter", r'a_total{view="odd \"view\"\\\n"} 1']
    assert 'b_seconds_bucket{le="0.25"} 0' in lines
    assert 'b_seconds_bucket{le="0.5"} 1' in lines
    assert 'b_seconds_bucket{le="+Inf"} 1' in lines
    assert lines[-2:] == ["# TYPE c gauge", "c 1.5"]
