"""What opening an article's form costs, with a long history and a large archive of tags.

``python -m bench.edit_page`` measures on SQLite in a database of its own, or on ``DATABASE_URL`` when it is given;
results go to ``bench/results/edit-page.json``.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent.parent / "bench" / "results" / "edit-page.json"
SIZES = ((5, 100), (500, 10_000))
"""Revisions of the article, and tags in the archive."""
ROUNDS = 15
BUDGET = 500
"""Milliseconds of the server's time."""


def main() -> None:
    """Open one form after the other."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{directory}/bench.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django  # noqa: PLC0415 - settings depend on the database under test

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.test.utils import setup_test_environment  # noqa: PLC0415

        setup_test_environment()
        call_command("migrate", verbosity=0)
        from django.db import connection  # noqa: PLC0415

        found: dict[str, Any] = {"database": connection.vendor, "budget": BUDGET}
        found |= {f"{many} revisions, {tags} tags": measure(many, tags) for many, tags in SIZES}
        connection.close()
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def measure(many: int, tags: int) -> dict[str, Any]:
    """The form of an article of ordinary length with ``many`` revisions, where ``tags`` tags exist."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    client.force_login(editor())
    address = f"/admin/articles/article/{article_with(many, tags)}/change/"
    took, worked = [], []
    for _round in range(ROUNDS):
        started, busy = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        worked.append((time.process_time() - busy) * 1000)
        took.append((time.perf_counter() - started) * 1000)
        assert page.status_code == 200
    median = round(statistics.median(took), 1)
    return {
        "statements": len(queries),
        "median_ms": median,
        "median_processor_ms": round(statistics.median(worked), 1),
        "slowest_ms": round(max(took), 1),
        "bytes": len(page.content),
    }


def article_with(many: int, tags: int) -> int:
    """Its number."""
    from articles import revisions  # noqa: PLC0415
    from articles.models import Article, Revision, Tag, tag_key  # noqa: PLC0415
    from articles.state import WorkingState  # noqa: PLC0415

    had = Tag.objects.count()
    names = [f"Topic {number}" for number in range(had, tags)]
    Tag.objects.bulk_create(Tag(name=name, slug=f"topic-{name.split()[1]}", key=tag_key(name)) for name in names)
    paragraph = "<p>The ferry was late again, and nobody on the pier had been told why.</p>"
    state = WorkingState(headline="The ferry", body="\n".join([paragraph] * 60), tags=("Topic 1", "Topic 2"))
    article: Article = revisions.create(state, actor=None)
    shared = {"article": article, "state": state.to_json(), "digest": "", "made_by": editor()}
    Revision.objects.bulk_create(Revision(number=number, **shared) for number in range(2, many))
    revisions.save(article, state.with_(slug="ferry"), actor=None)
    return article.pk


def editor() -> Any:
    """Somebody who may do everything."""
    from people.models import User  # noqa: PLC0415

    named = {"username": "bench@example.org", "is_superuser": True, "is_staff": True}
    return User.objects.get_or_create(email="bench@example.org", defaults=named)[0]


if __name__ == "__main__":
    main()
