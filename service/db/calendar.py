"""Addresses of calendars, and the days of the consultations that a seat sees."""

from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.access.statement import Statement
from service.access.viewer import Doorway, Row, Snapshot, Viewer
from service.db.tables import consultation, consultation_plan, consultee, seat

MOST: Final = 500
_CREATE: Final = "select access.calendar_create($1, $2, $3, $4)"
_REVOKE: Final = "select access.calendar_revoke()"
_SEAT: Final = "select account_id, seat_id from access.calendar_seat($1, $2, $3)"
_ROOMS: Final = "select array(select distinct d.into_room from graph.door d) as rooms"
_PLAN, _CLOSES = consultation_plan, consultation.c.closes_at
DATES: Final = Statement(
    select(
        consultation.c.id,
        consultation.c.opened_at,
        _CLOSES,
        _PLAN.c.opens_on,
        _PLAN.c.closes_on,
        consultee.c.extended_to,
    )
    .outerjoin(
        _PLAN,
        and_(
            _PLAN.c.consultation_id == consultation.c.id,
            _PLAN.c.state != "SUPERSEDED",
            consultation.c.stored_state == "PLANNED",
        ),
    )
    .outerjoin(
        consultee,
        and_(
            consultee.c.consultation_id == consultation.c.id,
            consultee.c.forum_id
            == select(seat.c.forum_id).where(seat.c.id == bindparam("seat", type_=Uuid)).scalar_subquery(),
        ),
    )
    .where(
        consultation.c.room_id == bindparam("rooms", type_=ARRAY(Uuid)).any_(),
        consultation.c.stored_state != "DRAFT",
        consultation.c.stored_state != "WITHDRAWN",
        or_(_CLOSES.is_(None), func.now() - text("interval '1 year'") < _CLOSES),
    )
    .order_by(consultation.c.created_at.desc(), consultation.c.id)
    .limit(MOST)
)
"""Of what both sides agreed to open, was opened or was concluded, until a year after it closed; the newest first."""


async def create(snapshot: Snapshot, doorway: Doorway, account: UUID, digest: bytes) -> None:
    """From here on the acting seat's calendar is read by this address alone, as this account."""
    await snapshot.call(_CREATE, account, digest, *doorway.calendar_proof(snapshot.connection, digest))


async def revoke(snapshot: Snapshot) -> None:
    """From here on no address reads the acting seat's calendar."""
    await snapshot.call(_REVOKE)


async def reader(doorway: Doorway, digest: bytes) -> Viewer | None:
    """As whom an address is read; None for nobody's, one revoked, and one of a seat that ended."""
    async with doorway.pool.acquire() as connection:
        row = await connection.fetchrow(_SEAT, digest, *doorway.calendar_proof(connection, digest))
    return None if row is None else Viewer(row["account_id"], row["seat_id"])


async def dates(snapshot: Snapshot, seat_id: UUID) -> list[Row]:
    """What the viewer sees of consultations' days, and of the seat's own body's closing."""
    (standing,) = await snapshot.call(_ROOMS)
    return await snapshot.fetch(DATES, rooms=standing["rooms"], seat=seat_id)
