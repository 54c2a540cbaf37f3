"""``manage.py work`` with handlers for tests: ``python -m tests.worker [arguments]``, and ``DATABASE_URL`` set."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command


def register() -> None:
    """Add the handlers ``tests.note``, ``tests.slow``, ``tests.refuse``, ``tests.drips`` and ``tests.mail``."""
    from outbox import audit, effects  # noqa: PLC0415 - only once Django is set up
    from outbox.models import Effect  # noqa: PLC0415

    def note(payload: dict[str, Any], key: str) -> None:
        audit.record(None, "noted", Effect.objects.get(key=key))

    def slow(payload: dict[str, Any], key: str) -> None:
        note(payload, key)
        time.sleep(payload["seconds"])
        die_once(payload, key)

    def refuse(payload: dict[str, Any], key: str) -> None:
        note(payload, key)
        raise RuntimeError("refused, as asked")

    def mail(payload: dict[str, Any], key: str) -> None:
        """Put a mail into the box, a file, under its effect's Message-ID."""
        with Path(payload["box"]).open("a", encoding="ascii") as box:
            box.write(f"<{key}@newsroom.example>\n")
        time.sleep(payload["seconds"])
        die_once(payload, key)

    effects.handler("tests.mail", outside=True)(mail)
    effects.handler("tests.note")(note)
    effects.handler("tests.slow")(slow)
    effects.handler("tests.refuse")(refuse)
    effects.handler("tests.drips", slow=True)(lambda payload, _key: time.sleep(payload["seconds"]))
    effects.handler("tests.outside", outside=True)(note)
    effects.handler("tests.refuse outside", outside=True)(refuse)


def die_once(payload: dict[str, Any], key: str) -> None:
    """Where the payload says so, this process is killed at its worst moment; whoever comes next gets on."""
    from outbox.models import Effect  # noqa: PLC0415 - only once Django is set up

    if payload.get("dies") and Effect.objects.get(key=key).attempts == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def break_promise(how: str) -> None:
    """The control: an effect of our database marked apart from its work, ``before`` or ``after`` it."""
    from django.utils import timezone  # noqa: PLC0415 - only once Django is set up

    from outbox import effects  # noqa: PLC0415
    from outbox.models import Effect  # noqa: PLC0415

    def mark(effect: Effect) -> None:
        Effect.objects.filter(pk=effect.pk).update(done_at=timezone.now())

    def run(effect: Effect) -> None:
        effects._handlers["tests.note"].function(effect.payload, effect.key)

    def try_badly(effect: Effect) -> None:
        first, second = (mark, run) if how == "before" else (run, mark)
        first(effect)
        die_once(effect.payload, effect.key)
        second(effect)

    effects._try = try_badly


if __name__ == "__main__":
    django.setup()
    register()
    if broken := os.environ.get("BREAK_PROMISE"):
        break_promise(broken)
    call_command("work", *sys.argv[1:])
