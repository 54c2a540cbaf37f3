"""The page of all measurements of ``bench.newsroom``, and the plot of cost against size."""

import json
from collections.abc import Iterator
from math import log10
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 60, 170, 40, 44
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#0b5c62", "#a32a1e", "#8a6d1b", "#3d4f9f", "#5a7d2a", "#7a3b74", "#444444", "#c06014")
PLOTTED = ("article", "front", "section", "tag", "search", "admin list", "admin search", "moderation queue")
MILLION = 1_000_000
FIGURES = {
    "article": ("processor", {10_000: 9}),
    "usual article": ("processor", {10_000: 9}),
    "search": ("p95", {10_000: 150, 100_000: 400}),
    "admin list": ("median", {10_000: 150, 100_000: 150, MILLION: 200}),
    "admin search": ("median", {10_000: 200, 100_000: 200}),
    "moderation queue": ("median", {10_000: 150, 100_000: 150, MILLION: 200}),
    "save": ("median", {10_000: 150, 100_000: 150}),
    "publish": ("median", {10_000: 150, 100_000: 150}),
}
"""What is asked for: which column, and milliseconds by the articles in the archive."""

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

Said = dict[str, Any]


def write(results: Path) -> None:
    """Write both from every result there is."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(results.glob("newsroom-*-*.json"))]
    found.sort(key=lambda said: (said["database"] != "sqlite", said["articles"]))
    (results / "newsroom.md").write_text("\n".join(_page(found)) + "\n", encoding="utf-8")
    (results / "newsroom-growth.svg").write_text(_plot(found), encoding="utf-8")


def _page(found: list[Said]) -> Iterator[str]:
    yield "# A whole newsroom, beside what anybody can install"
    yield ""
    yield "Made by `python -m bench.newsroom`; see [how to read it](../../docs/developers/benchmarks.md)."
    yield ""
    yield "![Time of a page against the size of the archive](newsroom-growth.svg)"
    yield from _growth(found)
    for said in found:
        yield from _section(said)


def _section(said: Said) -> Iterator[str]:
    yield from ["", f"## {said['articles']:,} articles on {NAMES[said['database']]}", ""]
    yield f"Python {said['python']}, {said['cores']} cores, {said['day']}; load at the end {said['load']}."
    yield ""
    if said["targets"]:
        yield "| under load | requests a second | processor | wait, median | p99 | memory | page | ratio |"
        yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for target, one in said["targets"].items():
        waits = f"{one['median']:.1f} ms | {one['p99']:.1f} ms"
        sizes = f"{one['memory']:,.0f} MB | {one['bytes'] / 1000:.0f} kB"
        ratio = _ratio(target, said["targets"])
        yield f"| {target} | {one['rate']:,.0f} | {one['processor']:.2f} ms | {waits} | {sizes} | {ratio} |"
    yield from ["", "| one at a time, no server | median | p95 | processor | queries | asked for |"]
    yield "| --- | --- | --- | --- | --- | --- |"
    alone = {**said["alone"]["alone"], "save": said["alone"]["save"], "publish": said["alone"]["publish"]}
    for target, one in alone.items():
        wanted = _wanted(target, said["articles"])
        yield (
            f"| {target} | {one['median']:.1f} ms | {one['p95']:.1f} ms | {one['processor']:.1f} ms "
            f"| {one.get('queries', '')} | {wanted} |"
        )


def _wanted(name: str, articles: int) -> str:
    column, figures = FIGURES.get(name, ("", {}))
    return f"{column} ≤ {figures[articles]} ms" if articles in figures else ""


def _growth(found: list[Said]) -> Iterator[str]:
    """How many times the time of the smallest archive a page takes in each larger one."""
    grown = [[said for said in found if said["database"] == database] for database in NAMES]
    if any(len(sizes) > 1 for sizes in grown):
        yield from ["", "## Growth", "", "Median by the clock, one at a time, beside that of the smallest archive.", ""]
    for sizes in grown:
        if len(sizes) > 1:
            yield from _grown(NAMES[sizes[0]["database"]], sizes)


def _grown(name: str, sizes: list[Said]) -> Iterator[str]:
    yield f"| {name} | " + " | ".join(f"{said['articles']:,}" for said in sizes) + " |"
    yield "| --- |" + " --- |" * len(sizes)
    for page, least in sizes[0]["alone"]["alone"].items():
        row = [said["alone"]["alone"][page]["median"] for said in sizes]
        times = [f" ({one / least['median']:.1f} ×)" if place else "" for place, one in enumerate(row)]
        yield f"| {page} | " + " | ".join(f"{one:.1f} ms{more}" for one, more in zip(row, times, strict=True)) + " |"
    yield ""


def _ratio(name: str, targets: Said) -> str:
    """How many times cheaper than Wagtail, or which share of the bare answer's rate."""
    mine = targets[name]
    automatic, bare = targets.get("Wagtail: article, related automatic"), targets.get("bare WSGI")
    if name == "article, rendered" and automatic:
        pinned = targets["Wagtail: article, related pinned"]
        times = automatic["processor"] / mine["processor"], pinned["processor"] / mine["processor"]
        return f"Wagtail needs {times[0]:.1f} times as much, pinned {times[1]:.1f}"
    if name in {"front, rendered", "section, rendered"} and automatic:
        other = targets[f"Wagtail: {name.partition(',')[0]}"]
        return f"Wagtail needs {other['processor'] / mine['processor']:.1f} times as much"
    edge = targets.get("Varnish, hit")
    if edge and name.endswith("behind Varnish"):
        return f"{mine['rate'] / edge['rate']:.0%} of Varnish"
    if bare and not name.startswith("Wagtail") and ("stored" in name or mine["rate"] > 1_000):
        return f"{mine['rate'] / bare['rate']:.0%} of bare WSGI"
    return ""


def _plot(found: list[Said]) -> str:
    """Time of a page, one at a time, by articles in the archive, both scales logarithmic; PostgreSQL is dashed."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22">Milliseconds for a page, one at a time, by articles (dashed: PostgreSQL)</text>',
    ]
    for value in (1, 10, 100, 1_000):
        y = _y(value)
        lines.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#dddddd"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:,}</text>')
    lines += [
        f'<text x="{_x(number)}" y="{HEIGHT - 16}" text-anchor="middle">{number:,}</text>'
        for number in (10_000, 100_000, 1_000_000)
    ]
    for place, name in enumerate(PLOTTED):
        lines += _lines_of(name, COLOURS[place], found)
        y = TOP + 20 + place * 20
        lines.append(f'<text x="{WIDTH - RIGHT + 16}" y="{y}" fill="{COLOURS[place]}">{name}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _lines_of(name: str, colour: str, found: list[Said]) -> Iterator[str]:
    for database in ("sqlite", "postgresql"):
        points = [
            (_x(said["articles"]), _y(said["alone"]["alone"][name]["median"]))
            for said in found
            if said["database"] == database
        ]
        dashed = ' stroke-dasharray="5 4"' if database == "postgresql" else ""
        path = " ".join(f"{x},{y}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'
        yield from (f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in points)


def _x(number: int) -> float:
    return round(LEFT + 30 + (log10(number) - 4) / 2 * (WIDTH - LEFT - RIGHT - 60), 1)


def _y(milliseconds: float) -> float:
    return round(HEIGHT - BOTTOM - log10(max(milliseconds, 1)) / 3 * (HEIGHT - TOP - BOTTOM), 1)
