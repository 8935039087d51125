"""The scratch database in which attackers run any SQL."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from service.embedded import EmbeddedPostgres
from service.settings import read_settings
from tests.plugins.service import SECRET, copied, drop
from tests.walls.ground import APP, Ground, prepared
from tests.walls.planting import prepared_for_issues


@pytest.fixture(scope="module")
async def ground(postgres_server: EmbeddedPostgres, region_template: str) -> AsyncIterator[Ground]:
    """One scratch database for a test file."""
    name = f"ground_{uuid4().hex}"
    await copied(postgres_server, name, region_template)
    key = read_settings(database_url="postgresql://x@/x", secret=SECRET).proof_key
    url = postgres_server.url(APP, name)
    admin = await asyncpg.connect(postgres_server.admin_url(name))
    made = Ground(postgres_server, name, key, admin, await asyncpg.connect(url), await asyncpg.connect(url))
    try:
        await prepared(made)
        await prepared_for_issues(made)
        yield made
    finally:
        await made.close()
        await drop(postgres_server, name)
