"""A signed checkpoint, kept elsewhere, catches what no chain can show by itself (THREATS E13)."""

from datetime import UTC, datetime

import pytest

from service.db.audit import heads, verify
from service.db.checkpoints import CheckpointRefused, opened, sealed
from tests.integrity.case import key, settled
from tests.plugins.service import World

KEY, OTHER = b"c" * 32, b"o" * 32

# What a superuser would do to make an edited chain verify again: rebuild every hash of the room, and its head.
REBUILD = """
do $$ declare r uuid; e record; previous text := ''; begin
  select room_id into r from graph.audit_entry group by 1 having count(*) >= 4 order by count(*) desc, 1 limit 1;
  update graph.audit_entry set act = 'PLAN_PROCEED' where room_id = r and sequence = 2;
  for e in select * from graph.audit_entry where room_id = r order by sequence loop
    update graph.audit_entry set previous_hash = previous, hash = access.entry_hash(previous, e.room_id, e.sequence, e.act,
      e.outcome, e.code, e.forum_id, e.side, e.office, e.target_id, e.happened_at, e.commitment) where id = e.id
      returning hash into previous;
  end loop;
  update graph.room_head set audit_hash = previous where room_id = r;
end $$"""


async def test_E13_a_superuser_who_rebuilds_a_whole_chain_is_caught_by_a_checkpoint_and_by_nothing_else(
    fresh_world: World,
) -> None:
    case = await settled(fresh_world)
    url = fresh_world.url("partnership_auditor")
    text = sealed(await heads(url), KEY, datetime.now(UTC))
    for _ in range(2):
        await case.chair.act("planSign", planId=case.plan, contentHash="0" * 64, idempotencyKey=key())
    assert await verify(url, lambda said: None, opened(text, KEY)) == []
    async with fresh_world.admin() as db:
        await db.execute(REBUILD)
    assert await verify(url, lambda said: None) == []
    (caught,) = await verify(url, lambda said: None, opened(text, KEY))
    assert "is not the one of the checkpoint" in caught


async def test_the_auditor_verifies_every_detail_and_reads_none(fresh_world: World) -> None:
    import asyncpg

    connection = await asyncpg.connect(fresh_world.url("partnership_auditor"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select detail from graph.audit_detail")
        assert await connection.fetch("select * from access.broken_commitments()") == []
    finally:
        await connection.close()


def test_a_checkpoint_that_was_edited_or_signed_by_another_is_refused() -> None:
    text = sealed({"a3f0b7f2-0000-4000-8000-000000000001": (7, "ab")}, KEY, datetime.now(UTC))
    assert opened(text, KEY) == {"a3f0b7f2-0000-4000-8000-000000000001": (7, "ab")}
    for tampered in (text.replace("7", "6", 1), "{}", "[]", "", '{"checkpoint": 1, "signature": "zz"}'):
        with pytest.raises(CheckpointRefused):
            opened(tampered, KEY)
    with pytest.raises(CheckpointRefused):
        opened(text, OTHER)
