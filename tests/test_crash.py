"""``kill -9`` of web, worker, writer and database under load: nothing acknowledged is lost, nothing half published.

``make test`` kills five times, ``make soak`` a hundred.
"""

import itertools
import logging
import random
import re
import threading
import time
from pathlib import Path

import psycopg
import pytest

from tests.live_site import SHOWN, recovered, site
from tests.soak_sizes import KILLS

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

RECOVERY = 10.0
"""Seconds from the new start of what was killed until a reader gets the page and an edit is acknowledged; on a machine
that is busy with other things, three times what the very first start took."""

READERS = 2


@pytest.mark.parametrize("kills", [5, pytest.param(KILLS, marks=pytest.mark.soak)])
def test_nothing_acknowledged_is_lost_and_nothing_half_published(kills: int, tmp_path: Path) -> None:
    chance = random.Random(7)
    took: list[float] = []
    with site(tmp_path) as running:
        first = recovered(running)
        readers = [threading.Thread(target=running.read) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for name in itertools.islice(itertools.cycle(["web", "database", "worker", "writer", "database"]), kills):
            time.sleep(chance.uniform(0.2, 1.5))
            running.kill(name)
            running.start(name)
            took.append(recovered(running))
        running.stopping.set()
        for reader in readers:
            reader.join()
        running.kill("writer")
        with psycopg.connect(running.url) as connection:
            rows = connection.execute("SELECT headline, body_html FROM articles_article").fetchall()
            revisions_made = connection.execute("SELECT headline FROM articles_revision").fetchall()
    revised = {_number(headline) for (headline,) in revisions_made}
    [(headline, body)] = rows
    told = (len(running.acknowledged), running.seen, took)
    logging.getLogger(__name__).info("edits acknowledged %d, pages read %d, seconds to recover %s", *told)
    assert SHOWN.search(f"{headline} {body}".encode())
    assert running.wrong == []
    assert running.seen > 0
    assert set(running.acknowledged) <= revised, "an acknowledged edit is lost"
    assert _number(headline) >= max(running.acknowledged)
    assert len(running.acknowledged) > kills
    assert max(took) < max(RECOVERY, 3 * first)


def _number(headline: str) -> int:
    return int(re.findall(r"\d+", headline)[0])
