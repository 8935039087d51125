"""Endpoints, their deliveries, and whose turn it is."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, Integer, LargeBinary, Text, Uuid, bindparam, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from service.access.statement import Statement
from service.access.viewer import Doorway, Snapshot, Viewer
from service.db import webhook_tables  # noqa: F401 (known to `service.db.writing` by their names)
from service.db.changes import Position
from service.db.pages import Pages
from service.db.webhook_tables import webhook_delivery as delivery
from service.db.webhook_tables import webhook_endpoint as endpoint

_ID: Final = bindparam("id", type_=Uuid)
ENDPOINT: Final = Statement(select(endpoint).where(endpoint.c.id == _ID))
END: Final = Statement(
    update(endpoint).where(endpoint.c.id == _ID).values(state="ENDED", revision=endpoint.c.revision + 1)
)
_FIRST: Final = (
    select(delivery)
    .where(delivery.c.endpoint_id == _ID, delivery.c.state == "PENDING")
    .ext(distinct_on(delivery.c.lane))
    .order_by(delivery.c.lane, delivery.c.created_at, delivery.c.place)
    .subquery()
)
DUE: Final = Statement(
    select(_FIRST).where(_FIRST.c.due_at <= func.now()).order_by(_FIRST.c.due_at, _FIRST.c.created_at).limit(1)
)
"""The first of each room's, in order, if it is due: one that fails holds back what comes after it in the same room."""
RECORD: Final = Statement(
    update(delivery)
    .where(delivery.c.id == _ID, delivery.c.state == "PENDING")
    .values(
        state=bindparam("new_state", type_=Text),
        attempts=delivery.c.attempts + 1,
        last_status=bindparam("status", type_=Integer),
        first_tried_at=func.coalesce(delivery.c.first_tried_at, bindparam("tried", type_=DateTime(timezone=True))),
        due_at=bindparam("due", type_=DateTime(timezone=True)),
    )
)
_ROOM: Final = bindparam("room", type_=Uuid)
ACTIVE: Final = Statement(select(endpoint.c.id).where(endpoint.c.room_id == _ROOM, endpoint.c.state == "ACTIVE"))
ROTATE: Final = Statement(
    update(endpoint)
    .where(endpoint.c.id == _ID)
    .values(
        secret=bindparam("new_secret", type_=LargeBinary),
        previous_secret=endpoint.c.secret,
        previous_until=bindparam("until", type_=DateTime(timezone=True)),
        revision=endpoint.c.revision + 1,
    )
)
_ONE: Final = bindparam("delivery", type_=Uuid)
REPLAY: Final = Statement(
    update(delivery)
    .where(delivery.c.endpoint_id == _ID, delivery.c.state == "DEAD", or_(_ONE.is_(None), delivery.c.id == _ONE))
    .values(state="PENDING", attempts=0, first_tried_at=null(), due_at=func.now())
    .returning(delivery.c.id)
)
OF_ROOMS: Final = Pages(select(endpoint), (endpoint.c.created_at, endpoint.c.id), endpoint.c.room_id)
_STATE: Final = bindparam("state", type_=Text)
DELIVERIES: Final = Pages(
    select(delivery).where(or_(_STATE.is_(None), delivery.c.state == _STATE)),
    (delivery.c.created_at, delivery.c.id),
    delivery.c.endpoint_id,
)
_REGISTER: Final = "select access.webhook_register($1, $2, $3, $4, $5)"
_TURNS: Final = "select endpoint_id, account_id, seat_id from access.webhook_turns($1, $2, $3, $4, $5)"
_TOLD: Final = "select access.webhook_told($1, $2, $3, $4) as told"
_MOVED: Final = "select access.webhook_moved($1, $2, $3, $4, $5)"
_SEEN: Final = "select access.webhook_seen($1, $2, $3, $4, $5, $6, $7)"
_FREED: Final = "select access.webhook_freed($1, $2, $3, $4, $5)"
_PRUNED: Final = "select access.webhook_pruned($1, $2)"


@dataclass(frozen=True, slots=True)
class Turn:
    """One endpoint in hand: as whom to enter for it."""

    endpoint: UUID
    viewer: Viewer
    lease: UUID


async def register(snapshot: Snapshot, doorway: Doorway, identity: UUID, account: UUID, told: str) -> None:
    """From here on the endpoint, which the acting seat has just added, is told of what changes."""
    await snapshot.call(_REGISTER, identity, account, told, *doorway.webhook_proof(snapshot.connection))


async def turns(doorway: Doorway, most: int, seconds: float, lease: UUID) -> list[Turn]:
    """The next endpoints to look at, in hand for so many seconds."""
    async with doorway.pool.acquire() as connection:
        rows = await connection.fetch(_TURNS, most, seconds, lease, *doorway.webhook_proof(connection))
    return [Turn(row["endpoint_id"], Viewer(row["account_id"], row["seat_id"]), lease) for row in rows]


async def told_of(snapshot: Snapshot, doorway: Doorway, turn: Turn) -> str | None:
    """The sealed position of an endpoint in hand; None where it is in hand no more."""
    proof = doorway.webhook_proof(snapshot.connection)
    (row,) = await snapshot.call(_TOLD, turn.endpoint, turn.lease, *proof)
    told: str | None = row["told"]
    return told


async def moved(snapshot: Snapshot, doorway: Doorway, turn: Turn, told: str) -> None:
    """Keep the sealed position, in the transaction of the deliveries that it stands for."""
    await snapshot.call(_MOVED, turn.endpoint, turn.lease, told, *doorway.webhook_proof(snapshot.connection))


async def seen(snapshot: Snapshot, doorway: Doorway, turn: Turn, position: Position, seconds: float) -> None:
    """All was gathered up to a position: look again when something changes in its rooms, or after so many seconds."""
    proof = doorway.webhook_proof(snapshot.connection)
    await snapshot.call(_SEEN, turn.endpoint, turn.lease, sorted(position.rooms), position.seen, seconds, *proof)


async def freed(doorway: Doorway, turn: Turn, seconds: float) -> None:
    """Give an endpoint out of hand until the next look."""
    async with doorway.pool.acquire() as connection:
        await connection.execute(_FREED, turn.endpoint, turn.lease, seconds, *doorway.webhook_proof(connection))


async def pruned(doorway: Doorway) -> None:
    """Let go of what was done with thirty days ago."""
    async with doorway.pool.acquire() as connection:
        await connection.execute(_PRUNED, *doorway.webhook_proof(connection))
