"""Tells of moments that come by themselves: a consultation closes, a clock runs out, a seat begins or ends. And freezes
the region's pictures on the days that were set for them.

What follows from a moment holds from that moment on, whether anybody tells of it or not: a closed consultation takes no
response, a seat that ended opens nothing. The scheduler touches the row, so that its triggers tell the change feed, and
with it subscriptions and webhooks; and it leaves an event dated by the moment. Each moment is a transaction of its own
and is told of once, however many replicas look: a lease keeps them from looking at once, and the database from telling
twice. What was late and mended while nobody looked was never due.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import structlog

from service.access.viewer import Doorway
from service.db import deadlines as db
from service.delivery.hub import LOST
from service.resolvers.context import Keys
from service.resolvers.release_schedules import carry_out

LOOK_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 30.0
AT_ONCE: Final = 200
RELEASE_SECONDS: Final = 300.0
PRUNE_SECONDS: Final = 3600.0
log = structlog.get_logger("partnership.delivery")


class Deadlines:
    """The scheduler, one for each replica. `running` works for as long as it is open."""

    def __init__(self, doorway: Doorway, keys: Keys) -> None:
        self._doorway, self._keys = doorway, keys
        self._lease = uuid4()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work meanwhile."""
        tasks = [asyncio.create_task(self._working()), asyncio.create_task(self._pruning())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def look(self) -> int:
        """Tell of every moment that has come; of how many."""
        try:
            return await self._look() + await self._releases()
        finally:
            with contextlib.suppress(*LOST):
                await db.freed(self._doorway, self._lease)

    async def _look(self) -> int:
        told = 0
        while moments := await db.due(self._doorway, self._lease, LEASE_SECONDS, AT_ONCE):
            found = [await db.passed(self._doorway, each) for each in moments]
            told += sum(found)
            if not any(found):  # an act moved them all meanwhile
                break
        return told

    async def _releases(self) -> int:
        """Freeze what is to be frozen today, each as the seat that set the day; one that fails is tried again later."""
        frozen = 0
        for due in await db.releases_due(self._doorway, RELEASE_SECONDS):
            try:
                frozen += await carry_out(self._doorway, self._keys, due)
            except LOST:
                raise
            except Exception as failed:  # one release's trouble is not the others'
                log.error("a scheduled release failed", error=type(failed).__name__)
        return frozen

    async def _working(self) -> None:
        while True:
            try:
                if await self.look() and self._doorway.on_commit is not None:
                    self._doorway.on_commit()
            except LOST as lost:
                log.warning("deadlines cannot look", error=type(lost).__name__)
            except Exception as failed:  # the scheduler outlives whatever one look meets
                log.error("a look at deadlines failed", error=type(failed).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _pruning(self) -> None:
        while True:
            with contextlib.suppress(*LOST):
                await db.pruned(self._doorway)
            await asyncio.sleep(PRUNE_SECONDS)
