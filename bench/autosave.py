"""What keeping unsaved words costs: the answer a writer's browser waits for, with stories of three lengths.

``python -m bench.autosave`` measures on SQLite in a database of its own, or on ``DATABASE_URL`` when it is given;
results go to ``bench/results/autosave.json``.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

RESULTS = Path(__file__).resolve().parent.parent / "bench" / "results" / "autosave.json"
LENGTHS = (5_000, 50_000, 490_000)
ROUNDS = 60
REVISIONS = 500
BUDGET = 100
"""Milliseconds at the median."""


def main() -> None:
    """Keep the same form again and again, a word longer each time."""
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

        found = {"database": connection.vendor, "revisions": REVISIONS, "budget": BUDGET}
        found |= {f"{length} characters": measure(length) for length in LENGTHS}
        connection.close()
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def measure(length: int) -> dict[str, Any]:
    """One article with a long history, and a story of ``length`` characters being typed."""
    from django.test import Client  # noqa: PLC0415

    from articles import revisions  # noqa: PLC0415
    from articles.models import Revision  # noqa: PLC0415
    from articles.state import WorkingState  # noqa: PLC0415
    from people.models import User  # noqa: PLC0415

    editor, _made = User.objects.get_or_create(
        email="bench@example.org", defaults={"username": "bench@example.org", "is_superuser": True, "is_staff": True}
    )
    paragraph = "<p>The ferry was late again, and nobody on the pier had been told why.</p>"
    story = "\n".join([paragraph] * (length // (len(paragraph) + 1)))
    state = WorkingState(headline="The ferry", body=story)
    article = revisions.create(state, actor=None)
    shared = {"article": article, "state": {"headline": "Old"}, "digest": ""}
    Revision.objects.bulk_create(Revision(number=number, **shared) for number in range(2, REVISIONS))
    last = revisions.save(article, state.with_(slug="ferry"), actor=None)
    client, window, took, worked = Client(), str(uuid4()), [], []
    client.force_login(editor)
    for number in range(ROUNDS):
        data = {"window": window, "base_revision": last.number, "headline": f"The ferry {number}", "body": story}
        started, busy = time.perf_counter(), time.process_time()
        answer = client.post(f"/admin/articles/article/{article.pk}/unsaved/", data)
        worked.append((time.process_time() - busy) * 1000)
        took.append((time.perf_counter() - started) * 1000)
        assert answer.json()["outcome"] == "kept", answer.content
    took.sort()
    median, processor = round(statistics.median(took), 1), round(statistics.median(worked), 1)
    return {"median_ms": median, "median_processor_ms": processor, "slowest_of_60_ms": round(took[-1], 1)}


if __name__ == "__main__":
    main()
