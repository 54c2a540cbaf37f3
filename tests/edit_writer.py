"""Publishes one edit after the other until it is killed: ``python -m tests.edit_writer FIRST [asked]``.

Each edit has its number in headline and text. It is printed once the verb has
returned: from then on it must not get lost. ``asked`` waits for a line before each.
"""

import sys
import time

import django
from django.db import Error, close_old_connections


def main(number: int, *, asked: bool) -> None:
    """Publish edits from ``number`` on; a database that is away is waited for."""
    from articles.models import Article  # noqa: PLC0415 - only once Django is set up
    from people.models import User  # noqa: PLC0415

    while not asked or sys.stdin.readline():
        try:
            _publish(Article.objects.earliest("pk"), User.objects.get(is_superuser=True), number)
            print(number, flush=True)  # noqa: T201
            number += 1
        except Error:
            number += 1  # nobody knows whether it arrived, so nobody asks for it
            time.sleep(0.1)
            close_old_connections()


def _publish(article: object, actor: object, number: int) -> None:
    from articles import publishing, revisions  # noqa: PLC0415
    from articles.state import WorkingState  # noqa: PLC0415

    state = WorkingState.of(article).with_(  # type: ignore[arg-type]
        headline=f"Edit {number} of the tram", body=f"<p>Text {number} of the tram.</p>"
    )
    revisions.save(article, state, actor=actor)  # type: ignore[arg-type]
    publishing.publish(article, actor=actor)  # type: ignore[arg-type]


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), asked="asked" in sys.argv)
