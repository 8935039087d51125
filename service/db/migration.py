"""Brings a database to the current schema, and the stored reference data in step with `service/forums`.

Run as partnership_migrator. The application's own role can do none of this.
"""

import asyncio
from pathlib import Path
from typing import Final

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from service.forums import office_rows

SCRIPTS: Final = Path(__file__).parents[2] / "migrations"


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def head() -> str:
    """The revision that this code needs."""
    revision = ScriptDirectory(str(SCRIPTS)).get_current_head()
    assert revision is not None
    return revision


async def upgrade(url: str, *, proof_key: bytes) -> None:
    """Migrate to the newest revision, then store the offices and the key that proofs are made with.

    Raises `asyncpg.PostgresError` or `OSError`; what a migration did not finish is rolled back.
    """
    await asyncio.to_thread(command.upgrade, _config(url), "head")
    connection = await asyncpg.connect(url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("delete from access.office")
            await connection.executemany(
                "insert into access.office (kind, side, office, opens, opens_by_terms, home, may_be_public, granted_by)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                [
                    (
                        kind,
                        row.side,
                        row.office,
                        row.opens,
                        row.opens_by_terms,
                        row.home,
                        row.may_be_public,
                        row.granted_by,
                    )
                    for kind, row in office_rows()
                ],
            )
            await connection.execute(
                "insert into access.secret (k) values ($1) on conflict (only_row) do update set k = excluded.k",
                proof_key,
            )
    finally:
        await connection.close()
