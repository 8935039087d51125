"""Says by mail that there may be something new: to everybody alike on fixed days, or to who asked for it as it comes.

The worker takes a preference in hand for a while, enters as its account in each seat that it holds, and compares what
can be told with what was. What is noted as told and the mail that tells it are kept in one transaction; a mail is tried
until the relay takes it, and may come twice where the service was cut off before it noted that it was taken. Who chose
the steady mail is not entered as at all: it goes whatever there is.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog

from service.access.viewer import Doorway, Row, UnknownSeat, Viewer
from service.db import mail as db
from service.delivery.hub import LOST
from service.delivery.smtp import Answer, Links, Relay, letter, send
from service.resolvers.mail_marks import code_of, link_token, notice_mark, opened_address
from service.rules.calendar import england_day
from service.rules.mail import (
    BY_THE_DAY,
    STEADY_LATEST,
    Cadence,
    MailState,
    NoticeKind,
    closing_soon_until,
    next_look,
    slot_at,
    wait_after,
)

LOOK_SECONDS: Final = 2.0
TURNS_AT_ONCE: Final = 8
LEASE_SECONDS: Final = 120.0
TURN_SECONDS: Final = 90.0
PRUNE_SECONDS: Final = 3600.0
LATELY: Final = timedelta(days=60)
"""What ended longer ago is no news, whatever becomes of it."""
FAR: Final = timedelta(days=1)
"""Until somebody does something."""
Send = Callable[[Relay, str, bytes], Awaitable[Answer]]
log = structlog.get_logger("partnership.delivery")


def _now() -> datetime:
    return datetime.now(UTC)


class Mail:
    """The worker, one for each replica. `running` works for as long as it is open."""

    def __init__(
        self,
        doorway: Doorway,
        key: bytes,
        relay: Relay,
        links: Links,
        deliver: Send = send,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._doorway, self._key, self._relay, self._links = doorway, key, relay, links
        self._send, self._now = deliver, now
        self._turns: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work meanwhile."""
        tasks = [asyncio.create_task(self._working()), asyncio.create_task(self._pruning())]
        try:
            yield
        finally:
            for task in (*tasks, *self._turns):
                task.cancel()
            await asyncio.gather(*tasks, *self._turns, return_exceptions=True)

    async def look(self) -> int:
        """Begin the turn of each preference whose turn it is, as far as there are hands; how many there were."""
        free = TURNS_AT_ONCE - len(self._turns)
        found = await db.turns(self._doorway, free, LEASE_SECONDS, uuid4()) if free else []
        for turn in found:
            task = asyncio.create_task(self._take(turn))
            self._turns.add(task)
            task.add_done_callback(self._turns.discard)
        return len(found)

    async def settled(self) -> None:
        """Wait until no turn is under way."""
        while self._turns:
            await asyncio.wait(set(self._turns))

    async def _working(self) -> None:
        while True:
            found = 0
            try:
                found = await self.look()
            except LOST as lost:
                log.warning("mail cannot look", error=type(lost).__name__)
            if found:  # at nine there are many: the next go as soon as a hand is free
                await asyncio.wait(set(self._turns), timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(LOOK_SECONDS)

    async def _pruning(self) -> None:
        while True:
            with contextlib.suppress(*LOST):
                await db.pruned(self._doorway)
            await asyncio.sleep(PRUNE_SECONDS)

    async def _take(self, turn: db.Turn) -> None:
        """One turn; what goes wrong in it is not the others' trouble."""
        rest = timedelta(minutes=1)
        try:
            async with asyncio.timeout(TURN_SECONDS):
                rest = await self._turn(turn)
        except LOST as lost:
            log.warning("a mail's turn was cut short", error=type(lost).__name__)
        except Exception as failed:  # one preference's trouble is not the others'
            log.error("a mail's turn failed", error=type(failed).__name__)
        with contextlib.suppress(*LOST):
            await db.freed(self._doorway, turn, rest.total_seconds())

    async def _turn(self, turn: db.Turn) -> timedelta:
        """Gather, then send what is due; how long until the next look."""
        address = opened_address(self._key, turn.account, turn.address)
        if address is None:
            await db.lost(self._doorway, turn)
            return FAR
        rest = FAR
        if turn.state is MailState.CONFIRMED:
            await self._gather(turn)
            rest = next_look(turn.cadence, self._now()) or FAR
        for due in await db.due(self._doorway, turn):
            wait = timedelta(seconds=due["wait"])
            rest = min(rest, wait or await self._send_one(turn, address, due) or rest)
        return rest

    async def _gather(self, turn: db.Turn) -> None:
        """Decide whether there is something to mail. Who chose the steady mail is mailed whatever there is."""
        now = self._now()
        slot = slot_at(turn.cadence, now, turn.since)
        if turn.cadence is Cadence.STEADY:
            if slot is not None:
                await db.gathered(self._doorway, turn, slot, None)
            return
        if slot is None and turn.noted:
            return
        found = await self._notices(turn, now)
        by_the_day = [mark for mark, kind in found.items() if kind in BY_THE_DAY]
        await db.gathered(self._doorway, turn, slot, sorted(found), by_the_day)

    async def _notices(self, turn: db.Turn, now: datetime) -> dict[bytes, NoticeKind]:
        """The marks of what each seat can be told of now, as it sees it; a seat that ended meanwhile sees nothing."""
        found: dict[bytes, NoticeKind] = {}
        lately = england_day(now) - LATELY
        for seat in turn.seats:
            with contextlib.suppress(UnknownSeat):
                async with self._doorway.reading(Viewer(turn.account, seat)) as snapshot:
                    said = {"now": now, "soon": closing_soon_until(now), "lately": lately, "seat": seat}
                    for row in await snapshot.fetch(db.NOTICES, **said):
                        mark = notice_mark(self._key, turn.preference, row["kind"], row["id"], row["what"])
                        found[mark] = NoticeKind(row["kind"])
        return found

    async def _send_one(self, turn: db.Turn, address: str, due: Row) -> timedelta | None:
        """One attempt; how long until the next one, None where it is done with."""
        now = self._now()
        if turn.cadence is Cadence.STEADY and due["kind"] == "UPDATE" and due["age"] > STEADY_LATEST.total_seconds():
            await db.recorded(self._doorway, turn, due["id"], "DROPPED")
            return None
        code = code_of(self._key, turn.preference, turn.mark, turn.code_number) if due["kind"] == "CODE" else None
        token = link_token(self._key, turn.preference, turn.mark)
        message = letter(self._relay, self._links, due["id"], address, token, now, code)
        answer = await self._send(self._relay, address, message)
        if answer.became != "AGAIN":
            await db.recorded(self._doorway, turn, due["id"], answer.became)
            return None
        log.warning("the relay did not take a mail", code=answer.code, trouble=answer.trouble)
        wait = wait_after(due["attempts"] + 1, random.random())  # noqa: S311 (jitter)
        await db.recorded(self._doorway, turn, due["id"], "PENDING", wait.total_seconds())
        return wait
