"""Servers under load: requests a second, processor time for each, how long readers wait, memory.

A server is asked for its addresses in turn by ``wrk``, beside it on the same machine; what the processor did is what
the server's own processes say of themselves, so that a busy machine makes answers late but not dear.
"""

import os
import re
import signal
import socket
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]

IN_TURN = """
local paths, place = {}, 0
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
request = function() place = place % #paths + 1; return wrk.format("GET", paths[place]) end
"""
"""A script for wrk: one address after the other."""

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Round:
    """What one round said: requests a second; milliseconds of processor, median and 99th of the wait; megabytes."""

    rate: float
    processor: float
    median: float
    p99: float
    memory: float


@dataclass
class Server:
    """A command that serves on ``{port}``; ``beside`` is the number of a process whose work counts as its own, or 0."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    directory: Path = ROOT
    beside: int = 0
    port: int = 0
    process: Any = None

    def start(self, path: str = "/") -> None:
        """Start it, and wait until it answers at ``path``."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [part.replace("{port}", str(self.port)) for part in self.command]
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 90
        while time.monotonic() < end:
            with suppress(OSError):
                urllib.request.urlopen(self.address + path, timeout=60).read()
                return
            time.sleep(0.2)
        raise TimeoutError(f"{self.name} does not answer: {' '.join(command)}")

    def stop(self) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
            return
        self.process.kill()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def processes(self) -> list[Any]:
        """Its processes, and the one beside it, with their children; none of anybody else's."""
        parents = [psutil.Process(number) for number in (self.process.pid, self.beside) if number]
        return [one for parent in parents for one in (parent, *parent.children(recursive=True))]


@dataclass
class Target:
    """Some addresses of a server, asked for by ``connections`` at once."""

    name: str
    server: Server
    paths: Sequence[str]
    connections: int = 2
    headers: dict[str, str] = field(default_factory=dict)
    expected: str = "200"
    rounds: list[Round] = field(default_factory=list)

    def check(self) -> int:
        """Ask for the first once; returns the bytes of the answer. Raises ``AssertionError`` unless it is a page."""
        request = urllib.request.Request(self.server.address + self.paths[0], headers=self.headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200, (self.name, answer.status)
            assert answer.url.endswith(self.paths[0]), (self.name, answer.url)
            return len(answer.read())

    def fetch_all(self) -> None:
        """Ask for each address once: a round may be too short for a store to hold all of them after it."""
        for path in self.paths:
            urllib.request.urlopen(urllib.request.Request(self.server.address + path, headers=self.headers)).read()

    def measure(self, seconds: float, directory: Path) -> None:
        """One round."""
        script, paths = directory / "in-turn.lua", directory / "paths"
        script.write_text(IN_TURN)
        paths.write_text("\n".join(self.paths) + "\n")
        before = {one: _used(one) for one in self.server.processes()}
        told = subprocess.run(
            [
                *("wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"),
                *("-s", str(script)),
                *(part for name, value in self.headers.items() for part in ("-H", f"{name}: {value}")),
                self.server.address,
            ],
            env={**os.environ, "BENCH_PATHS": str(paths)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        processes = self.server.processes()
        used = sum(_used(one) - before.get(one, 0.0) for one in processes)
        assert "Non-2xx" not in told or self.expected != "200", (self.name, told)
        count = int(_found(r"(\d+) requests in", told))
        memory = sum(map(memory_of, processes)) / 1e6
        self.rounds.append(
            Round(count / seconds, used / max(count, 1) * 1000, _wait("50%", told), _wait("99%", told), memory)
        )

    def middle(self) -> Round:
        """The medians of its rounds; the largest memory."""
        columns = [statistics.median(values) for values in zip(*map(_columns, self.rounds), strict=True)]
        rate, processor, median, p99, _memory_then = columns
        return Round(rate, processor, median, p99, max(one.memory for one in self.rounds))


def _columns(one: Round) -> tuple[float, ...]:
    return one.rate, one.processor, one.median, one.p99, one.memory


def _found(pattern: str, told: str) -> str:
    match = re.search(pattern, told)
    assert match, told
    return match.group(1)


def _wait(share: str, told: str) -> float:
    match = re.search(rf"{share}\s+([0-9.]+)(us|ms|s)\b", told)
    return float(match.group(1)) * UNITS[match.group(2)] if match else 0.0


def _used(process: Any) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def memory_of(process: Any) -> float:
    """Bytes, of what several share its part: a database's buffers count once, however many processes look into them."""
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().pss)
    return 0.0
