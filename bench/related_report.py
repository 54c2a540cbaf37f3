"""Makes ``bench/related.md`` and its plot of what ``related_cost.py`` measured and ``related_quality.py`` found."""

import json
import math
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "results"
COST = RESULTS / "related-cost.json"
QUALITY = RESULTS / "related-quality.md"
PLOT = RESULTS / "related-growth.svg"
PAGE = ROOT / "related.md"

SIZES = (10_000, 100_000, 1_000_000)
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
COLOURS = {"sqlite": "#0b5c62", "postgresql": "#a32a1e"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 60, 20, 50, 44

FONT = 'font-family="sans-serif" font-size="12"'
TITLE = "One list: milliseconds by articles in the archive"
MADE_BY = "Made by `bench/related_quality.py`, `bench/related_cost.py` and `bench/related_report.py`."
GROWTH = """\
Invented archives (Zipf words and tags, topics of forty articles, ten years), without texts. *One list*: from a
fingerprint to twenty suggestions with reasons. *Worst list*: finding candidates where each of the hundred features is
as common as can be. *New article*: index it, write its list, refresh the lists of its neighbours. *Page*: what a
reader's page spends on the list. Milliseconds. *Memory* is that of the loading. Other work ran on the two cores, at
times six jobs to a core: read the figures as upper bounds. In the rows of PostgreSQL (1 GB of shared buffers) and of
SQLite at 10,000 the measuring process went before the rest. SQLite's rows at 100,000 and 1,000,000, and those with
texts, are older: ranking a list cost half as much again, and the process waited its
turn; so SQLite grows less than it seems."""
WITH_TEXTS = """\
The whole way: words counted, articles weighed, lists computed by `manage.py rebuild_suggestions`; then the list of one
article from its text on, and the refresh of one that changed."""

Results = dict[str, Any]


def main() -> None:
    """Write both."""
    results: Results = json.loads(COST.read_text(encoding="utf-8"))
    PLOT.write_text(plot(results), encoding="utf-8")
    quality = QUALITY.read_text(encoding="utf-8").split("\n", 1)[1] if QUALITY.exists() else "\nNot measured.\n"
    PAGE.write_text(page(results, quality.replace("\n# ", "\n## ")), encoding="utf-8")
    print(f"Wrote {PAGE.name} and {PLOT.name}.")


def page(results: Results, quality: str) -> str:
    """The page in Markdown."""
    parts = [
        "# Articles You May Like: how good, and what it costs",
        f"Python {platform.python_version()}, {os.cpu_count()} cores. {MADE_BY}",
        "## Cost as the archive grows",
        "![Time of one list against the size of the archive](results/related-growth.svg)",
        GROWTH,
        table(_growth_head(), list(_growth_rows(results))),
        *_growth_words(results),
        "## With texts",
        WITH_TEXTS,
        table(_text_head(), list(_text_rows(results))),
        "## Bytes an article takes",
        table(["archive", "postings", "fingerprint", "suggestions", "counts"], list(_size_rows(results))),
        "## Quality",
        quality.strip(),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _growth_head() -> list[str]:
    return [
        "archive",
        "one list, median",
        "p95",
        "p99",
        "worst list, p99",
        "new article, median",
        "p99",
        "page: statements",
        "in the database, median",
        "p95",
        "memory",
    ]


def _growth_rows(results: Results) -> Any:
    for kind, name in DATABASES.items():
        for number in SIZES:
            found = results.get(f"{kind} features {number}")
            if found:
                one, new, shown = found["list"], found["new article"], found["page"]
                numbers = [one["median"], one["p95"], one["p99"], found["worst list"]["p99"], new["median"], new["p99"]]
                page_numbers = [shown["database"]["median"], shown["database"]["p95"]]
                yield [
                    f"{name}, {number:,}",
                    *map(str, numbers),
                    str(shown["statements"]),
                    *map(str, page_numbers),
                    f"{found['memory']:.0f} MB",
                ]


def _growth_words(results: Results) -> list[str]:
    words = []
    for kind, name in DATABASES.items():
        medians = [results.get(f"{kind} features {number}", {}).get("list", {}).get("median") for number in SIZES]
        if medians[0] and medians[-1]:
            words.append(
                f"From 10,000 to 1,000,000 articles one list takes {medians[-1] / medians[0]:.1f}× as long on {name}."
            )
    return words


def _text_head() -> list[str]:
    return [
        "archive",
        "rebuild",
        "articles a second",
        "list from the text, median",
        "p95",
        "refresh, median",
        "p99",
        "memory of a process",
    ]


def _text_rows(results: Results) -> Any:
    for kind, name in DATABASES.items():
        for number in SIZES:
            found = results.get(f"{kind} texts {number}")
            if found:
                one, again = found["list from the text"], found["refresh"]
                yield [
                    f"{name}, {number:,}",
                    f"{found['rebuild']['seconds']} s",
                    str(found["rebuild"]["articles a second"]),
                    *map(str, (one["median"], one["p95"], again["median"], again["p99"])),
                    f"{found['memory of a process']:.0f} MB",
                ]


def _size_rows(results: Results) -> Any:
    for kind, name in DATABASES.items():
        for number in SIZES:
            found = results.get(f"{kind} features {number}")
            if found:
                sizes = found["sizes"]
                names = ("posting", "fingerprint", "suggestion", "frequency")
                yield [f"{name}, {number:,}", *(f"{sizes[one]:,}" for one in names)]


def plot(results: Results) -> str:
    """The median and the 95th of a hundred lists, by size, as SVG."""
    lines = {
        kind: [
            (number, results[f"{kind} features {number}"]["list"])
            for number in SIZES
            if f"{kind} features {number}" in results
        ]
        for kind in DATABASES
    }
    highest = max((point["p95"] for points in lines.values() for _number, point in points), default=10)
    top = 5 * math.ceil(highest / 5)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold">{TITLE}</text>',
        *_grid(top),
        *(part for kind, points in lines.items() for part in _curve(kind, points, top)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(number: int) -> float:
    share = (math.log10(number) - 4) / 2
    return LEFT + share * (WIDTH - LEFT - RIGHT - 60)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)


def _grid(top: int) -> list[str]:
    parts = []
    for step in range(6):
        value = top * step / 5
        y = _y(value, top)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dedc"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    middle = f'y="{HEIGHT - 20}" text-anchor="middle"'
    return parts + [f'<text x="{_x(number):.1f}" {middle}>{number:,}</text>' for number in SIZES]


def _curve(kind: str, points: Sequence[tuple[int, dict[str, float]]], top: float) -> list[str]:
    colour, parts = COLOURS[kind], []
    for measure, dash in (("median", ""), ("p95", ' stroke-dasharray="5 4"')):
        path = " ".join(f"{_x(number):.1f},{_y(point[measure], top):.1f}" for number, point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
    for number, point in points:
        parts.append(f'<circle cx="{_x(number):.1f}" cy="{_y(point["median"], top):.1f}" r="3.5" fill="{colour}"/>')
    if points:
        last_number, last = points[-1]
        for measure, words in (("median", DATABASES[kind]), ("p95", "p95")):
            at = f'x="{_x(last_number) + 8:.1f}" y="{_y(last[measure], top) + 4:.1f}"'
            parts.append(f'<text {at} fill="{colour}">{words}</text>')
    return parts


if __name__ == "__main__":
    main()
