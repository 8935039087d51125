"""The roles: what each can never do, whatever was done to it before, and that the service's own files say so."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg
import pytest

from service.embedded import DATABASE, EmbeddedPostgres, bootstrap, create_database
from service.embedded.bootstrap import restrict_database

LOGINS = (
    "partnership_migrator",
    "partnership_app",
    "partnership_relay",
    "partnership_scheduler",
    "partnership_auditor",
)
ROLES = (*LOGINS, "partnership_owner", "partnership_access")
Answer = TypeVar("Answer")


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    return asyncio.run(work)


async def rows(url: str, question: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(question, *values))
    finally:
        await connection.close()


def refused(server: EmbeddedPostgres, role: str, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        run(rows(server.url(role, DATABASE), statement))


def again(server: EmbeddedPostgres) -> None:
    run(bootstrap(server.admin_url(), server.admin_url(DATABASE)))


@pytest.mark.parametrize("role", ["partnership_owner", "partnership_access"])
def test_nobody_can_sign_in_as_the_roles_that_own(postgres_server: EmbeddedPostgres, role: str) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="not permitted to log in"):
        run(rows(postgres_server.url(role, DATABASE), "select 1"))


def test_no_role_of_ours_can_bypass_a_policy(postgres_server: EmbeddedPostgres) -> None:
    found = run(
        rows(
            postgres_server.admin_url(),
            "select rolname, rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication as mighty"
            " from pg_roles where rolname like 'partnership%'",
        )
    )
    assert {row["rolname"] for row in found} == set(ROLES)
    assert [row["rolname"] for row in found if row["mighty"]] == []


@pytest.mark.parametrize("role", LOGINS)
@pytest.mark.parametrize(
    "statement",
    [
        "create role intruder",
        "create database intruder",
        "alter role current_user bypassrls",
        "set role postgres",
        "set session authorization postgres",
        "copy (select 1) to program 'true'",
        "select pg_read_file('postgresql.conf')",
    ],
)
def test_no_login_can_become_more_than_it_is(postgres_server: EmbeddedPostgres, role: str, statement: str) -> None:
    refused(postgres_server, role, statement)


@pytest.mark.parametrize("role", [role for role in LOGINS if role != "partnership_migrator"])
@pytest.mark.parametrize("owner", ["partnership_owner", "partnership_access", "partnership_migrator"])
def test_the_app_and_its_fellows_cannot_become_an_owner(
    postgres_server: EmbeddedPostgres, role: str, owner: str
) -> None:
    refused(postgres_server, role, f"set role {owner}")
    refused(postgres_server, role, "create schema foothold")
    refused(postgres_server, role, "create table public.foothold ()")
    refused(postgres_server, role, "create temporary table foothold ()")


def test_the_app_is_stopped_by_a_policy_on_a_table_of_the_owner(postgres_server: EmbeddedPostgres) -> None:
    async def walled() -> tuple[int, int]:
        await create_and_wall(postgres_server)
        seen = await rows(postgres_server.url("partnership_app", DATABASE), "select from walled.note")
        by_owner = await rows(postgres_server.url("partnership_migrator", DATABASE), "select from walled.note")
        return len(seen), len(by_owner)

    assert run(walled()) == (0, 0)


async def create_and_wall(server: EmbeddedPostgres) -> None:
    migrator = await asyncpg.connect(server.url("partnership_migrator", DATABASE))
    try:
        async with migrator.transaction():
            await migrator.execute("set local role partnership_owner")
            await migrator.execute("drop schema if exists walled cascade")
            await migrator.execute("create schema walled")
            await migrator.execute("create table walled.note as select 'hidden' as words")
            await migrator.execute("alter table walled.note enable row level security, force row level security")
            await migrator.execute("grant usage on schema walled to partnership_app")
            await migrator.execute("grant select on walled.note to partnership_app")
    finally:
        await migrator.close()


def test_the_migrator_can_give_a_function_to_access(postgres_server: EmbeddedPostgres) -> None:
    async def give() -> str:
        migrator = await asyncpg.connect(postgres_server.url("partnership_migrator", DATABASE))
        transaction = migrator.transaction()
        await transaction.start()
        try:
            await migrator.execute("set local role partnership_owner")
            await migrator.execute("create schema given")
            await migrator.execute("create function given.one() returns int language sql as 'select 1'")
            await migrator.execute("grant usage, create on schema given to partnership_access")
            await migrator.execute("reset role")
            await migrator.execute("alter function given.one() owner to partnership_access")
            owner = await migrator.fetchval("select proowner::regrole::text from pg_proc where proname = 'one'")
            return str(owner)
        finally:
            await transaction.rollback()
            await migrator.close()

    assert run(give()) == "partnership_access"


def test_an_administrator_who_runs_the_files_again_changes_nothing(postgres_server: EmbeddedPostgres) -> None:
    everything = (
        "select rolname::text, rolcanlogin::text, rolinherit::text from pg_roles where rolname like 'partnership%'"
        " union all select member::regrole::text, roleid::regrole::text, inherit_option::text || set_option::text"
        " from pg_auth_members"
        " union all select datname, datacl::text, datdba::regrole::text from pg_database order by 1, 2, 3"
    )
    before = run(rows(postgres_server.admin_url(), everything))
    again(postgres_server)
    assert run(rows(postgres_server.admin_url(), everything)) == before


@pytest.mark.parametrize(
    ("loosened", "check"),
    [
        ("alter role partnership_app bypassrls", "select rolbypassrls from pg_roles where rolname = 'partnership_app'"),
        ("alter role partnership_app superuser", "select rolsuper from pg_roles where rolname = 'partnership_app'"),
        ("alter role partnership_owner login", "select rolcanlogin from pg_roles where rolname = 'partnership_owner'"),
        (
            "grant partnership_owner to partnership_app",
            "select pg_has_role('partnership_app', 'partnership_owner', 'set')",
        ),
        (
            "grant pg_read_all_data to partnership_relay",
            "select pg_has_role('partnership_relay', 'pg_read_all_data', 'set')",
        ),
    ],
)
def test_an_administrator_who_loosened_a_role_gets_it_mended(
    postgres_server: EmbeddedPostgres, loosened: str, check: str
) -> None:
    run(rows(postgres_server.admin_url(), loosened))
    assert run(rows(postgres_server.admin_url(), check))[0][0] is True
    again(postgres_server)
    assert run(rows(postgres_server.admin_url(), check))[0][0] is False


def test_a_stranger_role_cannot_connect_to_the_database_or_a_copy_of_it(postgres_server: EmbeddedPostgres) -> None:
    async def prepare() -> None:
        admin = await asyncpg.connect(postgres_server.admin_url())
        try:
            await admin.execute("create role stranger login")
            await create_database(admin, "the_copy", template=DATABASE)
        finally:
            await admin.close()
        await restrict_database(postgres_server.admin_url("the_copy"))

    run(prepare())
    try:
        for database in (DATABASE, "the_copy"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                run(rows(postgres_server.url("stranger", database), "select 1"))
            assert len(run(rows(postgres_server.url("partnership_app", database), "select 1"))) == 1
    finally:
        run(rows(postgres_server.admin_url(), "drop database the_copy"))
        run(rows(postgres_server.admin_url(), "drop role stranger"))
