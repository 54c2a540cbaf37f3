"""The whole examination, in its order. Whatever happens in one part, the others are made."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import ERROR, WARNING, run_checks
from django.db import Error

from newsroom.doctor import database, files, neighbours, replication, work
from newsroom.doctor.findings import Examination, Finding, Level, good, trouble
from newsroom.probe import NoAnswerError, condition

FOLLOW_FROM_HTTP = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""What Django says in four ways where ``BASE_URL`` is not https, and ``newsroom.W001`` in one."""


def configuration() -> Iterator[Finding]:
    """What ``manage.py check`` says; with ``--deploy`` unless ``DEBUG`` is on."""
    messages = [one for one in run_checks(include_deployment_checks=not settings.DEBUG) if one.level >= WARNING]
    if not settings.HTTPS:
        messages = [one for one in messages if one.id not in FOLLOW_FROM_HTTP]
    for message in messages:
        level = Level.TROUBLE if message.level >= ERROR else Level.WARNING
        yield Finding(
            level, "configuration", f"{message.msg} ({message.id})", message.hint or "manage.py check --deploy"
        )
    if not messages:
        yield good("configuration", "Every setting is usable.")


POOLED = "A pooler stands before it: DATABASE_POOLER=transaction, or session (docs/operators/growing.md)."

ALWAYS: tuple[Examination, ...] = (configuration, files.room, files.storage, files.static, files.backups)
WITH_DATABASE: tuple[Examination, ...] = (
    *(
        database.server,
        database.pooler,
        database.migrations,
        database.clock,
        database.connections_left,
        replication.replica,
    ),
    *(work.workers, work.outbox, work.search_index, files.pictures),
)
AROUND: tuple[Examination, ...] = (neighbours.shared_cache, neighbours.edge, neighbours.mail)


def examine() -> list[Finding]:
    """Everything that was found, good and bad. Ends within its time-outs also where something hangs."""
    found = [*_of(ALWAYS)]
    found += _database_answers()
    if found[-1].level < Level.TROUBLE:
        found += _of(WITH_DATABASE)
    return [*found, *_of(AROUND)]


def _of(examinations: tuple[Examination, ...]) -> Iterator[Finding]:
    for examination in examinations:
        try:
            yield from examination()
        except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
            name = examination.__name__.replace("_", " ")
            yield trouble(name, f"This could not be looked at: {type(error).__name__}: {error}", "")


def _database_answers() -> list[Finding]:
    hint = "Is the server up, is DATABASE_URL right, may this machine reach it? The rest of the database was left out."
    try:
        seconds = condition.ask().seconds
    except NoAnswerError:
        return [trouble("database", "It does not answer within two seconds.", hint)]
    except Error as error:
        said = str(error).strip()
        hint = POOLED if "unsupported startup parameter" in said else hint
        return [trouble("database", f"It cannot be reached: {said}", hint)]
    return [database.speed(seconds)]
