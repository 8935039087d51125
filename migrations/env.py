"""How migrations run: as partnership_migrator, who becomes the owner; one transaction for each.

The caller hands over `url` in the configuration's attributes, so nothing is read from a file.
"""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def _migrate(connection: Connection) -> None:
    connection.exec_driver_sql("set role partnership_owner")
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
    url = context.config.attributes["url"]

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url, timeout=10)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


asyncio.run(_run())
