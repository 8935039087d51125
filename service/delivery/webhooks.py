"""Tells endpoints what changed: each committed change at least once, none that was not, none that they may not see.

The worker takes an endpoint in hand for a while and enters as its account and seat; so what becomes a delivery is what
that seat may see, and a seat that ended is told nothing more. Deliveries and the position that they stand for are kept
in one transaction. A delivery that fails holds back what comes after it in the same room, not what is of other rooms,
and an endpoint that is slow or failing takes up its own turn alone.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import structlog

from service.access.viewer import Doorway, Row, Snapshot, UnknownSeat
from service.db import webhooks as db
from service.db.changes import Change, Position, StalePosition, changes_since
from service.db.nodes import by_ids
from service.db.writing import add_all
from service.delivery.hub import LOST
from service.delivery.posting import Answer, post, signed
from service.forums import FORUM_TYPES
from service.resolvers.ids import global_id
from service.resolvers.positions import sealed, unsealed
from service.resolvers.webhook_secrets import opened_secret
from service.rules.webhooks import Fate, Network, Verdict, event_type, fate_of

LOOK_SECONDS: Final = 2.0
ANY_CASE_SECONDS: Final = 30.0
"""Until an endpoint is looked at though nothing changed in its rooms: a door or a seat may open by its date alone."""
TURNS_AT_ONCE: Final = 32
LEASE_SECONDS: Final = 90.0
TURN_SECONDS: Final = 45.0
LEFT_ALONE_SECONDS: Final = 60.0
PAGE: Final = 100
PRUNE_SECONDS: Final = 3600.0
Post = Callable[..., Awaitable[Answer]]
log = structlog.get_logger("partnership.delivery")


@dataclass(frozen=True, slots=True)
class Sealing:
    """The keys of positions and of signing secrets."""

    positions: bytes
    secrets: bytes


class Webhooks:
    """The worker, one for each replica. `running` works for as long as it is open."""

    def __init__(
        self, doorway: Doorway, sealing: Sealing, networks: Sequence[Network] = (), deliver: Post = post
    ) -> None:
        self._doorway = doorway
        self._sealing = sealing
        self._networks = networks
        self._post = deliver
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

    async def look(self) -> None:
        """Begin the turn of each endpoint whose turn it is, as far as there are hands."""
        free = TURNS_AT_ONCE - len(self._turns)
        for turn in await db.turns(self._doorway, free, LEASE_SECONDS, uuid4()) if free else []:
            task = asyncio.create_task(self._take(turn))
            self._turns.add(task)
            task.add_done_callback(self._turns.discard)

    async def settled(self) -> None:
        """Wait until no turn is under way."""
        while self._turns:
            await asyncio.wait(set(self._turns))

    async def _working(self) -> None:
        while True:
            try:
                await self.look()
            except LOST as lost:
                log.warning("webhooks cannot look", error=type(lost).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _pruning(self) -> None:
        while True:
            with contextlib.suppress(*LOST):
                await db.pruned(self._doorway)
            await asyncio.sleep(PRUNE_SECONDS)

    async def _take(self, turn: db.Turn) -> None:
        """One turn. Whoever may no longer enter is told nothing, and is found by no later look."""
        rest = LOOK_SECONDS
        try:
            async with asyncio.timeout(TURN_SECONDS):
                if await self._gather(turn):
                    while (wait := await self._send_one(turn)) == 0:
                        pass
                    rest = max(wait, LOOK_SECONDS)
        except UnknownSeat:
            pass
        except LOST as lost:
            log.warning("a webhook's turn was cut short", error=type(lost).__name__)
        except Exception as failed:  # one endpoint's trouble is not the others'
            log.error("a webhook's turn failed", error=type(failed).__name__)
        with contextlib.suppress(*LOST):
            await db.freed(self._doorway, turn, rest)

    async def _gather(self, turn: db.Turn) -> bool:
        """Turn what changed since the last time into deliveries; whether there is anything to go on with.

        Where it cannot be read what the endpoint was told of, as the service's secret is another, the endpoint ends:
        to go on from now would lose what changed meanwhile, and nothing could be signed.
        """
        while True:
            async with self._doorway.acting(turn.viewer) as snapshot:
                told = await db.told_of(snapshot, self._doorway, turn)
                endpoint = await snapshot.one(db.ENDPOINT, id=turn.endpoint)
                if told is None or endpoint is None:
                    return False
                position = unsealed(self._sealing.positions, turn.viewer, told)
                if position is None or not self._secrets(endpoint, datetime.now(UTC)):
                    await snapshot.fetch(db.END, id=turn.endpoint)
                    await snapshot.commit()
                    return False
                try:
                    page = await changes_since(snapshot, self._doorway, position, PAGE)
                except StalePosition:
                    position = await Position.now(snapshot)
                    page = await changes_since(snapshot, self._doorway, position, PAGE)
                if not page.more:
                    await db.seen(snapshot, self._doorway, turn, page.position, ANY_CASE_SECONDS)
                if not page.changes and not page.more and page.position.rooms == position.rooms:
                    await snapshot.commit()
                    return True  # no position to keep: from the same one the same is told
                await add_all(snapshot, "webhook_delivery", _deliveries(endpoint, page.changes))
                after = sealed(self._sealing.positions, turn.viewer, page.position)
                await db.moved(snapshot, self._doorway, turn, after)
                await snapshot.commit()
                if not page.more:
                    return True

    async def _send_one(self, turn: db.Turn) -> float:
        """Send the next delivery that is due; in how many seconds to look at this endpoint again, 0 to go on now.

        One that fails is left alone for a while, whatever else is due there, so that it takes up few turns.
        """
        async with self._doorway.reading(turn.viewer) as snapshot:
            endpoint = await snapshot.one(db.ENDPOINT, id=turn.endpoint)
            due = await snapshot.one(db.DUE, id=turn.endpoint)
            if endpoint is None or endpoint["state"] != "ACTIVE" or due is None:
                return LOOK_SECONDS
            body = await _body(snapshot, due)
        now = datetime.now(UTC)
        if body is None:
            await self._record(turn, due, "DROPPED", None, now)
            return 0
        headers = signed(self._secrets(endpoint, now), f"msg_{due['id'].hex}", now, body)
        answer = await self._post(endpoint["url"], body, headers, networks=self._networks)
        since = now - (due["first_tried_at"] or now)
        verdict = fate_of(answer.status, due["attempts"] + 1, since, random.random(), answer.wait)  # noqa: S311 (jitter)
        await self._conclude(turn, due, verdict, answer.status, now)
        if verdict.fate is Fate.DELIVERED:
            return 0
        return max(LOOK_SECONDS, min(verdict.wait.total_seconds(), LEFT_ALONE_SECONDS))

    def _secrets(self, endpoint: Row, now: datetime) -> list[bytes]:
        """What to sign with: the secret, and the one before it until the overlap ends."""
        held = [endpoint["secret"]]
        if endpoint["previous_until"] is not None and now < endpoint["previous_until"]:
            held.append(endpoint["previous_secret"])
        found = [opened_secret(self._sealing.secrets, endpoint["id"], each) for each in held]
        return [secret for secret in found if secret is not None]

    async def _conclude(self, turn: db.Turn, due: Row, verdict: Verdict, status: int | None, now: datetime) -> None:
        state = {Fate.AGAIN: "PENDING", Fate.DELIVERED: "DELIVERED"}.get(verdict.fate, "DEAD")
        ends = verdict.fate is Fate.ENDED
        await self._record(turn, due, state, status, now, now + verdict.wait, ends=ends)

    async def _record(
        self,
        turn: db.Turn,
        due: Row,
        state: str,
        status: int | None,
        now: datetime,
        again: datetime | None = None,
        *,
        ends: bool = False,
    ) -> None:
        async with self._doorway.acting(turn.viewer) as snapshot:
            told = {"new_state": state, "status": status, "tried": now, "due": again or now}
            await snapshot.fetch(db.RECORD, id=due["id"], **told)
            if ends:
                await snapshot.fetch(db.END, id=turn.endpoint)
            await snapshot.commit()


def _deliveries(endpoint: Row, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """What becomes of changes at an endpoint that chose some types of event."""
    return [
        {
            "id": uuid4(),
            "room_id": endpoint["room_id"],
            "endpoint_id": endpoint["id"],
            "lane": change.room,
            "place": place,
            "type": kind,
            "type_name": change.type_name,
            "node": change.id,
        }
        for place, change in enumerate(changes)
        if (kind := event_type(change.type_name, change.kind.value)) in endpoint["types"]
    ]


async def _body(snapshot: Snapshot, due: Row) -> bytes | None:
    """The thin payload; None where the thing changed and is no longer the subscriber's to see."""
    name: str = due["type_name"]
    data: dict[str, object] = {"id": global_id(name, due["node"])}
    if due["type"].endswith(".changed"):
        found = await _row(snapshot, name, due["node"])
        if found is None:
            return None
        if "revision" in found:
            data["revision"] = found["revision"]
    moment = due["created_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return orjson.dumps({"type": due["type"], "timestamp": moment, "data": data})


async def _row(snapshot: Snapshot, name: str, identity: UUID) -> dict[str, Any] | None:
    (row,) = await by_ids(snapshot, "Forum" if name in FORUM_TYPES else name, [identity])
    return None if row is None else dict(row)
