"""What is measured of a server under load is the server's own, and what its processes share counts once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.compared.serving import Server, memory_of
from bench.compared.worlds import postmaster

SHARED = 64_000_000
FORKING = f"""
import mmap, os, sys
shared = mmap.mmap(-1, {SHARED})
shared.write(bytes({SHARED}))
child = os.fork()
if not child:
    sum(shared[::4096])
    print("ready", flush=True)
sys.stdin.read()
if child:
    os.waitpid(child, 0)
"""
"""A process and its child, which share so many bytes; both end when nobody holds their input any more."""


@pytest.fixture
def start() -> Iterator[Any]:
    begun: list[Any] = []

    def one() -> Any:
        process = subprocess.Popen([sys.executable, "-c", FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    yield one
    for process in begun:
        process.communicate()


def test_only_the_server_and_what_is_beside_it_are_counted(start: Any) -> None:
    own, beside, _strange = start(), start(), start()
    server = Server("Ours", (), {}, beside=beside.pid, process=own)
    assert {one.pid for one in server.processes()} >= {own.pid, beside.pid}
    assert len(server.processes()) == 4
    assert len(Server("Ours", (), {}, process=own).processes()) == 2


def test_shared_memory_counts_once(start: Any) -> None:
    processes = Server("Ours", (), {}, process=start()).processes()
    assert sum(one.memory_info().rss for one in processes) > 2 * SHARED, "the control"
    assert SHARED * 0.9 < sum(map(memory_of, processes)) < 1.8 * SHARED


def test_a_database_is_known_by_its_own_first_process(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"4711\n{tmp_path}\n1764246000\n")
    assert postmaster(f"postgresql://postgres:@/postgres?host={tmp_path}") == 4711
