"""What HR told of who works in an organisation, the seats that it keeps for them, and the bodies that it sees."""

from typing import Final

import orjson
from sqlalchemy import Uuid, bindparam, func, select

from service.access.statement import Statement
from service.access.viewer import Doorway, Row, Snapshot
from service.db import people_tables, tables
from service.db.pages import Pages
from service.db.people_tables import assignment
from service.rules.bodies import Office

_ROOM: Final = bindparam("room", type_=Uuid)
_ORGANISATION: Final = bindparam("organisation", type_=Uuid)
_employment: Final = tables.seat.alias("employment")
_kept: Final = tables.seat.alias("kept")

HELD: Final = Statement(select(assignment).where(assignment.c.room_id == _ROOM))
KEPT: Final = Statement(
    select(assignment.c.person_number, _kept.c.id, _kept.c.forum_id, _kept.c.side, _kept.c.office, _kept.c.ends_at)
    .distinct()
    .add_columns(tables.forum.c.kind)
    .join(_employment, _employment.c.id == assignment.c.employment_seat)
    .join(_kept, _kept.c.person_id == _employment.c.person_id)
    .outerjoin(tables.forum, tables.forum.c.id == _kept.c.forum_id)
    .where(
        assignment.c.room_id == _ROOM,
        _kept.c.organisation_id == _ORGANISATION,
        _kept.c.ends_at > func.now(),
        _kept.c.office != Office.SERVICE,
    )
)
"""The seats of those told of that have not ended, as far as HR sees them."""
BODIES: Final = Statement(
    select(tables.forum.c.id, tables.forum.c.kind, tables.forum.c.local_name).where(
        tables.forum.c.organisation_id == _ORGANISATION, tables.forum.c.closed_on.is_(None)
    )
)
ASSIGNMENTS: Final = Pages(
    select(assignment),
    (assignment.c.person_number, assignment.c.assignment_number, assignment.c.id),
    assignment.c.organisation_id,
)
people_import: Final = people_tables.people_import
_KEEP: Final = "select access.people_keep($1, $2, $3)"


async def keep(snapshot: Snapshot, doorway: Doorway, acting: Row, said: dict[str, object]) -> None:
    """Begin and end seats, and tell of assignments, as the acting seat of an organisation's HR."""
    text = orjson.dumps(said, default=str).decode()
    await snapshot.call(_KEEP, text, *doorway.people_proof(snapshot.connection, acting["id"], text))
