"""What a long discussion costs a reader's page at 20 to 20,000 comments: statements, processor time and bytes.

``python -m bench.comments_page`` measures on SQLite in a database of its own; results go to
``bench/results/comments-page.json`` and, in words, into ``bench/comments.md`` by hand.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "comments-page.json"
SIZES = (20, 200, 2_000, 20_000)
ROUNDS = 15


def main() -> None:
    """Fill one article after the other and ask for its pages."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["DATABASE_URL"] = f"sqlite:///{directory}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django  # noqa: PLC0415 - settings depend on the database under test

        django.setup()
        from django.test.utils import setup_test_environment  # noqa: PLC0415

        setup_test_environment()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        found = {str(size): measure(size) for size in SIZES}
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def measure(size: int) -> dict[str, Any]:
    """One article with ``size`` comments."""
    from tests.factories import make_article  # noqa: PLC0415

    article = make_article(f"A story with {size} comments")
    fill(article, size)
    first = article.get_absolute_url()
    return {"article": asked(first), "newest": asked(f"/comments/{article.pk}/thread/?order=newest")}


def fill(article: Any, size: int) -> None:
    """A discussion of the usual shape: two of five comments are answers, threads three deep."""
    from comments.models import Comment, State  # noqa: PLC0415
    from pagecache.writing import writing  # noqa: PLC0415

    def row(number: int, parent: Any = None) -> Any:
        words = "The ferry was late again, and nobody on the pier had been told why. " * (1 + number % 4)
        return Comment(
            article=article,
            name=f"Reader {number}",
            email=f"reader{number}@example.org",
            text=words,
            state=State.APPROVED,
            parent=parent,
            answers=parent,
            depth=parent.depth + 1 if parent else 0,
        )

    with writing():
        roots = Comment.objects.bulk_create([row(n) for n in range(size * 3 // 5)], batch_size=500)
        answers = [row(n, roots[n * 7 % len(roots)]) for n in range(size // 5)]
        made = Comment.objects.bulk_create(answers, batch_size=500)
        Comment.objects.bulk_create(
            [row(n, made[n * 5 % len(made)]) for n in range(size - len(roots) - len(made))], batch_size=500
        )


def asked(address: str) -> dict[str, Any]:
    """A page asked for again and again."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client, seconds = Client(), []
    client.get(address)
    for _round in range(ROUNDS):
        start = time.process_time()
        answer = client.get(address)
        seconds.append(time.process_time() - start)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    shown = answer.content.count(b'<article class="comment')
    return {
        "statements": len(captured),
        "milliseconds": round(statistics.median(seconds) * 1000, 1),
        "shown": shown,
        "bytes": len(answer.content),
    }


if __name__ == "__main__":
    main()
