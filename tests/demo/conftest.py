"""A database with the demo region in it, loaded as `partnership demo` loads it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
import pytest

from service.db.migration import upgrade
from service.demo.load import load
from service.embedded import EmbeddedPostgres, create_database
from service.embedded.bootstrap import restrict_database
from service.rules.calendar import england_day

PROOF_KEY = b"a proof key for tests, 32 bytes!"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A loaded database: its addresses, the day it was loaded for, and whether the loader said that it loaded."""

    app: str
    migrator: str
    admin: str
    today: date
    was_loaded: bool


@pytest.fixture(scope="module")
def loaded(postgres_server: EmbeddedPostgres) -> Iterator[Loaded]:
    yield asyncio.run(make(postgres_server, f"demo_{uuid4().hex}"))


async def make(server: EmbeddedPostgres, name: str) -> Loaded:
    admin = await asyncpg.connect(server.admin_url())
    try:
        await create_database(admin, name)
    finally:
        await admin.close()
    await restrict_database(server.admin_url(name))
    migrator = server.url("partnership_migrator", name)
    await upgrade(migrator, proof_key=PROOF_KEY)
    today = england_day(datetime.now(UTC))
    done = await load(migrator, today, lambda detail: None)
    return Loaded(server.url("partnership_app", name), migrator, server.admin_url(name), today, done)
