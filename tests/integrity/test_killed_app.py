"""The application killed during acts (THREATS E8): at every statement of one act, and under eight writers."""

import asyncio
import random
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integrity.served import AFTER_COMMIT, served
from tests.integrity.writers import Book
from tests.plugins.service import SECRET, World


async def kill_at(world: World, demo_keys: Path, point: int) -> tuple[bool, str]:
    """One act on a service that dies at this point, asked again elsewhere; whether it was there before, and what it said."""
    book, key = Book(world, world.as_("management-chair")), f"key-point-{point}-{uuid4().hex}"
    async with served(world.url("partnership_app"), SECRET, demo_keys, point) as dying:
        assert not await book.write(dying.base, key), f"statement {point} lies beyond the act"
        assert await dying.died_by_itself()
        said = dying.kill()
    before = await drafts(world, key)
    for _ in range(2):
        assert await book.write(world.base, key)
    assert await drafts(world, key) == 1
    return before == 1, said


async def drafts(world: World, title: str) -> int:
    async with world.admin() as db:
        found: int = await db.fetchval("select count(*) from graph.consultation where title = $1", title)
        return found


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["ten", "every"])
async def test_E8_a_chair_whose_service_dies_at_any_statement_asks_again_and_has_one_draft(
    world: World, demo_keys: Path, every: bool
) -> None:
    done, said = await kill_at(world, demo_keys, AFTER_COMMIT)
    assert done
    commit = int(said)
    chosen = range(1, commit + 2) if every else (1, 2, commit // 2, *range(commit - 4, commit + 2))
    for point in chosen:
        done, _ = await kill_at(world, demo_keys, point)
        assert done == (point > commit), f"killed at statement {point} of {commit}"
    await Book(world, world.as_("management-chair"), acknowledged=await _titles(world)).balance(world.base)


async def _titles(world: World) -> dict[str, str]:
    from service.resolvers.ids import global_id

    async with world.admin() as db:
        rows = await db.fetch("select id, title from graph.consultation where title like 'key-%'")
    return {row["title"]: global_id("Consultation", row["id"]) for row in rows}


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.deep, id="deep")])
async def test_E8_no_acknowledged_draft_is_lost_when_the_service_is_killed_under_eight_writers(
    fresh_world: World, demo_keys: Path, kills: int
) -> None:
    world, chance = fresh_world, random.Random(7)
    book = Book(world, world.as_("management-chair"))
    for _ in range(kills):
        async with served(world.url("partnership_app"), SECRET, demo_keys) as dying:
            stop, before = asyncio.Event(), len(book.acknowledged)
            writers = [asyncio.ensure_future(book.keep_writing(dying.base, stop)) for _ in range(8)]
            while len(book.acknowledged) == before:
                assert not any(writer.done() for writer in writers)
                await asyncio.sleep(0.01)
            await asyncio.sleep(chance.random() * 0.4)
            dying.kill()
            stop.set()
            await asyncio.gather(*writers)
    assert len(book.acknowledged) > kills
    await book.balance(world.base)
