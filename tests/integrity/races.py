"""Two acts at once, in an order that the test decides: a lock is held until both wait for it, first come first served."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg

from tests.plugins.service import Answer, World

Step = Callable[[], Awaitable[Answer]]
WAITING = """
    select count(*) from pg_stat_activity
     where datname = current_database() and usename = 'partnership_app' and wait_event_type = 'Lock'"""


async def queued(world: World, table: str, row: UUID, *steps: Step) -> list[Answer]:
    """The steps' answers when they reach the row's lock in this order, each having read what it reads before."""
    async with world.admin() as holder, world.admin() as watcher:
        started: list[asyncio.Task[Answer]] = []
        async with holder.transaction():
            await holder.execute(f"select from {table} where id = $1 for update", row)
            for number, step in enumerate(steps, 1):
                started.append(asyncio.ensure_future(step()))
                await _waiting(watcher, number)
        return list(await asyncio.gather(*started))


async def _waiting(watcher: "asyncpg.Connection[asyncpg.Record]", number: int) -> None:
    for _ in range(300):
        if await watcher.fetchval(WAITING) == number:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"step {number} never came to wait for the lock")
