"""Workers killed with -9 in the middle of 8,000 effects: what was lost, what happened twice, how long it took.

``python -m bench.outbox_crash`` runs 8,000 database effects and then 8,000 mails on six worker processes and a
PostgreSQL of its own, kills 24 workers at chosen points and one more at its worst moment. Result:
``bench/results/outbox-crash.json``.
"""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "outbox-crash.json"
EFFECTS, WORKERS, KILLS = 8_000, 6, 24


def measure() -> dict[str, Any]:
    """Both runs on the database of the environment, one after the other."""
    from django.core.management import call_command  # noqa: PLC0415 - only once Django is set up

    from outbox.models import Effect  # noqa: PLC0415
    from tests.crashing import Crash, run  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    database = Crash(EFFECTS, WORKERS, KILLS)
    with tempfile.TemporaryDirectory() as directory:
        mail = replace(database, kind="tests.mail", box=Path(directory) / "box")
        results: dict[str, Any] = {}
        for name, crash in (("database effects", database), ("mails", mail)):
            outcome = run(crash)
            results[name] = {
                "wanted": outcome.wanted,
                "workers": crash.workers,
                "killed with -9": outcome.kills,
                "lost": outcome.lost,
                "happened once more": outcome.repeated,
                "seconds": round(outcome.seconds),
            }
            Effect.objects.all().delete()
    return {**results, "cores": os.cpu_count(), "load": round(os.getloadavg()[1], 1)}


def main() -> None:
    """Measure and write the result; fail where a promise was broken."""
    sys.path.insert(0, str(ROOT))
    from tests.postgres import server  # noqa: PLC0415 - only where it is run

    with server() as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        django.setup()
        result = measure()
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    once, mails = result["database effects"], result["mails"]
    if once["lost"] or once["happened once more"] or mails["lost"] or mails["happened once more"] > KILLS + 1:
        sys.exit("An effect was lost, or happened too often.")


if __name__ == "__main__":
    main()
