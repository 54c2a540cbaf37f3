"""The site's real processes on a primary and its standby, which lags, dies, hangs, and takes over."""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.concurrency import database_url
from tests.live_site import SHOWN, Site, make_story
from tests.stand_in import asking
from tests.standby import Server, standby

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PROMISED = 3.0
"""Seconds a reader waits at most when a standby hangs: a statement or a try to connect, and then the primary."""

BUSY = 4.0
"""Seconds more, on a machine that is busy with other tests."""

STUCK = 90.0
PAUSE = 5.0


def either(servers: list[Server], wanted: str) -> str:
    """The address that operators give: both servers, and which of them is meant at any time."""
    hosts = ",".join(str(server.home) for server in servers)
    return urlsplit(servers[0].url)._replace(query=f"host={hosts}&target_session_attrs={wanted}").geturl()


@contextmanager
def running(directory: Path) -> Iterator[tuple[Site, Server, Server]]:
    """A site with one story; the primary is a copy of the tests' server that was promoted."""
    story = make_story()
    with standby(database_url(), "-c synchronous_commit=on") as primary:
        primary.promote()
        with standby(primary.url, "-c log_statement=all") as far:
            both = [primary, far]
            variables = {"DATABASE_REPLICA_URL": either(both, "standby")}
            url = either(both, "read-write")
            site = Site(url, primary.home, directory, story.pk, writes=["asked"], variables=variables)
            try:
                for name in ("web", "writer"):
                    site.start(name)
                yield site, primary, far
            finally:
                site.end()


def wait_until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + STUCK
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def edit(site: Site) -> int:
    """Publish the next edit; its number. A database that is away is tried again."""
    known, asked = len(site.acknowledged), 0.0

    def is_done() -> bool:
        nonlocal asked
        if time.monotonic() - asked > 3:
            site.ask_for_an_edit()
            asked = time.monotonic()
        return len(site.acknowledged) > known

    wait_until(is_done, "no edit is acknowledged")
    return site.acknowledged[-1]


def shown(site: Site) -> int:
    """The number of the edit that a reader sees; -1 where there is no page."""
    with contextlib.suppress(OSError):
        status, _headers, body = asking(site.port)(site.story)
        found = SHOWN.search(body)
        assert (status == 200) == bool(found)
        if found:
            assert found[1] == found[2]
            return int(found[1])
    return -1


def is_kept(site: Site) -> bool:
    return asking(site.port)(site.story)[1]["Cache-Status"] == "newsroom; hit"


def pages_read(server: Server) -> int:
    return server.log.count('FROM "articles_article"')


def known_to(server: Server, number: int) -> bool:
    return bool(server.ask("SELECT headline FROM articles_article") == f"Edit {number} of the tram")


def test_readers_see_the_newest_edit_while_a_standby_follows_lags_dies_hangs_and_takes_over(tmp_path: Path) -> None:
    with running(tmp_path) as (site, primary, far):
        wait_until(lambda: shown(site) == 0, "the site does not come up")
        pages_come_from_the_standby_and_edits_go_to_the_primary(site, primary, far)
        an_edit_that_the_standby_does_not_know_yet_is_seen_at_once(site, far)
        a_standby_that_dies_is_not_missed_and_taken_up_again(site, far)
        a_standby_that_hangs_costs_no_more_than_was_promised(site, far)
        the_standby_takes_over_without_the_last_edit(site, primary, far)


def pages_come_from_the_standby_and_edits_go_to_the_primary(site: Site, primary: Server, far: Server) -> None:
    number = edit(site)
    assert known_to(primary, number)
    wait_until(lambda: known_to(far, number), "the standby does not follow")
    before = pages_read(far)
    assert shown(site) == number
    assert pages_read(far) > before
    assert is_kept(site)
    assert "UPDATE" not in far.log


def an_edit_that_the_standby_does_not_know_yet_is_seen_at_once(site: Site, far: Server) -> None:
    far.ask("SELECT pg_wal_replay_pause()")
    old, before = shown(site), pages_read(far)
    for _ in range(2):
        number = edit(site)
        assert shown(site) == number
        assert is_kept(site)
    assert known_to(far, old), "the control: the standby has the old words"
    assert pages_read(far) > before, "the control: and was asked"
    far.ask("SELECT pg_wal_replay_resume()")


def a_standby_that_dies_is_not_missed_and_taken_up_again(site: Site, far: Server) -> None:
    far.kill()
    number = edit(site)
    assert shown(site) == number
    far.start()
    before = pages_read(far)

    def is_asked() -> bool:
        number = edit(site)
        assert shown(site) == number
        return pages_read(far) > before

    wait_until(is_asked, "the standby is not taken up again")


def a_standby_that_hangs_costs_no_more_than_was_promised(site: Site, far: Server) -> None:
    with far.frozen():
        for _ in range(2):
            number, began = edit(site), time.monotonic()
            assert shown(site) == number
            assert time.monotonic() - began < PROMISED + BUSY
            assert is_kept(site)


def the_standby_takes_over_without_the_last_edit(site: Site, primary: Server, far: Server) -> None:
    last = edit(site)
    wait_until(lambda: known_to(far, last), "the standby does not follow")
    far.cut_off()
    lost = edit(site)
    assert shown(site) == lost
    assert is_kept(site)
    primary.kill()
    far.promote()
    number = edit(site)
    assert shown(site) == number, "what was kept with the lost edit is taken for it"
    assert is_kept(site)
    assert known_to(far, number)
