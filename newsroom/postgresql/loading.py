"""How answers of PostgreSQL become Python's values, where psycopg and Django take long for it."""

from datetime import UTC, datetime

from psycopg import pq
from psycopg.adapt import AdaptersMap, Buffer, Loader
from psycopg.postgres import types
from psycopg.types.datetime import TimestamptzLoader

BINARY = frozenset(
    {types[name].oid for name in ("bool", "int2", "int4", "int8", "float8", "numeric", "text", "varchar", "jsonb")}
    | {types[name].oid for name in ("timestamptz", "date", "interval")}
)
"""What an answer in binary form may hold: these become the very values that they become from texts."""


class IsoMoment(TimestamptzLoader):
    """A moment as PostgreSQL writes it where nothing else was set: in a tenth of the time of Django's own."""

    timezone = UTC
    """Which zone the texts are in: Django compares it with what it asked of the connection, and reads others itself."""

    def load(self, data: Buffer) -> datetime:
        """With its zone; whatever is written otherwise is left to psycopg, as Django leaves it."""
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data).replace(tzinfo=UTC)


class UnreadJson(Loader):
    """JSON as the text that Django's fields expect; in binary form a byte for its version stands before it."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> str:
        """The text."""
        return str(data, "utf8")[1:]


def register(adapters: AdaptersMap) -> None:
    """Have connections with these adapters read so."""
    adapters.register_loader("timestamptz", IsoMoment)
    adapters.register_loader("jsonb", UnreadJson)
