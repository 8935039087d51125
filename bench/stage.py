"""The database that everybody is measured on: embedded PostgreSQL, the demo region, and enough responses.

The server is the demo's own, with its durable settings; the roles, migrations and row policies are the service's.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

import asyncpg

from service.db.migration import upgrade
from service.demo.load import load
from service.demo.shapes import demo_id
from service.embedded import DATABASE, EmbeddedPostgres, bootstrap, kept_secret
from service.identity.demo import ISSUER, DemoIssuer
from service.settings import DEMO_AUDIENCE, derived_key

HERE: Final = Path(__file__).parent
TRUST: Final = "RTD"
VIEWER: Final = "staff-side-chair"
TOKEN_LIFE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to read."""

    responses: int
    trusts: int = 11


@dataclass(frozen=True, slots=True)
class Stage:
    """A database that is ready, and what a process needs to serve it and to ask."""

    data_dir: Path
    app_url: str
    admin_url: str
    secret: str
    token: str
    account: UUID
    forum: UUID
    consultation: UUID

    def token_of(self, subject: str) -> str:
        """A token of somebody's at the demo's issuer."""
        return DemoIssuer(self.data_dir, DEMO_AUDIENCE, demo=True).issue(subject, lifetime=TOKEN_LIFE)

    @property
    def proof_key(self) -> bytes:
        """What `access.enter` is proven with."""
        return derived_key(self.secret, "access proof")


@asynccontextmanager
async def stage(size: Size) -> AsyncIterator[Stage]:
    """Start PostgreSQL over a new data directory and load it; everything ends, and goes, with the context."""
    with TemporaryDirectory(prefix="partnership-bench-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        async with _started(Path(folder) / "data", size) as ready:
            yield ready


@asynccontextmanager
async def _started(data_dir: Path, size: Size) -> AsyncIterator[Stage]:
    async with EmbeddedPostgres(data_dir) as server:
        admin_url = server.admin_url(DATABASE)
        await bootstrap(server.admin_url(), admin_url)
        secret = kept_secret(data_dir)
        migration_url = server.url("partnership_migrator", DATABASE)
        await upgrade(migration_url, proof_key=derived_key(secret, "access proof"))
        await load(migration_url, await asyncio.to_thread(date.today), lambda _: None)
        await fill(admin_url, size)
        yield Stage(
            data_dir=data_dir,
            app_url=server.url("partnership_app", DATABASE),
            admin_url=admin_url,
            secret=secret,
            token=DemoIssuer(data_dir, DEMO_AUDIENCE, demo=True).issue(VIEWER, lifetime=TOKEN_LIFE),
            account=demo_id("account", VIEWER),
            forum=demo_id("forum", f"{TRUST}/jnc"),
            consultation=loaded_consultation(1),
        )


async def fill(admin_url: str, size: Size) -> None:
    """Add what the demo lacks, in one transaction of the superuser, and let the planner know.

    Checkpoints wait until it is there; then the server is as it was.
    """
    await _settings(admin_url, "alter system set max_wal_size = '32GB'")
    await _run(
        admin_url,
        HERE / "load.sql",
        trusts=size.trusts,
        consultations=size.responses // 5,
        first=demo_id("organisation", TRUST),
    )
    await _run(admin_url, HERE / "peers" / "postgraphile.sql")
    await _settings(admin_url, "alter system reset max_wal_size")
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("vacuum (analyze)")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _settings(admin_url: str, change: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(change)
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()


async def add_viewer(ready: Stage, subject: str, rooms: int) -> None:
    """Enrol somebody whose seats open about that many rooms, the committee's joint one among them."""
    given = {"subject": subject, "issuer": ISSUER, "rooms": rooms, "forum": ready.forum}
    await _run(ready.admin_url, HERE / "viewer.sql", **given)


async def _run(admin_url: str, script: Path, **given: object) -> None:
    """Run a script as one transaction; it reads what it is given as settings."""
    connection = await asyncpg.connect(admin_url)
    try:
        async with connection.transaction():
            for name, value in given.items():
                await connection.execute("select set_config($1, $2, true)", f"bench.{name}", str(value))
            await connection.execute(script.read_text())
    finally:
        await connection.close()


def loaded_consultation(number: int) -> UUID:
    """The id that load.sql gives to its consultation of that number."""
    digest = md5(f"consultation/{number}".encode(), usedforsecurity=False).hexdigest()
    return UUID(f"{number:012x}{digest[12:]}")
