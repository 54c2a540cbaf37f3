"""The settings of a database connection that our promises rest on, for whichever database it is."""

from typing import Any

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "newsroom.postgresql"


AT_CONNECTING = "-c statement_timeout=15000 -c lock_timeout=5000 -c datestyle=ISO"

NO_POOLER, BY_SESSION, BY_TRANSACTION = POOLERS = ("none", "session", "transaction")
"""What stands between us and PostgreSQL: whether, and for how long, one of its connections is ours alone."""


def prepared(parsed: dict[str, Any], conn_max_age: int = 600, pooler: str = NO_POOLER) -> dict[str, Any]:
    """What a database's address says, completed by our time-outs and modes.

    Six writers on SQLite: WAL with immediate transactions lost none, the
    default lost two thirds. On PostgreSQL no statement, lock or connection
    attempt may hold a process for long; a network that swallows everything is
    noticed within a minute, and a server that hangs by ``newsroom.patience``.
    A pooler takes no such settings: the role must have them. Where each
    transaction may meet another connection, none keeps anything between two.
    """
    if parsed["ENGINE"] == SQLITE:
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
        return {**parsed, "OPTIONS": options}
    options = {
        "connect_timeout": 5,
        **({"options": AT_CONNECTING} if pooler == NO_POOLER else {}),
        "tcp_user_timeout": 30_000,
        "keepalives_idle": 30,
        **parsed.get("OPTIONS", {}),
    }
    return {
        **parsed,
        "ENGINE": POSTGRESQL,
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooler == BY_TRANSACTION,
        "OPTIONS": options,
    }


def read_only(given: dict[str, Any]) -> dict[str, Any]:
    """The same for a replica: nobody writes there by mistake, nobody waits long for it, since there is the primary."""
    if given["ENGINE"] == SQLITE:
        return given
    options = {**given["OPTIONS"], "connect_timeout": 1}
    if "options" in options:
        options["options"] += " -c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=1000"
    return {**given, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
