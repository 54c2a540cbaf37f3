"""``deploy/compose.yaml`` and the image: each part names what is there, and the whole runs as real processes."""

import contextlib
import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import get_commands

from people.models import User
from tests import redis_server
from tests.concurrency import database_url
from tests.conftest import PASSWORD
from tests.live_site import ROOT, Site, make_story
from tests.ports import free_port
from tests.stand_in import asking
from tests.standby import BINARIES
from tests.test_standby import edit, shown, wait_until
from tests.test_varnish import BINARY as VARNISH
from tests.test_varnish import wait_for
from tests.variables import VARIABLES

COMPOSE = (ROOT / "deploy/compose.yaml").read_text()
IMAGE = (ROOT / "deploy/Dockerfile").read_text()
EXAMPLE = (ROOT / "deploy/newsroom.env.example").read_text()


def top(name: str) -> str:
    """A part of the file at its outermost level."""
    found = re.search(rf"^{name}:.*\n((?:[ #].*\n|\n)*)", COMPOSE, re.MULTILINE)
    assert found, name
    return found[1]


def entries(part: str) -> dict[str, str]:
    """What is named one level in, and the text of each."""
    found = re.split(r"^  (\w[\w-]*):", part, flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


SERVICES = entries(top("services"))
GIVEN = dict(re.findall(r'^    ([A-Z_]+): "?([^"\n]*)"?$', top("x-newsroom"), re.MULTILINE))
CONFIGS = {name: text.partition("content: |\n")[2].strip() for name, text in entries(top("configs")).items()}
SUBNET = re.findall(r"subnet: ([\d./]+)", COMPOSE)

once = pytest.mark.once


def is_ours(service: str) -> bool:
    """Whether a service runs our image."""
    return "<<: *newsroom" in SERVICES[service]


def is_checked(service: str) -> bool:
    """Whether something says when it is healthy."""
    own = "healthcheck:" in SERVICES[service]
    return "disable: true" not in SERVICES[service] and (own or (is_ours(service) and "HEALTHCHECK" in IMAGE))


@once
def test_who_waits_for_another_waits_for_what_will_come() -> None:
    waits = re.findall(r"^      (\w+): \{ condition: (\w+)", COMPOSE, re.MULTILINE)
    assert len(waits) == COMPOSE.count("condition: ") == 5
    for name, condition in waits:
        assert name in SERVICES
        assert condition != "service_healthy" or is_checked(name), name
        ends = 'restart: "no"' in SERVICES[name]
        assert ends == (condition == "service_completed_successfully"), name


@once
def test_what_is_asked_of_the_environment_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE))
    assert asked == {"SECRET_KEY", "BASE_URL", "EDGE_TOKEN", "POSTGRES_PASSWORD"}
    assert asked <= set(re.findall(r"^#?([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
    assert not re.search(r"\$(?!\{\w+:\?\})", COMPOSE.partition("x-newsroom")[2]), "nothing may quietly be empty"
    assert len(GIVEN) > 8
    assert set(GIVEN) <= VARIABLES
    assert "env_file: ../newsroom.env" in COMPOSE
    assert "*.env" in (ROOT / ".dockerignore").read_text().split(), "or the image would hold its secrets"


@once
def test_every_address_names_a_service_and_the_port_it_listens_on() -> None:
    ports = {"database": 5432, "cache": 6379}
    ports["edge"] = int(re.findall(r'"-a", ":(\d+)"', SERVICES["edge"])[0])
    for name in ("DATABASE_URL", "REDIS_URL", "EDGE_URL"):
        parts = urllib.parse.urlsplit(re.sub(r"\$\{\w+:\?\}", "x", GIVEN[name]))
        assert parts.port == ports[str(parts.hostname)], name
    assert re.findall(r'ports: \["8080:(\d+)"\]', COMPOSE) == [str(ports["edge"])]
    listens = re.findall(r'"--port", "(\d+)"', IMAGE) + re.findall(r"EXPOSE (\d+)", IMAGE)
    assert listens == re.findall(r'\.host = "app"; \.port = "(\d+)"', CONFIGS["backend"]) * 2
    assert f"127.0.0.1:{listens[0]}/" in (ROOT / "deploy/is-ready").read_text()


@once
def test_those_who_are_trusted_are_the_ones_on_the_network() -> None:
    assert [GIVEN["TRUSTED_PROXIES"]] == SUBNET
    address, _slash, bits = SUBNET[0].partition("/")
    assert f'"{address}"/{bits};' in CONFIGS["purgers"]
    [gateway] = re.findall(r"gateway: ([\d.]+)", COMPOSE)
    assert f'! "{gateway}";' in CONFIGS["purgers"], "whatever comes from outside comes from there"


@once
def test_volumes_files_and_configurations_are_there_and_ours_to_write_to() -> None:
    named = re.findall(r'[\["]([a-z]+):/', COMPOSE)
    assert set(named) == set(entries(top("volumes")))
    for path in re.findall(r"\.\./?[\w./-]*|\./[\w./-]+(?=:)", COMPOSE.replace("../newsroom.env", "")):
        assert (ROOT / "deploy" / path).exists(), path
    assert set(re.findall(r"source: (\w+)", COMPOSE)) == set(CONFIGS)
    included = re.findall(r'include "(\w+)\.vcl"', (ROOT / "deploy/varnish/newsroom.vcl").read_text())
    assert set(included) == set(CONFIGS)
    for directory in re.findall(r'(?:files|backups):([\w/]+)"', COMPOSE):
        assert re.search(rf"(?:--home-dir|--owner newsroom) {directory}\b", IMAGE), directory
        assert f'"{directory}"' in IMAGE.partition("VOLUME")[2]


@once
def test_every_command_is_one_that_the_image_has() -> None:
    for name in re.findall(r'manage\.py"?,? "?(\w+)', COMPOSE + IMAGE):
        assert name in get_commands()
    for name in re.findall(r"(?:CMD|HEALTHCHECK.*CMD) \[\"(\w+)\"", IMAGE):
        assert name == "python" or (Path(sys.executable).parent / name).exists()
    for path in re.findall(r"^COPY (?!\.)(.*) \S+$", IMAGE, re.MULTILINE):
        assert all((ROOT / one).exists() for one in path.split())
    for path in re.findall(r'"(deploy/[\w-]+)"', IMAGE):
        assert (ROOT / path).exists()


@once
@pytest.mark.skipif(not BINARIES.is_dir(), reason="needs the package with PostgreSQL in it")
def test_the_databases_own_check_can_be_asked_and_asks_over_tcp() -> None:
    [words] = re.findall(r'test: \["CMD", (.*)\]', SERVICES["database"])
    command = re.findall(r'"([^"]*)"', words)
    assert "--host" in command, "while its tables are made it answers on its socket alone"
    done = subprocess.run(
        [BINARIES / command[0], *command[1:], "--port", str(free_port())], capture_output=True, check=False
    )
    assert done.returncode == 2, "no answer; 3 would be a command that cannot be understood"


@contextmanager
def varnish(directory: Path, port: int, app: int) -> Iterator[None]:
    """Varnish, started as the file says, but for ports, places and its user."""
    [line] = re.findall(r"entrypoint: \[(.*)\]", SERVICES["edge"])
    mounted = directory / "varnish"
    mounted.mkdir()
    shutil.copy(ROOT / "deploy/varnish/newsroom.vcl", mounted)
    (mounted / "backend.vcl").write_text(CONFIGS["backend"].replace('"app"', '"127.0.0.1"').replace("8000", str(app)))
    (mounted / "purgers.vcl").write_text(CONFIGS["purgers"].replace("172.30.0.0", "127.0.0.0").replace("24;", "8;"))
    words = [word.replace("/etc/newsroom", str(mounted)) for word in re.findall(r'"([^"]*)"', line)]
    words[words.index("-a") + 1] = f"127.0.0.1:{port}"
    command = [str(VARNISH), *words[1:], "-j", "none", "-n", str(directory / "work"), "-T", "none"]
    environment = {**os.environ, "EDGE_TOKEN": "told"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def signed_in(origin: str) -> str:
    """What the desk says to the story's editor after signing in."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with opener.open(origin + "/admin/") as answer:
        address, page = answer.url, answer.read().decode()
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
    form = {"csrfmiddlewaretoken": token, "login": "boss@example.org", "password": PASSWORD}
    request = urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address})
    with opener.open(request) as answer:
        return str(answer.read().decode())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(VARNISH is None or redis_server.BINARY is None, reason="needs a varnishd and a redis-server")
def test_the_whole_of_it_signs_in_publishes_and_shows_it_through_varnish(tmp_path: Path) -> None:
    story, front, app, cache = make_story(), free_port(), free_port(), free_port()
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6))  # as outside of tests
    places = {
        "RUN_DIR": str(tmp_path),
        "BACKUP_DIR": str(tmp_path),
        "REDIS_URL": GIVEN["REDIS_URL"].replace("cache:6379", f"127.0.0.1:{cache}"),
        "EDGE_URL": GIVEN["EDGE_URL"].replace("edge:6081", f"127.0.0.1:{front}"),
        "EDGE_TOKEN": "told",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "TRUSTED_PROXY_HOPS": "1",
        "BASE_URL": f"http://127.0.0.1:{front}",
    }
    variables = {name: value for name, value in GIVEN.items() if "{" not in value} | places
    site = Site(database_url(), tmp_path, tmp_path, story.pk, port=app, writes=["asked"], variables=variables)
    with redis_server.server(cache), varnish(tmp_path, front, app):
        try:
            for name in ("web", "worker", "writer"):
                site.start(name)
            wait_until(lambda: asking(app)("/health/ready")[0] == 200 if listens(app) else False, "it does not come up")
            site.port = front
            wait_until(lambda: shown(site) == 0, "nothing comes through Varnish")
            assert "Bo Boss" in signed_in(site.origin)
            assert asking(front)(site.story)[1]["X-Cache"] == "hit"
            number = edit(site)
            wait_until(lambda: shown(site) == number, "the edit is not seen through Varnish")
            assert asking(front)("/", "PURGE", xkey_purge="front")[0] == 403
        finally:
            site.end()


def listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        return bool(asking(port)("/health/live")[0])
    return False
