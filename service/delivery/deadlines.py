"""Tells of moments that come by themselves: a consultation closes, a clock runs out, a seat begins or ends.

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

LOOK_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 30.0
AT_ONCE: Final = 200
PRUNE_SECONDS: Final = 3600.0
log = structlog.get_logger("partnership.delivery")


class Deadlines:
    """The scheduler, one for each replica. `running` works for as long as it is open."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
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
            return await self._look()
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

    async def _working(self) -> None:
        while True:
            try:
                if await self.look() and self._doorway.on_commit is not None:
                    self._doorway.on_commit()
            except LOST as lost:
                log.warning("deadlines cannot look", error=type(lost).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _pruning(self) -> None:
        while True:
            with contextlib.suppress(*LOST):
                await db.pruned(self._doorway)
            await asyncio.sleep(PRUNE_SECONDS)
