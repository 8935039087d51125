"""The audit chain (DESIGN section 6; THREATS E13-E15): tampering shows, every act leaves one entry, and nothing is undone.

The tampering is PostgreSQL's own superuser's, who alone could; what no verifier can see without a checkpoint kept
elsewhere, a chain rebuilt whole with its head, stands here as a test too, so that nobody thinks otherwise.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from service.access.viewer import Viewer
from service.db.audit import entry_hash, verify
from tests.integrity.case import assert_whole, done, drafted, entries, key, opened, proposed, settled, submitted
from tests.plugins.service import World

TRACES = ("audit_detail", "audit_entry", "room_head")
LONG_ROOM = "select room_id from graph.audit_entry group by 1 having count(*) >= 4 order by count(*) desc, 1 limit 1"


@pytest.fixture(scope="module")
async def audited(world: World) -> AsyncIterator[World]:
    """A world in which both sides have acted and been refused."""
    case = await settled(world)
    for _ in range(3):
        await case.chair.act("planSign", planId=case.plan, contentHash="0" * 64, idempotencyKey=key())
    await assert_whole(world)
    yield world


async def tampered(world: World, tamper: Callable[[Any, UUID], Awaitable[Any]]) -> list[str]:
    """What the verifier says of the tampering, which is then undone."""
    async with world.admin() as db:
        room = await db.fetchval(LONG_ROOM)
        kept = {table: await db.fetch(f"select * from graph.{table}") for table in TRACES}
        await db.execute("set session_replication_role = replica")
        try:
            await tamper(db, room)
            return await verify(world.url("partnership_auditor"), lambda said: None)
        finally:
            for table, rows in kept.items():
                await db.execute(f"delete from graph.{table}")
                await db.copy_records_to_table(table, schema_name="graph", records=[tuple(row) for row in rows])


EDITS = {
    "act": "'PLAN_SIGN_'", "outcome": "case outcome when 'DONE' then 'REFUSED' else 'DONE' end", "code": "'NOT_FOUND_'",
    "forum_id": "gen_random_uuid()", "side": "'STAFF_'", "office": "'CHAIR_'", "target_id": "gen_random_uuid()",
    "happened_at": "happened_at - interval '1 microsecond'", "commitment": "repeat('0', 64)",
    "previous_hash": "repeat('0', 64)", "hash": "repeat('0', 64)",
}  # fmt: skip


@pytest.mark.parametrize("column", EDITS)
async def test_E13_an_edited_entry_is_found_and_named(audited: World, column: str) -> None:
    async def edit(db: Any, room: UUID) -> None:
        await db.execute(
            f"update graph.audit_entry set {column} = {EDITS[column]} where room_id = $1 and sequence = 2", room
        )

    (broken,) = await tampered(audited, edit)
    assert "entry 2" in broken


async def test_E13_every_column_of_an_entry_is_under_the_hash_but_its_own_id(audited: World) -> None:
    async with audited.admin() as db:
        columns = await db.fetch(
            "select attname from pg_attribute where attrelid = 'graph.audit_entry'::regclass and attnum > 0"
        )
    assert {row["attname"] for row in columns} == {*EDITS, "id", "room_id", "sequence"}


@pytest.mark.parametrize("place", [1, 2])
async def test_E13_a_deleted_entry_is_missed(audited: World, place: int) -> None:
    async def delete(db: Any, room: UUID) -> None:
        await db.execute("delete from graph.audit_entry where room_id = $1 and sequence = $2", room, place)

    (broken,) = await tampered(audited, delete)
    assert f"entry {place} is missing" in broken


async def test_E13_a_deleted_entry_whose_followers_were_renumbered_is_missed(audited: World) -> None:
    async def delete(db: Any, room: UUID) -> None:
        await db.execute("delete from graph.audit_entry where room_id = $1 and sequence = 2", room)
        await db.execute(
            "update graph.audit_entry set sequence = -sequence + 1 where room_id = $1 and sequence > 2", room
        )
        await db.execute("update graph.audit_entry set sequence = -sequence where room_id = $1 and sequence < 0", room)

    (broken,) = await tampered(audited, delete)
    assert "entry 2: does not follow" in broken


async def test_E13_two_entries_in_each_others_place_are_found(audited: World) -> None:
    async def swap(db: Any, room: UUID) -> None:
        for old, new in ((2, -3), (3, -2)):
            await db.execute(
                "update graph.audit_entry set sequence = $3 where room_id = $1 and sequence = $2", room, old, new
            )
        await db.execute("update graph.audit_entry set sequence = -sequence where room_id = $1 and sequence < 0", room)

    (broken,) = await tampered(audited, swap)
    assert "entry 2" in broken


@pytest.mark.parametrize("how_many", [1, 3, 10_000])
async def test_E13_a_cut_tail_is_missed(audited: World, how_many: int) -> None:
    async def cut(db: Any, room: UUID) -> None:
        await db.execute(
            "delete from graph.audit_entry where id in (select id from graph.audit_entry where room_id = $1"
            " order by sequence desc limit $2)", room, how_many)  # fmt: skip

    (broken,) = await tampered(audited, cut)
    assert "last entries are missing" in broken


async def test_E13_a_chain_moved_to_another_room_is_found(audited: World) -> None:
    async def swap(db: Any, room: UUID) -> None:
        other = await db.fetchval(
            "select room_id from graph.audit_entry where room_id <> $1 group by 1 order by count(*) desc, 1 limit 1",
            room,
        )
        aside = uuid4()
        for old, new in ((room, aside), (other, room), (aside, other)):
            await db.execute("update graph.audit_entry set room_id = $2 where room_id = $1", old, new)
        await db.execute(
            "update graph.room_head h set audit_sequence = o.audit_sequence, audit_hash = o.audit_hash from graph.room_head o"
            " where (h.room_id, o.room_id) in (($1, $2), ($2, $1))", room, other)  # fmt: skip

    broken = await tampered(audited, swap)
    assert len(broken) == 2
    assert all("entry 1: was changed" in each for each in broken)


async def test_E13_a_rewritten_detail_is_found_and_an_exchanged_one_too(audited: World) -> None:
    async def rewrite(db: Any, room: UUID) -> None:
        await db.execute(
            "update graph.audit_detail set detail = '{}' where entry_id = (select id from graph.audit_entry"
            " where room_id = $1 and sequence = 2)", room)  # fmt: skip

    async def exchange(db: Any, room: UUID) -> None:
        pair = await db.fetch("select id from graph.audit_entry where room_id = $1 and sequence in (2, 3)", room)
        await db.execute(
            "update graph.audit_detail d set salt = o.salt, detail = o.detail from graph.audit_detail o"
            " where (d.entry_id, o.entry_id) in (($1, $2), ($2, $1))", *[row["id"] for row in pair])  # fmt: skip

    for tamper in (rewrite, exchange):
        (broken,) = await tampered(audited, tamper)
        assert "entry 2: its detail is not what was committed to" in broken


@pytest.mark.parametrize("how", ["salt = null, detail = null", "salt = null", "detail = null"])
async def test_E13_an_erased_detail_still_verifies(audited: World, how: str) -> None:
    async def erase(db: Any, room: UUID) -> None:
        await db.execute(f"update graph.audit_detail set {how}")

    assert await tampered(audited, erase) == []


async def test_E13_a_detail_removed_altogether_still_verifies(audited: World) -> None:
    async def remove(db: Any, room: UUID) -> None:
        await db.execute("delete from graph.audit_detail")

    assert await tampered(audited, remove) == []


async def test_E13_a_head_moved_back_is_found(audited: World) -> None:
    async def move(db: Any, room: UUID) -> None:
        await db.execute("update graph.room_head set audit_sequence = audit_sequence - 1 where room_id = $1", room)

    assert len(await tampered(audited, move)) == 1


async def test_E13_a_removed_head_is_found(audited: World) -> None:
    async def remove(db: Any, room: UUID) -> None:
        await db.execute("delete from graph.room_head where room_id = $1", room)

    assert len(await tampered(audited, remove)) == 1


async def test_E13_only_a_checkpoint_kept_elsewhere_would_show_a_chain_rebuilt_whole(audited: World) -> None:
    async def rebuild(db: Any, room: UUID) -> None:
        previous = ""
        rows = await db.fetch(
            "select *, (extract(epoch from happened_at) * 1000000)::bigint as micros from graph.audit_entry"
            " where room_id = $1 order by sequence", room)  # fmt: skip
        for row in rows:
            entry = {**row, "act": "PLAN_SIGN", "previous_hash": previous}
            mended = entry_hash(entry, previous)
            await db.execute(
                "update graph.audit_entry set act = 'PLAN_SIGN', previous_hash = $2, hash = $3 where id = $1",
                row["id"], previous, mended)  # fmt: skip
            previous = mended
        await db.execute("update graph.room_head set audit_hash = $2 where room_id = $1", room, previous)

    assert await tampered(audited, rebuild) == []


APPEND_ONLY = (
    "audit_entry",
    "audit_detail",
    "event",
    "room_head",
    "signature",
    "policy_version",
    "response",
    "response_point",
)


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_E15_the_service_cannot_undo_or_change_what_was_recorded(world: World, table: str) -> None:
    connection = await asyncpg.connect(world.url("partnership_app"))
    try:
        column = "signed_at" if table == "signature" else "room_id"
        for attempt in (
            f"update graph.{table} set {column} = {column}",
            f"delete from graph.{table}",
            f"truncate graph.{table}",
            f"alter table graph.{table} disable row level security",
            f"drop table graph.{table}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["audit_entry", "audit_detail", "event", "room_head"])
async def test_E15_the_service_cannot_write_a_trace_but_through_the_one_function(world: World, table: str) -> None:
    async with world.doorway() as doorway, doorway.pool.acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"insert into graph.{table} (room_id) values ($1)", uuid4())


async def test_E15_the_auditor_reads_and_writes_nothing(world: World) -> None:
    connection = await asyncpg.connect(world.url("partnership_auditor"))
    try:
        assert await connection.fetchval("select count(*) from graph.audit_entry") > 0
        for attempt in (
            "update graph.audit_entry set act = act", "delete from graph.audit_entry", "update graph.audit_detail set salt = null",
            "insert into graph.room_head (room_id) values (gen_random_uuid())",
            "select count(*) from graph.consultation", "select room_id from graph.audit_detail",
        ):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


async def test_a_rolled_back_act_leaves_no_entry(world: World) -> None:
    before = await world.everything()
    async with world.doorway() as doorway:
        account = await doorway.identify("urn:partnership:demo", "management-chair")
        async with doorway.acting(Viewer(account)) as snapshot:
            await snapshot.call(
                "select access.trace($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                uuid4(),
                uuid4(),
                None,
                None,
                "PLAN_SIGN",
                "DONE",
                None,
                uuid4(),
                1,
                "plan.signed",
                "s",
                "d",
            )
    assert await world.everything() == before


async def test_the_entries_of_a_case_can_be_counted_act_by_act(world: World) -> None:
    before = await entries(world)
    await drafted(world)
    assert await entries(world) == before + 2
    await proposed(await drafted(world))
    assert await entries(world) == before + 5
    await submitted(await opened(world))
    assert await entries(world) == before + 13
    await done(world.as_("management-chair"), "membershipJoin", forumId=world.id("StaffNetwork", "forum", "RTD/carers"))
    assert await entries(world) == before + 14
