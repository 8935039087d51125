"""Release notes, what their codes show, and what a trust's quarter took."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.access.viewer import Doorway, Row, Snapshot
from service.db.pages import Pages
from service.db.tables import NOTE_COLUMNS, release_note
from service.rules.release_notes import COUNTED_MOST, Quarter

OF_ROOMS: Final = Pages(
    select(*NOTE_COLUMNS), (release_note.c.created_at, release_note.c.id), parent=release_note.c.room_id
)
_ISSUE: Final = "select access.release_note_issue($1, $2, $3, $4, $5) as employer"
_REVOKE: Final = "select access.release_note_revoke($1) as stood"
_SHOWN: Final = "select on_day, hours, trust from access.release_note_shown($1, $2, $3)"
_COUNTED: Final = "select people, hours from access.time_off_counted($1, $2, $3, $4, $5, $6, $7)"


async def issue(snapshot: Snapshot, identity: UUID, on: date, hours: Decimal, until: date, code: bytes) -> bool:
    """Keep a note in the acting seat's own room; whether there was an employer to be released by."""
    (found,) = await snapshot.call(_ISSUE, identity, on, hours, until, code)
    return found["employer"] is not None


async def revoke(snapshot: Snapshot, identity: UUID) -> bool:
    """Let a note of the acting seat's show nothing any more; whether it stood."""
    (found,) = await snapshot.call(_REVOKE, identity)
    return bool(found["stood"])


async def shown(doorway: Doorway, code: bytes) -> Row | None:
    """What a code shows, or None."""
    async with doorway.pool.acquire() as connection:
        return await connection.fetchrow(_SHOWN, code, *doorway.release_note_proof(connection, code))


async def counted(snapshot: Snapshot, doorway: Doorway, organisation: UUID, quarter: Quarter) -> Row | None:
    """The exact people and hours of a quarter; None for who may not ask, and before its day."""
    proof = doorway.time_off_proof(snapshot.connection, organisation, quarter.first, quarter.last)
    given = (organisation, quarter.first, quarter.last, quarter.as_of, COUNTED_MOST)
    rows = await snapshot.call(_COUNTED, *given, *proof)
    return rows[0] if rows else None
