"""The site and its worker in one command, for a machine that needs no more."""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.lanes import THREADS

STARTING = 60
"""Seconds a server may take until it answers."""

STOPPING = 15
"""Seconds a process may take to finish what it is doing."""


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Somebody pressed Ctrl-C or sent a signal."""


class Command(BaseCommand):
    """``manage.py serve [--host ADDRESS] [--port NUMBER] [--develop] [--then COMMAND]``."""

    help = "Serve the site with the worker beside it. Ctrl-C stops both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and for whom."""
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on.")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen on.")
        parser.add_argument("--workers", type=int, default=1, help="Server processes.")
        parser.add_argument("--develop", action="store_true", help="Django's own server, which reloads changed code.")
        parser.add_argument("--then", default="", help="A management command to run once the site is up.")

    def handle(self, *args: Any, host: str, port: int, workers: int, develop: bool, **options: Any) -> None:
        """Start both, wait until one ends or somebody stops them, and end both."""
        _refuse_taken_port(host, port)
        _stop_on_signals()
        server = _development_server(host, port) if develop else _server(host, port, workers)
        processes: list[subprocess.Popen[bytes]] = []
        try:
            for command in (server, _manage("work")):
                # In sessions of their own: Ctrl-C in a terminal reaches this process alone, which stops them in order.
                processes.append(subprocess.Popen(command, start_new_session=True))  # noqa: PERF401, S603
            _wait_until_up(f"http://{host}:{port}/health/", processes)
            self._announce(f"http://{host}:{port}/", options["then"])
            _wait_for_any(processes)
        except Stopped:
            self.stdout.write("\nStopping.")
        finally:
            _end(processes)

    def _announce(self, address: str, then: str) -> None:
        self.stdout.write(f"\n{settings.SITE_NAME} is up: {address} (desk: {address}admin/). Ctrl-C stops it.\n")
        if then:
            call_command(*shlex.split(then), stdout=self.stdout)
        self.stdout.flush()


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _development_server(host: str, port: int) -> list[str]:
    return _manage("runserver", f"{host}:{port}")


def _server(host: str, port: int, workers: int) -> list[str]:
    where = ["--host", host, "--port", str(port), "--workers", str(workers)]
    options = ["--interface", "wsgi", "--log-level", "error", "--workers-kill-timeout", str(STOPPING // 2)]
    options += ["--blocking-threads", str(THREADS), "--backpressure", str(4 * THREADS)]
    return [sys.executable, "-m", "granian", *options, *where, "newsroom.wsgi:application"]


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            hint = f"Is another one running? Choose another port, for example PORT={port + 1}."
            raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror}. {hint}") from None


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _wait_until_up(address: str, processes: list[subprocess.Popen[bytes]]) -> None:
    request = urllib.request.Request(address, headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})  # noqa: S310
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        _fail_if_ended(processes)
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise CommandError(f"The server did not answer on {address} within {STARTING} seconds.")


def _wait_for_any(processes: list[subprocess.Popen[bytes]]) -> None:
    while True:
        _fail_if_ended(processes)
        time.sleep(0.5)


def _fail_if_ended(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is not None:
            raise CommandError(f"This ended by itself, with code {process.returncode}: {process.args!r}")


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to stop, and kill what does not; a second Ctrl-C does not interrupt it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with whatever processes it has started itself
            process.wait()
