"""``manage.py work`` with handlers for tests: ``python -m tests.worker [arguments]``, and ``DATABASE_URL`` set."""

import sys
import time
from typing import Any

import django
from django.core.management import call_command


def register() -> None:
    """Add the handlers ``tests.note``, ``tests.slow`` and ``tests.refuse``."""
    from outbox import audit, effects  # noqa: PLC0415 - only once Django is set up
    from outbox.models import Effect  # noqa: PLC0415

    def note(payload: dict[str, Any], key: str) -> None:
        audit.record(None, "noted", Effect.objects.get(key=key))

    def slow(payload: dict[str, Any], key: str) -> None:
        note(payload, key)
        time.sleep(payload["seconds"])

    def refuse(payload: dict[str, Any], key: str) -> None:
        note(payload, key)
        raise RuntimeError("refused, as asked")

    effects.handler("tests.note")(note)
    effects.handler("tests.slow")(slow)
    effects.handler("tests.refuse")(refuse)
    effects.handler("tests.outside", outside=True)(note)
    effects.handler("tests.refuse outside", outside=True)(refuse)


if __name__ == "__main__":
    django.setup()
    register()
    call_command("work", *sys.argv[1:])
