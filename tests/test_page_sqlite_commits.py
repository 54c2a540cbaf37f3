"""On SQLite a stored page is taken to hold, unasked, for as long as nobody has committed; and not a commit longer."""

import gc
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pagecache import log_head, validity
from pagecache.entries import Entry
from pagecache.validity import SqliteFile

KEYS = ("article:1", "front")
RAISE = "UPDATE pagecache_key SET version = version + 1 WHERE name = 'front'"
ELSEWHERE = "UPDATE pagecache_key SET version = version + 1 WHERE name = 'section:9'"


def connect(path: Path, timeout: float = 5) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=timeout, check_same_thread=False)


def make(path: Path, mode: str = "WAL") -> Path:
    with closing(connect(path)) as database:
        database.execute(f"PRAGMA journal_mode={mode}")
        database.execute("CREATE TABLE pagecache_key (name TEXT PRIMARY KEY, version INTEGER)")
        database.executemany("INSERT INTO pagecache_key VALUES (?, 1)", [("article:1",), ("front",), ("section:9",)])
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "odd ? name.sqlite3")


@pytest.fixture
def entry() -> Entry:
    return Entry([], b"page", KEYS, 2, None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The keys whose versions were asked for, question by question."""
    found: list[Any] = []
    total = validity.Reader.total

    def noted(self: validity.Reader, keys: Any) -> int:
        found.append(keys)
        return total(self, keys)

    monkeypatch.setattr(validity.Reader, "total", noted)
    return found


def in_another_process(path: Path, *statements: str) -> None:
    """Run the statements on a connection of another process; ``OSError`` when one fails."""
    code = "import sqlite3, sys\nd = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.2)\n"
    code += "for one in sys.argv[2:]: print(d.execute(one).fetchall())"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path), *statements], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise OSError(ran.stderr.splitlines()[-1])


def in_this_process(path: Path, *statements: str) -> None:
    with closing(connect(path)) as database:
        for one in statements:
            database.execute(one)


Run = Callable[..., None]
everywhere = pytest.mark.parametrize("run", [in_this_process, in_another_process])


def test_nothing_is_asked_while_nobody_commits(path: Path, entry: Entry, asked: list[Any]) -> None:
    door = SqliteFile(str(path))
    assert [door.holds(entry) for _ in range(50)] == [True] * 50
    assert asked == [KEYS]


def test_what_one_thread_has_seen_to_hold_no_other_asks_for(path: Path, entry: Entry, asked: list[Any]) -> None:
    door, found = SqliteFile(str(path)), []
    assert door.holds(entry)
    thread = threading.Thread(target=lambda: found.append(door.holds(entry)))
    thread.start()
    thread.join()
    assert found == [True]
    assert asked == [KEYS]


@everywhere
def test_a_commit_is_seen_at_once_whoever_makes_it(path: Path, entry: Entry, run: Run) -> None:
    door = SqliteFile(str(path))
    for _ in range(3):
        assert door.holds(entry)
        run(path, RAISE)
        assert not door.holds(entry)
        entry.total += 1


@everywhere
def test_a_commit_elsewhere_costs_one_question(path: Path, entry: Entry, asked: list[Any], run: Run) -> None:
    door = SqliteFile(str(path))
    assert door.holds(entry)
    run(path, ELSEWHERE)
    assert door.holds(entry)
    assert door.holds(entry)
    assert asked == [KEYS] * 2


@everywhere
@pytest.mark.parametrize(
    "between",
    [
        ["PRAGMA wal_checkpoint(PASSIVE)"],
        ["PRAGMA wal_checkpoint(TRUNCATE)"],
        ["VACUUM"],
        [ELSEWHERE, "PRAGMA wal_checkpoint(RESTART)", ELSEWHERE],
        ["BEGIN IMMEDIATE", RAISE, "ROLLBACK"],
    ],
)
def test_what_tidies_the_file_up_ends_nothing_and_hides_nothing(
    path: Path, entry: Entry, run: Run, between: list[str]
) -> None:
    door = SqliteFile(str(path))
    assert door.holds(entry)
    run(path, *between)
    assert door.holds(entry)
    run(path, RAISE, *between)
    assert not door.holds(entry)


def test_a_write_counts_from_its_commit_on(path: Path, entry: Entry) -> None:
    door = SqliteFile(str(path))
    with closing(connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(RAISE)
        assert door.holds(entry)
        writer.execute("COMMIT")
        assert not door.holds(entry)


def test_no_commit_is_overlooked_among_many_threads(path: Path) -> None:
    """Every thread looks again and again while another process writes; what it told must be in nobody's doubt."""
    code = (
        "import sqlite3, sys\nd = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)\n"
        f"for line in sys.stdin:\n    d.execute({RAISE!r}); print('done', flush=True)"
    )
    door, entries, stop = SqliteFile(str(path)), [Entry([], b"", KEYS, 2, None)], threading.Event()

    def look() -> None:
        while not stop.is_set():
            door.holds(entries[-1])

    threads = [threading.Thread(target=look) for _ in range(4)]
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for thread in threads:
            thread.start()
        overlooked = []
        for turn in range(150):
            assert door.holds(entries[-1]), turn
            writer.stdin.write("write\n")
            writer.stdin.flush()
            writer.stdout.readline()
            overlooked.append(door.holds(entries[-1]))
            entries.append(Entry([], b"", KEYS, entries[-1].total + 1, None))
        stop.set()
        writer.stdin.close()
    for thread in threads:
        thread.join()
    assert not any(overlooked)


def test_without_a_log_that_is_shared_each_look_is_a_question(tmp_path: Path, entry: Entry, asked: list[Any]) -> None:
    path = make(tmp_path / "old.sqlite3", "DELETE")
    door = SqliteFile(str(path))
    assert door.holds(entry)
    assert door.holds(entry)
    assert asked == [KEYS] * 2
    in_another_process(path, RAISE)
    assert not door.holds(entry)


@pytest.mark.parametrize("content", [b"", b"\0" * 200, b"\xff" * 40_000])
def test_a_file_that_is_no_head_is_not_believed(tmp_path: Path, content: bytes) -> None:
    database = tmp_path / "some.sqlite3"
    database.touch()
    (tmp_path / "some.sqlite3-shm").write_bytes(content)
    identity = log_head.identity_of(str(database))
    assert identity is not None
    assert log_head.head_of(str(database), identity, object) is None


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another database, whose keys have other versions."""
    other = make(tmp_path / "fresh.sqlite3")
    in_this_process(other, RAISE)
    return other


def exchange(path: Path, other: Path) -> None:
    """As ``manage.py restore`` does it."""
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(path.with_name("aside" + ending))
    other.rename(path)


def test_a_file_that_takes_the_databases_place_is_noticed(
    path: Path, other: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = SqliteFile(str(path))
    monkeypatch.setattr(validity, "FILE_SECONDS", 0)
    assert door.holds(entry)
    exchange(path, other)
    assert not door.holds(entry)
    entry.total += 1
    assert door.holds(entry)
    in_another_process(path, RAISE)
    assert not door.holds(entry)


def test_it_would_not_be_if_nobody_looked(
    path: Path, other: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = SqliteFile(str(path))
    monkeypatch.setattr(validity, "FILE_SECONDS", 1e9)
    assert door.holds(entry)
    exchange(path, other)
    assert door.holds(entry)


def test_a_database_that_is_gone_makes_every_page_doubtful(
    path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = SqliteFile(str(path))
    monkeypatch.setattr(validity, "FILE_SECONDS", 0)
    assert door.holds(entry)
    path.rename(path.with_name("gone"))
    assert not door.holds(entry)


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of this process in the middle of a transaction that writes."""
    with closing(connect(path)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute(RAISE)
        yield database


def test_looking_takes_no_lock_away_from_a_writer_of_the_same_process(
    path: Path, entry: Entry, writer: sqlite3.Connection
) -> None:
    def look_and_forget() -> None:
        assert SqliteFile(str(path)).holds(entry)

    thread = threading.Thread(target=look_and_forget)  # its connection ends with it
    thread.start()
    thread.join()
    log_head._heads.clear()
    gc.collect()
    with pytest.raises(OSError, match="locked"):
        in_another_process(path, ELSEWHERE)


@pytest.mark.usefixtures("writer")
def test_opening_and_closing_the_shared_file_would(path: Path) -> None:
    with pytest.raises(OSError, match="locked"):
        in_another_process(path, "BEGIN IMMEDIATE")

    os.close(os.open(f"{path}-shm", os.O_RDONLY))
    in_another_process(path, "BEGIN IMMEDIATE")


def test_the_shared_file_stays_when_all_others_have_left(path: Path, entry: Entry) -> None:
    door = SqliteFile(str(path))
    thread = threading.Thread(target=door.holds, args=(entry,))  # its connection ends with it
    thread.start()
    thread.join()
    before = log_head.identity_of(str(path))
    in_another_process(path, ELSEWHERE)
    assert log_head.identity_of(str(path)) == before
