"""What ``deploy/`` gives operators: nginx runs with it, units and compose file name what there is."""

import configparser
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

from tests.ports import free_port
from tests.stand_in import Page, StandIn, asking, standing_in
from tests.test_varnish import wait_for
from tests.variables import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")

pytestmark = pytest.mark.once
with_nginx = pytest.mark.skipif(NGINX is None, reason="needs an nginx, on the PATH or in /usr/sbin")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, int, Path]]:
    """A stand-in behind the real nginx, whose configuration differs in places and ports, and speaks no TLS."""
    directory = tmp_path_factory.mktemp("nginx")
    for name in ("static", "media", "private"):
        (directory / name).mkdir()
    directory.chmod(0o755)
    directory.parent.chmod(0o755)
    port = free_port()
    with standing_in() as stand_in:
        text = (DEPLOY / "nginx/newsroom.conf").read_text()
        text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
        text = re.sub(r"\s+ssl_certificate.*;", "", text).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{stand_in.server_port}")
        (directory / "newsroom.conf").write_text(text.replace("/var/lib/newsroom", str(directory)))
        (directory / "nginx.conf").write_text(
            f"daemon off; pid {directory}/pid; error_log {directory}/error.log; worker_processes 1; {_user()}"
            "events {} http { include /etc/nginx/mime.types; access_log off;"
            + "".join(
                f"{name}_temp_path {directory}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"include {directory}/newsroom.conf; }}"
        )
        process = subprocess.Popen([str(NGINX), "-c", str(directory / "nginx.conf"), "-p", str(directory)])
        try:
            wait_for(port)
            yield stand_in, port, directory
        finally:
            process.terminate()
            process.wait(10)


def _user() -> str:
    return "user root;" if os.geteuid() == 0 else ""


@pytest.fixture
def ask(site: tuple[StandIn, int, Path]) -> Callable[..., Any]:
    site[0].asked.clear()
    return asking(site[1])


@with_nginx
def test_nginx_serves_static_files_itself_and_for_ever(
    site: tuple[StandIn, int, Path], ask: Callable[..., Any]
) -> None:
    (site[2] / "static/site.123.css").write_text("body {}")
    status, headers, body = ask("/static/site.123.css")
    assert (status, body) == (200, b"body {}")
    assert "immutable" in ", ".join(headers.get_all("Cache-Control"))
    assert site[0].asked == []


@with_nginx
def test_nginx_serves_published_pictures_and_asks_for_others(
    site: tuple[StandIn, int, Path], ask: Callable[..., Any]
) -> None:
    (site[2] / "media/ab.jpg").write_bytes(b"picture")
    (site[2] / "private/original.jpg").write_bytes(b"secret")
    assert ask("/media/ab.jpg")[2] == b"picture"
    for path in ("/media/gone.jpg", "/media/../private/original.jpg", "/media/%2e%2e/private/original.jpg"):
        assert b"secret" not in ask(path)[2]
    assert site[0].times("/media/gone.jpg") == 1


@with_nginx
def test_nginx_keeps_no_page_and_says_who_asked(site: tuple[StandIn, int, Path], ask: Callable[..., Any]) -> None:
    page = Page(b"x", {"Cache-Control": "public, max-age=0, s-maxage=3600", "ETag": 'W/"x"'})
    site[0].pages["/city/"] = page
    forged = {"X_Forwarded_For": "192.0.2.1", "X_Forwarded_Host": "evil.example", "Forwarded": "for=192.0.2.1"}
    for _time in range(2):
        assert ask("/city/", **forged)[1]["ETag"] == 'W/"x"'
    assert site[0].times("/city/") == 2
    seen = site[0].asked[-1].headers
    assert (seen["x-forwarded-for"], seen["x-forwarded-host"]) == ("127.0.0.1", "127.0.0.1")
    assert "forwarded" not in seen


def test_every_command_of_the_units_is_there() -> None:
    commands = get_commands()
    for path in (DEPLOY / "systemd").glob("*.service"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read(path)
        service = unit["Service"]
        assert service["EnvironmentFile"] == "/etc/newsroom.env"
        assert service["NoNewPrivileges"] == "true"
        found = re.search(r"manage\.py (\w+)", service["ExecStart"])
        assert found is None or found[1] in commands, path.name
    assert (DEPLOY / "systemd/newsroom-backup.timer").exists()


def test_every_variable_of_the_examples_is_one_of_ours() -> None:
    example = re.findall(r"^#?([A-Z0-9_]+)=", (DEPLOY / "newsroom.env.example").read_text(), re.MULTILINE)
    assert len(example) > 15
    assert set(example) - {"POSTGRES_PASSWORD"} <= VARIABLES
