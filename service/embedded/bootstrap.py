"""The roles and the database, made on the embedded server exactly as a database administrator makes them in production.

Source: DESIGN section 3, "Enforcement". The files in `deploy/` are the only description of the roles.
"""

from pathlib import Path

import asyncpg

DATABASE = "partnership"
OWNER = "partnership_owner"
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


async def bootstrap(admin_url: str, database_admin_url: str) -> None:
    """Make the roles and the service's database. May run again: it repairs what was changed.

    `admin_url` is the superuser's address of any database, `database_admin_url` that of the service's database.
    """
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute((DEPLOY / "roles.sql").read_text())
        await create_database(admin, DATABASE)
    finally:
        await admin.close()
    await restrict_database(database_admin_url)


async def create_database(admin: "asyncpg.Connection[asyncpg.Record]", name: str, template: str = "template0") -> None:
    """Make a database unless it is there; `template` may name a migrated one to copy (about 35 ms)."""
    if await admin.fetchval("select exists (select from pg_catalog.pg_database where datname = $1)", name):
        return
    quoted_name, quoted_owner, quoted_template = (_identifier(word) for word in (name, OWNER, template))
    await admin.execute(f"create database {quoted_name} owner {quoted_owner} template {quoted_template}")


async def restrict_database(database_admin_url: str) -> None:
    """Take from everybody what a new database gives to everybody, and let the login roles connect.

    A copy made from a template needs it again: rights on a database are not copied.
    """
    connection = await asyncpg.connect(database_admin_url)
    try:
        await connection.execute((DEPLOY / "database.sql").read_text())
    finally:
        await connection.close()


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
