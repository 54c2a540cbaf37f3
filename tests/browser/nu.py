"""The Nu HTML checker as a local server: slow to start, then quick for every page."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser import chromium

STARTING = 90
"""Seconds: it takes fifteen on two busy cores."""


class Nu:
    """``nu(html)`` gives the errors of one page; the server is started at the first."""

    def __init__(self, jar: Path) -> None:
        self.jar = jar
        self.address = ""
        self.process: subprocess.Popen[bytes] | None = None

    def __call__(self, html: str | bytes) -> list[str]:
        """Each error as ``line: message``."""
        if self.process is None:
            self._start()
        body = html.encode() if isinstance(html, str) else html
        messages = self._ask(body)["messages"]
        return [f"{error.get('lastLine')}: {error['message']}" for error in messages if error["type"] == "error"]

    def stop(self) -> None:
        """End the server, if it was ever needed."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _start(self) -> None:
        java = shutil.which("java")
        if java is None:
            message = "needs Java for the Nu HTML checker"
            if chromium.is_required():
                pytest.fail(message)
            pytest.skip(message)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/?out=json"
        options = ["-Xmx512m", "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(self.jar)]
        command = [java, *options, "nu.validator.servlet.Main", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            try:
                self._ask(b"<!doctype html><html lang=en><title>ready?</title>")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.25)
            else:
                return
        pytest.fail("the Nu HTML checker did not start")

    def _ask(self, html: bytes) -> dict[str, list[dict[str, str]]]:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        request = urllib.request.Request(self.address, data=html, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: dict[str, list[dict[str, str]]] = json.load(response)
            return answer
