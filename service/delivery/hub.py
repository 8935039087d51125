"""Wakes whoever waits for news, and nobody else: only those in a room in which something changed.

One look for all who wait: after a commit here, when another replica says that it committed, and once a second in any
case. What another says is a wake-up without a word in it; which rooms were stirred is asked of the database, so that
what happens in a room that a reader cannot open does not even wake them (THREATS A11, conclusion 10).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from service.access.viewer import Doorway, Viewer
from service.db.changes import no_longer_held, stirred_since

CHANNEL: Final = "partnership_stirred"
LOOK_SECONDS: Final = 1.0
BREATH_SECONDS: Final = 0.05
"""Between two looks: what is committed meanwhile is found in one."""
LOST: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
log = structlog.get_logger("partnership.delivery")


class Bell:
    """Rung when something changed in one of the rooms, which may be replaced as doors open and close.

    `over` once whoever waits may no longer: their seat ended, or their account closed.
    """

    __slots__ = ("_rung", "over", "rooms", "viewer")

    def __init__(self, rooms: frozenset[UUID], viewer: Viewer | None) -> None:
        self.rooms, self.viewer = rooms, viewer
        self.over = asyncio.Event()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits; rung twice before anybody looks is rung once."""
        self._rung.set()

    async def rung(self, seconds: float | None = None) -> bool:
        """Wait until it rings, or for so many seconds; whether it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Hub:
    """One for each replica. `running` looks and listens for as long as it is open."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
        self._bells: set[Bell] = set()
        self._stirred = asyncio.Event()
        self._tell = False

    def wake(self) -> None:
        """Something was committed here."""
        self._tell = True
        self._stirred.set()

    @asynccontextmanager
    async def watch(self, rooms: frozenset[UUID], viewer: Viewer | None = None) -> AsyncIterator[Bell]:
        """A bell for these rooms, for as long as somebody waits for it; a viewer's is over when their seat is."""
        bell = Bell(rooms, viewer)
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look and listen meanwhile."""
        tasks = [asyncio.create_task(self._looking()), asyncio.create_task(self._listening())]
        self._doorway.on_commit = self.wake
        try:
            yield
        finally:
            self._doorway.on_commit = None
            for task in tasks:
                task.cancel()
            # a database that went first is no reason for the service not to stop in order
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _looking(self) -> None:
        seen: str | None = None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._stirred.wait()
            self._stirred.clear()
            try:
                await self._pass_on()
                seen = await self._look(seen) if self._bells else None
            except LOST as lost:
                log.warning("hub cannot look", error=type(lost).__name__)
            await asyncio.sleep(BREATH_SECONDS)

    async def _look(self, seen: str | None) -> str:
        """Ring for what was stirred since; on the first look for everybody, as nobody looked while they came."""
        now, rooms = await stirred_since(seen, self._doorway)
        for bell in self._bells:
            if seen is None or not rooms.isdisjoint(bell.rooms):
                bell.ring()
        await self._end_what_is_over()
        return now

    async def _end_what_is_over(self) -> None:
        """One question for all who wait, whatever their number."""
        held = [(bell, bell.viewer.account, bell.viewer.seat) for bell in self._bells if bell.viewer is not None]
        asked = [(bell, account, seat) for bell, account, seat in held if account is not None]
        if asked:
            for place in await no_longer_held([(account, seat) for _, account, seat in asked], self._doorway):
                asked[place][0].over.set()
                asked[place][0].ring()

    async def _pass_on(self) -> None:
        """Tell the other replicas that something was committed, outside of whatever committed it."""
        if self._tell:
            self._tell = False
            async with self._doorway.pool.acquire() as connection:
                await connection.execute(f"notify {CHANNEL}")

    async def _listening(self) -> None:
        """Hear the other replicas. Where that cannot be, the look that is taken each second finds what they did."""
        while True:
            with contextlib.suppress(*LOST):
                await self._heard_until_lost()
            await asyncio.sleep(LOOK_SECONDS)

    async def _heard_until_lost(self) -> None:
        async with self._doorway.pool.acquire() as connection:
            lost = asyncio.Event()

            def hear(*_: object) -> None:
                self._stirred.set()

            def lose(*_: object) -> None:
                lost.set()

            await connection.add_listener(CHANNEL, hear)
            connection.add_termination_listener(lose)
            try:
                await lost.wait()
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, hear)
                    connection.remove_termination_listener(lose)
