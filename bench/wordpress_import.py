"""How fast a large WordPress export moves in, and in how much memory: ``python -m bench.wordpress_import [MB]``.

The file is made up: posts of three to six thousand characters in blocks and in
classic text, with categories, tags, two comments each, metadata and an
attachment for every fourth. The import runs in a process of its own on a fresh
database, SQLite unless ``DATABASE_URL`` says otherwise; its memory is the
largest resident set that the system saw.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.wxr import HEAD, TAIL, attachment, author, category, comment, item, term

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "bench" / "results" / "wordpress.md"
WORDS = 20_000
SECTIONS = 8


def vocabulary(chance: random.Random) -> list[str]:
    """Words of two to eleven letters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(chance.choices(letters, k=chance.randint(2, 11))) for _ in range(WORDS)]


def write(path: Path, megabytes: int) -> int:
    """Write an export of about this size; returns how many posts are in it."""
    chance = random.Random(8)
    words = vocabulary(chance)
    size, number = 0, 0
    with path.open("w", encoding="utf-8") as out:
        size += out.write(HEAD + "".join(author(f"w{n}", f"Writer Number{n}") for n in range(30)))
        size += out.write("".join(category(f"c{n}", f"Part {n}", number=n) for n in range(SECTIONS)))
        while size < megabytes * 1_000_000:
            number += 1
            size += out.write(_post(chance, words, number))
            if number % 4 == 0:
                size += out.write(
                    attachment(10_000_000 + number, f"https://old.example/wp-content/uploads/{number}.jpg")
                )
        out.write(TAIL)
    return number


def _post(chance: random.Random, words: list[str], number: int) -> str:
    paragraphs = [" ".join(chance.choices(words, k=80)).capitalize() + "." for _ in range(chance.randint(5, 10))]
    link = f'<a href="https://example.org/{number}">{chance.choice(words)}</a> <em>{chance.choice(words)}</em>'
    if number % 2:
        inner = "".join(f"<!-- wp:paragraph -->\n<p>{one} {link}</p>\n<!-- /wp:paragraph -->\n\n" for one in paragraphs)
        body = f"{inner}<!-- wp:heading --><h2>{words[number % WORDS]}</h2><!-- /wp:heading -->\n{paragraphs[0]}"
    else:
        body = "\n\n".join(f"{one} {link}" for one in paragraphs)
    terms = term("category", f"c{number % SECTIONS}", f"Part {number % SECTIONS}")
    terms += "".join(term("post_tag", f"t{n}", f"Tag {n}") for n in chance.sample(range(2_000), 3))
    talk = comment(2 * number, " ".join(chance.choices(words, k=30)))
    talk += comment(2 * number + 1, " ".join(chance.choices(words, k=30)), parent=2 * number)
    return item(number, body, terms + talk, {"_edit_last": "1"}, creator=f"w{number % 30}", excerpt=paragraphs[0][:150])


class Measured(NamedTuple):
    """Seconds on the clock and of the processor, megabytes at most, and what the import said of its articles."""

    seconds: float
    busy: float
    megabytes: float
    said: str


def move_in(path: Path, folder: Path) -> Measured:
    """Run the import once, on a database of its own."""
    environment = {
        **os.environ,
        "RUN_DIR": str(folder / "run"),
        "SECRET_KEY": "only-for-measuring-" * 4,
        "BASE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*manage, "import_wordpress", str(path), "--report", str(folder / "report.json")]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(run.stdout[:1500], run.stderr[-500:])
    said = next((line for line in run.stdout.splitlines() if line.startswith("Articles")), run.stderr[-200:])
    return Measured(seconds, busy, used.ru_maxrss / 1024, said)


def main() -> None:
    """Measure once and append a row to the results."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as name:
        folder = Path(name)
        path = folder / "export.xml"
        posts = write(path, megabytes)
        load = os.getloadavg()[0]
        made = move_in(path, folder)
        vendor = "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
        times = f"{made.seconds:,.0f} s | {made.busy:,.0f} s | {posts / made.seconds:,.0f} | {posts / made.busy:,.0f}"
        size = f"{path.stat().st_size / 1e6:,.0f} MB"
        row = f"| {size} | {vendor} | {posts:,} | {times} | {made.megabytes:,.0f} MB | {load:.1f} |"
        print(row, made.said)
        with RESULT.open("a", encoding="utf-8") as out:
            out.write(row + "\n")


if __name__ == "__main__":
    main()
