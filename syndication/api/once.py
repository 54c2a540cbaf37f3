"""Made once, however often it is asked for: a program that lost the answer sends the same again under the same key.

As the IETF's draft on *Idempotency-Key* has it: the same body gets the same
answer for ``KEPT``; another body is refused (422), and so is whoever asks while
the first is at work (409). A key belongs to one token. What was refused wrote
nothing and frees its key.

First the key is claimed, and that is committed; then the work and its answer
are one transaction, in which the claim must still be the newest. So a process
that dies leaves the key to whoever asks ``LEASE`` later, and two never both write.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, NamedTuple

from django.utils import timezone
from ninja import HeaderEx, Schema

from outbox.periodic import every
from pagecache.writing import writing
from people.models import AccessToken
from syndication.api.problems import ProblemError
from syndication.models import KeptAnswer
from syndication.models.kept_answer import LONGEST_KEY

KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=1)
"""An attempt without an answer is given up after it; longer than a request lasts."""

AT_ONCE = 1_000
"""Rows of one statement: on SQLite it holds the one write lock."""

HEADER = "Idempotency-Key"

Key = Annotated[
    str,
    HeaderEx(
        alias=HEADER,
        pattern=rf'^"?[!#-\[\]-~]{{1,{LONGEST_KEY}}}"?$',
        description="A word of your own for this request, such as a UUID. Sent again within 24 hours with the same "
        "body it gets the same answer, and nothing is made twice.",
    ),
]


class Answer(NamedTuple):
    """What is told: a body of JSON, and headers."""

    body: dict[str, object]
    headers: dict[str, str]


def once(token: AccessToken, key: str, sent: Schema, make: Callable[[], Answer]) -> Answer:
    """What ``make`` answers, or answered before under this key; without a key it is simply called.

    ``make`` calls verbs, and runs in the transaction that keeps its answer.
    Raises ``ProblemError`` for a key that is at work, or that names another body.
    """
    word = key.strip('"')
    if not word:
        return make()
    claim = _claim(token, word, _digest(sent))
    return Answer(**claim.answer) if claim.answer else _work(claim, make)


def _digest(sent: Schema) -> str:
    """Two bodies are the same when they say the same, however they are written down."""
    said = json.dumps(sent.model_dump(mode="json", exclude_unset=True), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _claim(token: AccessToken, word: str, digest: str) -> KeptAnswer:
    """The row of this key: ours to work on, or answered."""
    row, made = KeptAnswer.objects.get_or_create(token=token, key=word, defaults={"digest": digest})
    if made:
        return row
    is_old = row.at <= timezone.now() - KEPT
    if not is_old and row.digest != digest:
        raise _refused(422, f"This {HEADER} was sent before with another body. Take a new one for a new request.")
    if row.answer and not is_old:
        return row
    if row.at > timezone.now() - LEASE:
        raise _at_work()
    return _taken_over(row, digest)


def _taken_over(row: KeptAnswer, digest: str) -> KeptAnswer:
    """An old row made ours; whoever holds it yet loses it, unless they finish first."""
    now = timezone.now()
    as_seen = KeptAnswer.objects.filter(pk=row.pk, attempt=row.attempt, answer__isnull=row.answer is None)
    if not as_seen.update(digest=digest, attempt=row.attempt + 1, at=now, answer=None):
        raise _at_work()
    row.digest, row.attempt, row.at, row.answer = digest, row.attempt + 1, now, None
    return row


def _work(claim: KeptAnswer, make: Callable[[], Answer]) -> Answer:
    mine = KeptAnswer.objects.filter(pk=claim.pk, attempt=claim.attempt)
    try:
        with writing():
            if not mine.select_for_update().first():
                raise _at_work()
            answer = make()
            mine.update(answer=answer._asdict())
    except BaseException:
        mine.filter(answer__isnull=True).delete()
        raise
    return answer


def _at_work() -> ProblemError:
    words = f"The first request with this {HEADER} is still at work. Ask again in a moment."
    return _refused(409, words, {"Retry-After": "1"})


def _refused(status: int, words: str, headers: dict[str, str] | None = None) -> ProblemError:
    return ProblemError(status, words, errors=[(f"header.{HEADER}", words)], headers=headers)


@every(timedelta(hours=1))
def forget() -> None:
    """Drop what is no longer kept; any number of workers may."""
    old = KeptAnswer.objects.filter(at__lte=timezone.now() - KEPT)
    while some := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        KeptAnswer.objects.filter(pk__in=some, at__lte=timezone.now() - KEPT).delete()
