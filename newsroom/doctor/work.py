"""The work behind the site: workers, what waits for them, and the search index."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from articles.models import Article, SearchEntry
from articles.models.article import LIVE_STATUSES
from newsroom.doctor.findings import Finding, by_limits, good, trouble, warning
from outbox.models import Effect, Heartbeat

BEHIND = (60.0, 600.0)
"""Seconds that the oldest due effect may have waited."""

_NO_WORDS = {
    "sqlite": """
        SELECT count(*) FROM articles_searchentry e
        WHERE NOT EXISTS (SELECT 1 FROM articles_searchindex_docsize d WHERE d.id = e.place)""",
    "postgresql": "SELECT count(*) FROM articles_searchentry WHERE words = ''",
}


def workers() -> Iterator[Finding]:
    """Whether anybody does what must happen after a change."""
    alive = Heartbeat.objects.alive().count()
    if alive:
        yield good("workers", f"{alive} worked within the last minute.")
        return
    last = Heartbeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    since = f"since {timezone.localtime(last):%Y-%m-%d %H:%M}" if last else "yet, or not for a day"
    hint = "Start one: manage.py work. Until then no mail goes out, and an edge keeps old pages."
    yield trouble("workers", f"No worker has been seen {since}.", hint)


def outbox() -> Iterator[Finding]:
    """What is due and not done, and what failed."""
    due = Effect.objects.due().aggregate(number=Count("pk"), oldest=Min("due_at"))
    age = (timezone.now() - due["oldest"]).total_seconds() if due["oldest"] else 0.0
    words = f"{due['number']} effects are due, the oldest for {age:.0f} s." if due["number"] else "Nothing is overdue."
    yield by_limits("outbox", words, "Start more workers, and look at what fails.", age, BEHIND)
    failing = Effect.objects.failing().order_by("-attempts")
    if number := failing.count():
        yield _failed(f"{number} effects failed and will be tried again", failing[0])
    given_up = Effect.objects.lost().order_by("-due_at")
    if number := given_up.count():
        yield _failed(f"{number} effects failed for a day and wait for a person", given_up[0])


def _failed(words: str, example: Effect) -> Finding:
    reason = (example.last_error.splitlines() or ["it killed its worker"])[0][:200]
    return warning("outbox", f"{words}; one of them is {example.kind}: {reason}", "Mend what it names.")


def search_index() -> Iterator[Finding]:
    """Whether every story can be found."""
    live = Article.objects.filter(status__in=LIVE_STATUSES)
    missing = live.exclude(pk__in=SearchEntry.objects.values("article_id")).count()
    with connection.cursor() as cursor:
        cursor.execute(_NO_WORDS[connection.vendor])
        missing += cursor.fetchone()[0]
    if missing:
        yield warning("search", f"{missing} stories cannot be found by their words.", "manage.py rebuild_search")
    else:
        yield good("search", "Every story is in the index.")
