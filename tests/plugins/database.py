"""One embedded PostgreSQL for a whole test run, or one for each worker of a parallel run: half a second each.

`postgres_server` has the roles and the empty database `partnership`; make databases of your own beside it with
`service.embedded.create_database`, from a migrated template where there is one.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.embedded import DATABASE, EmbeddedPostgres, bootstrap


@pytest.fixture(scope="session")
def reachable_directory() -> Iterator[Path]:
    """A directory that the server's account can pass through; pytest's own are closed to every other account."""
    directory = Path(tempfile.mkdtemp(prefix="partnership-test-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(reachable_directory: Path) -> Iterator[EmbeddedPostgres]:
    """A running server with the service's roles and its empty database; not durable."""
    server = EmbeddedPostgres(reachable_directory / "shared", durable=False)
    server.start()
    try:
        asyncio.run(bootstrap(server.admin_url(), server.admin_url(DATABASE)))
        yield server
    finally:
        server.stop()
