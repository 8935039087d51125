"""Migrations: run twice, run together, run back, run beside somebody's lock; and the tables as the code believes them."""

import asyncio
import time
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from service.db.migration import configuration, head, suits, upgrade
from service.db.tables import metadata
from service.settings import read_settings
from tests.plugins.service import SECRET
from tests.production.conftest import Database, Operator, with_region

KEY = read_settings(database_url="postgresql://x@/x", secret=SECRET).proof_key
SHAPE = """
    select n.nspname || '.' || c.relname as place, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('graph', 'access') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
     order by 1, a.attnum"""
WALLS = """
    select schemaname || '.' || tablename || '.' || policyname as name, permissive, roles::text, cmd, qual, with_check
      from pg_policies order by 1"""
RIGHTS = """
    select c.oid::regclass::text as name, c.relacl::text, c.relowner::regrole::text, c.relrowsecurity, c.relforcerowsecurity
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('graph', 'access') and c.relkind in ('r', 'i')
    union all
    select p.oid::regprocedure::text, p.proacl::text, p.proowner::regrole::text, p.prosecdef, null
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('graph', 'access')
    union all
    select nspname, nspacl::text, nspowner::regrole::text, null, null from pg_namespace where nspname in ('graph', 'access')
    union all
    select attrelid::regclass || '.' || attname, attacl::text, null, null, null from pg_attribute where attacl is not null
     and attrelid::regclass::text like any (array['graph.%', 'access.%'])
     order by 1"""


WORDS = """
    select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('graph', 'access')
    union all select indexname, indexdef from pg_indexes where schemaname in ('graph', 'access') order by 1"""


async def whole(database: Database) -> list[list[asyncpg.Record]]:
    """Everything that a migration makes: columns, policies, owners and rights, functions and indexes."""
    return [await database.fetch(question) for question in (SHAPE, WALLS, RIGHTS, WORDS)]


def run(what: Any, database: Database, *arguments: str) -> None:
    what(configuration(database.url("partnership_migrator")), *arguments)


async def test_an_operator_who_migrates_twice_changes_nothing(empty_database: Database) -> None:
    migrator = empty_database.url("partnership_migrator")
    await upgrade(migrator, proof_key=KEY)
    before = await whole(empty_database)
    await upgrade(migrator, proof_key=KEY)
    assert await whole(empty_database) == before
    assert await empty_database.fetch("select version_num from graph.alembic_version") == [(head(),)]


async def test_replicas_that_start_together_migrate_once(operator: Operator, empty_database: Database) -> None:
    runs = [asyncio.to_thread(operator.run, "migrate", **empty_database.settings) for _ in range(3)]
    assert [(done.returncode, "done" in done.stderr) for done in await asyncio.gather(*runs)] == [(0, True)] * 3
    assert await empty_database.fetch("select version_num from graph.alembic_version") == [(head(),)]
    assert (await empty_database.fetch("select count(*) from access.secret"))[0][0] == 1


async def test_an_operator_who_goes_back_and_forth_gets_the_same_walls(empty_database: Database) -> None:
    migrator = empty_database.url("partnership_migrator")
    await with_region(migrator)
    before = await whole(empty_database)
    await asyncio.to_thread(run, command.downgrade, empty_database, "base")
    left = await empty_database.fetch(
        "select tablename from pg_tables where schemaname in ('graph', 'access')"
        " union all select proname from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname in ('graph', 'access')"
    )
    assert left == [("alembic_version",)]
    await with_region(migrator)
    assert await whole(empty_database) == before


async def test_an_operator_who_goes_back_a_step_gets_what_stood_before_it(empty_database: Database) -> None:
    await asyncio.to_thread(run, command.upgrade, empty_database, "0001")
    steps = [each.revision for each in ScriptDirectory.from_config(configuration("")).walk_revisions()]
    assert steps[-1] == "0001"
    for revision in reversed(steps[:-1]):
        before = await whole(empty_database)
        for _ in range(2):
            await asyncio.to_thread(run, command.upgrade, empty_database, revision)
            assert await whole(empty_database) != before
            await asyncio.to_thread(run, command.downgrade, empty_database, "-1")
            assert await whole(empty_database) == before
        await asyncio.to_thread(run, command.upgrade, empty_database, revision)


async def test_a_member_does_not_wait_behind_a_migration_that_waits_for_a_lock(
    operator: Operator, empty_database: Database
) -> None:
    await upgrade(empty_database.url("partnership_migrator"), proof_key=KEY)
    migrating = "insert into access.office select * from access.office where false"
    holder = await asyncpg.connect(empty_database.server.admin_url(empty_database.name))
    try:
        async with holder.transaction():
            await holder.execute("lock table graph.alembic_version in access exclusive mode")
            began = time.monotonic()
            done = await asyncio.to_thread(operator.run, "migrate", **empty_database.settings)
            assert time.monotonic() - began < 30
    finally:
        await holder.close()
    assert done.returncode == 1
    assert done.stderr == (
        "partnership: MIGRATION_DATABASE_URL: the database refused: canceling statement due to lock timeout\n"
    )
    done = await asyncio.to_thread(operator.run, "migrate", **empty_database.settings)
    assert done.returncode == 0, done.stderr
    assert await empty_database.fetch(migrating) == []


async def test_an_operator_whose_migration_fails_half_way_finds_nothing_made(empty_database: Database) -> None:
    in_the_way = "create schema access authorization partnership_owner; create table access.office (in_the_way int)"
    admin = await asyncpg.connect(empty_database.server.admin_url(empty_database.name))
    await admin.execute(in_the_way)
    await admin.close()
    with pytest.raises(Exception, match="access"):
        await upgrade(empty_database.url("partnership_migrator"), proof_key=KEY)
    tables = await empty_database.fetch("select tablename from pg_tables where schemaname = 'graph'")
    assert tables in ([], [("alembic_version",)])


@pytest.mark.parametrize(
    "role", ["partnership_app", "partnership_relay", "partnership_scheduler", "partnership_auditor"]
)
async def test_nobody_but_the_migrator_can_migrate(empty_database: Database, role: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        await upgrade(empty_database.url(role), proof_key=KEY)
    assert await empty_database.fetch("select from pg_namespace where nspname in ('graph', 'access')") == []


def test_a_member_is_served_through_a_roll_out_by_the_release_before_it() -> None:
    assert suits(head())
    assert suits("a revision of the release that is being rolled out")
    assert not suits(None)


async def differing(database: Database) -> dict[str, list[str]]:
    """Columns that the code and the database do not have alike, by table."""
    found: dict[str, set[str]] = {}
    for row in await database.fetch(SHAPE):
        found.setdefault(row["place"], set()).add(f"{row['name']} {row['type']} {row['required']}")
    dialect = postgresql.dialect()
    believed = {
        f"{table.schema}.{table.name}": {
            f"{column.name} {column.type.compile(dialect).lower()} {not column.nullable}" for column in table.columns
        }
        for table in metadata.tables.values()
    }
    by_functions = (
        "access.account",
        "access.secret",
        "access.office",
        "access.own_sign_in_code",
        "access.release_taken",
        "access.change",
        "access.passed",
        "access.scheduler",
        "access.calendar_address",
    )
    for apart in (*by_functions, "graph.alembic_version"):
        if apart not in believed:  # the code reads these by functions alone, and the last is Alembic's own
            found.pop(apart)
    tables = found.keys() | believed.keys()
    both = {name: found.get(name, set()) ^ believed.get(name, set()) for name in tables}
    return {name: sorted(columns) for name, columns in both.items() if columns}


async def test_a_developer_finds_the_tables_as_the_code_believes_them(region: Database) -> None:
    assert await differing(region) == {}


async def test_a_developer_who_changes_one_of_the_two_is_told_where(empty_database: Database) -> None:
    await upgrade(empty_database.url("partnership_migrator"), proof_key=KEY)
    for change in (
        "alter table graph.comment alter column body drop not null",
        "alter table graph.comment alter column office type varchar(9)",
        "alter table graph.event add column extra text",
        "create table graph.unforeseen (id uuid)",
    ):
        await empty_database.fetch(change)
    assert await differing(empty_database) == {
        "graph.comment": [
            "body text False",
            "body text True",
            "office character varying(9) False",
            "office text False",
        ],
        "graph.event": ["extra text False"],
        "graph.unforeseen": ["id uuid False"],
    }


async def test_an_operator_who_restores_a_dump_elsewhere_migrates_once_and_the_feed_goes_on(
    empty_database: Database,
) -> None:
    """A dump keeps the numbers of transactions of the server that it was taken from."""
    migrator = empty_database.url("partnership_migrator")
    await with_region(migrator)
    lines = "select room_id, node, id, home from access.change where node <> 'door' and only_for::text like '0000%' order by 1, 2, 3"
    before = await empty_database.fetch(lines)
    await asyncio.to_thread(run, command.downgrade, empty_database, "0004")
    await upgrade(migrator, proof_key=KEY)
    assert await empty_database.fetch(lines) == before, "what stood already is followed like what comes"
    await empty_database.fetch("update access.change set first_in = '4000000000', changed_in = '5000000000'")
    await upgrade(migrator, proof_key=KEY)
    ahead = "select count(*) from access.change where greatest(first_in, changed_in) > pg_current_xact_id()"
    assert await empty_database.fetch(ahead) == [(0,)]
