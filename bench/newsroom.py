"""A whole newsroom beside what anybody can install: ``python -m bench.newsroom`` (needs ``wrk``).

nginx and Varnish are measured where they are installed.

``--articles 10000`` (the default), ``100000`` or ``1000000``; ``--databases sqlite postgresql``; ``--keep DIRECTORY``
keeps the filled databases there, and takes those it finds; ``--only-fill`` measures nothing, ``--alone`` no server.
``--profile article`` measures nothing either, and prints where the processor's time goes. The rounds of all servers
are interleaved. Results: ``bench/results/newsroom-*.json``, and from all of them ``newsroom.md`` and
``newsroom-growth.svg``.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.compared import report
from bench.compared.serving import ROOT, Server, Target
from bench.compared.worlds import World, ours, wagtail
from tests import postgres

RESULTS = ROOT / "bench" / "results"
BUFFERS = "shared_buffers = 1GB\n"
MANY = 8
"""Connections to what answers from memory; everything else is asked by two at once."""

NGINX = """daemon off; worker_processes 1; user root; pid {directory}/nginx.pid; error_log stderr crit;
events {{ worker_connections 64; }}
http {{ access_log off; default_type text/html; client_body_temp_path {directory}; proxy_temp_path {directory};
fastcgi_temp_path {directory}; uwsgi_temp_path {directory}; scgi_temp_path {directory};
server {{ listen 127.0.0.1:PORT; root {directory}; location / {{ try_files /page.html =404; }} }} }}
"""
REFERENCES = {"bare WSGI": "bare", "one Django view": "view", "Django's cache middleware": "middleware"}
VCL = """vcl 4.1; backend default { .host = "127.0.0.1"; .port = "8000"; }
sub vcl_backend_response { set beresp.ttl = 1h; set beresp.uncacheable = false; unset beresp.http.Cache-Control; }
"""
EDGE = {"EDGE": "varnish", "EDGE_URL": "http://127.0.0.1:1/", "EDGE_TOKEN": "unused"}


def main() -> None:
    """Measure what was asked for, and write the page of all results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--profile")
    parser.add_argument("--without-wagtail", action="store_true")
    parser.add_argument("--only-fill", action="store_true")
    parser.add_argument("--alone", action="store_true")
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("This needs wrk (Debian: apt install wrk).")
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as temporary:
        for number in asked.articles:
            for kind in asked.databases:
                measure(asked, kind, number, asked.keep or Path(temporary))
    report.write(RESULTS)


def measure(asked: argparse.Namespace, kind: str, number: int, directory: Path) -> None:
    """One database of one size."""
    print(f"{number:,} articles on {kind}", flush=True)
    place = directory / f"{kind}-{number}"
    with database(kind, place) as url, ExitStack() as running:
        world = ours(place, number, url)
        if asked.only_fill:
            return
        if asked.profile:
            print(world.run("-m", "bench.compared.inside", "profile", asked.profile))
            return
        alone = json.loads(world.run("-m", "bench.compared.inside", "verbs").splitlines()[-1])
        if asked.alone:
            keep(kind, number, [], {}, alone)
            return
        targets = [*our_targets(world, running)]
        targets += references(targets[-1], directory, world, running)
        if kind == "sqlite" and not asked.without_wagtail:
            targets += wagtail_targets(wagtail(directory / f"wagtail-{number}", world, number), running)
        sizes = {target.name: target.check() for target in targets}
        rounds(targets, asked.rounds, asked.seconds, directory)
        keep(kind, number, targets, sizes, alone)


@contextmanager
def database(kind: str, place: Path) -> Iterator[str]:
    """The address of a database server of the kind; empty for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    place.mkdir(parents=True, exist_ok=True)
    with postgres.kept_server(place / "data", BUFFERS) as url:
        yield url


def started(server: Server, running: ExitStack, path: str = "/") -> Server:
    """The server, running until the end of the measurement."""
    server.start(path)
    running.callback(server.stop)
    return server


def our_targets(world: World, running: ExitStack) -> Iterator[Target]:
    """Pages rendered for each reader, the desk, and pages from the store; the stored article last."""
    rendered = started(world.server("rendered", PAGE_CACHE="false"), running)
    stored = started(world.server("stored"), running)
    for name in ("article", "usual article", "front", "section", "tag", "search"):
        yield Target(f"{name}, rendered", rendered, world.addresses[name])
    for name in ("admin list", "admin search", "moderation queue"):
        yield Target(name, rendered, world.addresses[name], headers={"Cookie": world.addresses["cookie"]})
    for name in ("front", "article"):
        yield Target(f"{name}, stored", stored, world.addresses[name], MANY)


def references(article: Target, directory: Path, world: World, running: ExitStack) -> list[Target]:
    """The least that answers the bytes of one of our articles."""
    served = Path(tempfile.mkdtemp(dir=directory))
    running.callback(shutil.rmtree, served, ignore_errors=True)
    page = served / "page.html"
    page.write_bytes(urllib.request.urlopen(article.server.address + article.paths[0]).read())
    made = [
        started(world.server(name, f"bench.references:{what}", REFERENCE_PAGE=str(page)), running)
        for name, what in REFERENCES.items()
    ]
    if shutil.which("nginx"):
        made.append(started(nginx(served), running))
    targets = [Target(server.name, server, ["/"], MANY) for server in made]
    if shutil.which("varnishd"):
        behind = started(world.server("behind Varnish", **EDGE), running)
        for name, ours in (("article, stored, behind Varnish", True), ("Varnish, hit", False)):
            before_it = started(varnish(served / f"varnish-{ours}", behind, ours=ours), running)
            targets.append(Target(name, before_it, article.paths[:1], MANY, {"Accept-Encoding": "gzip"}))
    return targets


def nginx(directory: Path) -> Server:
    """nginx with the page as a file."""
    configuration = directory / "nginx.conf"
    template = NGINX.format(directory=directory)
    script = f'sed "s/PORT/$0/" {configuration}.in > {configuration}; exec nginx -c {configuration}'
    command = ["sh", "-c", script, "{port}"]
    Path(f"{configuration}.in").write_text(template)
    return Server("nginx, a file", command, dict(os.environ), directory)


def varnish(directory: Path, behind: Server, *, ours: bool = False) -> Server:
    """Varnish before a server: with the configuration we give operators, or with hardly any."""
    shutil.copytree(ROOT / "deploy" / "varnish", directory)
    backend = directory / "backend.vcl"
    backend.write_text(
        backend.read_text().replace('"8000"', f'"{behind.port}"').replace("news.example.org", "127.0.0.1")
    )
    (directory / "plain.vcl").write_text(VCL.replace('"8000"', f'"{behind.port}"'))
    command = ["varnishd", "-F", "-j", "none", "-n", str(directory / "work"), "-a", "127.0.0.1:{port}"]
    command += ["-f", str(directory / ("newsroom.vcl" if ours else "plain.vcl")), "-p", f"vcl_path={directory}"]
    return Server("varnish", [*command, "-s", "malloc,128m"], {**os.environ, "EDGE_TOKEN": "unused"}, directory)


def wagtail_targets(world: World, running: ExitStack) -> Iterator[Target]:
    """A plain Wagtail site with the same articles, once with automatic, once with pinned related stories."""
    for related in ("automatic", "pinned"):
        server = started(world.server(f"Wagtail, {related}", RELATED=related), running)
        yield Target(f"Wagtail: article, related {related}", server, world.addresses["article"])
    for name in ("front", "section"):
        yield Target(f"Wagtail: {name}", server, world.addresses[name])


def rounds(targets: list[Target], number: int, seconds: int, directory: Path) -> None:
    """Every stored page once and one round to warm up, then the others, each of every target in turn."""
    for target in targets:
        if target.connections == MANY:
            target.fetch_all()
    for which in range(number + 1):
        for target in targets:
            target.measure(seconds, directory)
            print("." if which else "w", end="", flush=True)
    print()
    for target in targets:
        del target.rounds[0]


def keep(kind: str, number: int, targets: list[Target], sizes: dict[str, int], alone: dict[str, Any]) -> None:
    """Write what was measured."""
    said = {
        "database": kind,
        "articles": number,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "day": time.strftime("%Y-%m-%d"),
        "load": round(os.getloadavg()[0], 1),
        "targets": {target.name: {**asdict(target.middle()), "bytes": sizes[target.name]} for target in targets},
        "alone": alone,
    }
    target = RESULTS / f"newsroom-{kind}-{number}.json"
    target.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {target.name}.", flush=True)


if __name__ == "__main__":
    main()
