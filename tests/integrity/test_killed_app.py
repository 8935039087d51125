"""The application killed during acts (THREATS E8): at every statement of one act, and under eight writers."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.integrity.served import AFTER_COMMIT, served
from tests.integrity.writers import Book
from tests.plugins.service import SECRET, World

POINTS = (1, 3, 8, 14, 16, 18, 19, 20, 21, AFTER_COMMIT)
ALL_POINTS = (*range(1, 26), AFTER_COMMIT)


async def kill_at(world: World, demo_keys: Path, point: int) -> tuple[bool, int]:
    """One act on a service that dies at this point; whether it was answered, and how the process ended."""
    book = Book(world, world.as_("management-chair"))
    key = f"key-point-{point}-{random.getrandbits(64):x}"
    async with served(world.url("partnership_app"), SECRET, demo_keys, point) as dying:
        answered = await book.write(dying.base, key)
        ended = dying.kill()
    before = await drafts(world, key)
    assert before == (1 if answered or point == AFTER_COMMIT else 0)
    assert await book.write(world.base, key)
    assert await book.write(world.base, key)
    assert await drafts(world, key) == 1
    return answered, ended


async def drafts(world: World, title: str) -> int:
    async with world.admin() as db:
        found: int = await db.fetchval("select count(*) from graph.consultation where title = $1", title)
        return found


@pytest.mark.parametrize("points", [POINTS, pytest.param(ALL_POINTS, marks=pytest.mark.deep, id="deep")])
async def test_E8_a_chair_whose_service_dies_at_any_statement_asks_again_and_has_one_draft(
    world: World, demo_keys: Path, points: tuple[int, ...]
) -> None:
    ended = [await kill_at(world, demo_keys, point) for point in points]
    assert ended[0] == (False, -9)
    assert ended[-1] == (False, -9)
    assert [how for how in ended if how == (False, -9)] != []
    assert sum(how == (False, -9) for how in ended) >= 8, "the points lie beyond the act's end"
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
            stop = asyncio.Event()
            writers = [asyncio.ensure_future(book.keep_writing(dying.base, stop)) for _ in range(8)]
            await asyncio.sleep(0.4 + chance.random() * 0.4)
            dying.kill()
            stop.set()
            await asyncio.gather(*writers)
    assert len(book.acknowledged) > kills
    await book.balance(world.base)
