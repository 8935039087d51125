"""How migrations run: as partnership_migrator, who becomes the owner; one transaction for each, and one run at a time.

The caller hands over `connect` in the configuration's attributes, so nothing is read from a file. Replicas that start
together may all migrate: the first does, the others wait for it and find nothing to do. No statement waits long for a
lock, as whoever reads would queue behind it.
"""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def _migrate(connection: Connection) -> None:
    connection.exec_driver_sql("set role partnership_owner")
    connection.exec_driver_sql("set lock_timeout = '120s'")
    connection.exec_driver_sql("select pg_advisory_lock(hashtextextended('partnership migrations', 0))")
    connection.exec_driver_sql("set lock_timeout = '5s'")
    connection.exec_driver_sql("create schema if not exists graph")
    connection.commit()
    context.configure(
        connection=connection,
        version_table_schema="graph",
        transaction_per_migration=True,
        target_metadata=context.config.attributes.get("target_metadata"),
        include_schemas=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.exec_driver_sql("grant select on graph.alembic_version to partnership_app")
    connection.commit()


async def _run() -> None:
    async def connect() -> asyncpg.Connection:
        found: asyncpg.Connection = await context.config.attributes["connect"]()
        return found

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


asyncio.run(_run())
