"""The hub wakes those in whose rooms something changed, on every replica, and nobody else (THREATS A11, conclusion 10)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from service.access.viewer import Doorway, Viewer
from service.db.changes import Position
from service.delivery import hub as hubs
from service.delivery.hub import Hub
from service.demo.shapes import demo_id
from tests.plugins.service import World

MINE, TOUCH = "management-chair", "update graph.audit_entry set room_id = room_id where room_id {} any($1)"


@pytest.fixture
async def doorways(world: World) -> AsyncIterator[tuple[Doorway, Doorway]]:
    """Two replicas on one database."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(world.doorway()), await stack.enter_async_context(world.doorway())


async def _rooms(doorway: Doorway, subject: str) -> frozenset[UUID]:
    async with doorway.reading(Viewer(demo_id("account", subject))) as snapshot:
        return (await Position.now(snapshot)).rooms


async def _touch(world: World, rooms: frozenset[UUID], *, inside: bool) -> None:
    async with world.admin() as admin:
        done = await admin.execute(TOUCH.format("=" if inside else "<>"), list(rooms))
        assert int(done.split()[1]) > 0


async def _quiet(hub: Hub, bell: hubs.Bell) -> None:
    """The first look, which rings for everybody, and what was committed before."""
    hub.wake()
    assert await bell.rung(5)
    while await bell.rung(0.3):
        pass


async def test_nobody_is_woken_by_what_happens_in_rooms_that_they_may_not_open(
    world: World, doorways: tuple[Doorway, Doorway]
) -> None:
    hub, rooms = Hub(doorways[0]), await _rooms(doorways[0], MINE)
    async with world.admin() as admin:
        everywhere = frozenset(row["id"] for row in await admin.fetch("select id from graph.room"))
    async with hub.running(), hub.watch(rooms) as bell, hub.watch(everywhere) as control:
        await _quiet(hub, bell)
        while await control.rung(0.3):
            pass
        await _touch(world, everywhere - rooms, inside=True)
        hub.wake()
        assert await control.rung(5), "the hub took its look"
        assert not await bell.rung(0)
        await _touch(world, rooms, inside=True)
        hub.wake()
        assert await bell.rung(5)


async def test_who_waits_on_one_replica_hears_what_was_done_on_the_other(
    world: World, doorways: tuple[Doorway, Doorway], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "LOOK_SECONDS", 60.0)  # so that nothing but being told wakes it
    here, there, rooms = Hub(doorways[0]), Hub(doorways[1]), await _rooms(doorways[0], MINE)
    async with here.running(), there.running(), there.watch(rooms) as bell:
        await _quiet(there, bell)
        await _touch(world, rooms, inside=True)
        here.wake()
        assert await bell.rung(5)


async def test_a_replica_that_nobody_tells_finds_it_by_itself(world: World, doorways: tuple[Doorway, Doorway]) -> None:
    hub, rooms = Hub(doorways[0]), await _rooms(doorways[0], MINE)
    async with hub.running(), hub.watch(rooms) as bell:
        await _quiet(hub, bell)
        await _touch(world, rooms, inside=True)
        assert await bell.rung(5)


async def test_a_lost_connection_costs_the_hub_a_moment_and_no_news(
    world: World, doorways: tuple[Doorway, Doorway]
) -> None:
    hub, rooms = Hub(doorways[0]), await _rooms(doorways[0], MINE)
    async with hub.running(), hub.watch(rooms) as bell:
        await _quiet(hub, bell)
        async with world.admin() as admin:
            cut = await admin.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'partnership_app'"
                " and datname = current_database() and pid <> pg_backend_pid()"
            )
            assert cut > 0
        await _touch(world, rooms, inside=True)
        assert await bell.rung(10)


async def test_when_the_hub_ends_nothing_of_it_stays(world: World, doorways: tuple[Doorway, Doorway]) -> None:
    before = asyncio.all_tasks()
    hub = Hub(doorways[0])
    async with hub.running(), hub.watch(frozenset()):
        await asyncio.sleep(0)
        assert asyncio.all_tasks() > before
    assert asyncio.all_tasks() == before
    assert doorways[0].on_commit is None
    assert doorways[0].pool.get_idle_size() == doorways[0].pool.get_size()
