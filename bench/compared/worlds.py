"""The databases that are measured: our invented newsroom, and the same articles in Wagtail."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.compared.serving import ROOT, Server

WAGTAIL = "wagtail>=7,<9"
SITE = ROOT / "bench" / "compared" / "wagtail_site"
THREADS = 4
"""Of a server process; more than two for each processor only wait for one another."""

GRANIAN = (
    *("-m", "granian", "--interface", "wsgi", "--log-level", "error", "--workers", "1"),
    *("--blocking-threads", str(THREADS)),
)


@dataclass
class World:
    """A filled database, what to ask of it, and how to serve it."""

    directory: Path
    environment: dict[str, str]
    python: str
    application: str
    addresses: dict[str, Any] = field(default_factory=dict)
    root: Path = ROOT
    beside: int = 0

    def server(self, name: str, application: str = "", **environment: str) -> Server:
        """One granian process."""
        command = [self.python, *GRANIAN, "--backpressure", "32", "--port", "{port}", application or self.application]
        return Server(name, command, {**self.environment, **environment}, self.root, self.beside)

    def run(self, *words: str) -> str:
        """What a Python command of this world says."""
        command = [self.python, *words]
        done = subprocess.run(command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()


def ours(directory: Path, number: int, database_url: str = "") -> World:
    """Our newsroom; a directory that holds it already is taken as it is."""
    directory.mkdir(parents=True, exist_ok=True)
    secret = directory / "secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(50))
    environment = {
        **os.environ,
        "RUN_DIR": str(directory),
        "DATABASE_URL": database_url or f"sqlite:///{directory}/newsroom.sqlite3",
        "SECRET_KEY": secret.read_text(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": "http://127.0.0.1:8000",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    beside = postmaster(database_url) if database_url else 0
    world = World(directory, environment, sys.executable, "newsroom.wsgi:application", beside=beside)
    known = directory / "addresses.json"
    if not known.exists():
        world.run("manage.py", "migrate", "-v0")
        world.run("manage.py", "collectstatic", "--no-input", "-v0")
        print(world.run("-m", "bench.compared.inside", "fill", str(number)), flush=True)
    world.addresses = json.loads(known.read_text())
    return world


def postmaster(database_url: str) -> int:
    """The number of the first process of the server there, which ``tests.postgres`` started."""
    (data,) = parse_qs(urlsplit(database_url).query)["host"]
    return int((Path(data) / "postmaster.pid").read_text().split()[0])


def wagtail(directory: Path, content: World, number: int) -> World:
    """A plain Wagtail site with our articles, in a virtual environment of its own."""
    made, python = directory / "addresses.json", directory / "venv" / "bin" / "python"
    environment = {**os.environ, "WAGTAIL_DIR": str(directory / "site"), "DJANGO_SETTINGS_MODULE": "settings"}
    world = World(directory, environment, str(python), "wsgi:application", root=directory / "site")
    if not made.exists():
        directory.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(directory / "venv")], check=True)
        install = ["-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", WAGTAIL, "granian"]
        subprocess.run([str(python), *install], check=True)
        shutil.copytree(SITE, world.root, dirs_exist_ok=True)
        content.run("-m", "bench.compared.inside", "content", str(number), str(directory))
        for command in ("makemigrations newspaper -v0", "migrate -v0"):
            world.run("manage.py", *command.split())
        made.write_text(world.run("fill.py", str(directory / "content.jsonl"), str(directory / "ids.json")))
        (directory / "content.jsonl").unlink()
    world.addresses = json.loads(made.read_text())
    return world
