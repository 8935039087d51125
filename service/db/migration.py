"""Brings a database to the current schema, and the stored reference data in step with `service/forums` and the kinds of
report.

Run as partnership_migrator. The application's own role can do none of this.
"""

import asyncio
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from service.access.hosts import Hosts
from service.db.definitions import store
from service.forums import office_rows
from service.forums.routes import COLUMNS, route_rows

SCRIPTS: Final = Path(__file__).parents[2] / "migrations"
STORE_ROUTE: Final = (
    f"insert into access.route ({', '.join(COLUMNS)})"  # noqa: S608 (our own names)
    f" values ({', '.join(f'${n}' for n in range(1, len(COLUMNS) + 1))})"
)

# After a dump was restored, the feed's lines may name transactions that this server has not come to.
REDATE_FEED: Final = (
    "update access.change set first_in = least(first_in, pg_current_xact_id()), changed_in = pg_current_xact_id()"
    " where changed_in > pg_current_xact_id()"
)


def configuration(url: str) -> Config:
    """Alembic's, for the scripts of this code and the database of that address."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connect"] = Hosts(url).connect
    return config


def head() -> str:
    """The revision that this code needs."""
    revision = ScriptDirectory(str(SCRIPTS)).get_current_head()
    assert revision is not None
    return revision


def suits(revision: str | None) -> bool:
    """Whether a database at this revision has what this code needs: the newest that it knows, or one newer still.

    A newer one is there while a release is rolled out, between its `migrate` and the last replica's replacement. Each
    migration therefore leaves alone what the release before it uses (docs: expand first, contract a release later).
    """
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    return revision is not None and (revision == head() or revision not in known)


async def upgrade(url: str, *, proof_key: bytes) -> None:
    """Migrate to the newest revision, then store the offices, the routes and the key that proofs are made with.

    Raises `asyncpg.PostgresError` or `OSError`; what a migration did not finish is rolled back.
    """
    await asyncio.to_thread(command.upgrade, configuration(url), "head")
    connection = await Hosts(url).connect()
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtextextended('partnership migrations', 0))")
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
            await connection.execute("delete from access.route")
            await connection.executemany(STORE_ROUTE, route_rows())
            await store(connection)
            await connection.execute(REDATE_FEED)
            await connection.execute(
                "insert into access.secret (k) values ($1) on conflict (only_row) do update set k = excluded.k",
                proof_key,
            )
    finally:
        await connection.close()
